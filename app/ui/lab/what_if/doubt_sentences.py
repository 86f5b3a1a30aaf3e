"""Sentences about log probabilities that may not be those of the model."""

from app.domain.text.translation import _
from app.domain.tokens.table_doubts import TableDoubt
from app.domain.tokens.token_statistics import MORE_THAN_ALL


def notice_words(doubt: TableDoubt | None) -> str:
    """Return why an answer's probabilities may not be the model's own; empty if they are."""
    match doubt:
        case TableDoubt.ZEROS:
            return _(
                "Every token has log probability 0 and no alternatives. This server does not send "
                "real probabilities."
            )
        case TableDoubt.AFTER_SAMPLERS:
            return _(
                "These seem to be probabilities after the samplers: tokens that were cut are "
                "missing, and the others add up to 100 %."
            )
        case None:
            return ""


def doubt_words(doubt: TableDoubt | None, excess: float) -> str:
    """Return why bars may be wrong; empty if they are not. `excess` is by how much the
    probabilities of the token in view add up to more than 1."""
    notice = notice_words(doubt)
    if doubt is TableDoubt.AFTER_SAMPLERS:
        return _("{notice} The bars apply the parameters a second time.").format(notice=notice)
    if not notice and 1 + excess > MORE_THAN_ALL:
        return _("The listed probabilities add up to {sum}. They are scaled to 100 %.").format(
            sum=f"{100 * (1 + excess):.1f} %"
        )
    return notice
