"""Check of a fixed seed: whether repeated answers are equal, and the first token that differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.parameters.kinds import Values
from app.domain.sampling.samplers import settings_of
from app.domain.sweep.plan import SEED
from app.domain.text.translation import _
from app.domain.tokens.token_table import TokenTable, Word


@dataclass(frozen=True, slots=True)
class NextToken:
    """A token that some answers have at the first difference."""

    word: Word
    #: Numbers of the answers with this token, from 0.
    answers: tuple[int, ...]
    #: The token's log probability (nats) in the first of these answers; None if not known.
    logprob: float | None


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The first difference between answers: their common prefix, and the tokens that follow it."""

    #: Length of the common prefix in characters, and in tokens (None if tokens are not known).
    characters: int
    tokens: int | None
    #: The tokens after the common prefix, most frequent first; empty if tokens are not known.
    ways: tuple[NextToken, ...]
    #: Candidates at this position in the first answer and their log probabilities (nats), likeliest
    #: first.
    alternatives: tuple[tuple[Word, float], ...]


@dataclass(frozen=True, slots=True)
class SeedCheck:
    """The result of a seed check of `count` answers.

    `groups` are the numbers (from 0) of answers with equal text: the largest group first; among
    groups of one size, the group with the earliest answer first.
    """

    count: int
    groups: tuple[tuple[int, ...], ...]
    #: None if all answers are equal, or there are fewer than two.
    fork: FirstDifference | None

    @property
    def is_identical(self) -> bool:
        """Whether there are several answers and all are equal."""
        return self.count > 1 and len(self.groups) == 1


def why_seed_has_no_part(values: Values, refused: Mapping[str, str]) -> str:
    """Return why the seed can't change an answer with these parameters, as a sentence; empty if
    it can.

    `refused` has the parameters that the model does not support, each with a reason.
    """
    if SEED in refused:
        return _("No seed is sent: {reason}").format(reason=refused[SEED])
    sent = {name: value for name, value in values.items() if name not in refused}
    settings = settings_of(sent, {})
    if settings.temperature == 0:
        return _(
            "At temperature 0 the most likely token is always chosen, so the seed has no effect."
        )
    if settings.top_k == 1:
        return _("With Top K at 1 only the most likely token is left, so the seed has no effect.")
    return ""


def compare_answers(texts: Sequence[str], tables: Sequence[TokenTable]) -> SeedCheck:
    """Compare the texts of answers, and their tokens if every answer has a non-empty table.

    `tables[i]` holds the token probabilities of `texts[i]`. Reasoning is not compared.
    """
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(text, []).append(place)
    ordered = sorted(groups.values(), key=lambda group: (-len(group), group[0]))
    fork = _fork(texts, tables) if len(groups) > 1 else None
    return SeedCheck(len(texts), tuple(tuple(group) for group in ordered), fork)


def common_prefix(texts: Sequence[str]) -> int:
    """Return the length in characters of the common prefix of all texts."""
    if not texts:
        return 0
    # In sort order all others lie between these two, so they share the same prefix.
    low, high = min(texts), max(texts)
    for index, (left, right) in enumerate(zip(low, high, strict=False)):
        if left != right:
            return index
    return min(len(low), len(high))


def _fork(texts: Sequence[str], tables: Sequence[TokenTable]) -> FirstDifference:
    characters = common_prefix(texts)
    answers = [_answer_tokens(table) for table in tables]
    if len(answers) != len(texts) or not all(answers):
        return FirstDifference(characters, None, (), ())
    shortest = min(map(len, answers))
    tokens = 0
    while tokens < shortest and _agree(tables, answers, tokens):
        tokens += 1
    if all(tokens == len(places) for places in answers):
        # The tokens are equal but the texts are not: the difference has no token.
        return FirstDifference(characters, tokens, (), ())
    ways: dict[bytes, list[int]] = {}
    for number, places in enumerate(answers):
        word = tables[number].word(places[tokens]).raw if tokens < len(places) else b""
        ways.setdefault(word, []).append(number)
    ordered = sorted(ways.values(), key=lambda numbers: (-len(numbers), numbers[0]))
    next_tokens = [_token_after(tables, answers, tokens, numbers) for numbers in ordered]
    first = next(number for number, places in enumerate(answers) if tokens < len(places))
    token = tables[first][answers[first][tokens]]
    alternatives = tuple(
        (Word(candidate.token, candidate.bytes, candidate.id), candidate.logprob)
        for candidate in token.alternatives
    )
    return FirstDifference(characters, tokens, tuple(next_tokens), alternatives)


def _answer_tokens(table: TokenTable) -> list[int]:
    """Return the indices of the tokens that belong to the answer, not to the reasoning."""
    return [index for index, is_reasoning in enumerate(table.reasoning) if not is_reasoning]


def _agree(tables: Sequence[TokenTable], answers: Sequence[list[int]], token: int) -> bool:
    raws = {table.word(places[token]).raw for table, places in zip(tables, answers, strict=True)}
    return len(raws) == 1


def _token_after(
    tables: Sequence[TokenTable],
    answers: Sequence[list[int]],
    token: int,
    numbers: Sequence[int],
) -> NextToken:
    first = numbers[0]
    if token >= len(answers[first]):
        # This answer ended here, and its server reported no end token.
        return NextToken(Word(""), tuple(numbers), None)
    place = answers[first][token]
    logprob = tables[first].chosen_logprobs[place]
    return NextToken(tables[first].word(place), tuple(numbers), logprob)
