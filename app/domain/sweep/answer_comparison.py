"""Answers beside each other: their difference by words, their variety, how alike they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations

#: A CJK character is a word of its own, also where it stands right behind a Latin one.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
#: Words and the spaces between them, each a piece.
_PIECES = re.compile(rf"[{_CJK}]|\s+|[^\W{_CJK}]+|[^\w\s]")
_WORDS = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+(?:['’][^\W{_CJK}]+)*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
#: Above so many pieces, once what both begin and end with is taken off, lines are compared: the
#: matcher's time grows with the square (2,000 words each take some 30 ms, 4,000 some 120).
MOST_PIECES = 6_000
#: Longer texts are compared as a whole: equal or not.
MOST_CHARACTERS = 400_000
#: Words of a text that are looked at for its variety.
MOST_WORDS = 50_000
#: Repeats that are compared pair by pair.
MOST_PAIRED = 30


class Change(StrEnum):
    """What a piece is to the second text."""

    SAME = "same"
    #: It is in the first text alone.
    GONE = "gone"
    #: It is in the second text alone.
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. All that are SAME or GONE are the first text, SAME or NEW the second."""

    change: Change
    text: str


def difference(first: str, second: str) -> tuple[Piece, ...]:
    """The way from one text to another, word by word; of very long ones line by line.

    Ratcliff and Obershelp's matching of blocks (Python's difflib), on what is left between the
    beginning and the end that both have in common.
    """
    if first == second:
        return (Piece(Change.SAME, first),) if first else ()
    if len(first) + len(second) > MOST_CHARACTERS:
        return _joined([Piece(Change.GONE, first), Piece(Change.NEW, second)])
    found = _pieces_between(_PIECES.findall(first), _PIECES.findall(second))
    if found is None:
        found = _pieces_between(_LINES.findall(first), _LINES.findall(second))
    if found is None:
        found = [Piece(Change.GONE, first), Piece(Change.NEW, second)]
    return _joined(found)


def share_changed(pieces: Sequence[Piece]) -> float:
    """How much of two texts together is in one of them alone, by their words, 0 to 1."""
    counts = dict.fromkeys(Change, 0)
    for piece in pieces:
        counts[piece.change] += len(words_of(piece.text)) or bool(piece.text.strip())
    changed = counts[Change.GONE] + counts[Change.NEW]
    total = changed + 2 * counts[Change.SAME]
    return changed / total if total else 0.0


def _pieces_between(first: list[str], second: list[str]) -> list[Piece] | None:
    begun = 0
    while begun < min(len(first), len(second)) and first[begun] == second[begun]:
        begun += 1
    left = min(len(first), len(second)) - begun
    ended = 0
    while ended < left and first[-1 - ended] == second[-1 - ended]:
        ended += 1
    one = first[begun : len(first) - ended]
    other = second[begun : len(second) - ended]
    if len(one) + len(other) > MOST_PIECES:
        return None
    found = [Piece(Change.SAME, "".join(first[:begun]))]
    # With autojunk, what is frequent (spaces, "the") begins no block: else the time is cubic.
    matcher = SequenceMatcher(None, one, other, autojunk=True)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece(Change.SAME, "".join(one[i1:i2])))
        else:
            found.append(Piece(Change.GONE, "".join(one[i1:i2])))
            found.append(Piece(Change.NEW, "".join(other[j1:j2])))
    found.append(Piece(Change.SAME, "".join(first[len(first) - ended :])))
    return found


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].change is piece.change:
            joined[-1] = Piece(piece.change, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)


def words_of(text: str) -> list[str]:
    """The words of a text without regard to case, at most MOST_WORDS."""
    found: list[str] = []
    for match in _WORDS.finditer(text):
        found.append(match[0].casefold())
        if len(found) == MOST_WORDS:
            break
    return found


def distinct_ratio(words: Sequence[str], length: int) -> float | None:
    """The share of different sequences of `length` words among all, 0 to 1; None without any.

    distinct-1 and distinct-2 of Li et al., "A Diversity-Promoting Objective Function for Neural
    Conversation Models" (NAACL 2016). It falls as texts grow, so compare texts of like length.
    """
    count = len(words) - length + 1
    return len(_sequences(words, length)) / count if count > 0 else None


def self_similarity(texts: Sequence[str], length: int = 2) -> float | None:
    """How alike texts are, 0 (nothing in common) to 1 (the same words); None for less than two.

    The mean, over all pairs, of Jaccard's index of their sets of sequences of `length` words:
    |A ∩ B| ÷ |A ∪ B| (Jaccard 1901; on word sequences, "shingles", Broder 1997). Two texts
    without words are as alike as they are equal. Of more than MOST_PAIRED texts the first count.
    """
    sets = [(_sequences(words_of(text), length), text) for text in texts[:MOST_PAIRED]]
    if len(sets) < 2:
        return None
    found = [_jaccard(one, other) for one, other in combinations(sets, 2)]
    return sum(found) / len(found)


_Sequences = frozenset[tuple[str, ...]]


def _sequences(words: Sequence[str], length: int) -> _Sequences:
    if 0 < len(words) < length:
        return frozenset({tuple(words)})
    return frozenset(zip(*(words[start:] for start in range(length)), strict=False))


def _jaccard(one: tuple[_Sequences, str], other: tuple[_Sequences, str]) -> float:
    first, second = one[0], other[0]
    if not first and not second:
        return 1.0 if one[1] == other[1] else 0.0
    return len(first & second) / len(first | second)
