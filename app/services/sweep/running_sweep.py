"""A sweep in memory, running or loaded: its cells, their states, and its change callbacks."""

from dataclasses import dataclass

from app.domain.chat.conversation import Message
from app.domain.chat.reply import Reply
from app.domain.sweep.plan import Cell, CellPosition, CellState, Plan
from app.services.observers import Observers

#: States of cells that are sent again when a sweep is resumed.
UNFINISHED = frozenset(
    {CellState.WAITING, CellState.STOPPED, CellState.FAILED, CellState.INTERRUPTED}
)


@dataclass(slots=True, eq=False)
class LiveCell:
    """A cell with its state and answer. Changed only by `Sweeping` and its runner."""

    cell: Cell
    state: CellState = CellState.WAITING
    #: The reply while it streams; reading its `elapsed` and lengths is O(1).
    reply: Reply | None = None
    #: The answer after its end, with usage, cost and timings. It stays while the cell is queued
    #: to be sent again.
    answer: Message | None = None
    #: A sentence about a wait, such as a loading engine or a busy provider; else empty.
    waiting: str = ""
    #: Mean log probability (nats) of the answer's tokens; None if not given.
    mean_logprob: float | None = None

    @property
    def place(self) -> CellPosition:
        """The position of the cell in the grid."""
        return self.cell.place

    @property
    def text(self) -> str:
        """The answer's text so far."""
        if self.reply is not None:
            return self.reply.text
        return self.answer.text if self.answer is not None else ""

    @property
    def reasoning(self) -> str:
        """The answer's reasoning so far."""
        if self.reply is not None:
            return self.reply.reasoning
        return self.answer.reasoning if self.answer is not None else ""

    @property
    def error(self) -> str:
        """A sentence about the failure or interruption; empty if there was none."""
        return self.answer.error if self.answer is not None else ""


class Sweep:
    """A plan and its cells. Use it from the event loop's thread only."""

    def __init__(self, id_: str, conversation: str, plan: Plan, created: float) -> None:
        """Made by `Sweeping`, which has checked `plan`. `created` is in seconds since 1970."""
        self.id = id_
        #: The conversation's id.
        self.conversation = conversation
        self.plan = plan
        self.created = created
        #: True if another Loquat process runs this sweep; it is read-only here.
        self.elsewhere = False
        #: The cells in the order in which they are sent: `cells[n].cell.number == n`.
        self.cells: tuple[LiveCell, ...] = ()
        self._by_place: dict[CellPosition, LiveCell] = {}
        #: A cell has changed: grown, begun, ended, or waits for something. Told as often as pieces
        #: are delivered, some twenty times a second for each cell that streams: collect the
        #: places, and look when the next frame is drawn.
        self.changed: Observers[[CellPosition]] = Observers()
        #: Nothing of it is on its way any more: told after each run, also a stopped one.
        self.finished: Observers[[]] = Observers()

    def put(self, cells: tuple[LiveCell, ...]) -> None:
        """Set the cells; called once."""
        self.cells = cells
        self._by_place = {live.place: live for live in cells}

    def at(self, place: CellPosition) -> LiveCell:
        """The cell at a place. Raises KeyError."""
        return self._by_place[place]

    def count(self, *states: CellState) -> int:
        """Return the number of cells in one of these states."""
        return sum(live.state in states for live in self.cells)

    @property
    def is_resumable(self) -> bool:
        """Whether `resume` would send any cell."""
        return not self.elsewhere and any(live.state in UNFINISHED for live in self.cells)
