"""Compares answers of a sweep with a chosen reference answer.

A comparison of long answers takes longer than a frame, so it is made on a thread when it is first
needed, and cached.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.domain.sweep.answer_comparison import Piece, difference, share_changed
from app.domain.sweep.plan import CellPosition, Plan
from app.domain.text.translation import _
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.services.tasks import Tasks

#: Characters of two answers together that are compared at once, within a frame.
SHORT = 2_000


class Reference(StrEnum):
    """The answer that each answer of a sweep is compared with."""

    NOTHING = "nothing"
    BEFORE = "before"
    ABOVE = "above"
    REPEAT = "repeat"
    FIRST = "first"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """Difference of an answer from its reference: the pieces that are equal, new or gone, and the
    changed share, 0 to 1."""

    pieces: tuple[Piece, ...]
    share: float


def references(plan: Plan) -> list[tuple[Reference, str]]:
    """List the references that a sweep of this shape can have, each with its label: the row above
    only if there are several rows, and so on."""
    columns, rows, repeats = plan.shape
    offered = [(Reference.NOTHING, _("No comparison"))]
    if columns > 1:
        offered.append((Reference.BEFORE, _("Compare with the previous column")))
    if rows > 1:
        offered.append((Reference.ABOVE, _("Compare with the row above")))
    if repeats > 1:
        offered.append((Reference.REPEAT, _("Compare with the previous repeat")))
    return [*offered, (Reference.FIRST, _("Compare with the first answer"))]


class Comparison(QObject):
    """Compares the complete answers of one sweep with their references, and caches the results."""

    #: The CellPosition of an answer whose comparison on a thread is complete.
    made = Signal(object)

    def __init__(self, sweep: Sweep, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._sweep = sweep
        self._tasks = tasks
        self.reference = Reference.NOTHING
        #: The place of the reference answer for Reference.CHOSEN.
        self.chosen: CellPosition | None = None
        # Results by the message ids of reference and answer: an answer that is requested again has
        # a new id.
        self._known: dict[tuple[str, str], AnswerDifference] = {}
        self._wanted: dict[tuple[str, str], tuple[CellPosition, str, str]] = {}
        self._works = False

    def compare(self, reference: Reference, chosen: CellPosition | None = None) -> None:
        """Set the reference; `chosen` is the place of the answer for Reference.CHOSEN. Comparisons
        that are queued for the former reference are dropped."""
        self.reference = reference
        self.chosen = chosen or self.chosen
        self._wanted.clear()

    @property
    def is_chosen(self) -> bool:
        """Whether all answers are compared with one chosen answer."""
        return self.reference is Reference.CHOSEN

    def other(self, cell: LiveCell) -> LiveCell | None:
        """Return the reference of an answer; None if it has none, or one of the two is incomplete
        or empty."""
        place = self._place_before(cell.place)
        if place is None or place == cell.place:
            return None
        other = self._sweep.at(place)
        comparable = _has_ended(cell) and _has_ended(other) and other.text
        return other if comparable else None

    def of(self, cell: LiveCell) -> AnswerDifference | None:
        """Return the difference of an answer; None if it has no reference, or is still being
        compared (then `made` follows)."""
        other = self.other(cell)
        if other is None or cell.answer is None or other.answer is None:
            return None
        key = (other.answer.id, cell.answer.id)
        if key not in self._known and len(other.text) + len(cell.text) <= SHORT:
            self._known[key] = _compared(other.text, cell.text)
        difference = self._known.get(key)
        if difference is None:
            self._want(key, (cell.place, other.text, cell.text))
        return difference

    def _place_before(self, place: CellPosition) -> CellPosition | None:
        """Return the place of the reference of the answer at `place`; None if it has none."""
        column, row, repeat = place
        match self.reference:
            case Reference.BEFORE if column:
                return CellPosition(column - 1, row, repeat)
            case Reference.ABOVE if row:
                return CellPosition(column, row - 1, repeat)
            case Reference.REPEAT if repeat:
                return CellPosition(column, row, repeat - 1)
            case Reference.FIRST:
                return CellPosition(0, 0, 0)
            case Reference.CHOSEN:
                return self.chosen
            case _:
                return None

    def _want(self, key: tuple[str, str], work: tuple[CellPosition, str, str]) -> None:
        self._wanted[key] = work
        if not self._works:
            self._works = True
            self._tasks.spawn(self._work(), "sweep: compare")

    async def _work(self) -> None:
        """Compare the queued answers on a thread, one after the other."""
        try:
            while self._wanted:
                key, (place, before, after) = next(iter(self._wanted.items()))
                self._known[key] = await asyncio.to_thread(_compared, before, after)
                # Skipped if the reference was changed or the window closed meanwhile.
                if self._wanted.pop(key, None) is not None:
                    self.made.emit(place)
        finally:
            self._works = False


def _has_ended(cell: LiveCell) -> bool:
    return cell.answer is not None and cell.reply is None


def _compared(before: str, after: str) -> AnswerDifference:
    """Compare two texts."""
    pieces = difference(before, after)
    return AnswerDifference(pieces, share_changed(pieces))
