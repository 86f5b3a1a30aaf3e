"""Comparison of answers: word differences, lexical variety, and similarity."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations

#: Each CJK character is a word of its own, even directly after a Latin letter.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
#: Pieces for the difference: words, runs of spaces, and single punctuation marks.
_PIECES = re.compile(rf"[{_CJK}]|\s+|[^\W{_CJK}]+|[^\w\s]")
_WORDS = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+(?:['’][^\W{_CJK}]+)*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
#: Most pieces of both texts together, without their common ends, that are compared by words;
#: above it lines are compared. The matcher's time is quadratic (two texts of 2,000 words take
#: about 30 ms, of 4,000 about 120 ms).
MOST_PIECES = 6_000
#: Most characters of both texts together that are compared in parts; above it only as a whole.
MOST_CHARACTERS = 400_000
#: Most words of a text that count for its variety and similarity.
MOST_WORDS = 50_000
#: Most texts that are compared pair by pair.
MOST_PAIRED = 30


class TextChange(StrEnum):
    """Whether a piece of text is in both texts or only in one of them."""

    SAME = "same"
    #: Only in the first text.
    GONE = "gone"
    #: Only in the second text.
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the difference. The first text is all SAME and GONE pieces joined, the second
    all SAME and NEW pieces."""

    change: TextChange
    text: str


def difference(first: str, second: str) -> tuple[Piece, ...]:
    """Compare two texts word by word, or line by line if they are long.

    Uses Ratcliff and Obershelp's matching of blocks (Python's difflib) on the parts between the
    common beginning and the common end.
    """
    if first == second:
        return (Piece(TextChange.SAME, first),) if first else ()
    if len(first) + len(second) > MOST_CHARACTERS:
        return _joined([Piece(TextChange.GONE, first), Piece(TextChange.NEW, second)])
    pieces = _pieces_between(_PIECES.findall(first), _PIECES.findall(second))
    if pieces is None:
        pieces = _pieces_between(_LINES.findall(first), _LINES.findall(second))
    if pieces is None:
        pieces = [Piece(TextChange.GONE, first), Piece(TextChange.NEW, second)]
    return _joined(pieces)


def share_changed(pieces: Sequence[Piece]) -> float:
    """Return the share of the words of both texts that are in only one of them, 0 to 1."""
    counts = dict.fromkeys(TextChange, 0)
    for piece in pieces:
        counts[piece.change] += len(words_of(piece.text)) or bool(piece.text.strip())
    changed = counts[TextChange.GONE] + counts[TextChange.NEW]
    total = changed + 2 * counts[TextChange.SAME]
    return changed / total if total else 0.0


def _pieces_between(first: list[str], second: list[str]) -> list[Piece] | None:
    """Compare two lists of words or lines; None if more than MOST_PIECES are left to compare."""
    prefix = 0
    while prefix < min(len(first), len(second)) and first[prefix] == second[prefix]:
        prefix += 1
    left = min(len(first), len(second)) - prefix
    suffix = 0
    while suffix < left and first[-1 - suffix] == second[-1 - suffix]:
        suffix += 1
    old = first[prefix : len(first) - suffix]
    new = second[prefix : len(second) - suffix]
    if len(old) + len(new) > MOST_PIECES:
        return None
    pieces = [Piece(TextChange.SAME, "".join(first[:prefix]))]
    # autojunk: frequent pieces (spaces, "the") begin no block. Without it the time is cubic.
    matcher = SequenceMatcher(None, old, new, autojunk=True)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(TextChange.SAME, "".join(old[i1:i2])))
        else:
            pieces.append(Piece(TextChange.GONE, "".join(old[i1:i2])))
            pieces.append(Piece(TextChange.NEW, "".join(new[j1:j2])))
    pieces.append(Piece(TextChange.SAME, "".join(first[len(first) - suffix :])))
    return pieces


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
    """Return the words of a text, case folded, at most MOST_WORDS."""
    words: list[str] = []
    for match in _WORDS.finditer(text):
        words.append(match[0].casefold())
        if len(words) == MOST_WORDS:
            break
    return words


def distinct_ratio(words: Sequence[str], length: int) -> float | None:
    """Return the share of distinct sequences of `length` words, 0 to 1; None if there are none.

    distinct-1 and distinct-2 of Li et al., "A Diversity-Promoting Objective Function for Neural
    Conversation Models" (NAACL 2016). The ratio falls as texts grow, so only texts of similar
    length can be compared.
    """
    count = len(words) - length + 1
    return len(_sequences(words, length)) / count if count > 0 else None


def self_similarity(texts: Sequence[str], length: int = 2) -> float | None:
    """Return the similarity of texts, 0 (no words in common) to 1 (the same words).

    None for fewer than two texts. The similarity is the mean, over all pairs, of the Jaccard
    index |A ∩ B| ÷ |A ∪ B| of their sets of sequences of `length` words (Jaccard 1901; on word
    sequences, "shingles", Broder 1997). Two texts without words have 1 if equal, else 0. Only the
    first MOST_PAIRED texts count.
    """
    sets = [(_sequences(words_of(text), length), text) for text in texts[:MOST_PAIRED]]
    if len(sets) < 2:
        return None
    indices = [_jaccard(first, second) for first, second in combinations(sets, 2)]
    return sum(indices) / len(indices)


_Sequences = frozenset[tuple[str, ...]]


def _sequences(words: Sequence[str], length: int) -> _Sequences:
    if 0 < len(words) < length:
        return frozenset({tuple(words)})
    return frozenset(zip(*(words[start:] for start in range(length)), strict=False))


def _jaccard(first: tuple[_Sequences, str], second: tuple[_Sequences, str]) -> float:
    (first_set, first_text), (second_set, second_text) = first, second
    if not first_set and not second_set:
        return 1.0 if first_text == second_text else 0.0
    return len(first_set & second_set) / len(first_set | second_set)
