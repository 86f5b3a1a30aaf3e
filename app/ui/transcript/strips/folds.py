"""What is folded and wrapped in a message, for as long as the program runs, and the state of its
code blocks while its strips come and go."""

from dataclasses import dataclass, field

from app.ui.transcript.strips.code import CodeBlock
from app.ui.transcript.strips.code_colours import CodeColours

#: Pseudo-number of a block for the person's words, which have no blocks.
WORDS = -1


@dataclass
class FoldState:
    """What is folded in one message. A block is identified by its index, a code block by that and
    its ordinal within the top-level block."""

    #: Whether the reasoning is folded.
    reasoning: bool = True
    #: Whether long blocks are folded at first. They are not if the reader saw them arrive.
    folding: bool = True
    #: Indices of the top-level blocks that the person opened.
    opened: set[int] = field(default_factory=set)
    #: Whether a code block is folded, and whether its lines are wrapped, where the person changed
    #: either.
    codes: dict[tuple[int, int], tuple[bool, bool]] = field(default_factory=dict)


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

    def __init__(self, state: FoldState | None = None) -> None:
        self.state = state or FoldState()
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
            folded, wrapped = self.state.codes.get(key, (self.state.folding, False))
            block = CodeBlock(CodeColours(language), folded=folded, wrapped=wrapped)
            self._codes[key] = block
        return block

    @property
    def is_open(self) -> bool:
        """Whether the top-level block given to `begin` is never folded because of its length.

        True if the person unfolded it, or if nothing of the message is folded.
        """
        return not self.state.folding or self._top in self.state.opened

    def open(self, number: int) -> None:
        """Show the top-level block with this index whole from now on."""
        self.state.opened.add(number)

    def close(self, number: int) -> None:
        """Fold the top-level block with this index, if it is long."""
        self.state.opened.discard(number)

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
        folding, self.state.folding = self.state.folding, False
        return folding or bool(closed)

    def _note(self, block: CodeBlock) -> None:
        key = next(key for key, each in self._codes.items() if each is block)
        self.state.codes[key] = block.folded, block.wrapped
