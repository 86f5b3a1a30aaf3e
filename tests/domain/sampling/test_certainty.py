"""Bounds of entropies hold the truth, and cuts that are called certain are."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.certainty import (
    causes_are_certain,
    cuts_are_certain,
    effective_bounds,
    with_causes,
)
from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import Sampler, SamplerOrder, SamplerSettings, settings_of

LLAMA, VLLM = KINDS[ProviderKind.LLAMA_CPP].sampler_order, KINDS[ProviderKind.VLLM].sampler_order
NEUTRAL = SamplerSettings()


def token(logits: list[float], captured: int) -> TokenProbabilities:
    """A position over a small vocabulary, whose likeliest tokens were captured."""
    total = math.log(sum(map(math.exp, logits)))
    every = sorted((logit - total for logit in logits), reverse=True)
    made = [Candidate(f"t{n}", logprob, None, n) for n, logprob in enumerate(every)]
    return TokenProbabilities(made[0], tuple(made[:captured]))


logits = st.lists(st.floats(-8, 8), min_size=6, max_size=40)
values = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.sampled_from([0.0, 0.5, 1.5]),
        "top_k": st.integers(1, 12),
        "top_p": st.sampled_from([0.3, 0.7, 0.9]),
        "min_p": st.sampled_from([0.02, 0.2]),
        "presence_penalty": st.sampled_from([-1.0, 1.0]),
    },
)


@given(
    logits=logits, captured=st.integers(1, 6), values=values, order=st.sampled_from([LLAMA, VLLM])
)
@settings(max_examples=400)
def test_the_true_number_of_candidates_in_effect_is_within_its_bounds(
    logits: list[float], captured: int, values: dict[str, float], order: SamplerOrder
) -> None:
    chosen = settings_of(values, {})
    counts, size = {1: 1, len(logits) - 1: 2}, len(logits)
    seen = distribution(token(logits, captured), chosen, order, counts=counts, vocabulary=size)
    true = distribution(token(logits, size), chosen, order, counts=counts, vocabulary=size)
    found = effective_bounds(seen, listed=captured, vocabulary=size)
    for (low, high), number in (
        (found.before, true.effective_before),
        (found.after, true.effective_after),
    ):
        assert low * 0.9995 - 1e-6 <= number <= high * 1.0005 + 1e-6


@given(
    logits=logits, captured=st.integers(2, 6), values=values, order=st.sampled_from([LLAMA, VLLM])
)
@settings(max_examples=400)
def test_a_cause_that_is_certain_is_the_true_one(
    logits: list[float], captured: int, values: dict[str, float], order: SamplerOrder
) -> None:
    chosen, size = settings_of(values, {}), len(logits)
    seen = with_causes(
        distribution(token(logits, captured), chosen, order, vocabulary=size),
        chosen,
        order,
        captured=captured,
    )
    true = distribution(token(logits, size), chosen, order, vocabulary=size)
    for one, truth in zip(seen.outcomes, true.outcomes, strict=False):
        if one.cut is not None and one.high <= 0 and one.cause_is_certain:
            assert truth.cut is one.cut


def test_where_all_is_captured_the_bounds_are_the_number_itself() -> None:
    found = distribution(token([1.0, 0.5, 0.0], 3), SamplerSettings(top_k=2), LLAMA, vocabulary=3)
    bounds = effective_bounds(found, listed=3, vocabulary=3)
    assert bounds.before == pytest.approx((found.effective_before,) * 2, abs=1e-4)
    assert bounds.after == pytest.approx((found.effective_after,) * 2, abs=1e-4)


@pytest.mark.parametrize(
    ("values", "order", "certain"),
    [
        ({}, LLAMA, True),
        ({"top_p": 0.9, "temperature": 1.5}, LLAMA, True),
        ({"top_p": 0.9, "temperature": 1.5}, VLLM, False),
        # Nothing but captured candidates is left after top_k 5, unlike after top_k 40.
        ({"top_k": 5, "top_p": 0.9}, LLAMA, True),
        ({"top_k": 40, "top_p": 0.9}, LLAMA, False),
        ({"presence_penalty": 1.0, "top_k": 5}, LLAMA, False),
    ],
)
def test_cuts_are_certain_where_they_do_not_depend_on_others(
    values: dict[str, float], order: SamplerOrder, certain: bool
) -> None:
    assert cuts_are_certain(settings_of(values, {}), order, 20) == certain


def test_one_cut_alone_is_the_cause() -> None:
    order = SamplerOrder((Sampler.TEMPERATURE, Sampler.TOP_P, Sampler.MIN_P), known=True, source="")
    alone, both = SamplerSettings(0.5, top_p=0.5), SamplerSettings(0.5, top_p=0.5, min_p=0.1)
    assert causes_are_certain(alone, order, captured=5, uncaptured=0.1)
    assert not causes_are_certain(both, order, captured=5, uncaptured=0.1)
    assert causes_are_certain(both, order, captured=5, uncaptured=0.0)


def test_the_cause_is_not_certain_of_a_token_without_a_probability() -> None:
    """It is not known which of two cuts it came to first, unlike of the listed tokens."""
    listed = token([2.0, 1.5, 1.0, 0.5, 0.0, -1.0], 4).alternatives
    odd = TokenProbabilities(Candidate("odd", -9999.0, None, 77), listed)
    order = SamplerOrder((Sampler.TOP_K, Sampler.MIN_P), known=True, source="")
    for chosen, certain in (
        (SamplerSettings(top_k=3), True),
        (SamplerSettings(top_k=3, min_p=0.3), False),
    ):
        found = distribution(odd, chosen, order, vocabulary=100)
        *others, own = with_causes(found, chosen, order, captured=4).outcomes
        assert own.cut is not None
        assert not own.known
        assert own.cause_is_certain == certain
        assert all(one.cause_is_certain for one in others)


def test_bounds_leave_a_token_without_a_probability_its_part_of_the_rest() -> None:
    """Two tokens share the rest: the token that came, and one that nobody saw."""
    listed = (Candidate("a", math.log(0.5), None, 0), Candidate("b", math.log(0.25), None, 1))
    odd = TokenProbabilities(Candidate("odd", -9999.0, None, 2), listed)
    found = distribution(odd, NEUTRAL, LLAMA, vocabulary=4)
    low, high = effective_bounds(found, listed=2, vocabulary=4).before
    shares = (0.5, 0.25, 0.125, 0.125)
    assert low <= math.exp(-sum(share * math.log(share) for share in shares)) <= high + 1e-6
