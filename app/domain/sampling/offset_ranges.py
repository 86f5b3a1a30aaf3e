"""Bounds over all logit offsets that a token may have, found range by range.

A range of offsets within which no penalised logit changes its sign is bounded as a whole
(`bounds`). Bounds over a range hold at every offset in it, but are wider than necessary if it
depends on the offset which candidates stay; then the range is halved.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.sampling.bounded_state import ABOVE, BELOW, STILL
from app.domain.sampling.bounds import Bounds, bounds
from app.domain.sampling.known_token import KnownToken
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.samplers import SamplerOrder

#: The range of logit offsets of large models, in nats.
UNKNOWN = (0.0, 40.0)
#: A learned offset that may be wrong by less than this (nats) makes no visible difference.
SMALL = 0.002
#: A range whose bounds may be this much wider than those at single offsets is not halved.
CLOSE = 0.002
#: Candidates are ranked so far inside the ends of a range (a share of its length): at the end two
#: of them may be equal.
INSIDE = 1e-6
#: Most ranges that are bounded for one token: a slider is redrawn within a frame.
MOST_RANGES = 40


def offsets(known: KnownToken, offset: Offset | None) -> tuple[float, float]:
    """Return the least and the greatest logit offset that make a difference to the bounds."""
    penalty = known.settings.repetition_penalty
    if offset is None:
        return UNKNOWN if penalty != 1 and known.depends_on_offset() else (UNKNOWN[0], UNKNOWN[0])
    give = offset.give if offset.give > SMALL and penalty != 1 else 0.0
    return offset.value - give, offset.value + give


def bounds_over(
    known: KnownToken, between: tuple[float, float], point: Sequence[float], order: SamplerOrder
) -> tuple[Sequence[float], Sequence[float], float, bool]:
    """Return the least and the greatest probability of each candidate, the greatest probability of
    the tokens that were not captured, and whether all of this is exact.

    `point` has the likely probabilities, which are within the bounds.
    """
    hull = _Hull(point)
    first, last = between
    if first == last:
        found = _bounds_at(known, first, order)
        hull.add(found)
        return hull.low, hull.high, hull.tail, not found.open
    inner = _Hull(point)
    changes = sorted({one for one in known.sign_changes() if first < one < last})
    waiting = deque(_Piece.of(known, *ends, order) for ends in pairwise([first, *changes, last]))
    left = MOST_RANGES - len(waiting)
    while waiting:
        piece = waiting.popleft()
        if piece.is_tight:
            inner.add(piece.found)
        elif left > 0 and not inner.holds(piece.found):
            split = piece.split()
            inner.add(_bounds_at(known, split, order))
            left -= 2
            waiting.append(_Piece.of(known, piece.first, split, order))
            waiting.append(_Piece.of(known, split, piece.last, order))
            continue
        hull.add(piece.found)
    return hull.low, hull.high, hull.tail, False


def _bounds_at(known: KnownToken, offset: float, order: SamplerOrder) -> Bounds:
    still = [STILL] * len(known.candidates)
    return bounds([known.at(offset)], still, known.settings, order)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A range of offsets within which no penalised logit changes its sign."""

    known: KnownToken
    first: float
    last: float
    groups: Sequence[int]
    found: Bounds

    @classmethod
    def of(cls, known: KnownToken, first: float, last: float, order: SamplerOrder) -> "_Piece":
        """Bound the results over a range."""
        inside = (last - first) * INSIDE
        ends = [known.at(first, first + inside), known.at(last, last - inside)]
        groups = known.groups((first + last) / 2)
        return cls(known, first, last, groups, bounds(ends, groups, known.settings, order))

    @property
    def is_tight(self) -> bool:
        """Whether the bounds are reached: it is certain which candidates stay, and of three groups
        not two move in different ways."""
        return not self.found.open and not {BELOW, ABOVE} <= set(self.groups)

    def split(self) -> float:
        """Return the offset at which to split: where the likeliest two candidates swap ranks of
        which one may stay or fall, else the middle."""
        first, last = self.known.shifted(self.first), self.known.shifted(self.last)
        best, height = (self.first + self.last) / 2, -math.inf
        edge = (self.last - self.first) * 2 * INSIDE
        for one in self.found.open:
            for other, group in enumerate(self.groups):
                if group == self.groups[one]:
                    continue
                before, after = first[one] - first[other], last[one] - last[other]
                if before * after >= 0:
                    continue
                share = before / (before - after)
                at = self.first + share * (self.last - self.first)
                logit = first[one] + share * (last[one] - first[one])
                if logit > height and self.first + edge < at < self.last - edge:
                    best, height = at, logit
        return best


class _Hull:
    """The narrowest bounds that contain all the bounds that were added."""

    def __init__(self, point: Sequence[float]) -> None:
        self.low, self.high, self.tail = list(point), list(point), 0.0

    def add(self, found: Bounds) -> None:
        """Widen the hull."""
        self.low = [min(one, low) for one, (low, _high) in zip(self.low, found.shares, strict=True)]
        self.high = [
            max(one, high) for one, (_low, high) in zip(self.high, found.shares, strict=True)
        ]
        self.tail = max(self.tail, found.tail)

    def holds(self, found: Bounds) -> bool:
        """Return whether bounds are within the hull, or only a little outside."""
        return found.tail <= self.tail + CLOSE and all(
            low >= least - CLOSE and high <= most + CLOSE
            for least, most, (low, high) in zip(self.low, self.high, found.shares, strict=True)
        )
