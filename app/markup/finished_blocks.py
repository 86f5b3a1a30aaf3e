"""Decides which top-level blocks of a growing text are finished.

A block is finished when no text that may still arrive can change it. This can be decided from the
block's own lines and the beginning of the next block, because markdown-it never looks back and
looks ahead only a little: a paragraph, and everything that may turn out to be one (a link
definition, a formula, a table), ends at a blank line at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from app.markup.block_builder import TokenGroup

# Blocks that end with their own last line. Until their first two lines are complete, they may
# still turn out to be a table.
_SELF_CONTAINED = {"heading_open", "hr", "fence", "math_block"}

# Blocks that are recognised by their first line alone, which also ends the block before.
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

# Blocks that may continue after a blank line, depending on the line after it.
_LASTING = {
    "bullet_list_open",
    "ordered_list_open",
    "footnote_reference_open",
    "code_block",
    "html_block",
}


class SourceLines:
    """Index of the lines of a text, whose last line may be incomplete.

    `starts` has the offset of each line in characters; `complete` is the number of lines that end
    with a line feed. Lines are numbered from 0.
    """

    __slots__ = ("complete", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        starts, line_feed = [0], text.find("\n")
        while line_feed >= 0:
            starts.append(line_feed + 1)
            line_feed = text.find("\n", line_feed + 1)
        self.starts = starts
        self.complete = len(starts) - 1

    def between(self, first: int, end: int) -> str:
        """Return the text of the lines from `first` up to, but without, `end`."""
        return self.text[self.starts[first] : self.start(end)]

    def start(self, line: int) -> int:
        """Return the offset of a line, or the length of the text after the last line."""
        return self.starts[line] if line < len(self.starts) else len(self.text)


def finished(groups: Sequence[TokenGroup], lines: SourceLines) -> int:
    """Return the number of top-level blocks, from the first on, that no later text can change.

    The last block is never counted.
    """
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
        # The next definition begins with a bracket, so it can't be this definition's title.
        return begun
    if _ends_by_itself(group) and max(group.end, group.line + 2) <= lines.complete:
        return True
    if not begun or next_group.name not in _BEGINNERS or not _is_marked(next_group):
        return False
    # A formula may contain lines that would begin another block elsewhere.
    source = lines.between(group.line, group.end)
    return "$$" not in source and "\\[" not in source


def _ends_by_itself(group: TokenGroup) -> bool:
    cut = "cut" in group.tokens[0].meta
    return cut or (group.name in _SELF_CONTAINED and _is_marked(group))


def _is_marked(group: TokenGroup) -> bool:
    """Return whether a block is recognised by its first line.

    A heading underlined with `=` or `-` isn't: it is a paragraph until the underline arrives.
    """
    return group.name != "heading_open" or group.tokens[0].markup.startswith("#")
