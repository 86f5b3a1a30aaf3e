"""Markdown of every kind, for Hypothesis: lines out of what begins, fills and ends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hypothesis import strategies as st

_BEGINNINGS = [
    "", "", "", " ", "   ", "    ", "\t", "- ", "* ", "+ ", "-\t", "1. ", "2) ", "  - ", "- [ ] ",
    "- [x] ", "> ", ">", "> - ", "# ", "###### ", "```", "````py", "~~~", "  ```", "- ```", "---",
    "***", "===", "|", "| ", "|--|:-:|", "--|--", "[a]: http://a", "[b]: http://b 'ti", "[^n]: ",
    "$$", "\\[", "<div>", "<!--", "-->", "</pre>", "<pre>", "<b>", "1.", "-",
]  # fmt: skip
_MIDDLES = [
    "", "", "", "a", "word word", "x | y |", "a | [a] | c", "[a]", "[b][a]", "![a](http://i)",
    "[^n]", "[x](http://y 'z')", "[x](smb://y)", "*e*", "**s", "_", "~~d~~", "`c`", "``", "$x$",
    "$5 or $6", "$$",
    "\\]", "\\(y\\)", "<br>", "&amp;", "le'", "]: http://c", "http://d.e/f",
    "g@h.ij", "\\", "  ", "\t", "- x", "> q", "```", "---", "#", "\x00", "\ud83d", "\ude00",
    "\U0001f600", "é", "  - k",
]  # fmt: skip
_ENDINGS = ["\n"] * 10 + ["\n\n", "\r\n", "\r", "  \n", "\\\n", "", " \n\t\n"]

_LINES = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(_BEGINNINGS),
    st.sampled_from(_MIDDLES),
    st.sampled_from(_ENDINGS),
)
TEXTS = st.lists(_LINES, max_size=14).map("".join)

_ROWS = st.sampled_from(
    [
        "| a | [a] |\n", "|---|--:|\n", "| `c` | [^n] |\n", "| short\n", "a|b|c|d\n", "||\n",
        "- l\n", "- [a] m\n", "  more\n", "\n", "  - n\n", "1. x\n", "- \n", "[a]: http://a\n",
        "[^n]: f\n", "> q\n", "$$|\n", "    k\n", "| \\| | y |\n", "text\n",
    ]
)  # fmt: skip
GROWING = st.lists(_ROWS, max_size=20).map("".join)

CUTS = st.lists(st.integers(0, 400), max_size=12)


def cut_at(text: str, places: Sequence[int]) -> Iterator[str]:
    """Cut `text` at `places`, which are taken modulo its length."""
    inner = sorted(place % (len(text) + 1) for place in places)
    for start, end in pairwise([0, *inner, len(text)]):
        yield text[start:end]


def cut_every(text: str, size: int) -> Iterator[str]:
    """Cut `text` into pieces of `size`."""
    for start in range(0, len(text), size):
        yield text[start : start + size]
