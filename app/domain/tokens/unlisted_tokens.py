"""Tokens of an answer that have no entry of their own in its token table.

llama.cpp's server reports text in whole characters. A token that ends within a character has no
entry. The entry of the token that completes the character has the text and the bytes of all of
them, but the id, the log probability and the alternatives of this last token alone.
Text that may begin a stop sequence is held back, too; each of its tokens has an entry, with an
empty text (tools/server/server-context.cpp, process_token).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.tokens.token_table import TokenTable, Word


@dataclass(frozen=True, slots=True)
class Unlisted:
    """The tokens between an entry and the one before it.

    `raw` are the bytes of all of them, `ids` their ids in order, None if unknown. There is at
    least one, unless `certain` is False: then nobody knows whether there are any.
    """

    raw: bytes
    ids: tuple[int, ...] | None = None
    certain: bool = True

    @property
    def least(self) -> int:
        """The least number of tokens."""
        return len(self.ids) if self.ids is not None else int(self.certain)

    @property
    def most(self) -> int:
        """The greatest number of tokens."""
        return len(self.ids) if self.ids is not None else len(self.raw)


def unlisted_tokens(table: TokenTable, spelled: Sequence[Word] = ()) -> Mapping[int, Unlisted]:
    """Return the unlisted tokens before each entry that has or may have some.

    `spelled` are the tokens of the whole answer as the server's tokenizer cuts its bytes
    (`answer_bytes`), from which the ids are taken where they fit.
    """
    own = _own_bytes(table)
    found: dict[int, Unlisted] = {}
    pending = b""
    for number in range(len(table)):
        word = table.word(number)
        if word.id is None:
            continue
        raw, part = word.raw, own.get(word.id)
        if not raw:
            pending += part or b""
            continue
        if part is None and len(raw) > 1 and raw[-1] >= 0x80:
            found[number] = Unlisted(raw[:-1], certain=False)
        elif part and len(part) < len(raw) and raw.endswith(part):
            before = raw[: -len(part)].removeprefix(pending)
            if before:
                found[number] = Unlisted(before)
        pending = b""
    return _resolved(table, found, spelled) if spelled and found else found


def own_word(table: TokenTable, index: int) -> Word:
    """Return the token that an entry's log probability belongs to: the last one, if the entry has
    the text of several tokens."""
    word = table.word(index)
    if word.id is None:
        return word
    for other in table.words_of(index):
        if other.id == word.id and len(other.raw) < len(word.raw) and word.raw.endswith(other.raw):
            return other
    return word


def answer_bytes(table: TokenTable) -> bytes:
    """Return the bytes of an answer's tokens, reasoning included."""
    return b"".join(table.word(number).raw for number in range(len(table)))


def _own_bytes(table: TokenTable) -> Mapping[int, bytes]:
    """Return the bytes of the tokens with an id that occur among alternatives."""
    words = [table.words[number] for number in set(table.alternatives)]
    return {word.id: word.raw for word in words if word.id is not None}


def _resolved(
    table: TokenTable, found: Mapping[int, Unlisted], spelled: Sequence[Word]
) -> Mapping[int, Unlisted]:
    """Return the same with the ids that the tokenizer gives; as before where it does not fit."""
    pieces = [word.raw for word in spelled]
    data = answer_bytes(table)
    if b"".join(pieces) == b" " + data:
        # SentencePiece puts a space before a text.
        pieces[0] = pieces[0][1:]
    if b"".join(pieces) != data:
        return found
    ends: dict[int, int] = {}
    done = 0
    for place, piece in enumerate(pieces):
        done += len(piece)
        ends[done] = place
    resolved = dict(found)
    after = 0
    for number in range(len(table)):
        start, after = after, after + len(table.word(number).raw)
        before = found.get(number)
        last = ends.get(after)
        if before is None or last is None or spelled[last].id != table.word(number).id:
            continue
        # With text that was held back, its tokens come before the unlisted ones.
        begin = after - len(pieces[last]) - len(before.raw) if before.certain else start
        first = ends.get(begin, -1 if begin == 0 else None)
        if first is None:
            continue
        ids = tuple(word.id for word in spelled[first + 1 : last] if word.id is not None)
        if len(ids) == last - first - 1:
            resolved[number] = Unlisted(before.raw, ids)
    return resolved
