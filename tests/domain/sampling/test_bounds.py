"""Of a whole vocabulary, cut down to its likeliest, the truth lies between the bounds."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import Distribution, Sampler, SamplerOrder, SamplerSettings

LLAMA = KINDS[ProviderKind.EMBEDDED].sampler_order
VLLM = KINDS[ProviderKind.VLLM].sampler_order
#: Rounding, where nothing falls exactly on a cut.
NEAR = 1e-6


def truth(
    logits: Sequence[float],
    settings: SamplerSettings,
    order: SamplerOrder,
    counts: Mapping[int, int],
) -> tuple[dict[int, float], bool]:
    """What samplers do to a whole vocabulary, as their sources have it, and whether rounding
    decided any of it. A token's id is its place."""
    left = dict(enumerate(logits))
    clear = True
    for step in order.steps:
        ranked = sorted(left, key=lambda id_: -left[id_])
        highest = left[ranked[0]]
        weights = [math.exp(left[id_] - highest) for id_ in ranked]
        if step is Sampler.LOGIT_BIAS:
            left = {id_: one + settings.logit_bias.get(id_, 0) for id_, one in left.items()}
        elif step is Sampler.PENALTIES:
            for id_ in left.keys() & counts.keys():
                one, penalty = left[id_], settings.repetition_penalty
                one = one / penalty if one > 0 else one * penalty
                fall = settings.presence_penalty + counts[id_] * settings.frequency_penalty
                left[id_] = one - fall
        elif step is Sampler.TOP_K:
            kept = settings.top_k or len(ranked)
            clear &= all(one != other for one, other in pairwise(weights))
            left = {id_: left[id_] for id_ in ranked[:kept]}
        elif step is Sampler.TOP_P and settings.top_p < 1:
            target, reached, kept = settings.top_p * sum(weights), 0.0, 0
            while reached < target:
                reached += weights[kept]
                kept += 1
                clear &= abs(reached - target) > NEAR
            left = {id_: left[id_] for id_ in ranked[:kept]}
        elif step is Sampler.MIN_P and settings.min_p:
            clear &= all(abs(one - settings.min_p) > NEAR for one in weights)
            left = {
                id_: left[id_]
                for id_, weight in zip(ranked, weights, strict=True)
                if weight >= settings.min_p
            }
        elif step is Sampler.TEMPERATURE:
            if settings.temperature:
                left = {id_: one / settings.temperature for id_, one in left.items()}
            else:
                clear &= len(ranked) < 2 or weights[1] < 1 - NEAR
                left = {ranked[0]: 0.0}
    highest = max(left.values())
    total = sum(math.exp(one - highest) for one in left.values())
    return {id_: math.exp(one - highest) / total for id_, one in left.items()}, clear


def captured(logprobs: Sequence[float], number: int, chosen: int) -> TokenProbabilities:
    """Of a vocabulary the first so many, and the token that came."""
    candidates = [Candidate(str(id_), one, None, id_) for id_, one in enumerate(logprobs)]
    return TokenProbabilities(candidates[chosen], tuple(candidates[:number]))


def assert_between(
    found: Distribution, token: TokenProbabilities, shares: Mapping[int, float]
) -> None:
    ids = [one.id for one in token.alternatives]
    if token.chosen.id not in ids:
        ids.append(token.chosen.id)
    for id_, outcome in zip(ids, found.outcomes, strict=True):
        share = shares.get(id_ or 0, 0.0)
        assert outcome.low - NEAR <= share <= outcome.high + NEAR
        assert outcome.low <= outcome.probability <= outcome.high
        if found.exact:
            assert outcome.probability == pytest.approx(share, abs=NEAR)
    rest = sum(share for id_, share in shares.items() if id_ not in ids)
    assert rest <= found.tail_high + NEAR


@st.composite
def vocabularies(draw: st.DrawFn) -> list[float]:
    """Log probabilities of a whole vocabulary, the likeliest first; parts of it may be flat."""
    levels = draw(st.lists(st.floats(-9, 0), min_size=1, max_size=25))
    lengths = draw(st.lists(st.integers(1, 6) | st.integers(20, 60), min_size=25, max_size=25))
    logits = [one for one, length in zip(levels, lengths, strict=False) for _place in range(length)]
    # No two are the same: which of two comes first nobody knows.
    logits = sorted((one - 1e-4 * place for place, one in enumerate(logits)), reverse=True)
    total = math.log(sum(map(math.exp, logits)))
    return [one - total for one in logits]


ids = st.integers(0, 40)
settings_ = st.builds(
    SamplerSettings,
    temperature=st.sampled_from([0.0, 0.3, 0.7, 1.0, 1.0, 1.5, 2.0]),
    top_k=st.just(0) | st.integers(1, 60),
    top_p=st.just(1.0) | st.floats(0.05, 0.999),
    min_p=st.just(0.0) | st.floats(0.005, 0.9),
    presence_penalty=st.sampled_from([0.0, 0.0, 0.5, 2.0, -1.0]),
    frequency_penalty=st.sampled_from([0.0, 0.0, 0.3, -0.4]),
    repetition_penalty=st.sampled_from([1.0, 1.0, 1.1, 1.5, 0.8]),
    logit_bias=st.dictionaries(ids, st.floats(-100, 100) | st.floats(-5, 5), max_size=3),
)


@given(
    logprobs=vocabularies(),
    settings=settings_,
    order=st.sampled_from([LLAMA, VLLM]),
    counts=st.dictionaries(ids, st.integers(1, 4), max_size=6),
    number=st.just(20) | st.integers(0, 20),
    chosen=st.just(0) | ids,
    offset=st.floats(0, 40),
    told=st.booleans(),
)
def test_the_truth_lies_within_the_bounds(
    logprobs: list[float],
    settings: SamplerSettings,
    order: SamplerOrder,
    counts: dict[int, int],
    number: int,
    chosen: int,
    offset: float,
    told: bool,
) -> None:
    token = captured(logprobs, number, chosen % len(logprobs))
    shares, clear = truth([one + offset for one in logprobs], settings, order, counts)
    assume(clear)
    vocabulary = len(logprobs) if told else None
    found = distribution(
        token, settings, order, counts=counts, vocabulary=vocabulary, offset=Offset(offset)
    )
    assert_between(found, token, shares)


def spread(*parts: tuple[float, int]) -> list[float]:
    """A vocabulary of so many tokens with so much each, nearly."""
    shares = [share * (1 - place * 1e-6) for share, count in parts for place in range(count)]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    return [math.log(one / sum(shares)) for one in shares]


@pytest.mark.parametrize("order", [LLAMA, VLLM])
@pytest.mark.parametrize(
    ("logprobs", "number", "settings"),
    [
        # Each of the rest just passes min_p, and heat makes the most of that.
        (spread((0.5, 1), (0.05, 6), (0.026, 7), (0.001, 18)), 7, SamplerSettings(2.0, min_p=0.05)),
        # The last token that top_p keeps reaches far beyond it.
        (spread((0.6, 1), (0.03, 10), (0.02499, 4)), 11, SamplerSettings(top_p=0.95)),
        # Each of the rest is likelier than what came, which top_k drops.
        (spread((0.3, 2), (0.02, 20)), 2, SamplerSettings(top_k=20)),
        # A ban takes away from the rest.
        (spread((0.8, 1), (0.1, 1), (0.05, 2)), 2, SamplerSettings(logit_bias={2: -100.0})),
        # Nothing was listed, and what came was not likely.
        (spread((0.9, 1), (0.1, 1)), 0, SamplerSettings(top_p=0.5)),
        (spread((0.9, 1), (0.1, 1)), 0, SamplerSettings(temperature=0)),
        # Some of the rest may pass min_p, and none does.
        (spread((0.5, 1), (0.1, 2), (0.001, 300)), 3, SamplerSettings(min_p=0.05)),
        # What is next to nothing is all that is left.
        (spread((1 - 4e-7, 1), (1e-7, 4)), 2, SamplerSettings(logit_bias={0: -100.0, 1: -100.0})),
    ],
)
def test_a_rest_that_makes_the_most_of_a_cut_is_within_the_bounds(
    logprobs: list[float], number: int, settings: SamplerSettings, order: SamplerOrder
) -> None:
    token = captured(logprobs, number, len(logprobs) - 1)
    shares, _clear = truth(logprobs, settings, order, {})
    found = distribution(token, settings, order)
    assert not found.exact
    assert_between(found, token, shares)


@pytest.mark.parametrize("order", [LLAMA, VLLM])
def test_a_token_that_may_stand_behind_the_rest_is_within_the_bounds(order: SamplerOrder) -> None:
    logprobs = spread((0.5, 1), (0.2, 1), (0.049, 6), (0.0002, 30))
    token, settings = captured(logprobs, 1, 1), SamplerSettings(top_p=0.79)
    shares, _clear = truth(logprobs, settings, order, {})
    assert_between(distribution(token, settings, order), token, shares)


@pytest.mark.parametrize("order", [LLAMA, VLLM])
@pytest.mark.parametrize(
    "settings", [SamplerSettings(repetition_penalty=0.8), SamplerSettings(presence_penalty=-2.0)]
)
def test_what_repeats_may_be_lifted_from_the_rest(
    settings: SamplerSettings, order: SamplerOrder
) -> None:
    logprobs, counts = spread((0.5, 1), (0.1, 4), (0.01, 10)), {4: 1}
    token = captured(logprobs, 4, 0)
    shares, _clear = truth([one + 20 for one in logprobs], settings, order, counts)
    found = distribution(token, settings, order, counts=counts, offset=Offset(20.0))
    assert_between(found, token, shares)


def test_the_one_token_that_came_before_may_have_the_id_0() -> None:
    token = captured(spread((0.5, 1), (0.25, 2)), 3, 0)
    found = distribution(token, SamplerSettings(repetition_penalty=1.5), LLAMA, counts={0: 1})
    assert not found.exact
    assert found.outcomes[0].low < found.outcomes[0].high - 0.1


def test_bounds_are_worth_having() -> None:
    """Where little is left the bounds are near one another."""
    logprobs = [math.log(0.6), *(math.log(0.3 / 2**place) for place in range(1, 20))]
    logprobs = [one - math.log(sum(map(math.exp, logprobs)) + 0.001) for one in logprobs]
    for settings in (
        SamplerSettings(),
        SamplerSettings(0.7),
        SamplerSettings(top_p=0.95),
        SamplerSettings(1.2, min_p=0.02),
    ):
        found = distribution(captured(logprobs, 20, 0), settings, LLAMA, vocabulary=50_000)
        assert all(one.high - one.low < 0.02 for one in found.outcomes)
    flat = captured(spread((0.05, 10), (0.005, 100)), 20, 0)
    cold = distribution(flat, SamplerSettings(0.5), LLAMA, vocabulary=50_000)
    assert cold.tail_high < 0.1


def test_heat_makes_much_of_what_rounding_hides() -> None:
    logprobs = spread((0.5, 1), (0.05, 10))
    token = captured(logprobs, 11, 0)
    assert distribution(token, SamplerSettings(2.0), LLAMA, vocabulary=11).exact
    assert distribution(token, SamplerSettings(2.0, top_k=11), LLAMA).exact
    found = distribution(token, SamplerSettings(2.0), LLAMA)
    assert not found.exact
    hidden = [*logprobs, *[math.log(1e-12)] * 900_000]
    shares, _clear = truth(hidden, SamplerSettings(2.0), LLAMA, {})
    assert_between(found, token, shares)
