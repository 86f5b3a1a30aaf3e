"""With an unknown logit offset, the truth at every offset lies within the bounds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.domain.events import TokenProbabilities
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import SamplerOrder, SamplerSettings
from tests.domain.sampling.test_bounds import (
    LLAMA,
    VLLM,
    assert_between,
    captured,
    ids,
    settings_,
    spread,
    truth,
    vocabularies,
)

penalties = st.sampled_from([0.02, 0.3, 0.8, 0.95, 1.05, 1.1, 1.5, 2.0]) | st.floats(0.05, 2)
counts_ = st.dictionaries(ids, st.integers(1, 4), min_size=1, max_size=8)


@given(
    logprobs=vocabularies(),
    settings=settings_,
    penalty=penalties,
    order=st.sampled_from([LLAMA, VLLM]),
    counts=counts_,
    number=st.just(20) | st.integers(0, 20),
    chosen=st.just(0) | ids,
    offset=st.floats(0, 40) | st.floats(0, 6),
    told=st.booleans(),
)
# A token that was not captured rises by a frequency penalty, and falls by the repetition penalty.
@example(
    logprobs=spread((1 / 21, 21)),
    settings=SamplerSettings(temperature=0.0, frequency_penalty=-0.4),
    penalty=1.5,
    order=LLAMA,
    counts={20: 3},
    number=20,
    chosen=0,
    offset=1.0,
    told=False,
)
def test_the_truth_at_any_offset_lies_within_the_bounds(
    logprobs: list[float],
    settings: SamplerSettings,
    penalty: float,
    order: SamplerOrder,
    counts: dict[int, int],
    number: int,
    chosen: int,
    offset: float,
    told: bool,
) -> None:
    settings = replace(settings, repetition_penalty=penalty)
    token = captured(logprobs, number, chosen % len(logprobs))
    shares, clear = truth([one + offset for one in logprobs], settings, order, counts)
    assume(clear)
    vocabulary = len(logprobs) if told else None
    found = distribution(token, settings, order, counts=counts, vocabulary=vocabulary)
    assert_between(found, token, shares)


@given(
    logprobs=vocabularies(),
    settings=settings_,
    penalty=penalties,
    counts=counts_,
    give=st.floats(0, 3),
    part=st.floats(-1, 1),
)
def test_the_truth_lies_within_the_bounds_of_an_offset_that_may_be_wrong(
    logprobs: list[float],
    settings: SamplerSettings,
    penalty: float,
    counts: dict[int, int],
    give: float,
    part: float,
) -> None:
    settings = replace(settings, repetition_penalty=penalty)
    token = captured(logprobs, 20, 0)
    # A smaller error than this makes a difference that is not seen.
    true = 12 + part * (give if give > 0.002 else 0)
    shares, clear = truth([one + true for one in logprobs], settings, LLAMA, counts)
    assume(clear)
    found = distribution(token, settings, LLAMA, counts=counts, offset=Offset(12, give))
    assert_between(found, token, shares)


def dense(step: float = 0.05) -> Iterator[float]:
    """Offsets from 0 to 40, fractions among them."""
    for number in range(round(40 / step) + 1):
        yield number * step


def hull(
    token: TokenProbabilities,
    settings: SamplerSettings,
    order: SamplerOrder,
    counts: Mapping[int, int],
) -> tuple[Sequence[float], Sequence[float]]:
    """The least and greatest true probability of each captured candidate over dense offsets."""
    logprobs = [one.logprob for one in token.alternatives]
    low, high = [1.0] * len(logprobs), [0.0] * len(logprobs)
    for offset in dense():
        shares, _clear = truth([one + offset for one in logprobs], settings, order, counts)
        for place in range(len(logprobs)):
            low[place] = min(low[place], shares.get(place, 0.0))
            high[place] = max(high[place], shares.get(place, 0.0))
    return low, high


#: How much wider the bounds may be than the truth at dense offsets.
WIDER = 0.04
FALLING = spread((0.4, 1), (0.25, 1), (0.15, 1), (0.1, 1), (0.06, 1), (0.03, 1), (0.01, 1))
EVEN = spread((0.41, 1), (0.36, 1), (0.08, 1), (0.06, 1), (0.05, 1), (0.04, 1))


@pytest.mark.parametrize(("logprobs", "order"), [(FALLING, LLAMA), (EVEN, VLLM)])
@pytest.mark.parametrize("penalty", [0.3, 1.1, 2.0])
@pytest.mark.parametrize("counts", [{0: 1}, {0: 1, 2: 2, 4: 1}], ids=["one", "three"])
@pytest.mark.parametrize(
    "settings",
    [
        SamplerSettings(),
        SamplerSettings(temperature=0.6),
        SamplerSettings(temperature=0.0),
        SamplerSettings(top_k=3),
        SamplerSettings(top_p=0.83),
        SamplerSettings(min_p=0.2),
        SamplerSettings(0.8, top_k=5, top_p=0.95, min_p=0.05),
    ],
    ids=["plain", "cold", "greedy", "top_k", "top_p", "min_p", "all"],
)
def test_the_bounds_are_the_extremes_of_the_truth(
    logprobs: list[float],
    settings: SamplerSettings,
    penalty: float,
    counts: dict[int, int],
    order: SamplerOrder,
) -> None:
    settings = replace(settings, repetition_penalty=penalty)
    token = captured(logprobs, len(logprobs), 0)
    found = distribution(token, settings, order, counts=counts, vocabulary=len(logprobs))
    low, high = hull(token, settings, order, counts)
    for outcome, least, most in zip(found.outcomes, low, high, strict=True):
        assert outcome.low - 1e-6 <= least
        assert most <= outcome.high + 1e-6
        assert outcome.low >= least - WIDER
        assert outcome.high <= most + WIDER
