"""The forms in which a sampler is worked out, declared by each module in `steps`."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.sampling.answer_state import AnswerState
from app.domain.sampling.bounded_state import Range
from app.domain.sampling.likely_state import LikelyState
from app.domain.sampling.samplers import SamplerSettings


@dataclass(frozen=True, slots=True)
class Forms:
    """The same sampler for three purposes; each form changes the state that it is given."""

    #: For a token, with its tail as it is likely to go on: exact if nothing is left to the tail.
    likely: Callable[[LikelyState, SamplerSettings], None]
    #: For a token, whatever its tail is like: which candidates surely or perhaps stay.
    bounds: Callable[[Range, SamplerSettings], None]
    #: For all tokens of an answer at once, with likely tails.
    arrays: Callable[[AnswerState, SamplerSettings], None]
