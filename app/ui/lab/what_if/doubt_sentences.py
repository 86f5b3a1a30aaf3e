"""Sentences about log probabilities that are not what the bars take them for."""

from app.domain.text.translation import _
from app.domain.tokens.table_doubts import TableDoubt

#: Probabilities may add up to so much more than 1 by rounding.
_ROUNDED = 0.001


def doubt_words(doubt: TableDoubt | None, excess: float) -> str:
    """Return why bars may be wrong; empty if they are not. `excess` is by how much the
    probabilities of the token in view add up to more than 1."""
    match doubt:
        case TableDoubt.ZEROS:
            return _(
                "Every token has log probability 0 and no alternatives. This server does not "
                "send real probabilities."
            )
        case TableDoubt.AFTER_SAMPLERS:
            return _(
                "These seem to be probabilities after the samplers: the listed ones add up to "
                "100 % and others are cut. The bars apply the parameters a second time."
            )
    if excess > _ROUNDED:
        return _("The listed probabilities add up to {sum}. They are scaled to 100 %.").format(
            sum=f"{100 * (1 + excess):.1f} %"
        )
    return ""
