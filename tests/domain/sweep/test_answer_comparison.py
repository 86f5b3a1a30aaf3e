"""Answers compared: both texts come back from their difference, and figures are what they say."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.sweep.answer_comparison import (
    MOST_CHARACTERS,
    MOST_PIECES,
    MOST_WORDS,
    Piece,
    TextChange,
    difference,
    distinct_ratio,
    self_similarity,
    share_changed,
    words_of,
)

texts = st.text() | st.lists(
    st.sampled_from(["the", " ", "\n", "fox", "漢字", "é", "\ud83d", "\0", "don't", "."])
).map("".join)


def sides(pieces: tuple[Piece, ...]) -> tuple[str, str]:
    first = "".join(one.text for one in pieces if one.change is not TextChange.NEW)
    second = "".join(one.text for one in pieces if one.change is not TextChange.GONE)
    return first, second


@given(first=texts, second=texts)
@example(first="..", second=".")
def test_a_difference_has_both_texts_in_it(first: str, second: str) -> None:
    found = difference(first, second)
    assert sides(found) == (first, second)
    assert all(one.text for one in found)
    assert all(one.change is not other.change for one, other in pairwise(found))


@given(text=texts)
def test_a_text_differs_in_nothing_from_itself(text: str) -> None:
    assert all(one.change is TextChange.SAME for one in difference(text, text))


def test_words_are_compared() -> None:
    assert difference("the red fox", "the brown fox") == (
        Piece(TextChange.SAME, "the "),
        Piece(TextChange.GONE, "red"),
        Piece(TextChange.NEW, "brown"),
        Piece(TextChange.SAME, " fox"),
    )


def test_characters_without_spaces_are_compared_one_by_one() -> None:
    found = difference("用Python語言", "用Python語法")
    assert Piece(TextChange.SAME, "用Python語") in found
    assert words_of("用Python語言") == ["用", "python", "語", "言"]


def test_long_texts_are_compared_by_lines() -> None:
    lines = [f"line {number} of many\n" for number in range(MOST_PIECES // 10)]
    first = "".join(["one red fox\n", *lines, "the end"])
    second = "".join(["one brown fox\n", *lines, "an end"])
    assert difference(first, second) == (
        Piece(TextChange.GONE, "one red fox\n"),
        Piece(TextChange.NEW, "one brown fox\n"),
        Piece(TextChange.SAME, "".join(lines)),
        Piece(TextChange.GONE, "the end"),
        Piece(TextChange.NEW, "an end"),
    )


def test_huge_texts_are_compared_as_a_whole() -> None:
    huge = "x y " * (MOST_CHARACTERS // 4)
    assert difference(huge, huge + "z") == (
        Piece(TextChange.GONE, huge),
        Piece(TextChange.NEW, huge + "z"),
    )


def test_of_a_huge_text_so_many_words_are_looked_at() -> None:
    assert len(words_of("a " * (MOST_WORDS + 10))) == MOST_WORDS


@given(text=texts, length=st.integers(1, 3))
def test_the_share_of_different_sequences_is_a_share(text: str, length: int) -> None:
    found = distinct_ratio(words_of(text), length)
    assert found is None or 0 < found <= 1


@pytest.mark.parametrize(
    ("text", "length", "wanted"),
    [
        ("the fox the fox", 1, 2 / 4),
        ("the fox the fox", 2, 2 / 3),
        ("The FOX sees", 2, 1.0),
        ("fox", 2, None),
        ("", 1, None),
    ],
)
def test_different_sequences_by_hand(text: str, length: int, wanted: float | None) -> None:
    assert distinct_ratio(words_of(text), length) == wanted


@given(several=st.lists(texts, max_size=5))
def test_likeness_is_a_share(several: list[str]) -> None:
    found = self_similarity(several)
    assert (found is None) == (len(several) < 2)
    assert found is None or 0 <= found <= 1


@given(text=texts, count=st.integers(2, 4))
def test_equal_texts_are_wholly_alike(text: str, count: int) -> None:
    assert self_similarity([text] * count) == 1


@pytest.mark.parametrize(
    ("several", "wanted"),
    [
        (["a b c", "a b d"], 1 / 3),
        (["a b c", "x y z"], 0.0),
        (["a", "a"], 1.0),
        (["", "…"], 0.0),
        # Of three pairs one is equal and two have nothing in common.
        (["a b", "a b", "c d"], 1 / 3),
    ],
)
def test_likeness_by_hand(several: list[str], wanted: float) -> None:
    assert self_similarity(several) == pytest.approx(wanted)


@given(first=texts, second=texts)
def test_how_much_is_changed_lies_between_nothing_and_all(first: str, second: str) -> None:
    share = share_changed(difference(first, second))
    assert 0 <= share <= 1
    assert share_changed(difference(first, first)) == 0


def test_how_much_is_changed_is_counted_in_words_of_both() -> None:
    assert share_changed(difference("a red fox ran", "a red dog ran")) == pytest.approx(2 / 8)
    assert share_changed(difference("one", "two")) == 1
    assert share_changed(difference("Well", "Well!")) > 0
    assert share_changed(difference("a  b", "a b")) == 0
