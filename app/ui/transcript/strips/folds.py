"""The parts of a message that are folded or wrapped, for as long as the program runs, and the state
of its code blocks while its strips come and go."""

from dataclasses import dataclass, field

from app.ui.transcript.strips.code import CodeBlock
from app.ui.transcript.strips.code_colours import CodeColours

#: Pseudo-number of a block for the person's words, which have no blocks.
WORDS = -1


@dataclass
class FoldState:
    """The folded parts of one message. A block is identified by its index, a code block by that and
    its ordinal within the top-level block."""

    #: Whether the reasoning is folded.
    reasoning: bool = True
    #: Whether the details of a failure are folded.
    details: bool = True
    #: Whether long blocks are folded at first. They are not if the reader saw them arrive.
    folding: bool = True
    #: Indices of the top-level blocks that the person opened.
    opened: set[int] = field(default_factory=set)
    #: Indices of the top-level blocks that the person folded again.
    closed: set[int] = field(default_factory=set)
    #: Whether a code block is folded, and whether its lines are wrapped, where the person changed
    #: either.
    codes: dict[tuple[int, int], tuple[bool, bool | None]] = field(default_factory=dict)


class FoldMemory:
    """The fold states of all messages in which something was opened or folded, by message id.

    They outlive the items of the messages, so that a conversation looks as it was left.
    """

    def __init__(self) -> None:
        self._states: dict[str, FoldState] = {}

    def of(self, message_id: str) -> FoldState:
        """Return a message's state; a new state if nothing was changed in it."""
        return self._states.get(message_id) or FoldState()

    def keep(self, message_id: str, state: FoldState) -> None:
        """Keep a message's state, because it was changed."""
        self._states[message_id] = state


class Folds:
    """State of a message's blocks.

    The strips of one top-level block are made after `begin`, and call `next` once for each code
    block, in order.
    """

    #: Addresses that clicks on the "Show all" and "Show less" lines of a folded block report.
    OPEN = "loquat:open-block"
    CLOSE = "loquat:close-block"
    #: Address that a click on the line above the reasoning reports.
    REASONING = "loquat:fold"

    def __init__(self, message_id: str, memory: FoldMemory) -> None:
        self._id = message_id
        self._memory = memory
        self._state = memory.of(message_id)
        self._codes: dict[tuple[int, int], CodeBlock] = {}
        self._top = 0
        #: Ordinal of the next code block within the top-level block.
        self.inner = 0

    def begin(self, number: int, inner: int = 0) -> None:
        """Set the top-level block whose strips are made next, by its index.

        The strips of its first `inner` code blocks exist already, so `next` begins after those.
        """
        self._top, self.inner = number, inner

    def next(self, language: str) -> CodeBlock:
        """Return the state of the next code block; a new state if it has another language now."""
        key = (self._top, self.inner)
        self.inner += 1
        block = self._codes.get(key)
        if block is None or block.colours.language != language:
            folded, wrapping = self._state.codes.get(key, (self._state.folding, None))
            block = CodeBlock(CodeColours(language), folded=folded, wrapping=wrapping)
            self._codes[key] = block
        return block

    @property
    def reasoning(self) -> bool:
        """Whether the reasoning is folded."""
        return self._state.reasoning

    @property
    def is_open(self) -> bool:
        """Whether the top-level block given to `begin` is never folded because of its length.

        True if the person unfolded it, or if nothing of the message is folded.
        """
        state, number = self._state, self._top
        return number not in state.closed and (not state.folding or number in state.opened)

    def is_card_open(self, at_first: bool) -> bool:
        """Return whether the card given to `begin` is open; `at_first` is its state until the
        person opens or folds it."""
        state, number = self._state, self._top
        return number in state.opened or (at_first and number not in state.closed)

    def arrive(self) -> None:
        """Fold no blocks of this message, since the reader sees them arrive."""
        if self._state.folding:
            self._state.folding = False
            self._keep()

    def fold_reasoning(self, folded: bool) -> None:
        """Fold or unfold the reasoning."""
        self._state.reasoning = folded
        self._keep()

    @property
    def details(self) -> bool:
        """Whether the details of a failure are folded."""
        return self._state.details

    def turn_details(self) -> None:
        """Fold or unfold the details of a failure."""
        self._state.details = not self._state.details
        self._keep()

    def open(self, number: int) -> None:
        """Show the top-level block with this index whole from now on."""
        self._state.opened.add(number)
        self._state.closed.discard(number)
        self._keep()

    def close(self, number: int) -> None:
        """Fold the top-level block with this index, if it is long."""
        self._state.opened.discard(number)
        self._state.closed.add(number)
        self._keep()

    def fold_code(self, block: CodeBlock) -> None:
        """Fold a code block, or unfold it."""
        block.folded = not block.folded
        self._note(block)

    def wrap_code(self, block: CodeBlock) -> None:
        """Switch the wrapping of lines in a code block."""
        block.turn_wrapping()
        self._note(block)

    def open_all(self) -> bool:
        """Unfold all blocks; return whether any may have been folded."""
        closed = [block for block in self._codes.values() if block.folded]
        for block in closed:
            self.fold_code(block)
        folded = self._state.folding or bool(closed or self._state.closed)
        self._state.closed.clear()
        self.arrive()
        return folded

    def _note(self, block: CodeBlock) -> None:
        key = next(key for key, each in self._codes.items() if each is block)
        self._state.codes[key] = block.folded, block.wrapping
        self._keep()

    def _keep(self) -> None:
        self._memory.keep(self._id, self._state)
