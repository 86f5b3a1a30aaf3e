"""The layout of the bars of one token: rows and cut lines, worked out before painting."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.chat.fork import is_whole
from app.domain.events import TokenProbabilities
from app.domain.sampling.samplers import (
    FACTS,
    Distribution,
    Outcome,
    Sampler,
    SamplerOrder,
    SamplerSettings,
)
from app.domain.text.translation import _
from app.domain.tokens.token_identity import is_same, without_repeats
from app.ui.lab.what_if.outcome_words import spoken_result
from app.ui.lab.what_if.sampler_table import CUT_LINES, Seen, line_words
from app.ui.lab.what_if.sentences import outside_words, percent

#: Most candidates that have a row; further ones count among all other tokens.
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class BarRow:
    """A candidate; with rank 0, the row of all tokens that were not captured."""

    rank: int
    text: str
    outcome: Outcome
    chosen: bool = False
    #: The number of alternatives if the token that came is not among them; else 0.
    outside: int = 0
    #: Its index among the token's alternatives; None if it is not among them, or is only a part
    #: of a character, with which no branch can begin.
    alternative: int | None = None

    @property
    def is_way(self) -> bool:
        """Whether it is an alternative that did not come, from which a branch can begin."""
        return self.alternative is not None and not self.chosen

    @property
    def name(self) -> str:
        """The whole row in words, for screen readers and the tooltip."""
        raw = percent(self.outcome.raw) if self.outcome.known else _("not known")
        if self.rank == 0:
            most = percent(self.outcome.high)
            return _("{token}, model {raw}, with parameters at most {most}").format(
                token=self.text, raw=raw, most=most
            )
        words = _("{token}, rank {rank}, model {raw}, {now}").format(
            token=self.text, rank=self.rank, raw=raw, now=spoken_result(self.outcome)
        )
        if self.chosen:
            words = _("{words}, chosen").format(words=words)
        if not self.outside:
            return words
        return _("{words}, {outside}").format(words=words, outside=outside_words(self.outside))


@dataclass(frozen=True, slots=True)
class CutLine:
    """A cut, drawn below the first `after` rows. `name` has its value, `more` the probability that
    it came to."""

    sampler: Sampler
    after: int
    name: str
    more: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All rows, likeliest first and all other tokens last, and the cuts between them."""

    rows: Sequence[BarRow]
    lines: Sequence[CutLine]
    #: Number of captured candidates that stay, of `captured`.
    kept: int
    captured: int
    #: The probability at which a bar has its full length.
    scale: float


def bounded(token: TokenProbabilities) -> TokenProbabilities:
    """Return the token with at most `MOST_ROWS` alternatives, each of which comes once."""
    return replace(token, alternatives=tuple(without_repeats(token.alternatives)[:MOST_ROWS]))


def picture(
    token: TokenProbabilities,
    spelled: Sequence[str],
    distribution: Distribution,
    *,
    settings: SamplerSettings,
    order: SamplerOrder,
    seen: Seen,
    unset: Collection[str] = (),
) -> Picture:
    """Lay out a distribution; `spelled` has the words of its candidates, in the same order. `unset`
    are the parameters whose value is the server's own default."""
    candidates = list(token.alternatives)
    if len(distribution.outcomes) > len(candidates):
        candidates.append(token.chosen)
    chosen = _place_of_chosen(token)
    rows = [
        BarRow(
            rank=rank,
            text=spelled[place],
            outcome=distribution.outcomes[place],
            chosen=place == chosen,
            outside=len(token.alternatives) if place >= len(token.alternatives) else 0,
            alternative=_way(token, place),
        )
        for rank, place in enumerate(_ranking(distribution.outcomes, order), 1)
    ]
    # A token whose probability the server did not give was not captured.
    captured = sum(row.outcome.known for row in rows)
    kept = sum(row.outcome.known and row.outcome.cut is None for row in rows)
    if distribution.tail > 0 or distribution.tail_high > 0:
        most = distribution.tail_high
        rest = Outcome(distribution.tail, most, 0.0, most, None)
        rows.append(BarRow(0, _("all other tokens"), rest))
    lines = [
        replace(line, name=_("{cut} (server default)").format(cut=line.name))
        if FACTS[line.sampler].effects.keys() & set(unset)
        else line
        for line in _lines(distribution.lines, settings, order, seen)
    ]
    return Picture(rows, lines, kept, captured, _scale(rows))


def _place_of_chosen(token: TokenProbabilities) -> int:
    """Return the index of the token that came among its alternatives; their number if it is not
    among them, since it is then added as the last candidate."""
    for place, one in enumerate(token.alternatives):
        if is_same(one, token.chosen):
            return place
    return len(token.alternatives)


def _way(token: TokenProbabilities, place: int) -> int | None:
    """Return the index of an alternative with which a branch can begin."""
    there = place < len(token.alternatives) and is_whole(token.alternatives[place])
    return place if there else None


def _ranking(outcomes: Sequence[Outcome], order: SamplerOrder) -> list[int]:
    """Return the indices of the outcomes in the order of the rows.

    Candidates that stay come first, then those that were dropped, the latest cut first. Without
    penalties and biases this is the order of the raw probabilities.
    """
    step = {sampler: place for place, sampler in enumerate(order.steps)}

    def rank(place: int) -> tuple[int, float, float]:
        one = outcomes[place]
        fell = len(step) - step.get(one.cut, 0) if one.cut is not None else 0
        return fell, -one.probability, -one.raw

    return sorted(range(len(outcomes)), key=rank)


def _lines(
    places: Mapping[Sampler, int], settings: SamplerSettings, order: SamplerOrder, seen: Seen
) -> list[CutLine]:
    """Return the cuts from the top down; cuts at the same row are in the order of the samplers."""
    lines = []
    for step in order.steps:
        place = places.get(step)
        if place is not None and step in CUT_LINES:
            name, more = line_words(step, settings, seen, place)
            lines.append(CutLine(step, place, name, more))
    return sorted(lines, key=lambda line: line.after)


def _scale(rows: Sequence[BarRow]) -> float:
    """Return the first round share that all bars fit into. There are only four, so that bars seldom
    change their scale."""
    highest = max((max(row.outcome.raw, row.outcome.high) for row in rows), default=1.0)
    return next((share for share in (0.1, 0.25, 0.5) if highest <= share), 1.0)
