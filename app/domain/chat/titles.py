"""Titles of conversations and labels of messages, made from the beginning of a text."""

import re

from app.domain.text.graphemes import cut_between_graphemes

#: Code points of the longest title. The window shortens titles to the room that there is.
LONGEST_TITLE = 200
#: Code points of the longest excerpt, such as “Deleted “How do I…””.
LONGEST_EXCERPT = 60
#: Code points at the beginning of a question that are read for its title.
_READ = 2000

#: Marks at the beginning of a line: heading, quote, list item, task box.
_LINE_MARKS = re.compile(
    r"^[ \t]*(?:(?:#{1,6}|>|[-+*]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[[ xX]\][ \t]+)?)+", re.MULTILINE
)
#: Lines that consist of marks alone: fences of code, rules, underlines of headings.
_LINES_OF_MARKS = re.compile(
    r"^[ \t]*(?:(?:```+|~~~+)[ \t]*[\w+#.-]{0,40}|[-*_=][-*_= \t]{2,}|=+)[ \t]*$", re.MULTILINE
)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)")
_CODE = re.compile(r"(`{1,3})([^`\n]+)\1")
#: Emphasis whose marks touch its words and no other letters, so that 2*3*4 and x ** y stay.
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|~~)(?=[^\s*~])([^*~\n]{1,300})(?<=[^\s*~])\1(?![\w*])")


def title_from(question: str) -> str:
    """Make the title of a conversation from the beginning of its first question: one line of plain
    text without Markdown's marks, of at most LONGEST_TITLE code points. A longer text ends with
    “…”."""
    return _shortened(question, LONGEST_TITLE)


def excerpt_of(text: str) -> str:
    """Make a label for a message from its beginning, as a title but of at most LONGEST_EXCERPT code
    points."""
    return _shortened(text, LONGEST_EXCERPT)


def _shortened(question: str, longest: int) -> str:
    line = " ".join(_plain(question[:_READ]).split())
    if not line:
        # Nothing but marks: they are what the person wrote.
        line = " ".join(question[:_READ].split())
    if len(line) <= longest and len(question) <= _READ:
        return line
    cut = cut_between_graphemes(line, longest - 1)
    words = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return words.rstrip(" ,.;:–-") + "…"


def _plain(text: str) -> str:
    text = _LINES_OF_MARKS.sub("", text)
    text = _LINE_MARKS.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _CODE.sub(r"\2", text)
    return _EMPHASIS.sub(r"\2", text)
