"""Cutting text between grapheme clusters, the units that a reader sees as one character."""

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
#: Longest cluster that is kept whole, in code points. Hostile text may pile up any number of
#: combining marks.
_LONGEST = 64


def cut_between_graphemes(text: str, most: int) -> str:
    """Return the beginning of a text, of at most `most` code points, that ends between grapheme
    clusters: before a letter and its accents, a flag, or an emoji made of several, not in it.

    A cluster of more than 64 code points is cut all the same.
    """
    end = min(most, len(text))
    for place in range(end, max(0, end - _LONGEST), -1):
        if place == len(text) or not _is_joined(text, place):
            return text[:place]
    return text[:end]


def _is_joined(text: str, place: int) -> bool:
    """Whether the code points before and after a place belong to one cluster."""
    before, after = text[place - 1], text[place]
    if _extends(after) or before == _ZERO_WIDTH_JOINER:
        return True
    if _is_regional(before) and _is_regional(after):
        # Flags are pairs of regional indicators: only an odd number before the place splits one.
        first = place
        while first > 0 and _is_regional(text[first - 1]):
            first -= 1
        return (place - first) % 2 == 1
    # Letters of a Hangul syllable: leading ones first, then vowels and trailing ones.
    return (
        "\u1100" <= before <= "\u11ff"
        and "\u1100" <= after <= "\u11ff"
        and (after >= "\u1160" or before < "\u1160")
    )


def _extends(character: str) -> bool:
    """Whether a code point continues the cluster before it: an accent, a joiner, a variation
    selector, a skin colour, or a tag."""
    return (
        character == _ZERO_WIDTH_JOINER
        or unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
