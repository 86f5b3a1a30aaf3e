"""The table of an answer's token probabilities, in columns; tokens are indices into words.

A long answer has a hundred thousand candidates. As objects they take tens of megabytes and half a
second to build. The columns are stored as they are, and numpy reads them without a copy.
"""

import builtins
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_identity import without_repeats

#: Most alternatives of a token that are kept. Loquat requests at most 20; a server that sends its
#: whole vocabulary would need a gigabyte for an answer.
MOST_ALTERNATIVES = 1000


@dataclass(frozen=True, slots=True)
class Word:
    """A token: its text, and if known its bytes and its id in the model's vocabulary."""

    token: str
    bytes: builtins.bytes | None = None
    id: int | None = None

    @property
    def raw(self) -> builtins.bytes:
        """The token's bytes in UTF-8, which may be a part of a character."""
        return self.token.encode(errors="replace") if self.bytes is None else self.bytes


class TokenTable(Sequence[TokenProbabilities]):
    """An answer's tokens in their order.

    Token n has the word `words[chosen[n]]` and the log probability `chosen_logprobs[n]`. Its
    alternatives, likeliest first, are the slice `bounds[n]:bounds[n + 1]` of `alternatives`
    (indices into `words`) and of `logprobs`. Log probabilities are natural (nats).
    """

    __slots__ = (
        "alternatives",
        "bounds",
        "chosen",
        "chosen_logprobs",
        "logprobs",
        "reasoning",
        "words",
    )

    def __init__(
        self,
        *,
        words: Sequence[Word],
        chosen: "array[int]",
        chosen_logprobs: "array[float]",
        reasoning: bytes,
        bounds: "array[int]",
        alternatives: "array[int]",
        logprobs: "array[float]",
    ) -> None:
        """Arrays of indices have type I, those of log probabilities type f; `reasoning` has a byte
        for each token, 1 if the token belongs to the reasoning."""
        self.words = words
        self.chosen = chosen
        self.chosen_logprobs = chosen_logprobs
        self.reasoning = reasoning
        self.bounds = bounds
        self.alternatives = alternatives
        self.logprobs = logprobs

    @classmethod
    def of(cls, tokens: Iterable[TokenProbabilities]) -> "TokenTable":
        """Return a table of these tokens."""
        if isinstance(tokens, TokenTable):
            return tokens
        growing = GrowingTable()
        for token in tokens:
            growing.append(token)
        return growing.table()

    def __len__(self) -> int:
        return len(self.chosen)

    @overload
    def __getitem__(self, index: int) -> TokenProbabilities: ...
    @overload
    def __getitem__(self, index: slice) -> list[TokenProbabilities]: ...
    def __getitem__(self, index: int | slice) -> TokenProbabilities | list[TokenProbabilities]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        among = range(self.bounds[place], self.bounds[place + 1])
        return TokenProbabilities(
            self._candidate(self.chosen[place], self.chosen_logprobs[place]),
            tuple(self._candidate(self.alternatives[one], self.logprobs[one]) for one in among),
            bool(self.reasoning[place]),
        )

    def word(self, index: int) -> Word:
        """Return the token that was chosen at a position."""
        return self.words[self.chosen[index]]

    def words_of(self, index: int) -> Sequence[Word]:
        """The alternatives of a token, likeliest first."""
        among = self.alternatives[self.bounds[index] : self.bounds[index + 1]]
        return [self.words[number] for number in among]

    def _candidate(self, number: int, logprob: float) -> Candidate:
        word = self.words[number]
        return Candidate(word.token, logprob, word.bytes, word.id)


class GrowingTable:
    """A table that grows while an answer streams; `table` copies its columns."""

    def __init__(self, before: TokenTable | None = None) -> None:
        """`before` is the table of an answer that is continued; it is not changed."""
        self._numbers = {word: number for number, word in enumerate(before.words)} if before else {}
        self._words = list(before.words) if before else []
        self._chosen = before.chosen[:] if before else array("I")
        self._chosen_logprobs = before.chosen_logprobs[:] if before else array("f")
        self._reasoning = bytearray(before.reasoning) if before else bytearray()
        self._bounds = before.bounds[:] if before else array("I", [0])
        self._alternatives = before.alternatives[:] if before else array("I")
        self._logprobs = before.logprobs[:] if before else array("f")

    def __len__(self) -> int:
        return len(self._chosen)

    def append(self, token: TokenProbabilities) -> None:
        """Add the next token; an alternative that is listed twice is added once."""
        self._chosen.append(self._number(token.chosen))
        self._chosen_logprobs.append(token.chosen.logprob)
        self._reasoning.append(token.reasoning)
        for one in without_repeats(token.alternatives[:MOST_ALTERNATIVES]):
            self._alternatives.append(self._number(one))
            self._logprobs.append(one.logprob)
        self._bounds.append(len(self._alternatives))

    def table(self) -> TokenTable:
        """Return a table of the tokens so far, which later tokens don't change."""
        return TokenTable(
            words=self._words[:],
            chosen=self._chosen[:],
            chosen_logprobs=self._chosen_logprobs[:],
            reasoning=bytes(self._reasoning),
            bounds=self._bounds[:],
            alternatives=self._alternatives[:],
            logprobs=self._logprobs[:],
        )

    def _number(self, one: Candidate) -> int:
        word = Word(one.token, one.bytes, one.id)
        number = self._numbers.setdefault(word, len(self._words))
        if number == len(self._words):
            self._words.append(word)
        return number
