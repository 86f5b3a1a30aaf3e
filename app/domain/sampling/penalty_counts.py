"""Counts of the tokens before a position, which penalties read, with bounds where not all of these
tokens are known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.events import Candidate
from app.domain.tokens.token_identity import Key, key_of
from app.domain.tokens.token_table import TokenTable, Word
from app.domain.tokens.unlisted_tokens import Unlisted

#: Number of preceding tokens that penalties count (llama.cpp: repeat_last_n).
LOOKED_BACK = 64


@dataclass(frozen=True, slots=True)
class PenaltyCounts:
    """Counts of each token among the tokens that penalties read."""

    #: Token → number of times that it surely came.
    known: Mapping[Key, int] = field(default_factory=dict)
    #: Token → further times that it may have come: it may be too far back.
    more: Mapping[Key, int] = field(default_factory=dict)
    #: The bytes of tokens whose ids are not known.
    hidden: Sequence[bytes] = ()
    #: Number of tokens of which nothing is known.
    unread: int = 0

    @property
    def strange(self) -> int:
        """The greatest number of tokens whose ids are not known."""
        return self.unread + sum(map(len, self.hidden))

    @property
    def is_certain(self) -> bool:
        """Whether all tokens that penalties read are known."""
        return not (self.more or self.hidden or self.unread)

    def limits(self, candidate: Candidate) -> tuple[int, int]:
        """Return the least and the greatest number of times that a candidate came."""
        key = key_of(candidate)
        least = self.known.get(key, 0)
        if self.is_certain:
            return least, least
        raw = Word(candidate.token, candidate.bytes).raw
        within = sum(_times(raw, hidden) for hidden in self.hidden)
        return least, least + self.more.get(key, 0) + within + self.unread


def _times(raw: bytes, hidden: bytes) -> int:
    """Return how often a token may occur among hidden bytes. Its own bytes may be an end of `raw`
    (see `unlisted_tokens`)."""
    if raw.isascii():
        return hidden.count(raw) if raw else 0
    return max(hidden.count(raw[at:]) for at in range(len(raw)))


def counts_before(
    table: TokenTable,
    place: int,
    unlisted: Mapping[int, Unlisted],
    prompt: Sequence[int] | None = (),
) -> PenaltyCounts:
    """Return the counts of the tokens before the one at `place`.

    `prompt` has the ids of the last tokens before the answer, None if they are not known.
    """
    window = _Window()
    for number in range(place, -1, -1):
        if number < place:
            window.add(key_of(table.word(number)))
        before = unlisted.get(number)
        if before is not None:
            window.add_unlisted(before)
        if window.least >= LOOKED_BACK:
            break
    for id_ in reversed(prompt or ()):
        window.add(id_)
    unread = max(0, LOOKED_BACK - window.least) if prompt is None else 0
    return PenaltyCounts(window.known, window.more, tuple(window.hidden), unread)


class _Window:
    """The tokens that penalties read, collected backwards from a position."""

    def __init__(self) -> None:
        self.known: Counter[Key] = Counter()
        self.more: Counter[Key] = Counter()
        self.hidden: list[bytes] = []
        #: The least and the greatest number of tokens that were collected.
        self.least = self.most = 0

    def add(self, key: Key) -> None:
        """Add the next token further back."""
        if self.most < LOOKED_BACK:
            self.known[key] += 1
        elif self.least < LOOKED_BACK:
            self.more[key] += 1
        self.least += 1
        self.most += 1

    def add_unlisted(self, tokens: Unlisted) -> None:
        """Add the tokens that came before an entry without one of their own."""
        if tokens.ids is not None:
            for id_ in reversed(tokens.ids):
                self.add(id_)
            return
        if self.least < LOOKED_BACK:
            self.hidden.append(tokens.raw)
        self.least += tokens.least
        self.most += tokens.most
