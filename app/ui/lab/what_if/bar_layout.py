"""What the bars show of one token, worked out before anything is painted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.events import Candidate, TokenProbabilities
from app.domain.sampling.samplers import Distribution, Order, Outcome, Sampler, Settings
from app.domain.text.translation import _
from app.ui.lab.what_if.sentences import percent, spoken_result

#: More candidates than these are not told apart: what is further down counts as everything else.
MOST_ROWS = 100

#: Gives the probabilities among which a step cuts, the highest first.
Seen = Callable[[Sampler], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate, or with rank 0 everything that was not captured."""

    rank: int
    text: str
    outcome: Outcome
    chosen: bool = False
    #: False for the token that came although it was not among the likeliest.
    listed: bool = True
    #: Its place among the token's alternatives; None where it is not one.
    alternative: int | None = None

    @property
    def is_way(self) -> bool:
        """Whether the answer could have gone on with it, and didn't."""
        return self.alternative is not None and not self.chosen

    @property
    def name(self) -> str:
        """All of it in words, for screen readers and the pointer."""
        raw = percent(self.outcome.raw)
        if self.rank == 0:
            most = percent(self.outcome.high)
            return _("everything else, raw {raw}, now at most {most}").format(raw=raw, most=most)
        words = _("{token}, rank {rank}, raw {raw}, {now}").format(
            token=self.text, rank=self.rank, raw=raw, now=spoken_result(self.outcome)
        )
        if self.chosen:
            words = _("{words}, chosen").format(words=words)
        return words if self.listed else _("{words}, not among the likeliest").format(words=words)


@dataclass(frozen=True, slots=True)
class CutLine:
    """A cut, drawn after so many rows: its name and value, and what it came to."""

    sampler: Sampler
    after: int
    name: str
    more: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The rows from the likeliest to everything else, and the cuts between them."""

    rows: Sequence[Row]
    lines: Sequence[CutLine]
    #: How many of the captured candidates stay.
    kept: int
    captured: int
    #: The share at which a bar is full.
    scale: float


def bounded(token: TokenProbabilities) -> TokenProbabilities:
    """The token with as many alternatives as there are rows for at most."""
    return replace(token, alternatives=token.alternatives[:MOST_ROWS])


def picture(
    token: TokenProbabilities,
    spelled: Sequence[str],
    distribution: Distribution,
    *,
    settings: Settings,
    order: Order,
    seen: Seen,
) -> Picture:
    """Lay out a distribution; `spelled` has the words of its candidates, in its order."""
    candidates = list(token.alternatives)
    if len(distribution.outcomes) > len(candidates):
        candidates.append(token.chosen)
    chosen = _place_of_chosen(token)
    rows = [
        Row(
            rank=rank,
            text=spelled[place],
            outcome=distribution.outcomes[place],
            chosen=place == chosen,
            listed=place < len(token.alternatives),
            alternative=place if place < len(token.alternatives) else None,
        )
        for rank, place in enumerate(_ranking(distribution.outcomes, order), 1)
    ]
    captured = len(rows)
    kept = sum(row.outcome.cut is None for row in rows)
    if distribution.tail > 0 or distribution.tail_high > 0:
        most = distribution.tail_high
        rest = Outcome(distribution.tail, most, 0.0, most, None)
        rows.append(Row(0, _("everything else"), rest))
    lines = _lines(distribution.lines, settings, order, seen)
    return Picture(rows, lines, kept, captured, _scale(rows))


def _place_of_chosen(token: TokenProbabilities) -> int:
    """Where the token that came stands among its candidates; the place after the last one where
    it was not among them."""
    for place, one in enumerate(token.alternatives):
        if _same(one, token.chosen):
            return place
    return len(token.alternatives)


def _same(one: Candidate, other: Candidate) -> bool:
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return (one.token, one.bytes) == (other.token, other.bytes)


def _ranking(outcomes: Sequence[Outcome], order: Order) -> list[int]:
    """The places from the likeliest down: first what stays, then what fell, the last cut first.

    Without penalties and biases this is the order of the raw probabilities.
    """
    step = {sampler: place for place, sampler in enumerate(order.steps)}

    def rank(place: int) -> tuple[int, float, float]:
        one = outcomes[place]
        fell = len(step) - step.get(one.cut, 0) if one.cut is not None else 0
        return fell, -one.probability, -one.raw

    return sorted(range(len(outcomes)), key=rank)


def _lines(
    places: Mapping[Sampler, int], settings: Settings, order: Order, seen: Seen
) -> list[CutLine]:
    """The cuts from the top down, in the order of the samplers where they meet."""
    lines = []
    for step in order.steps:
        place = places.get(step)
        if place is not None and step in _CUTS:
            name, more = _CUTS[step](settings, seen, place)
            lines.append(CutLine(step, place, name, more))
    return sorted(lines, key=lambda line: line.after)


def _top_k(settings: Settings, seen: Seen, place: int) -> tuple[str, str]:
    return f"{Sampler.TOP_K.value} {settings.top_k}", ""


def _top_p(settings: Settings, seen: Seen, place: int) -> tuple[str, str]:
    reached = sum(seen(Sampler.TOP_P)[:place])
    return f"{Sampler.TOP_P.value} {settings.top_p:.4g}", f"Σ {percent(reached)}"


def _min_p(settings: Settings, seen: Seen, place: int) -> tuple[str, str]:
    least = settings.min_p * max(seen(Sampler.MIN_P), default=0.0)
    return f"{Sampler.MIN_P.value} {settings.min_p:.4g}", f"≥ {percent(least)}"


#: The name of a cut with its value, and what it came to.
_CUTS: Mapping[Sampler, Callable[[Settings, Seen, int], tuple[str, str]]] = {
    Sampler.TOP_K: _top_k,
    Sampler.TOP_P: _top_p,
    Sampler.MIN_P: _min_p,
}


def _scale(rows: Sequence[Row]) -> float:
    """The first round share that all bars fit into; few, so that they seldom change length."""
    highest = max((max(row.outcome.raw, row.outcome.high) for row in rows), default=1.0)
    return next((share for share in (0.1, 0.25, 0.5) if highest <= share), 1.0)
