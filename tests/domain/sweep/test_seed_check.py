"""The same request several times: which answers are the same, and where the others part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Candidate, TokenProbabilities
from app.domain.sweep.seed_check import common_prefix, compare_answers, why_seed_has_no_part
from app.domain.tokens.token_table import TokenTable

NONE = TokenTable.of(())


def table(*tokens: str, thoughts: int = 0) -> TokenTable:
    """Tokens with a log probability each; the first ones are thoughts."""
    return TokenTable.of(
        TokenProbabilities(
            Candidate(token, -0.5),
            (Candidate(token, -0.5), Candidate("other", -1.0)),
            place < thoughts,
        )
        for place, token in enumerate(tokens)
    )


@pytest.mark.parametrize(
    ("values", "refused", "words"),
    [
        ({}, (), ""),
        ({"temperature": 0.1}, (), ""),
        ({"temperature": 0}, (), "At temperature 0"),
        ({"temperature": 0.0, "top_k": 1}, (), "At temperature 0"),
        ({"temperature": 0}, ("temperature",), ""),
        ({"top_k": 1}, (), "With Top K at 1"),
        ({"temperature": 0}, ("seed",), "No seed is sent: seed isn't supported."),
    ],
)
def test_a_seed_has_no_part_where_nothing_is_drawn(
    values: dict[str, float], refused: tuple[str, ...], words: str
) -> None:
    reasons = {name: f"{name} isn't supported." for name in refused}
    reason = why_seed_has_no_part(values, reasons)
    assert reason.startswith(words)
    assert bool(reason) == bool(words)


@given(texts=st.lists(st.text(st.sampled_from("ab😀"), max_size=6), max_size=6))
def test_the_common_beginning_is_common_and_no_longer_one_is(texts: list[str]) -> None:
    length = common_prefix(texts)
    assert len({text[:length] for text in texts}) <= 1
    if len(set(texts)) > 1:
        assert len({text[: length + 1] for text in texts}) > 1


@given(texts=st.lists(st.sampled_from(["", "a", "ab", "b"]), max_size=8))
def test_every_answer_is_in_one_group_with_its_equals(texts: list[str]) -> None:
    found = compare_answers(texts, [NONE] * len(texts))
    assert sorted(one for group in found.groups for one in group) == list(range(len(texts)))
    assert [len({texts[one] for one in group}) for group in found.groups] == [1] * len(set(texts))
    sizes = [len(group) for group in found.groups]
    assert sizes == sorted(sizes, reverse=True)
    assert found.is_identical == (len(texts) > 1 and len(set(texts)) == 1)
    assert (found.fork is None) == (len(set(texts)) < 2)


def test_where_answers_part_is_told_in_tokens() -> None:
    tables = [table("The", " fox", " eats"), table("The", " dog"), table("The", " dog")]
    fork = compare_answers(["The fox eats", "The dog", "The dog"], tables).fork
    assert fork is not None
    assert (fork.characters, fork.tokens) == (4, 1)
    assert [(one.word.token, one.answers, one.logprob) for one in fork.ways] == [
        (" dog", (1, 2), -0.5),
        (" fox", (0,), -0.5),
    ]
    assert [word.token for word, _logprob in fork.alternatives] == [" fox", "other"]


def test_thoughts_are_not_compared() -> None:
    tables = [table("Hm", "a", "b", thoughts=1), table("Well", "so", "a", "c", thoughts=2)]
    fork = compare_answers(["ab", "ac"], tables).fork
    assert fork is not None
    assert fork.tokens == 1
    assert [one.word.token for one in fork.ways] == ["b", "c"]


def test_an_answer_that_ends_where_another_goes_on_is_a_way_too() -> None:
    fork = compare_answers(["a", "ab"], [table("a"), table("a", "b")]).fork
    assert fork is not None
    assert [(one.word.token, one.logprob) for one in fork.ways] == [("", None), ("b", -0.5)]


def test_where_one_answer_has_no_tokens_characters_alone_are_compared() -> None:
    fork = compare_answers(["ab", "ac"], [table("a", "b"), NONE]).fork
    assert fork is not None
    assert (fork.characters, fork.tokens, fork.ways) == (1, None, ())
