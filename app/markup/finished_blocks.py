"""When a block is finished: what follows it can't be part of it, whatever else arrives.

markdown-it parses a top-level block by its own lines and the ones after it; nothing before
it matters. It looks ahead, but never far: a paragraph, and whatever may turn out to be one
(a link definition, a formula, a table), ends at a blank line at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from app.markup.block_builder import Draft

# These end with their own last line; a table could still begin on their first two.
_SELF_CONTAINED = {"heading_open", "hr", "fence", "math_block"}

# These begin by their first line alone, and that ends whatever stands before.
_BEGINNERS = {
    "heading_open",
    "hr",
    "fence",
    "blockquote_open",
    "bullet_list_open",
    "ordered_list_open",
    "html_block",
    "footnote_reference_open",
}

# These may go on after a blank line, if the line after it lets them.
_LASTING = {
    "bullet_list_open",
    "ordered_list_open",
    "footnote_reference_open",
    "code_block",
    "html_block",
}


class Lines:
    """The lines of a text that may end within one."""

    __slots__ = ("complete", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        starts, found = [0], text.find("\n")
        while found >= 0:
            starts.append(found + 1)
            found = text.find("\n", found + 1)
        self.starts = starts
        self.complete = len(starts) - 1

    def between(self, first: int, end: int) -> str:
        """Return the text of the lines from `first` up to `end`."""
        return self.text[self.starts[first] : self.start(end)]

    def start(self, line: int) -> int:
        """Return where `line` begins; past the last one, where the text ends."""
        return self.starts[line] if line < len(self.starts) else len(self.text)


def finished(drafts: Sequence[Draft], lines: Lines) -> int:
    """Return how many of the first `drafts` no later text can change."""
    count = 0
    for draft, following in pairwise(drafts):
        if not _finished(draft, following, lines):
            break
        count += 1
    return count


def _finished(draft: Draft, following: Draft, lines: Lines) -> bool:
    begun = following.line < lines.complete
    if not lines.between(following.line - 1, following.line).strip(" \t\n"):
        return begun or draft.name not in _LASTING
    if draft.name == following.name == "definition":
        # What begins with a bracket is not the first one's title.
        return begun
    if _ends_by_itself(draft) and max(draft.end, draft.line + 2) <= lines.complete:
        return True
    if not begun or following.name not in _BEGINNERS or not _is_marked(following):
        return False
    # A formula goes on over lines that would begin something else.
    source = lines.between(draft.line, draft.end)
    return "$$" not in source and "\\[" not in source


def _ends_by_itself(draft: Draft) -> bool:
    cut = "cut" in draft.tokens[0].meta
    return cut or (draft.name in _SELF_CONTAINED and _is_marked(draft))


def _is_marked(draft: Draft) -> bool:
    """Say that `draft` is no heading by the line below it, which is a paragraph till then."""
    return draft.name != "heading_open" or draft.tokens[0].markup.startswith("#")
