"""What the answers of a sweep are compared with, and in what they differ from it.

A comparison of long answers takes longer than a frame. It is made on a thread when it is first
wanted, and remembered.
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

#: So many characters of two answers are compared within a frame, at once.
SHORT = 2_000


class Reference(StrEnum):
    """What an answer is compared with."""

    NOTHING = "nothing"
    BEFORE = "before"
    ABOVE = "above"
    REPEAT = "repeat"
    FIRST = "first"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Compared:
    """An answer beside another: the way from that to this, and how much is different, 0 to 1."""

    pieces: tuple[Piece, ...]
    share: float


def references(plan: Plan) -> list[tuple[Reference, str]]:
    """What there is to compare with in a sweep of this shape, with its words."""
    columns, rows, repeats = plan.shape
    offered = [(Reference.NOTHING, _("compare with nothing"))]
    if columns > 1:
        offered.append((Reference.BEFORE, _("compare with the column before")))
    if rows > 1:
        offered.append((Reference.ABOVE, _("compare with the row above")))
    if repeats > 1:
        offered.append((Reference.REPEAT, _("compare with the repeat before")))
    return [*offered, (Reference.FIRST, _("compare with the first answer"))]


class Comparison(QObject):
    """Compares the answers of one sweep, as far as they have ended."""

    #: The Place of an answer that has been compared.
    made = Signal(object)

    def __init__(self, sweep: Sweep, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._sweep = sweep
        self._tasks = tasks
        self.reference = Reference.NOTHING
        #: The answer that all others are compared with, where one was chosen.
        self.chosen: CellPosition | None = None
        # By the ids of both messages: an answer that was asked again is another one.
        self._known: dict[tuple[str, str], Compared] = {}
        self._wanted: dict[tuple[str, str], tuple[CellPosition, str, str]] = {}
        self._works = False

    def compare(self, reference: Reference, chosen: CellPosition | None = None) -> None:
        """Choose what is compared with; what was wanted of another choice is forgotten."""
        self.reference = reference
        self.chosen = chosen or self.chosen
        self._wanted.clear()

    @property
    def is_chosen(self) -> bool:
        """Whether one answer was chosen that all others are compared with."""
        return self.reference is Reference.CHOSEN

    def other(self, one: LiveCell) -> LiveCell | None:
        """What an answer is compared with; None where there is nothing, or it hasn't ended."""
        place = self._place_before(one.place)
        if place is None or place == one.place:
            return None
        other = self._sweep.at(place)
        there = _has_ended(one) and _has_ended(other) and other.text
        return other if there else None

    def of(self, one: LiveCell) -> Compared | None:
        """In what an answer differs; None where it isn't compared, or not yet: see `made`."""
        other = self.other(one)
        if other is None or one.answer is None or other.answer is None:
            return None
        key = (other.answer.id, one.answer.id)
        if key not in self._known and len(other.text) + len(one.text) <= SHORT:
            self._known[key] = _compared(other.text, one.text)
        found = self._known.get(key)
        if found is None:
            self._want(key, (one.place, other.text, one.text))
        return found

    def _place_before(self, place: CellPosition) -> CellPosition | None:
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
        try:
            while self._wanted:
                key, (place, before, after) = next(iter(self._wanted.items()))
                self._known[key] = await asyncio.to_thread(_compared, before, after)
                # Another reference may have been chosen meanwhile, or the window closed.
                if self._wanted.pop(key, None) is not None:
                    self.made.emit(place)
        finally:
            self._works = False


def _has_ended(one: LiveCell) -> bool:
    return one.answer is not None and one.reply is None


def _compared(before: str, after: str) -> Compared:
    pieces = difference(before, after)
    return Compared(pieces, share_changed(pieces))
