"""Finds the positions of an answer's tokens in its text, for heat maps and branches.

Tokens are bytes, and a token may be a part of a character; positions are counted in characters.
Some tokens are not in the text (the token that ends an answer, a stop sequence), and some of the
text belongs to no listed token (an answer that was begun without probabilities).
"""

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass

from app.domain.tokens.token_table import TokenTable

#: A token that doesn't follow the one before it is searched for together with the next ones, until
#: they have this many bytes: a short text would be found anywhere.
ENOUGH = 12
AHEAD = 8
#: Nearby, two tokens or more with this many bytes are enough; `NEAR` is the distance in bytes.
FEW, NEAR = 6, 64
#: Most bytes that are searched in one answer; then tokens that are not found have no position.
PATIENCE = 64_000_000
#: SentencePiece's spelling of a space, GPT-2's of a space, a line feed and a tab, and the pattern
#: of SentencePiece's byte tokens: some servers send a token as its entry in the vocabulary.
_SPELLINGS = {"▁": " ", "Ġ": " ", "Ċ": "\n", "ĉ": "\t"}
_BYTE = re.compile(rb"<0x([0-9A-Fa-f]{2})>")


@dataclass(frozen=True, slots=True)
class Places:
    """The ranges of characters of an answer's tokens.

    Token n has the characters `start[n]` up to `end[n]` of the answer's text, or of its reasoning
    if the token belongs to that. The range is empty if the token was not found. Each token of a
    character of several tokens has the whole character.
    """

    start: "array[int]"
    end: "array[int]"
    #: The indices of the tokens with a range in the answer's text, ascending.
    answer: "array[int]"

    def at(self, offset: int) -> int | None:
        """Return the token of the character at an offset of the answer's text.

        If the character is made of several tokens, that is the last of them.
        """
        number = bisect_right(self.answer, offset, key=self.start.__getitem__) - 1
        if number < 0:
            return None
        token = self.answer[number]
        return token if offset < self.end[token] else None


def places_of(table: TokenTable, text: str, reasoning: str = "") -> Places:
    """Return the position of every token, in time proportional to the answer's length."""
    start, end = array("I", bytes(4 * len(table))), array("I", bytes(4 * len(table)))
    raws = [word.raw for word in table.words]
    for kind, whole in ((0, text), (1, reasoning)):
        tokens = [n for n, of_thoughts in enumerate(table.reasoning) if bool(of_thoughts) == kind]
        if tokens:
            found = _found([raws[table.chosen[n]] for n in tokens], whole.encode(errors="replace"))
            _put(tokens, found, whole, start, end)
    answer = array(
        "I", (n for n in range(len(table)) if not table.reasoning[n] and end[n] > start[n])
    )
    return Places(start, end, answer)


def _found(raws: list[bytes], data: bytes) -> list[tuple[int, int]]:
    """Return the range of bytes that each token makes; an empty range if it was not found."""
    found: list[tuple[int, int]] = []
    place, patience = 0, PATIENCE
    spelled = [_plain(raw) for raw in raws]
    for number, raw in enumerate(raws):
        form = raw if data.startswith(raw, place) else spelled[number]
        if data.startswith(form, place):
            found.append((place, place + len(form)))
            place += len(form)
            continue
        rest = data[place : place + len(form)]
        if form.startswith(rest) and place + len(rest) == len(data):
            # The end of it was cut off, as a stop sequence is.
            found.append((place, len(data)))
            place = len(data)
            continue
        bare = form.lstrip()
        if not place and bare and data.startswith(bare):
            found.append((0, len(bare)))
            place = len(bare)
            continue
        where = -1
        if patience > 0 and place < len(data) and form:
            where, searched = _search(spelled[number : number + AHEAD], data, place)
            patience -= searched
        place = max(place, where)
        found.append((place, place + len(form)) if where >= 0 else (place, place))
        place = found[-1][1]
    return found


def _search(forms: list[bytes], data: bytes, place: int) -> tuple[int, int]:
    """Return the offset at which some tokens go on after a gap, −1 if they were not found, and the
    number of bytes that were searched."""
    wanted = b""
    for count, form in enumerate(forms, 1):
        wanted += form
        if count > 1 and FEW <= len(wanted) < ENOUGH:
            where = data.find(wanted, place, place + NEAR)
            if where >= 0:
                return where, NEAR
        if len(wanted) >= ENOUGH:
            where = data.find(wanted, place)
            return where, (where if where >= 0 else len(data)) - place
    if len(forms) < AHEAD and wanted and data.endswith(wanted):
        # The answer's last tokens are its end.
        return max(place, len(data) - len(wanted)), len(wanted)
    return -1, 0


def _plain(raw: bytes) -> bytes:
    """Return the text of a token that is spelled as in the model's vocabulary."""
    if byte := _BYTE.fullmatch(raw):
        return bytes([int(byte[1], 16)])
    if raw.isascii():
        return raw
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return raw
    for spelling, plain in _SPELLINGS.items():
        text = text.replace(spelling, plain)
    return text.encode()


def _put(
    tokens: list[int],
    found: list[tuple[int, int]],
    whole: str,
    start: "array[int]",
    end: "array[int]",
) -> None:
    if whole.isascii():
        for token, (first, after) in zip(tokens, found, strict=True):
            start[token], end[token] = first, after
        return
    # How many characters begin before each byte.
    begun = array("I", [0])
    for count, character in enumerate(whole, 1):
        begun.extend((count,) * len(character.encode(errors="replace")))
    for token, (first, after) in zip(tokens, found, strict=True):
        # A token that begins in the middle of a character has that one, too.
        start[token] = begun[first + 1] - 1 if first < len(begun) - 1 else begun[first]
        end[token] = begun[after]
        if after == first:
            start[token] = end[token]
