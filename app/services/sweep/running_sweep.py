"""A sweep as it runs, or as it was kept: its cells, how far each has come, and its news."""

from dataclasses import dataclass

from app.domain.chat.conversation import Message
from app.domain.chat.reply import Reply
from app.domain.sweep.plan import Cell, CellState, Place, Plan
from app.services.observers import News

#: What is asked again when a sweep is resumed.
UNFINISHED = frozenset(
    {CellState.WAITING, CellState.STOPPED, CellState.FAILED, CellState.INTERRUPTED}
)


@dataclass(slots=True, eq=False)
class LiveCell:
    """One cell; its owner is the sweep, and `Sweeping` alone changes it."""

    cell: Cell
    state: CellState = CellState.WAITING
    #: While it streams: what came so far. Its `elapsed` and lengths cost nothing to ask for.
    reply: Reply | None = None
    #: When it has ended: the answer with its usage, cost and timings, as a message has them. It
    #: stays while the cell waits to be asked again.
    answer: Message | None = None
    #: What is being waited for, in words: the engine that loads, a provider that is busy.
    waiting: str = ""
    #: The mean log probability of the answer's tokens, where they were given.
    mean_logprob: float | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.cell.place

    @property
    def text(self) -> str:
        """The answer, as far as it has come."""
        if self.reply is not None:
            return self.reply.text
        return self.answer.text if self.answer is not None else ""

    @property
    def reasoning(self) -> str:
        """The thoughts, as far as they have come."""
        if self.reply is not None:
            return self.reply.reasoning
        return self.answer.reasoning if self.answer is not None else ""

    @property
    def error(self) -> str:
        """A sentence on why it failed or was interrupted."""
        return self.answer.error if self.answer is not None else ""


class Sweep:
    """A plan and its cells. All is read and told on the loop's thread."""

    def __init__(self, id_: str, conversation: str, plan: Plan, created: float) -> None:
        """`plan` has been checked; `Sweeping` makes these."""
        self.id = id_
        self.conversation = conversation
        self.plan = plan
        self.created = created
        #: Another Loquat runs it now; here it can only be looked at.
        self.elsewhere = False
        #: The cells in the order of asking: `cells[n].cell.number == n`.
        self.cells: tuple[LiveCell, ...] = ()
        self._by_place: dict[Place, LiveCell] = {}
        #: A cell has changed: grown, begun, ended, or waits for something. Told as often as pieces
        #: are delivered, some twenty times a second for each cell that streams: collect the
        #: places, and look when the next frame is drawn.
        self.changed: News[[Place]] = News()
        #: Nothing of it is on its way any more: told after each run, also a stopped one.
        self.finished: News[[]] = News()

    def put(self, cells: tuple[LiveCell, ...]) -> None:
        """Give it its cells, once."""
        self.cells = cells
        self._by_place = {one.place: one for one in cells}

    def at(self, place: Place) -> LiveCell:
        """The cell at a place. Raises KeyError."""
        return self._by_place[place]

    def count(self, *states: CellState) -> int:
        """How many cells are in one of these states."""
        return sum(one.state in states for one in self.cells)

    @property
    def is_resumable(self) -> bool:
        """Whether there are cells that a `resume` would ask."""
        return not self.elsewhere and any(one.state in UNFINISHED for one in self.cells)
