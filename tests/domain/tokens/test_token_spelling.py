"""Tokens that look alike are told apart in lists."""

import pytest

from app.domain.tokens.token_spelling import visible
from app.domain.tokens.token_table import Word

ALIKE = (" ", "\u00a0", "\u3000", "\u2028", "\u2029", "\u2009", "\u202f", "\n", "\r", "\r\n")
ZERO_WIDTH = ("", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f", "\u3164")


def test_white_space_and_invisible_characters_are_told_apart() -> None:
    spelled = [visible(Word(text)) for text in (*ALIKE, *ZERO_WIDTH, "\u202e", "\u202d", "\x85")]
    assert len(set(spelled)) == len(spelled)
    assert all(words.strip() and words.isprintable() for words in spelled)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" a\u00a0b", "␣a⟨NBSP⟩b"),
        ("\r\n", "␍↵"),
        ("\ufeff", "⟨BOM⟩"),
        ("\u3000", "⟨U+3000⟩"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("\u0301", "◌\u0301"),
        ("", "∅"),
    ],
)
def test_a_token_is_spelled(text: str, shown: str) -> None:
    assert visible(Word(text)) == shown


def test_a_part_of_a_character_is_its_bytes() -> None:
    assert visible(Word("\ufffd", b"\xf0\x9f")) == "0xF0 0x9F"
