"""The candidates and the likely tail of one token while samplers work on them."""

import math
from dataclasses import dataclass

from app.domain.sampling.samplers import Sampler
from app.domain.sampling.uncaptured_tail import Group, Tail


@dataclass(slots=True)
class LikelyState:
    """`places` are the candidates that are left, likeliest first."""

    logits: list[float]
    places: list[int]
    tail: Tail
    cuts: list[Sampler | None]
    lines: dict[Sampler, int]

    def drop(self, kept: int, step: Sampler) -> None:
        for place in self.places[kept:]:
            self.cuts[place] = step
        if kept < len(self.logits):
            # Where it falls is of interest though an earlier cut may have left nothing to it.
            self.lines[step] = kept
        del self.places[kept:]

    def sort(self) -> None:
        """Put the likeliest first, and its logit at 0: exponentials must not overflow."""
        self.places.sort(key=lambda place: -self.logits[place])
        highest = max(
            [self.logits[place] for place in self.places[:1]] + [one.logit for one in self.tail],
            default=0.0,
        )
        self.logits = [one - highest for one in self.logits]
        self.tail = [Group(one.logit - highest, one.count) for one in self.tail]

    def weights(self) -> list[float]:
        """Of those left, relative to the likeliest."""
        return [math.exp(self.logits[place]) for place in self.places]
