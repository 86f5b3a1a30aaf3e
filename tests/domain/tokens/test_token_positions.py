"""Every token is found in the text that it made, however the text was cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_positions import places_of
from app.domain.tokens.token_table import TokenTable

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def table_of(pieces: list[bytes], reasoning: int = 0) -> TokenTable:
    """Tokens with these bytes; so many of the first are thoughts."""
    return TokenTable.of(
        TokenProbabilities(
            Candidate(piece.decode(errors="replace"), -0.5, piece), (), number < reasoning
        )
        for number, piece in enumerate(pieces)
    )


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(one % (len(data) + 1) for one in cuts)})
    return [data[one:other] for one, other in pairwise(places)]


@given(text=texts, cuts=st.lists(st.integers(0, 400), max_size=30))
def test_a_text_cut_anywhere_is_found(text: str, cuts: list[int]) -> None:
    pieces = cut(text.encode(), cuts)
    places = places_of(table_of(pieces), text)
    done = 0
    for number, piece in enumerate(pieces):
        start = len(text.encode()[:done].decode(errors="ignore"))
        done += len(piece)
        whole = text[places.start[number] : places.end[number]].encode()
        assert piece in whole
        assert places.start[number] == start
    for offset in range(len(text)):
        token = places.at(offset)
        assert token is not None
        assert places.start[token] <= offset < places.end[token]


@given(
    text=texts,
    cuts=st.lists(st.integers(0, 400), max_size=30),
    thoughts=texts,
)
def test_thoughts_have_places_of_their_own(text: str, cuts: list[int], thoughts: str) -> None:
    first, second = cut(thoughts.encode(), cuts), cut(text.encode(), cuts)
    places = places_of(table_of(first + second, len(first)), text, thoughts)
    assert [*places.start[: len(first)]] == [*places_of(table_of(first), thoughts).start]
    assert [*places.start[len(first) :]] == [*places_of(table_of(second), text).start]


def spans(pieces: list[str], text: str) -> list[str]:
    places = places_of(table_of([piece.encode() for piece in pieces]), text)
    return [text[a:b] for a, b in zip(places.start, places.end, strict=True)]


def test_a_token_that_is_not_in_the_text_has_no_characters() -> None:
    assert spans(["Hello", " world", "<|im_end|>"], "Hello world") == ["Hello", " world", ""]
    assert spans(["<|start|>", "Hello", " wide", " world"], "Hello wide world") == [
        "",
        "Hello",
        " wide",
        " world",
    ]


def test_a_leading_space_that_the_server_took_away_does_no_harm() -> None:
    assert spans([" Hello", " world"], "Hello world") == ["Hello", " world"]


def test_a_stop_sequence_may_cut_the_last_token() -> None:
    assert spans(["One", " two.\n\n"], "One two.") == ["One", " two."]


def test_text_that_no_token_made_is_passed_over() -> None:
    found = spans(["and", " then", " it", " went", " on"], "It began before, and then it went on")
    assert found == ["and", " then", " it", " went", " on"]


def test_what_does_not_fit_is_found_again() -> None:
    pieces = ["The", " quick", " bro\ufffd", " fox", " jumps", " over", " it"]
    found = spans(pieces, "The quick brown fox jumps over it")
    assert found[:2] == ["The", " quick"]
    assert found[3:] == [" fox", " jumps", " over", " it"]


#: A thumb with a skin tone: two characters of four bytes each.
THUMB = "👍🏽"


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize(("before", "after"), [("", ""), ("é", "x"), ("ok ", "日")])
def test_each_token_of_a_character_has_the_whole_character(
    size: int, before: str, after: str
) -> None:
    data = THUMB.encode()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    parts = [one.encode() for one in (before, after) if one]
    places = places_of(
        table_of([*parts[: bool(before)], *pieces, *parts[bool(before) :]]), before + THUMB + after
    )
    first = len(before)
    shift = bool(before)
    for number in range(len(pieces)):
        begins, ends = number * size, min((number + 1) * size, len(data))
        assert places.start[shift + number] == first + begins // 4
        assert places.end[shift + number] == first + (ends - 1) // 4 + 1
    if after:
        assert places.start[len(places.start) - 1] == first + len(THUMB)
    # The token that completes a character is the one at its offset, so that a branch keeps it.
    for character in range(2):
        last = max(n for n in range(len(pieces)) if n * size < 4 * (character + 1))
        assert places.at(first + character) == shift + last


def test_a_character_of_many_tokens_that_was_cut_off_has_no_characters() -> None:
    places = places_of(table_of([b"a", *(bytes([byte]) for byte in THUMB.encode())]), "a")
    assert [*places.start] == [0, *[1] * 8]
    assert [*places.end] == [1, *[1] * 8]
    assert [*places.answer] == [0]


def test_a_gap_does_not_end_the_heat_map() -> None:
    pieces = ["one", " two", " three", " four", " five", "."]
    assert spans(pieces, "one two … and three four … five.") == pieces
    # The last tokens are the end, however short.
    assert spans(["a", "b", "c"], "a?bc") == ["a", "b", "c"]


def test_tokens_spelled_as_in_the_vocabulary_are_found() -> None:
    pieces = ["▁The", "▁cat", "s", "▁sat", "<0x0A>", "▁down"]
    assert spans(pieces, "The cats sat\n down") == ["The", " cat", "s", " sat", "\n", " down"]
    assert spans(["The", "Ġcat", "Ċ", "x"], "The cat\nx") == ["The", " cat", "\n", "x"]
    # A text may have the letter itself.
    assert spans(["a", "▁b"], "a▁b") == ["a", "▁b"]
