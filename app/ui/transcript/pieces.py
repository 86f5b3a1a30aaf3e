"""Plain text and code in pieces, so that a long one is laid out where it is seen, and a growing
one only at its end."""

PIECE_LINES = 40
PIECE_CHARACTERS = 2_000


def pieces(text: str) -> list[str]:
    """Cut text at line ends into pieces that are cheap to lay out; joined by line ends they
    are the text again. A line that is too long is cut anywhere."""
    found: list[str] = []
    gathered: list[str] = []
    length = 0
    for whole in text.split("\n"):
        for start in range(0, max(1, len(whole)), PIECE_CHARACTERS * 8):
            line = whole[start : start + PIECE_CHARACTERS * 8]
            if gathered and (len(gathered) >= PIECE_LINES or length + len(line) > PIECE_CHARACTERS):
                found.append("\u2028".join(gathered))
                gathered, length = [], 0
            gathered.append(line)
            length += len(line)
    found.append("\u2028".join(gathered))
    return found
