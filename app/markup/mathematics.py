"""Mathematics among Markdown: what is a formula, and what is money or an escaped bracket."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_CLOSERS = {"$$": "$$", "\\[": "\\]"}

# `$5 and US$` is money: a number, then a word. A command (`$2 \pi$`) is no word.
_MONEY = re.compile(r"\d[\d.,]*\s+[^\W\d_]{2}")


def math_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match `$$ … $$` or `\\[ … \\]` that begins a line and whose end ends one.

    Without its end before the next blank line it is no formula, so how far this rule
    looks ahead is bounded as a paragraph is.
    """
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    opener = state.src[begin : begin + 2]
    closer = _CLOSERS.get(opener)
    if closer is None or begin + 2 > state.eMarks[start_line]:
        return False
    first = state.src[begin + 2 : state.eMarks[start_line]].strip(" \t")
    last = start_line if closer in first else _last_line(state, start_line, end_line, closer)
    if last is None or (last == start_line and not _ends_once(first, closer)):
        return False
    if last == start_line and first == closer:
        return False
    if silent:
        return True
    lines = [first]
    if last > start_line:
        rest = state.getLines(start_line + 1, last + 1, state.blkIndent, False)
        lines.append(rest)
    token = state.push("math_block", "math", 0)
    token.content = "\n".join(lines).rstrip(" \t")[: -len(closer)].strip()
    token.map = [start_line, last + 1]
    state.line = last + 1
    return True


def _last_line(state: StateBlock, start_line: int, end_line: int, closer: str) -> int | None:
    for line in range(start_line + 1, end_line):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return None
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        text = text.rstrip(" \t")
        if closer in text:
            return line if _ends_once(text, closer) else None
    return None


def _ends_once(text: str, closer: str) -> bool:
    return text.endswith(closer) and text.count(closer) == 1


def inline_math(state: StateInline, silent: bool) -> bool:
    """Match `$…$`, `$$…$$`, `\\(…\\)`, and `\\[ … \\]` with space inside the brackets."""
    source, begin = state.src, state.pos
    if source[begin] == "$":
        found = _dollars(source, begin, state.posMax)
    elif source.startswith("\\(", begin):
        found = _bracketed(state, begin, "\\)")
    elif source.startswith(("\\[ ", "\\[\n"), begin):
        found = _bracketed(state, begin, "\\]")
        if found and source[found - 3] not in " \n":
            return False
    else:
        return False
    if not found:
        return False
    width = 2 if source.startswith(("$$", "\\"), begin) else 1
    if not silent:
        display = source.startswith(("$$", "\\["), begin)
        token = state.push("math_display" if display else "math_inline", "math", 0)
        token.content = source[begin + width : found - width].strip()
    state.pos = found
    return True


def _bracketed(state: StateInline, begin: int, closer: str) -> int:
    """Return the position after the closer, 0 where there is none."""
    # Cached, or thousands of openers would each search the rest of the paragraph.
    if state.html_terminator_last(closer) <= begin:
        return 0
    found = state.src.find(closer, begin + 2, state.posMax)
    if found < 0 or not state.src[begin + 2 : found].strip():
        return 0
    return found + 2


def _dollars(source: str, begin: int, end: int) -> int:
    """Return the position after the formula's last dollar, 0 where there is no formula."""
    if begin and (source[begin - 1] == "$" or (source[begin - 1] + "a").isascii()):
        previous = source[begin - 1]
        if previous == "$" or previous.isalnum():
            return 0
    if source.startswith("$$", begin):
        found = source.find("$$", begin + 2, end)
        inside = source[begin + 2 : found]
        return found + 2 if found > 0 and inside.strip() and "$" not in inside else 0
    found = _unescaped_dollar(source, begin + 1, end)
    if found < 0:
        return 0
    inside = source[begin + 1 : found]
    if not inside.strip() or inside[0].isspace() or inside[-1].isspace():
        return 0
    if source[found + 1 : found + 2].isdigit() and found + 1 < end:
        return 0
    return 0 if _MONEY.match(inside) and "\\" not in inside else found + 1


def _unescaped_dollar(source: str, begin: int, end: int) -> int:
    found = source.find("$", begin, end)
    while found > 0:
        escapes = 0
        while source[found - 1 - escapes] == "\\" and found - 1 - escapes >= begin:
            escapes += 1
        if escapes % 2 == 0:
            return found
        found = source.find("$", found + 1, end)
    return -1
