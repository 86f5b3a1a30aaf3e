"""Visible marks for control, zero-width and bidirectional characters.

In source code such characters can hide what the code does (CVE-2021-42574, "Trojan Source").
"""

#: Marks for the escape character, for bidirectional controls, and for zero-width characters. Each
#: is one character long, so that offsets in the text stay valid.
ESCAPE, TURNING, NOTHING = "␛", "⇄", "␣"

_SHOWN = {
    0x1B: ESCAPE,
    **dict.fromkeys(
        (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), TURNING
    ),
    **dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x180E), NOTHING),
    **{control: chr(0x2400 + control) for control in range(0x20) if control not in (9, 10, 13, 27)},
    0x7F: "␡",
}

_JOINERS = "\u200c\u200d"


def mark_invisible(text: str) -> str:
    """Return a code text with each invisible character replaced by its mark of one character.

    Tabs and line breaks stay.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN)


def mark_invisible_in_prose(text: str) -> str:
    """Return a prose text with invisible characters replaced by marks of one character each.

    Zero-width joiners after a non-ASCII character stay, since Persian and emoji need them.
    """
    marked = mark_invisible(text)
    if marked == text:
        return text
    return "".join(
        character if character in _JOINERS and not text[index - 1 : index].isascii() else mark
        for index, (character, mark) in enumerate(zip(text, marked, strict=True))
    )
