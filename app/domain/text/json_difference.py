"""What differs between two JSON values, as places that a person can read: two request bodies.

Lists are compared as sequences, so that a turn that is added is just that. Whatever the values
are, the work grows with their size: equal ends are left off first, what is left is aligned by its
unique items (patience diff), and where too much differs a whole list or object is one change.
"""

import json
import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: More differences than this are told together, by the place that has them all.
MOST = 50_000
#: What is nested deeper is one change.
DEEPEST = 24
#: The longest name that a path spells out.
LONGEST_NAME = 100

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Kind(StrEnum):
    """How a place differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place, such as `messages[3].content`, and the values there: None where there is none.

    The path leads through the value after; that of what was removed, through the value before.
    `path_before` leads to what was changed in the value before: items move when others are added.
    """

    path: str
    before: Any
    after: Any
    kind: Kind
    path_before: str


def differences(before: Any, after: Any) -> list[Difference]:
    """Compare two JSON values; 1, 1.0 and true are three. A top-level `messages` comes last."""
    comparison = _Comparison()
    if not _same(before, after):
        comparison.differ(_Place("", "", 0), before, after)
    return comparison.found


@dataclass(frozen=True, slots=True)
class _Place:
    before: str
    after: str
    depth: int

    def named(self, name: str) -> "_Place":
        step = _step(name)
        return _Place(_joined(self.before, step), _joined(self.after, step), depth=self.depth + 1)

    def item(self, before: int, after: int) -> "_Place":
        return _Place(f"{self.before}[{before}]", f"{self.after}[{after}]", self.depth + 1)


class _Comparison:
    """Gathers the differences of one pair of values."""

    def __init__(self) -> None:
        self.found: list[Difference] = []

    def differ(self, place: _Place, before: Any, after: Any) -> None:
        """Tell how two values differ that are not the same."""
        if place.depth < DEEPEST:
            if isinstance(before, dict) and isinstance(after, dict):
                return self._objects(place, before, after)
            if isinstance(before, list) and isinstance(after, list):
                return self._lists(place, before, after)
        return self._change(place, before, after)

    def _objects(self, place: _Place, before: dict[str, Any], after: dict[str, Any]) -> None:
        names = [*before, *(name for name in after if name not in before)]
        names = [
            name
            for name in names
            if name not in before or name not in after or not _same(before[name], after[name])
        ]
        if self._too_many(len(names)):
            return self._change(place, before, after)
        if place.depth == 0:
            names.sort(key=lambda name: name == "messages")
        for name in names:
            there = place.named(name)
            if name not in before:
                self._add(there, after[name])
            elif name not in after:
                self._remove(there, before[name])
            else:
                self.differ(there, before[name], after[name])
        return None

    def _lists(self, place: _Place, before: list[Any], after: list[Any]) -> None:
        start, end = _shared_ends(before, after)
        first, second = before[start : len(before) - end], after[start : len(after) - end]
        if self._too_many(len(first) + len(second)):
            return self._change(place, before, after)
        for one, other in _aligned(first, second):
            if one is None:
                there = start + (other or 0)
                self._add(place.item(there, there), after[there])
            elif other is None:
                there = start + one
                self._remove(place.item(there, there), before[there])
            elif not _same(first[one], second[other]):
                self.differ(place.item(start + one, start + other), first[one], second[other])
        return None

    def _too_many(self, count: int) -> bool:
        return len(self.found) + count > MOST

    def _add(self, place: _Place, value: Any) -> None:
        self.found.append(Difference(place.after, None, value, Kind.ADDED, ""))

    def _remove(self, place: _Place, value: Any) -> None:
        self.found.append(Difference(place.before, value, None, Kind.REMOVED, place.before))

    def _change(self, place: _Place, before: Any, after: Any) -> None:
        found = Difference(place.after, before, after, Kind.CHANGED, place.before)
        self.found.append(found)


def _same(before: Any, after: Any) -> bool:
    """Whether two values have the same JSON, the order of names aside."""
    waiting = [(before, after)]
    while waiting:
        one, other = waiting.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, dict):
            if one.keys() != other.keys():
                return False
            waiting.extend((value, other[name]) for name, value in one.items())
        elif isinstance(one, list):
            if len(one) != len(other):
                return False
            waiting.extend(zip(one, other, strict=True))
        elif isinstance(one, float):
            # 0.0 and -0.0 are equal and not the same.
            if repr(one) != repr(other):
                return False
        elif one != other:
            return False
    return True


def _shared_ends(first: Sequence[Any], second: Sequence[Any]) -> tuple[int, int]:
    """How many items both begin with, and how many of the others both end with."""
    shorter = min(len(first), len(second))
    start = 0
    while start < shorter and _same(first[start], second[start]):
        start += 1
    end = 0
    while end < shorter - start and _same(first[-1 - end], second[-1 - end]):
        end += 1
    return start, end


def _aligned(first: list[Any], second: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Pair the items of two lists in order; None stands where one has no partner."""
    begun, also_begun = 0, 0
    for one, other in [*_anchors(first, second), (len(first), len(second))]:
        gap, other_gap = first[begun:one], second[also_begun:other]
        start, end = _shared_ends(gap, other_gap)
        stop, other_stop = len(gap) - end, len(other_gap) - end
        for left, right in _alike(gap[start:stop], other_gap[start:other_stop]):
            yield (
                None if left is None else begun + start + left,
                None if right is None else also_begun + start + right,
            )
        begun, also_begun = one + 1, other + 1


def _anchors(first: list[Any], second: list[Any]) -> list[tuple[int, int]]:
    """The items that the second list has once, as far as both have them in the same order."""
    texts, others = _canonical(first), _canonical(second)
    counts = Counter(others)
    places = {text: place for place, text in enumerate(others) if counts[text] == 1}
    return _rising([(place, places[text]) for place, text in enumerate(texts) if text in places])


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs whose second numbers rise, as their first ones do."""
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


def _alike(first: list[Any], second: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Pair items of one sort, which differ: messages of one role, tools of one name."""
    waiting: dict[Any, deque[int]] = {}
    for place, item in enumerate(second):
        waiting.setdefault(_sort(item), deque()).append(place)
    reached = 0
    for place, item in enumerate(first):
        places = waiting.get(_sort(item), deque())
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


def _sort(item: Any) -> Any:
    if not isinstance(item, dict):
        return type(item).__name__
    function = item.get("function")
    name = function.get("name") if isinstance(function, dict) else item.get("name")
    return tuple(
        one if isinstance(one, str) else None for one in (item.get("role"), item.get("type"), name)
    )


def _canonical(items: list[Any]) -> list[str]:
    return [_canonical_text(item, place) for place, item in enumerate(items)]


def _canonical_text(item: Any, place: int) -> str:
    try:
        return json.dumps(item, ensure_ascii=False, sort_keys=True)
    except RecursionError:
        # No JSON begins so: it is like no other, and is compared by its place.
        return f"deep {id(item)} {place}"


def _step(name: str) -> str:
    """A name as a part of a path, in brackets unless it is a plain word."""
    short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    if _PLAIN.fullmatch(short):
        return short
    return f"[{json.dumps(short, ensure_ascii=not short.isprintable())}]"


def _joined(path: str, step: str) -> str:
    return f"{path}.{step}" if path and not step.startswith("[") else path + step
