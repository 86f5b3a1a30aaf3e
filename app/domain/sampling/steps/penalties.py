"""presence, frequency and repetition penalties: lower the logits of tokens that have come.

They come first in every known order and depend on token ids, so they are in the logits before the
first step, which the callers make; the step itself has nothing left to do.
"""

from app.domain.sampling.forms import Forms
from app.domain.sampling.samplers import SamplerSettings


def _skip(state: object, settings: SamplerSettings) -> None:
    """Do nothing: the logits are shifted already."""


FORMS = Forms(_skip, _skip, _skip)
