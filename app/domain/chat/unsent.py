"""Values of messages that are written and not sent yet."""

from collections.abc import Sequence
from dataclasses import dataclass

#: Ranges of a draft that are shown folded, as pairs of the first character and the one after the
#: last.
Folds = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that is sent when the answer that is under way has ended. The message keeps this
    id when it is sent."""

    id: str
    text: str
