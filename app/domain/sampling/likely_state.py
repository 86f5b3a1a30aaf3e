"""The candidates and the likely tail of one token while samplers work on them."""

import math
from dataclasses import dataclass

from app.domain.sampling.samplers import Sampler
from app.domain.sampling.uncaptured_tail import Group, Tail


@dataclass(slots=True)
class LikelyState:
    """The working state: `places` are the indices of the candidates that are left, likeliest
    first; `cuts` has the sampler that dropped each candidate, `lines` the place of each cut."""

    logits: list[float]
    places: list[int]
    tail: Tail
    cuts: list[Sampler | None]
    lines: dict[Sampler, int]

    def drop(self, kept: int, step: Sampler) -> None:
        """Keep the first `kept` candidates; the others were dropped by `step`."""
        for place in self.places[kept:]:
            self.cuts[place] = step
        if kept < len(self.logits):
            # The line is drawn even if an earlier cut has left nothing to drop.
            self.lines[step] = kept
        del self.places[kept:]

    def sort(self) -> None:
        """Sort by likelihood; shift the highest logit to 0, so that exponentials can't overflow."""
        self.places.sort(key=lambda place: -self.logits[place])
        highest = max(
            [self.logits[place] for place in self.places[:1]] + [one.logit for one in self.tail],
            default=0.0,
        )
        self.logits = [one - highest for one in self.logits]
        self.tail = [Group(one.logit - highest, one.count) for one in self.tail]

    def weights(self) -> list[float]:
        """Return the weights of the candidates that are left, relative to the likeliest."""
        return [math.exp(self.logits[place]) for place in self.places]
