"""Where two texts part, and values made short: what a row can show of what may be enormous."""

import json
import re
from collections.abc import Callable
from typing import Any

from app.domain.text.invisible_characters import mark_invisible

CUT = "…"
#: What two long texts share is shown this far back from where they part.
CONTEXT = 20
BLOCK = 65_536
#: The longest word that is looked for around a difference.
WORD = 40
#: Of a list or an object, so many items are looked at, and so deep.
ITEMS = 8
DEPTH = 3


def shared_beginning(first: str, second: str) -> int:
    """How many characters both begin with."""
    shorter, start = min(len(first), len(second)), 0
    # A block at a time: halves of 10 MB, compared again and again, take a second.
    while start < shorter and first[start : start + BLOCK] == second[start : start + BLOCK]:
        start += BLOCK
    one, other = first[start : start + BLOCK], second[start : start + BLOCK]
    most = min(len(one), len(other))
    return min(start, shorter) + _most(most, lambda count: one[:count] == other[:count])


def shared_end(first: str, second: str, most: int) -> int:
    """How many characters, at most so many, both end with."""
    return _most(most, lambda count: first[len(first) - count :] == second[len(second) - count :])


def parting(first: str, second: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where each of two texts differs from the other, in whole words: from and to."""
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
    """A value as one line of JSON, a text of it from `start` on, cut where it is longer."""
    if isinstance(value, str):
        begun = CUT if start else ""
        value = begun + value[start : start + characters + 1]
    text = json.dumps(_smaller(value, characters, DEPTH), ensure_ascii=False)
    cut = text if len(text) <= characters else text[:characters] + CUT
    return mark_invisible(cut)


def short_pair(before: Any, after: Any, characters: int) -> tuple[str, str]:
    """Two values as lines that show where they part."""
    start = 0
    if isinstance(before, str) and isinstance(after, str):
        start = max(0, shared_beginning(before, after) - CONTEXT)
    return short(before, characters, start), short(after, characters, start)


def _smaller(value: Any, characters: int, depth: int) -> Any:
    """As much of a value as its first characters can take."""
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
            return [_smaller(one, characters, depth - 1) for one in items] + rest
        case _:
            return value


def _most(highest: int, holds: Callable[[int], bool]) -> int:
    """The highest number up to which something holds that ends holding somewhere."""
    lowest = 0
    while lowest < highest:
        middle = (lowest + highest + 1) // 2
        if holds(middle):
            lowest = middle
        else:
            highest = middle - 1
    return lowest
