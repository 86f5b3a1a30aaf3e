"""Long text in pieces, so that it is laid out where it is seen, and a growing one only at its end.

A piece is its text and what stood between it and the next one: a line end, a space, or nothing
where there was no better place to cut. Texts and separators joined are the whole again.
"""

#: Plain text and code: lines in a piece, and characters.
PIECE_LINES = 12
PIECE_CHARACTERS = 2_000
#: A longer line of plain text or code, and a longer paragraph, is cut where there is space.
CHUNK = 4_000

Piece = tuple[str, str]


def pieces(text: str, start: int = 0) -> list[Piece]:
    """Cut plain text or code from `start` on, at line ends as long as lines are not too long.

    Line ends within a piece are U+2028, as Qt's layouts want them.
    """
    result: list[Piece] = []
    gathered: list[str] = []
    length = 0
    for line in text[start:].split("\n"):
        if gathered and (len(gathered) >= PIECE_LINES or length + len(line) > PIECE_CHARACTERS):
            result.append(("\u2028".join(gathered), "\n"))
            gathered, length = [], 0
        *parts, (rest, _none) = chunks(line)
        result.extend(parts)
        gathered.append(rest)
        length += len(rest)
    result.append(("\u2028".join(gathered), ""))
    return result


def chunks(text: str) -> list[Piece]:
    """Cut a paragraph whose line breaks are U+2028 already."""
    result: list[Piece] = []
    start = 0
    while len(text) - start > CHUNK:
        low, high = start + CHUNK // 2, start + CHUNK
        end, separator = text.rfind("\u2028", low, high), "\n"
        if end < 0:
            end, separator = text.rfind(" ", low, high), " "
        if end < 0:
            end, separator = high, ""
        result.append((text[start:end], separator))
        start = end + len(separator)
    result.append((text[start:], ""))
    return result
