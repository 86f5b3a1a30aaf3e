"""Every sampler has what the screen needs: a sentence for each parameter, a line of its own."""

import pytest

from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import FACTS, Sampler, SamplerOrder, settings_of
from app.ui.lab.what_if.sampler_table import CUT_LINES, SENTENCES
from tests.ui.lab.lab_values import token


def test_only_the_repetition_penalty_has_no_sentence() -> None:
    named = {name for facts in FACTS.values() for name in facts.parameters}
    assert named - SENTENCES.keys() == {"repetition_penalty"}


@pytest.mark.parametrize("sampler", Sampler)
def test_a_sampler_that_cuts_between_bars_has_a_line(sampler: Sampler) -> None:
    order = SamplerOrder((sampler,), known=True, source="")
    drawn = False
    for name in FACTS[sampler].parameters:
        for value in (0.1, 0.9, 1):
            found = distribution(token(), settings_of({name: value}, {}), order)
            drawn |= sampler in found.lines
    assert drawn == (sampler in CUT_LINES)
