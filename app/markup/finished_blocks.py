"""When a block is finished: what follows it can't be part of it, whatever else arrives.

markdown-it parses a top-level block by its own lines and the ones after it; nothing before
it matters. It looks ahead, but never far: a paragraph, and whatever may turn out to be one
(a link definition, a formula, a table), ends at a blank line at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from app.markup.block_builder import TokenGroup

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


class SourceLines:
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


def finished(groups: Sequence[TokenGroup], lines: SourceLines) -> int:
    """Return how many of the first `drafts` no later text can change."""
    count = 0
    for group, next_group in pairwise(groups):
        if not _finished(group, next_group, lines):
            break
        count += 1
    return count


def _finished(group: TokenGroup, next_group: TokenGroup, lines: SourceLines) -> bool:
    begun = next_group.line < lines.complete
    if not lines.between(next_group.line - 1, next_group.line).strip(" \t\n"):
        return begun or group.name not in _LASTING
    if group.name == next_group.name == "definition":
        # What begins with a bracket is not the first one's title.
        return begun
    if _ends_by_itself(group) and max(group.end, group.line + 2) <= lines.complete:
        return True
    if not begun or next_group.name not in _BEGINNERS or not _is_marked(next_group):
        return False
    # A formula goes on over lines that would begin something else.
    source = lines.between(group.line, group.end)
    return "$$" not in source and "\\[" not in source


def _ends_by_itself(group: TokenGroup) -> bool:
    cut = "cut" in group.tokens[0].meta
    return cut or (group.name in _SELF_CONTAINED and _is_marked(group))


def _is_marked(group: TokenGroup) -> bool:
    """Say that `draft` is no heading by the line below it, which is a paragraph till then."""
    return group.name != "heading_open" or group.tokens[0].markup.startswith("#")
