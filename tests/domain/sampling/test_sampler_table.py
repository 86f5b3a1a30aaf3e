"""Every sampler has all its forms, and they agree; a parameter that no sampler reads is found."""

import math
from collections.abc import Iterator
from dataclasses import fields

import pytest

from app.domain.events import Candidate, TokenProbabilities
from app.domain.parameters.table import BY_NAME
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.bounded_state import STILL, End, Rest
from app.domain.sampling.bounds import bounds
from app.domain.sampling.one_token import distribution
from app.domain.sampling.sampler_table import FORMS
from app.domain.sampling.samplers import (
    FACTS,
    Sampler,
    SamplerOrder,
    SamplerSettings,
    settings_of,
    working_steps,
)
from app.domain.sampling.whole_answer import AnswerSampling
from app.domain.tokens.token_table import TokenTable

#: All of the probability is captured, so that every result is exact.
SHARES = (0.4, 0.3, 0.2, 0.07, 0.03)
LOGPROBS = [math.log(share) for share in SHARES]
CANDIDATES = tuple(Candidate(f"t{id_}", one, None, id_) for id_, one in enumerate(LOGPROBS))
#: A token that came is followed by another, so that penalties have something to count.
TOKENS = [TokenProbabilities(CANDIDATES[0], CANDIDATES)] * 2


def values_of(name: str) -> Iterator[object]:
    """Values that the table of parameters allows, some of which do something."""
    if name == "logit_bias":
        yield {"1": 3.0}
        return
    parameter = BY_NAME[name]
    low = parameter.low or 0
    high = parameter.high if parameter.high is not None else low + 4
    for value in (high, (low + high) / 2, low + (parameter.step or 1)):
        yield int(value) if name == "top_k" else value


def settings_with(name: str) -> Iterator[SamplerSettings]:
    for value in values_of(name):
        settings = settings_of({name: value}, {})
        if settings != SamplerSettings():
            yield settings


NAMED = [(sampler, name) for sampler in Sampler for name in FACTS[sampler].parameters]


def test_each_setting_is_a_parameter_that_exactly_one_sampler_reads() -> None:
    read = [name for _sampler, name in NAMED]
    assert sorted(read) == sorted(one.name for one in fields(SamplerSettings))
    assert set(read) <= BY_NAME.keys()


@pytest.mark.parametrize("sampler", Sampler)
def test_each_sampler_has_all_its_forms(sampler: Sampler) -> None:
    forms = FORMS[sampler]
    assert all(map(callable, (forms.likely, forms.bounds, forms.arrays)))
    assert not FACTS[sampler].acts(SamplerSettings())


@pytest.mark.parametrize("kind", ProviderKind)
def test_each_sampler_has_its_place_in_each_order(kind: ProviderKind) -> None:
    assert sorted(KINDS[kind].sampler_order.steps) == sorted(Sampler)


@pytest.mark.parametrize(("sampler", "name"), NAMED)
def test_each_parameter_reaches_its_sampler(sampler: Sampler, name: str) -> None:
    found = list(settings_with(name))
    assert found
    for settings in found:
        assert working_steps(KINDS[ProviderKind.EMBEDDED].sampler_order, settings) == [sampler]


@pytest.mark.parametrize(("sampler", "name"), NAMED)
def test_the_forms_of_a_sampler_agree(sampler: Sampler, name: str) -> None:
    order = SamplerOrder((sampler,), known=True, source="")
    changed = False
    for settings in settings_with(name):
        counts = {0: 1}
        alone = distribution(TOKENS[1], settings, order, counts=counts, vocabulary=5)
        whole = AnswerSampling(TokenTable.of(TOKENS), 5).after(settings, order)
        kept = [one for one in alone.outcomes if one.cut is None]
        assert whole.survivors[1] == len(kept)
        assert whole.effective_after[1] == pytest.approx(alone.effective_after, rel=1e-4)
        for one in alone.outcomes:
            assert one.low - 1e-9 <= one.probability <= one.high + 1e-9
            assert one.cut is None or one.high == 0
        changed |= [one.probability for one in alone.outcomes] != pytest.approx(SHARES, abs=0.01)
    assert changed


@pytest.mark.parametrize("sampler", [one for one in Sampler if one.value in FACTS[one].parameters])
def test_the_bounds_of_a_sampler_are_its_likely_result_if_all_is_captured(
    sampler: Sampler,
) -> None:
    order = SamplerOrder((sampler,), known=True, source="")
    for settings in settings_with(sampler.value):
        likely = distribution(TOKENS[1], settings, order, bounded=False)
        end = End(list(SHARES), Rest(0.0, 0.0, 0.0, 0.0, []), list(range(len(SHARES))))
        found = bounds([end], [STILL] * len(SHARES), settings, order)
        expected = SHARES if sampler is Sampler.LOGIT_BIAS else None
        for place, (low, high) in enumerate(found.shares):
            share = expected[place] if expected else likely.outcomes[place].probability
            assert low == pytest.approx(share)
            assert high == pytest.approx(share)


@pytest.mark.parametrize("sampler", [one for one in Sampler if one is not Sampler.PENALTIES])
def test_a_sampler_is_called_as_its_parameter(sampler: Sampler) -> None:
    assert sampler.label == BY_NAME[sampler.value].label
