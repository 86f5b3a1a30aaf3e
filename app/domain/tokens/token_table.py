"""The probabilities of a whole answer, by columns: a token is an index into a vocabulary.

A long answer has a hundred thousand candidates. As objects they take tens of megabytes and half a
second; as columns they are what is stored, and what arithmetic over the whole answer reads.
"""

import builtins
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_identity import without_repeats

#: None is asked for more than 20; what a server gives of its own accord, as a whole vocabulary,
#: would be a gigabyte an answer.
MOST_ALTERNATIVES = 1000


@dataclass(frozen=True, slots=True)
class Word:
    """A token as such: its text, its bytes and its id in the model's vocabulary where known."""

    token: str
    bytes: builtins.bytes | None = None
    id: int | None = None

    @property
    def raw(self) -> builtins.bytes:
        """Its bytes, which may be half of a character."""
        return self.token.encode(errors="replace") if self.bytes is None else self.bytes


class TokenTable(Sequence[TokenProbabilities]):
    """`len(table)` tokens in the order in which they came. What belongs to token n:
    `chosen[n]`, `chosen_logprobs[n]`, and of its alternatives, likeliest first, the slice
    `bounds[n]:bounds[n + 1]` of `alternatives` and `logprobs`.
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
        """Indices into `words` are of type I, natural logarithms of type f; `reasoning` has a
        byte for each token, 1 where it belongs to the thoughts."""
        self.words = words
        self.chosen = chosen
        self.chosen_logprobs = chosen_logprobs
        self.reasoning = reasoning
        self.bounds = bounds
        self.alternatives = alternatives
        self.logprobs = logprobs

    @classmethod
    def of(cls, tokens: Iterable[TokenProbabilities]) -> "TokenTable":
        """The same as columns."""
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
        """The token that came at a place."""
        return self.words[self.chosen[index]]

    def words_of(self, index: int) -> Sequence[Word]:
        """The alternatives of a token, likeliest first."""
        among = self.alternatives[self.bounds[index] : self.bounds[index + 1]]
        return [self.words[number] for number in among]

    def _candidate(self, number: int, logprob: float) -> Candidate:
        word = self.words[number]
        return Candidate(word.token, logprob, word.bytes, word.id)


class GrowingTable:
    """A table while an answer comes: at its end nothing is left to be done."""

    def __init__(self, before: TokenTable | None = None) -> None:
        """`before` is what came of the answer earlier, which is not changed."""
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
        """Add what came next."""
        self._chosen.append(self._number(token.chosen))
        self._chosen_logprobs.append(token.chosen.logprob)
        self._reasoning.append(token.reasoning)
        for one in without_repeats(token.alternatives[:MOST_ALTERNATIVES]):
            self._alternatives.append(self._number(one))
            self._logprobs.append(one.logprob)
        self._bounds.append(len(self._alternatives))

    def table(self) -> TokenTable:
        """All that came so far; it stays as it is when more comes."""
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
