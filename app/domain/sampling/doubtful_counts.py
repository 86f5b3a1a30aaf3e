"""Bounds of a token's candidates if it is not known how often some of them came before.

Such a candidate is taken out of the known ones: for the others it is a token with an upper limit.
Its own probability is bounded at its extreme counts, since it grows with its own weight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.sampling.known_token import Apart, KnownToken
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.offset_ranges import bounds_over, offsets
from app.domain.sampling.samplers import SamplerOrder
from app.domain.tokens.token_identity import key_of

#: The least and the greatest probability of each candidate, the greatest one of all tokens that
#: were not captured, and whether all of this is exact.
Found = tuple[Sequence[float], Sequence[float], float, bool]


def bounds_in_doubt(
    known: KnownToken,
    doubts: Mapping[int, tuple[int, int]],
    offset: Offset | None,
    point: Sequence[float],
    order: SamplerOrder,
) -> Found:
    """Return bounds; `doubts` has the least and the greatest count of candidates, by index."""
    if not doubts:
        return bounds_over(known, offsets(known, offset), point, order)
    apart = {
        place: Apart(known.candidates[place], known.logits[place], counts)
        for place, counts in doubts.items()
    }
    low, high = list(point), list(point)

    def bound(places: Sequence[int], known: KnownToken, changed: Sequence[int]) -> float:
        likely = [point[place] for place in places]
        least, most, tail, _exact = bounds_over(known, offsets(known, offset), likely, order)
        for place, one, other in zip(places, least, most, strict=True):
            if place in changed:
                low[place], high[place] = min(low[place], one), max(high[place], other)
        return tail

    sure = [place for place in range(len(point)) if place not in doubts]
    tail = bound(sure, _with(known, sure, list(apart.values())), sure)
    for place, (least, most) in doubts.items():
        places = sorted([*sure, place])
        others = [one for other, one in apart.items() if other != place]
        for count in {least, max(least, min(most, 1)), most}:
            key = key_of(known.candidates[place])
            counted = replace(known, counts={**known.counts, key: count})
            bound(places, _with(counted, places, others), [place])
    # The limit of the tail has the candidates in doubt in it, which are bounded by themselves.
    rest = max(0.0, 1 - sum(low))
    closed = all(other - one < 1e-9 for one, other in zip(low, high, strict=True))
    tail = 0.0 if known.others()[0] <= 0 else min(tail, rest)
    return low, high, tail, closed and tail <= 0


def _with(known: KnownToken, places: Sequence[int], apart: Sequence[Apart]) -> KnownToken:
    """Return the token with some of its candidates, and others apart."""
    return replace(
        known,
        candidates=[known.candidates[place] for place in places],
        logits=[known.logits[place] for place in places],
        apart=apart,
    )
