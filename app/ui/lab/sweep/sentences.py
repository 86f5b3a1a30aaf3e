"""A cell of a sweep in words: its state, its figures, and what it is called."""

import math
from functools import lru_cache

from app.domain.sweep.answer_comparison import words_of
from app.domain.sweep.plan import CellState, Plan
from app.domain.text.translation import _, ngettext
from app.services.sweep.running_sweep import LiveCell
from app.ui.lab.what_if.sentences import percent
from app.ui.transcript.strips.head_and_foot import money, speed_of


def state_words(one: LiveCell) -> str:
    """How far a cell has come; a sentence where something is wrong."""
    if one.waiting:
        return one.waiting
    match one.state:
        case CellState.WAITING:
            return _("waiting")
        case CellState.STREAMING:
            return _("streaming…")
        case CellState.COMPLETE:
            return ""
        case CellState.STOPPED:
            return _("stopped")
        case _:
            return one.error or _("failed")


@lru_cache(maxsize=512)
def _word_count(text: str) -> int:
    # A cell asks each time that it is painted.
    return len(words_of(text))


def sure(one: LiveCell) -> float | None:
    """The geometric mean of the probabilities of a cell's tokens; None where they are unknown."""
    return None if one.mean_logprob is None else math.exp(min(0.0, one.mean_logprob))


def speed(one: LiveCell) -> float | None:
    """Tokens a second."""
    return None if one.answer is None else speed_of(one.answer)


def share_words(share: float) -> str:
    """How much of an answer and of what it is compared with is different."""
    return _("{share} different").format(share=percent(share)) if share else _("the same words")


def figures(one: LiveCell, share: float | None = None) -> list[str]:
    """Length, speed, cost and mean probability, as far as they are known; before them how much
    is different, where it was compared."""
    if one.reply is not None:
        # Counting the words of what grows would cost more with every frame.
        count = one.reply.text_length
        return [ngettext("{n} character", "{n} characters", count).format(n=f"{count:,}")]
    count = _word_count(one.text)
    facts = [] if share is None else [share_words(share)]
    if count:
        facts.append(ngettext("{n} word", "{n} words", count).format(n=f"{count:,}"))
    if (rate := speed(one)) is not None:
        facts.append(_("{n} tok/s").format(n=f"{rate:.0f}"))
    if one.answer is not None and one.answer.cost:
        facts.append(money(one.answer.cost, estimated=one.answer.cost_estimated))
    if (share := sure(one)) is not None:
        facts.append(_("mean p {share}").format(share=percent(share)))
    return facts


def place_words(plan: Plan, one: LiveCell) -> list[str]:
    """Where a cell stands: its values with what they are of, and its number among repeats."""
    parts = []
    if plan.columns is not None:
        parts.append(f"{plan.columns.title} {plan.columns.label(one.place.column)}")
    if plan.rows is not None:
        parts.append(f"{plan.rows.title} {plan.rows.label(one.place.row)}")
    if plan.repeats > 1:
        parts.append(_("repeat {n}").format(n=one.place.repeat + 1))
    return parts


def name_of(plan: Plan, one: LiveCell, share: float | None = None) -> str:
    """What a cell is called by a screen reader."""
    state = state_words(one) or _("complete")
    return ", ".join([*place_words(plan, one), state, *figures(one, share)])
