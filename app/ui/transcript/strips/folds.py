"""Per-message state that outlives its strips: which blocks are folded, and each code block's
highlighting."""

from app.ui.transcript.strips.code import CodeBlock
from app.ui.transcript.strips.code_colours import CodeColours

#: Pseudo-number of a block for the person's words, which have no blocks.
WORDS = -1


class Folds:
    """State of a message's blocks. A top-level block is identified by its index, a code block by
    that and its ordinal within the top-level block.

    The strips of one top-level block are made after `begin`, and call `next` once for each code
    block, in order.
    """

    #: Address that a click on the "Show all" line of a folded block reports.
    OPEN = "loquat:open-block"
    #: Address that a click on the line above the reasoning reports.
    REASONING = "loquat:fold"

    def __init__(self) -> None:
        self._codes: dict[tuple[int, int], CodeBlock] = {}
        self._opened: set[int] = set()
        self._top = 0
        #: Ordinal of the next code block within the top-level block.
        self.inner = 0
        #: Whether long blocks are folded at first. They are not if the reader saw them arrive.
        self.folding = True

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
            block = self._codes[key] = CodeBlock(CodeColours(language), folded=self.folding)
        return block

    @property
    def is_open(self) -> bool:
        """Whether the top-level block given to `begin` is never folded because of its length.

        True if the person unfolded it, or if nothing of the message is folded.
        """
        return not self.folding or self._top in self._opened

    def open(self, number: int) -> None:
        """Show the top-level block with this index whole from now on."""
        self._opened.add(number)

    def open_all(self) -> bool:
        """Unfold all blocks; return whether any may have been folded."""
        closed = [block for block in self._codes.values() if block.folded]
        for block in closed:
            block.folded = False
        folding, self.folding = self.folding, False
        return folding or bool(closed)
