"""Signs that the log probabilities of an answer are not those of the model before its samplers."""

import math
from enum import Enum

from app.domain.tokens.token_statistics import UNKNOWN
from app.domain.tokens.token_table import TokenTable

#: Probabilities that add up to this are all of them, but for rounding.
_ALL = 0.9999
#: Share of the tokens that show the sign of a cut.
_MARKED = 0.1


class TableDoubt(Enum):
    """A reason to doubt the log probabilities of a whole answer."""

    #: Each token has log probability 0 and no alternatives: a server wrote zeros.
    ZEROS = 1
    #: The listed probabilities always add up to 1, and others are impossible or missing: these are
    #: probabilities after the samplers.
    AFTER_SAMPLERS = 2


def doubt_of(table: TokenTable) -> TableDoubt | None:
    """Return the reason to doubt an answer's log probabilities; None if there is none."""
    counts = [after - at for at, after in zip(table.bounds, table.bounds[1:], strict=False)]
    if len(table) > 1 and max(counts) <= 1 and not any(table.chosen_logprobs):
        return TableDoubt.ZEROS
    longest = max(counts, default=0)
    if longest < 2:
        return None
    marked = 0
    for at, count in zip(table.bounds, counts, strict=False):
        listed = [one for one in table.logprobs[at : at + count] if one > UNKNOWN]
        if sum(math.exp(min(0.0, one)) for one in listed) < _ALL:
            return None
        marked += len(listed) < longest
    return TableDoubt.AFTER_SAMPLERS if marked > _MARKED * len(table) else None
