"""What a benchmark says, and the arithmetic of many runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Result:
    """A figure of ours beside a reference in the same unit: a peer's figure, or a limit."""

    name: str
    ours: float
    reference: float
    unit: str
    what: str

    @property
    def ratio(self) -> float:
        """Ours ÷ reference: below 1 is cheaper than the peer, or within the limit."""
        return self.ours / self.reference

    def as_json(self) -> dict[str, str | float]:
        """The object that `--json` prints."""
        return {
            "name": self.name,
            "ours": round(self.ours, 5),
            "reference": round(self.reference, 5),
            "ratio": round(self.ratio, 4),
            "unit": self.unit,
            "what": self.what,
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """The same thing measured several times."""

    figures: Sequence[float]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.figures)

    def spread(self, digits: int = 3) -> str:
        """The least and the most, as words."""
        return f"{min(self.figures):.{digits}f}–{max(self.figures):.{digits}f}"
