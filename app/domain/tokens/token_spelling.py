"""Spells a token so that white space, invisible characters and parts of characters can be seen."""

import unicodedata

from app.domain.text.invisible_characters import ESCAPE
from app.domain.tokens.token_table import Word

#: Characters of a token after which it is cut.
LONGEST = 40
#: Marks of the most usual white space.
_MARKS = {" ": "␣", "\n": "↵", "\r": "␍", "\t": "⇥", "\x1b": ESCAPE, "\x7f": "␡"}
#: Names of usual invisible characters; others are written as their code point.
_NAMES = {
    0xA0: "NBSP",
    0xAD: "SHY",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LS",
    0x2029: "PS",
    0x202F: "NNBSP",
    0x2060: "WJ",
    0xFEFF: "BOM",
}
#: Categories of characters without ink: separators, controls, format characters.
_WITHOUT_INK = {"Zs", "Zl", "Zp", "Cc", "Cf"}
#: Characters without ink in other categories: fillers, and the blank Braille pattern.
_BLANK = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
#: Joiners and variation selectors, which belong to the character before them.
_JOINING = {0x200C, 0x200D, *range(0xFE00, 0xFE10)}


def visible(word: Word) -> str:
    """Return a token as visible text: ␣ ↵ ␍ ⇥, names such as ⟨NBSP⟩, and 0x… for bytes that are
    part of a character. The text of an empty token is ∅."""
    raw = word.raw[: 4 * LONGEST]
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        if len(word.raw) > len(raw) or len(raw) > LONGEST:
            text = raw.decode(errors="replace")
        else:
            return " ".join(f"0x{byte:02X}" for byte in raw)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    shown = "".join(_spelled(text, place) for place in range(len(text)))
    if shown and unicodedata.combining(shown[0]):
        # A combining mark alone would be drawn on the character before it.
        return f"◌{shown}"
    return shown or "∅"


def _spelled(text: str, place: int) -> str:
    """Return the mark of an invisible character, or the character itself."""
    character = text[place]
    if character.isascii() and character.isprintable() and character != " ":
        return character
    if character in _MARKS:
        return _MARKS[character]
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code in _JOINING:
        # Emoji and Persian need joiners, which are visible by their effect there.
        joined = place > 0 and not text[place - 1].isascii() and text[place - 1].isprintable()
        return character if joined else _named(code)
    if code in _BLANK or unicodedata.category(character) in _WITHOUT_INK:
        return _named(code)
    return character


def _named(code: int) -> str:
    return f"⟨{_NAMES.get(code, f'U+{code:04X}')}⟩"
