"""What can't be seen is shown, and nothing else changes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text.invisible_characters import mark_invisible, mark_invisible_in_prose


def test_what_turns_the_order_around_and_what_is_nothing_can_be_seen() -> None:
    assert mark_invisible("a\u202eb\u2066c\u200bd\ufeffe") == "a⇄b⇄c␣d␣e"
    assert mark_invisible("\x1b[31mred\x07") == "␛[31mred␇"


def test_hidden_texts_can_be_seen() -> None:
    assert mark_invisible("a\U000e0041\U000e0105\u2063\x9b") == "a␣␣␣␛"


@pytest.mark.parametrize(
    "text",
    [
        *("👩\u200d💻", "می\u200cروم", "葛\U000e0100"),
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_prose_keeps_what_letters_and_emoji_need(text: str) -> None:
    assert mark_invisible_in_prose(text) == text
    assert mark_invisible_in_prose(text[1:], text[0]) == text[1:]


def test_prose_shows_what_nothing_needs() -> None:
    assert mark_invisible_in_prose("a\u200db\u202e\U000e0067") == "a␣b⇄␣"
    assert mark_invisible_in_prose("葛\U000e0100\U000e0101") == "葛\U000e0100␣"


@given(st.text())
def test_it_is_as_long_as_before_and_hides_nothing(text: str) -> None:
    shown = mark_invisible(text)
    assert len(shown) == len(text)
    for before, after in zip(text, shown, strict=True):
        if unicodedata.category(before) not in {"Cf", "Cc", "Mn"}:
            assert after == before


def test_tabs_and_line_ends_stay() -> None:
    assert mark_invisible("\ta\n\u2028é") == "\ta\n\u2028é"
