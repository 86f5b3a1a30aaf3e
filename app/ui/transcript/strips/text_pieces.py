"""Splits long text into pieces, each of which becomes a strip.

So only the pieces in sight are laid out, and only the last piece of a growing text changes. A
piece is a tuple of its text and the separator that followed it: a line feed, a space, or an empty
text if there was no better place to cut. All texts and separators joined are the whole text again.
"""

#: Largest piece of plain text or code, in lines and in characters.
PIECE_LINES = 12
PIECE_CHARACTERS = 2_000
#: Longest line of plain text or code, and longest paragraph, in characters; longer ones are split.
CHUNK = 4_000

Piece = tuple[str, str]


def pieces(text: str, start: int = 0) -> list[Piece]:
    """Split plain text or code, from offset `start` on, into pieces, each (text, separator).

    A piece has at most PIECE_LINES lines, and PIECE_CHARACTERS characters unless a single line is
    longer; lines longer than CHUNK are split too. Line feeds within a piece become U+2028, the
    line separator of QTextLayout.
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
    """Split a paragraph or line into pieces of at most CHUNK characters, each (text, separator).

    It is cut at the last line break (U+2028) or else space in the second half of a piece, if there
    is any; the separator is then "\\n" or " ", and otherwise empty.
    """
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


def longest_word(text: str) -> int:
    """Return the length in characters of the longest word (run without white space)."""
    return max(map(len, text.split()), default=0)
