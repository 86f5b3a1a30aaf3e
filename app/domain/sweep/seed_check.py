"""The same request many times: whether the answers are the same, and where they part."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.tokens.token_table import TokenTable, Word


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that came at a fork: in which answers, and what each gave it, where known."""

    word: Word
    #: The answers that went on so, by their place among all.
    answers: tuple[int, ...]
    #: Its natural log probability by the first of these answers.
    logprob: float | None


@dataclass(frozen=True, slots=True)
class Fork:
    """Where answers part: how much they have in common, and how each goes on."""

    #: Characters that all answers begin with, and tokens where those are known.
    characters: int
    tokens: int | None
    #: The tokens that came there, the most frequent first; empty where no tokens are known.
    ways: tuple[Candidate, ...]
    #: Candidates of the first answer at the fork: what could have come, likeliest first.
    alternatives: tuple[tuple[Word, float], ...]


@dataclass(frozen=True, slots=True)
class SeedCheck:
    """What a check has found. `groups` are the answers that are equal, by their places among
    all: the largest group first, of equal ones that which came first."""

    count: int
    groups: tuple[tuple[int, ...], ...]
    #: None where all answers are the same, or there are less than two.
    fork: Fork | None

    @property
    def is_identical(self) -> bool:
        """Whether there are several answers, and all are the same."""
        return self.count > 1 and len(self.groups) == 1


def check_of(texts: Sequence[str], tables: Sequence[TokenTable]) -> SeedCheck:
    """Compare answers, each with the probabilities of its tokens (an empty table: not known).

    Characters are compared; thoughts are not. Tokens are compared where every answer has some.
    """
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(text, []).append(place)
    ordered = sorted(groups.values(), key=lambda one: (-len(one), one[0]))
    fork = _fork(texts, tables) if len(groups) > 1 else None
    return SeedCheck(len(texts), tuple(tuple(one) for one in ordered), fork)


def common_prefix(texts: Sequence[str]) -> int:
    """How many characters all texts begin with."""
    if not texts:
        return 0
    # All others lie between the least and the greatest.
    low, high = min(texts), max(texts)
    for place, (one, other) in enumerate(zip(low, high, strict=False)):
        if one != other:
            return place
    return min(len(low), len(high))


def _fork(texts: Sequence[str], tables: Sequence[TokenTable]) -> Fork:
    characters = common_prefix(texts)
    answers = [_spoken(table) for table in tables]
    if len(answers) != len(texts) or not all(answers):
        return Fork(characters, None, (), ())
    shortest = min(map(len, answers))
    tokens = 0
    while tokens < shortest and _agree(tables, answers, tokens):
        tokens += 1
    if all(tokens == len(places) for places in answers):
        # The same tokens, and yet not the same text: what differs has no token.
        return Fork(characters, tokens, (), ())
    ways: dict[bytes, list[int]] = {}
    for number, places in enumerate(answers):
        word = tables[number].word(places[tokens]).raw if tokens < len(places) else b""
        ways.setdefault(word, []).append(number)
    ordered = sorted(ways.values(), key=lambda one: (-len(one), one[0]))
    found = [_way(tables, answers, tokens, numbers) for numbers in ordered]
    first = next(number for number, places in enumerate(answers) if tokens < len(places))
    token = tables[first][answers[first][tokens]]
    among = tuple((Word(one.token, one.bytes, one.id), one.logprob) for one in token.alternatives)
    return Fork(characters, tokens, tuple(found), among)


def _spoken(table: TokenTable) -> list[int]:
    return [place for place, of_thoughts in enumerate(table.reasoning) if not of_thoughts]


def _agree(tables: Sequence[TokenTable], answers: Sequence[list[int]], token: int) -> bool:
    raws = {table.word(places[token]).raw for table, places in zip(tables, answers, strict=True)}
    return len(raws) == 1


def _way(
    tables: Sequence[TokenTable],
    answers: Sequence[list[int]],
    token: int,
    numbers: Sequence[int],
) -> Candidate:
    first = numbers[0]
    if token >= len(answers[first]):
        # This answer ended here, and its server gave no token for that.
        return Candidate(Word(""), tuple(numbers), None)
    place = answers[first][token]
    logprob = tables[first].chosen_logprobs[place]
    return Candidate(tables[first].word(place), tuple(numbers), logprob)
