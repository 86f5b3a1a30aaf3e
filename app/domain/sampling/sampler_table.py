"""The table of samplers: the forms in which each is worked out.

It imports numpy, so only the lab imports it, when the lab is opened; names, parameters and orders
are in `samplers`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from app.domain.sampling.answer_state import AnswerState
from app.domain.sampling.bounded_state import Range
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import Sampler, SamplerSettings
from app.domain.sampling.steps import min_p, temperature, top_k, top_p


@dataclass(frozen=True, slots=True)
class Forms:
    """The same sampler for three purposes; each form changes the state that it is given."""

    #: One token, with its tail as it is likely to go on: exact if nothing is left to the tail.
    likely: Callable[[LikelyState, SamplerSettings], None]
    #: One token, whatever its tail is like: which candidates surely or perhaps stay.
    bounds: Callable[[Range, SamplerSettings], None]
    #: All tokens of an answer at once, with likely tails.
    arrays: Callable[[AnswerState, SamplerSettings], None]


def _forms_of(sampler: Sampler) -> Forms:
    match sampler:
        case Sampler.LOGIT_BIAS | Sampler.PENALTIES:
            return Forms(_skip_shift, _skip_shift, _skip_shift)
        case Sampler.TOP_K:
            return Forms(top_k.cut_likely, top_k.cut_bounds, top_k.cut_arrays)
        case Sampler.TOP_P:
            return Forms(top_p.cut_likely, top_p.cut_bounds, top_p.cut_arrays)
        case Sampler.MIN_P:
            return Forms(min_p.cut_likely, min_p.cut_bounds, min_p.cut_arrays)
        case Sampler.TEMPERATURE:
            return Forms(
                temperature.change_likely, temperature.change_bounds, temperature.change_arrays
            )
        case _:
            assert_never(sampler)


def _skip_shift(state: object, settings: SamplerSettings) -> None:
    """Do nothing: biases and penalties come first in every known order, and depend on token ids,
    so they are in the logits before the first step."""


FORMS: Mapping[Sampler, Forms] = {sampler: _forms_of(sampler) for sampler in Sampler}
