"""Shortens values, which may have tens of megabytes, for one line of a table: a pair of texts is
cut around the place where they differ, every other JSON value at its end."""

import json
import re
from collections.abc import Callable
from typing import Any

from app.domain.text.invisible_characters import mark_invisible

CUT = "…"
#: Characters of the common prefix that are shown before the difference.
CONTEXT = 20
#: Characters that are compared at once.
BLOCK = 65_536
#: Longest word, in characters, up to which a difference is widened.
WORD = 40
#: Most items of a list or object that are kept, and most levels of nesting.
ITEMS = 8
DEPTH = 3


def shared_beginning(first: str, second: str) -> int:
    """Return the length in characters of the longest common prefix of two texts."""
    shorter, start = min(len(first), len(second)), 0
    # Block by block: a binary search over the whole of 10 MB texts takes a second.
    while start < shorter and first[start : start + BLOCK] == second[start : start + BLOCK]:
        start += BLOCK
    first_block, second_block = first[start : start + BLOCK], second[start : start + BLOCK]
    most = min(len(first_block), len(second_block))
    return min(start, shorter) + _most(
        most, lambda count: first_block[:count] == second_block[:count]
    )


def shared_end(first: str, second: str, most: int) -> int:
    """Return the length in characters of the longest common suffix of two texts, at most `most`."""
    return _most(most, lambda count: first[len(first) - count :] == second[len(second) - count :])


def parting(first: str, second: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the differing range of each text as (start, end) character indexes, widened to whole
    words of up to WORD characters."""
    start = shared_beginning(first, second)
    end = shared_end(first, second, min(len(first), len(second)) - start)
    parts = first[start : len(first) - end], second[start : len(second) - end]
    if any(part and not part[0].isspace() for part in parts):
        start -= len(re.split(r"\s", first[max(0, start - WORD) : start])[-1])
    if any(part and not part[-1].isspace() for part in parts):
        rest = len(first) - end
        end -= len(re.split(r"\s", first[rest : rest + WORD])[0])
    return (start, len(first) - end), (start, len(second) - end)


def short(value: Any, characters: int, start: int = 0) -> str:
    """Return a value as one line of JSON with at most about `characters` characters, an ellipsis
    where it is cut, and signs for invisible characters. A text is taken from index `start` on."""
    if isinstance(value, str):
        begun = CUT if start else ""
        value = begun + value[start : start + characters + 1]
    text = json.dumps(_smaller(value, characters, DEPTH), ensure_ascii=False)
    cut = text if len(text) <= characters else text[:characters] + CUT
    return mark_invisible(cut)


def short_pair(before: Any, after: Any, characters: int) -> tuple[str, str]:
    """Return two values as by `short`. Two texts both start CONTEXT characters before their first
    difference."""
    start = 0
    if isinstance(before, str) and isinstance(after, str):
        start = max(0, shared_beginning(before, after) - CONTEXT)
    return short(before, characters, start), short(after, characters, start)


def _smaller(value: Any, characters: int, depth: int) -> Any:
    """Copy a value without the parts that cannot appear in its first `characters` characters, so
    that writing it as JSON stays fast."""
    match value:
        case str():
            return value[: characters + 1]
        case dict():
            names = list(value)[:ITEMS] if depth else []
            return {
                name[:characters]: _smaller(value[name], characters, depth - 1) for name in names
            } | ({CUT: CUT} if len(names) < len(value) else {})
        case list():
            items = value[:ITEMS] if depth else []
            rest = [CUT] if len(items) < len(value) else []
            return [_smaller(item, characters, depth - 1) for item in items] + rest
        case _:
            return value


def _most(highest: int, holds: Callable[[int], bool]) -> int:
    """Return the highest number from 0 to `highest` for which `holds` is true, by binary search.
    `holds` must be true up to that number and false above it."""
    lowest = 0
    while lowest < highest:
        middle = (lowest + highest + 1) // 2
        if holds(middle):
            lowest = middle
        else:
            highest = middle - 1
    return lowest
