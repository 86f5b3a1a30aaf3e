"""What a message remembers of its blocks while their strips come and go: colours, and folds."""

from app.ui.transcript.strips.code import CodeBlock
from app.ui.transcript.strips.code_colours import Colouring

#: The number under which the words of the person, in which nothing is a block, are remembered.
WORDS = -1


class Folds:
    """The blocks of a message, by their place in it; `begin` goes to one of them."""

    #: Where a click on the line under a folded block leads.
    OPEN = "loquat:open-block"
    #: Where a click on the line above the reasoning leads.
    REASONING = "loquat:fold"

    def __init__(self) -> None:
        self._codes: dict[tuple[int, int], CodeBlock] = {}
        self._opened: set[int] = set()
        self._top = 0
        #: How many code blocks of the top-level block have been asked for.
        self.inner = 0
        #: Whether long blocks are folded: not those that were seen as they came.
        self.folding = True

    def begin(self, number: int, inner: int = 0) -> None:
        """Go to the top-level block of this number, after so many code blocks in it."""
        self._top, self.inner = number, inner

    def next(self, language: str) -> CodeBlock:
        """The next code block inside the top-level one."""
        key = (self._top, self.inner)
        self.inner += 1
        block = self._codes.get(key)
        if block is None or block.colouring.language != language:
            block = self._codes[key] = CodeBlock(Colouring(language), folded=self.folding)
        return block

    @property
    def is_open(self) -> bool:
        """Whether the top-level block is shown whole, however long it is."""
        return not self.folding or self._top in self._opened

    def open(self, number: int) -> None:
        """Show a top-level block whole from now on."""
        self._opened.add(number)

    def open_all(self) -> bool:
        """Show everything whole; return whether something may have been folded."""
        closed = [block for block in self._codes.values() if block.folded]
        for block in closed:
            block.folded = False
        folding, self.folding = self.folding, False
        return folding or bool(closed)
