"""markdown-it rules that recognise LaTeX formulas, and tell them from prices such as $5."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_CLOSERS = {"$$": "$$", "\\[": "\\]"}

# `$5 and US$` is money: a number, then a word. A command (`$2 \pi$`) is no word.
_MONEY = re.compile(r"\d[\d.,]*\s+[^\W\d_]{2}")


def math_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Block rule: match `$$ … $$` or `\\[ … \\]` that begins at the start of a line and ends at
    the end of one.

    The closing delimiter has to come before the next blank line, so that this rule never looks
    further ahead than the end of a paragraph.
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
    """Inline rule: match `$…$`, `$$…$$`, `\\(…\\)`, and `\\[ … \\]` with white space inside the
    brackets."""
    source, begin = state.src, state.pos
    if source[begin] == "$":
        end = _dollars(source, begin, state.posMax)
    elif source.startswith("\\(", begin):
        end = _bracketed(state, begin, "\\)")
    elif source.startswith(("\\[ ", "\\[\n"), begin):
        end = _bracketed(state, begin, "\\]")
        if end and source[end - 3] not in " \n":
            return False
    else:
        return False
    if not end:
        return False
    width = 2 if source.startswith(("$$", "\\"), begin) else 1
    if not silent:
        display = source.startswith(("$$", "\\["), begin)
        token = state.push("math_display" if display else "math_inline", "math", 0)
        token.content = source[begin + width : end - width].strip()
    state.pos = end
    return True


def _bracketed(state: StateInline, begin: int, closer: str) -> int:
    """Return the offset after a bracketed formula's closing delimiter, or 0 if there is none."""
    # The position of the last closer is cached, so that thousands of openers don't each search the
    # rest of the paragraph.
    if state.html_terminator_last(closer) <= begin:
        return 0
    end = state.src.find(closer, begin + 2, state.posMax)
    if end < 0 or not state.src[begin + 2 : end].strip():
        return 0
    return end + 2


def _dollars(source: str, begin: int, end: int) -> int:
    """Return the offset after the formula's last dollar sign, or 0 if there is no formula."""
    if begin and (source[begin - 1] == "$" or (source[begin - 1] + "a").isascii()):
        previous = source[begin - 1]
        if previous == "$" or previous.isalnum():
            return 0
    if source.startswith("$$", begin):
        close = source.find("$$", begin + 2, end)
        inside = source[begin + 2 : close]
        return close + 2 if close > 0 and inside.strip() and "$" not in inside else 0
    close = _unescaped_dollar(source, begin + 1, end)
    if close < 0:
        return 0
    inside = source[begin + 1 : close]
    if not inside.strip() or inside[0].isspace() or inside[-1].isspace():
        return 0
    if source[close + 1 : close + 2].isdigit() and close + 1 < end:
        return 0
    return 0 if _MONEY.match(inside) and "\\" not in inside else close + 1


def _unescaped_dollar(source: str, begin: int, end: int) -> int:
    dollar = source.find("$", begin, end)
    while dollar > 0:
        escapes = 0
        while source[dollar - 1 - escapes] == "\\" and dollar - 1 - escapes >= begin:
            escapes += 1
        if escapes % 2 == 0:
            return dollar
        dollar = source.find("$", dollar + 1, end)
    return -1
