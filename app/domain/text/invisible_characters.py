"""Visible marks for control, zero-width and bidirectional characters.

In source code such characters can hide what the code does (CVE-2021-42574, "Trojan Source").
"""

#: Marks for the escape character and C1 controls, for bidirectional controls, and for zero-width
#: characters. Each is one character long, so that offsets in the text stay valid.
ESCAPE, TURNING, NOTHING = "␛", "⇄", "␣"

#: Tag characters, an invisible copy of ASCII, and the supplementary variation selectors: both can
#: carry a hidden text.
_TAGS, _SELECTORS = range(0xE0000, 0xE0080), range(0xE0100, 0xE01F0)

_SHOWN = {
    0x1B: ESCAPE,
    **dict.fromkeys(
        (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), TURNING
    ),
    **dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x180E, 0xFEFF), NOTHING),
    **dict.fromkeys((*range(0x2060, 0x2065), *range(0x206A, 0x2070)), NOTHING),
    **dict.fromkeys((*range(0xFFF9, 0xFFFC), *_TAGS, *_SELECTORS), NOTHING),
    # A C1 control means the same to a terminal as escape and a letter (ECMA-48, 5.3).
    **dict.fromkeys(range(0x80, 0xA0), ESCAPE),
    **{control: chr(0x2400 + control) for control in range(0x20) if control not in (9, 10, 13, 27)},
    0x7F: "␡",
}

_JOINERS = "\u200c\u200d"
_FLAG = "\U0001f3f4"


def mark_invisible(text: str) -> str:
    """Return a code text with each invisible character replaced by its mark of one character.

    Tabs and line breaks stay.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN)


def mark_invisible_in_prose(text: str, before: str = "") -> str:
    """Return a prose text with invisible characters replaced by marks of one character each.

    Zero-width joiners after a non-ASCII character stay, since Persian and emoji need them; so do
    the tags of a flag and the variation selector of a letter. `before` is the text's predecessor.
    """
    marked = mark_invisible(text)
    if marked == text:
        return text
    shown: list[str] = []
    in_flag = before.endswith(_FLAG)
    for character, mark in zip(text, marked, strict=True):
        in_flag = character == _FLAG or (in_flag and ord(character) in _TAGS)
        shown.append(character if in_flag or _is_needed(character, before) else mark)
        before = character
    return "".join(shown)


def _is_needed(character: str, before: str) -> bool:
    """Whether an invisible character forms a visible one with the character before it."""
    if character in _JOINERS:
        return not before[-1:].isascii()
    return ord(character) in _SELECTORS and before[-1:].isalpha()
