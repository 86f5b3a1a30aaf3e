"""Differences between two JSON values, such as two request bodies, as a list of paths.

Lists are aligned like the lines of two files, so that an inserted message counts as one addition.
To keep the time near linear in the size of the values, equal items at both ends are skipped, the
rest is aligned by its unique items (patience diff), and a list or object with too many differences
is reported as one change.
"""

import json
import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: Greatest number of differences; a list or object that would exceed it becomes one change.
MOST = 50_000
#: Deepest nesting that is compared; a deeper value is one change.
DEEPEST = 24
#: Longest name in a path, in characters; longer names are cut.
LONGEST_NAME = 100

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class DifferenceKind(StrEnum):
    """The kind of difference between the values at a path."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A path, such as `messages[3].content`, and the values there before and after.

    `before` is None for an addition and `after` for a removal. `path` leads through the new
    value, or for a removal through the old one. `path_before` is the path in the old value, where
    an item can have another index; empty for an addition.
    """

    path: str
    before: Any
    after: Any
    kind: DifferenceKind
    path_before: str


def differences(before: Any, after: Any) -> list[Difference]:
    """List the differences between two JSON values; those in a top-level `messages` come last.

    The order of an object's names doesn't count; 1, 1.0 and true are different values.
    """
    comparison = _DifferenceCollector()
    if not _equal_json(before, after):
        comparison.differ(_PathPair("", "", 0), before, after)
    return comparison.found


@dataclass(frozen=True, slots=True)
class _PathPair:
    """The paths of one pair of values, and how deeply they are nested."""

    before: str
    after: str
    depth: int

    def named(self, name: str) -> "_PathPair":
        step = _step(name)
        return _PathPair(
            _joined(self.before, step), _joined(self.after, step), depth=self.depth + 1
        )

    def item(self, before: int, after: int) -> "_PathPair":
        return _PathPair(f"{self.before}[{before}]", f"{self.after}[{after}]", self.depth + 1)


class _DifferenceCollector:
    """Collects the differences of one pair of values."""

    def __init__(self) -> None:
        self.found: list[Difference] = []

    def differ(self, place: _PathPair, before: Any, after: Any) -> None:
        """Add the differences of two values that are not equal."""
        if place.depth < DEEPEST:
            if isinstance(before, dict) and isinstance(after, dict):
                return self._objects(place, before, after)
            if isinstance(before, list) and isinstance(after, list):
                return self._lists(place, before, after)
        return self._change(place, before, after)

    def _objects(self, place: _PathPair, before: dict[str, Any], after: dict[str, Any]) -> None:
        names = [*before, *(name for name in after if name not in before)]
        names = [
            name
            for name in names
            if name not in before or name not in after or not _equal_json(before[name], after[name])
        ]
        if self._too_many(len(names)):
            return self._change(place, before, after)
        if place.depth == 0:
            names.sort(key=lambda name: name == "messages")
        for name in names:
            child = place.named(name)
            if name not in before:
                self._add(child, after[name])
            elif name not in after:
                self._remove(child, before[name])
            else:
                self.differ(child, before[name], after[name])
        return None

    def _lists(self, place: _PathPair, before: list[Any], after: list[Any]) -> None:
        start, end = _shared_ends(before, after)
        first, second = before[start : len(before) - end], after[start : len(after) - end]
        if self._too_many(len(first) + len(second)):
            return self._change(place, before, after)
        for old, new in _aligned(first, second):
            if old is None:
                index = start + (new or 0)
                self._add(place.item(index, index), after[index])
            elif new is None:
                index = start + old
                self._remove(place.item(index, index), before[index])
            elif not _equal_json(first[old], second[new]):
                self.differ(place.item(start + old, start + new), first[old], second[new])
        return None

    def _too_many(self, count: int) -> bool:
        return len(self.found) + count > MOST

    def _add(self, place: _PathPair, value: Any) -> None:
        self.found.append(Difference(place.after, None, value, DifferenceKind.ADDED, ""))

    def _remove(self, place: _PathPair, value: Any) -> None:
        self.found.append(
            Difference(place.before, value, None, DifferenceKind.REMOVED, place.before)
        )

    def _change(self, place: _PathPair, before: Any, after: Any) -> None:
        self.found.append(
            Difference(place.after, before, after, DifferenceKind.CHANGED, place.before)
        )


def _equal_json(before: Any, after: Any) -> bool:
    """Whether two values are the same JSON but for the order of names. Not recursive."""
    waiting = [(before, after)]
    while waiting:
        old, new = waiting.pop()
        if old is new:
            continue
        if type(old) is not type(new):
            return False
        if isinstance(old, dict):
            if old.keys() != new.keys():
                return False
            waiting.extend((value, new[name]) for name, value in old.items())
        elif isinstance(old, list):
            if len(old) != len(new):
                return False
            waiting.extend(zip(old, new, strict=True))
        elif isinstance(old, float):
            # Python's == takes 0.0 and -0.0 as equal, but their JSON differs.
            if repr(old) != repr(new):
                return False
        elif old != new:
            return False
    return True


def _shared_ends(first: Sequence[Any], second: Sequence[Any]) -> tuple[int, int]:
    """Count the equal items at the beginning of both lists, and at the end of what is left."""
    shorter = min(len(first), len(second))
    start = 0
    while start < shorter and _equal_json(first[start], second[start]):
        start += 1
    end = 0
    while end < shorter - start and _equal_json(first[-1 - end], second[-1 - end]):
        end += 1
    return start, end


def _aligned(first: list[Any], second: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Pair the indices of two lists' items, in order; None stands for an item without partner."""
    old_begin, new_begin = 0, 0
    for old_anchor, new_anchor in [*_anchors(first, second), (len(first), len(second))]:
        old_gap, new_gap = first[old_begin:old_anchor], second[new_begin:new_anchor]
        start, end = _shared_ends(old_gap, new_gap)
        old_stop, new_stop = len(old_gap) - end, len(new_gap) - end
        for old, new in _paired_by_sort(old_gap[start:old_stop], new_gap[start:new_stop]):
            yield (
                None if old is None else old_begin + start + old,
                None if new is None else new_begin + start + new,
            )
        old_begin, new_begin = old_anchor + 1, new_anchor + 1


def _anchors(first: list[Any], second: list[Any]) -> list[tuple[int, int]]:
    """Return index pairs of equal items that are unique in the second list and in order in both."""
    texts, others = _canonical(first), _canonical(second)
    counts = Counter(others)
    places = {text: place for place, text in enumerate(others) if counts[text] == 1}
    return _longest_rising(
        [(place, places[text]) for place, text in enumerate(texts) if text in places]
    )


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of pairs whose second numbers rise (patience sorting)."""
    ends: list[int] = []
    chosen: list[int] = []
    before: list[int] = []
    for number, (_first, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(chosen[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        chosen[length : length + 1] = [number]
    rising: list[tuple[int, int]] = []
    number = chosen[-1] if chosen else -1
    while number >= 0:
        rising.append(pairs[number])
        number = before[number]
    return rising[::-1]


def _paired_by_sort(first: list[Any], second: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Pair unequal items of the same sort in order, such as messages of one role."""
    waiting: dict[Any, deque[int]] = {}
    for place, item in enumerate(second):
        waiting.setdefault(_sort_key(item), deque()).append(place)
    reached = 0
    for place, item in enumerate(first):
        places = waiting.get(_sort_key(item), deque())
        while places and places[0] < reached:
            places.popleft()
        if not places:
            yield place, None
            continue
        partner = places.popleft()
        yield from ((None, added) for added in range(reached, partner))
        yield place, partner
        reached = partner + 1
    yield from ((None, added) for added in range(reached, len(second)))


def _sort_key(item: Any) -> Any:
    """Return a key that is equal for items of one sort: same type, role and name."""
    if not isinstance(item, dict):
        return type(item).__name__
    function = item.get("function")
    name = function.get("name") if isinstance(function, dict) else item.get("name")
    return tuple(
        field if isinstance(field, str) else None
        for field in (item.get("role"), item.get("type"), name)
    )


def _canonical(items: list[Any]) -> list[str]:
    return [_canonical_text(item, place) for place, item in enumerate(items)]


def _canonical_text(item: Any, place: int) -> str:
    try:
        return json.dumps(item, ensure_ascii=False, sort_keys=True)
    except RecursionError:
        # Too deeply nested: a text that no JSON equals, so that the item is like no other.
        return f"deep {id(item)} {place}"


def _step(name: str) -> str:
    """Return an object's name as a part of a path, in brackets unless it is a plain word."""
    short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    if _PLAIN.fullmatch(short):
        return short
    return f"[{json.dumps(short, ensure_ascii=not short.isprintable())}]"


def _joined(path: str, step: str) -> str:
    return f"{path}.{step}" if path and not step.startswith("[") else path + step
