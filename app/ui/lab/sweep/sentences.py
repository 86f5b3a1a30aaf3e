"""Describes a cell of a sweep in words: its state, its figures, and its accessible name."""

from functools import lru_cache

from app.domain.sweep.answer_comparison import words_of
from app.domain.sweep.plan import CellState, Plan
from app.domain.sweep.results import geometric_mean
from app.domain.text import figures as short_forms
from app.domain.text.translation import _, ngettext
from app.services.sweep.running_sweep import LiveCell
from app.ui.lab.what_if.sentences import percent
from app.ui.transcript.strips.head_and_foot import speed_of


def state_words(cell: LiveCell) -> str:
    """Return the state of a cell, or its error as a sentence; empty if it is complete."""
    if cell.waiting:
        return cell.waiting
    match cell.state:
        case CellState.WAITING:
            return _("waiting")
        case CellState.STREAMING:
            return _("streaming…")
        case CellState.COMPLETE:
            return ""
        case CellState.STOPPED:
            return _("stopped")
        case _:
            return cell.error or _("failed")


@lru_cache(maxsize=512)
def _word_count(text: str) -> int:
    # Cached, because each painting of a cell needs it.
    return len(words_of(text))


def sure(cell: LiveCell) -> float | None:
    """Return the geometric mean of the token probabilities of a cell, 0 to 1; None if they are
    unknown."""
    return geometric_mean(cell.mean_logprob)


def speed(cell: LiveCell) -> float | None:
    """Return the speed of an answer in tokens per second; None if unknown."""
    return None if cell.answer is None else speed_of(cell.answer)


def share_words(share: float) -> str:
    """Return the changed share of an answer, 0 to 1, in words."""
    return _("{share} different").format(share=percent(share)) if share else _("the same words")


def figures(cell: LiveCell, share: float | None = None, *, short: bool = False) -> list[str]:
    """Return the known figures of a cell: words, speed, cost and the geometric mean of the token
    probabilities; only the number of characters while it grows. `share` is the changed share, 0 to
    1, if the cell was compared. `short` abbreviates the geometric mean."""
    if cell.reply is not None:
        # Counting words of a growing text would cost more with each frame.
        count = cell.reply.text_length
        return [ngettext("{n} character", "{n} characters", count).format(n=f"{count:,}")]
    count = _word_count(cell.text)
    facts = [] if share is None else [share_words(share)]
    if count:
        facts.append(ngettext("{n} word", "{n} words", count).format(n=f"{count:,}"))
    if (rate := speed(cell)) is not None:
        facts.append(short_forms.speed(rate))
    if cell.answer is not None and cell.answer.cost:
        facts.append(short_forms.cost(cell.answer.cost, estimated=cell.answer.cost_estimated))
    if (share := sure(cell)) is not None:
        words = _("mean p {share}") if short else _("geometric mean p {share}")
        facts.append(words.format(share=percent(share)))
    return facts


def place_words(plan: Plan, cell: LiveCell) -> list[str]:
    """Return the column, row and repeat of a cell, each with its value."""
    parts = []
    if plan.columns is not None:
        parts.append(f"{plan.columns.title} {plan.columns.label(cell.place.column)}")
    if plan.rows is not None:
        parts.append(f"{plan.rows.title} {plan.rows.label(cell.place.row)}")
    if plan.repeats > 1:
        parts.append(_("repeat {n}").format(n=cell.place.repeat + 1))
    return parts


def name_of(plan: Plan, cell: LiveCell, share: float | None = None) -> str:
    """Return the accessible name of a cell."""
    state = state_words(cell) or _("complete")
    return ", ".join([*place_words(plan, cell), state, *figures(cell, share)])
