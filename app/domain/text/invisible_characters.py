"""Characters that are there and can't be seen, or that turn the order of others around.

In code they can hide what it does (CVE-2021-42574), so they are shown there.
"""

#: Shown instead, character for character, so that places in the text stay what they are.
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


def with_unseen_shown(text: str) -> str:
    """The text with every such character replaced by one that can be seen; as long as before."""
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN)


def with_tricks_shown(text: str) -> str:
    """As above, but for words: what joins letters of Persian or parts of an emoji stays."""
    shown = with_unseen_shown(text)
    if shown == text:
        return text
    return "".join(
        one if one in _JOINERS and not text[place - 1 : place].isascii() else other
        for place, (one, other) in enumerate(zip(text, shown, strict=True))
    )
