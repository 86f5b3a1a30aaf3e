"""llama.cpp gives a character of several tokens one entry, with the facts of the last token."""

import math

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_table import TokenTable, Word
from app.domain.tokens.unlisted_tokens import Unlisted, answer_bytes, unlisted_tokens

FOX = "🦊".encode()


def entry(text: str, id_: int, *others: tuple[bytes, int]) -> TokenProbabilities:
    """An entry as the embedded engine sent it; `others` are its alternatives."""
    return TokenProbabilities(
        Candidate(text, -0.1, text.encode(), id_),
        tuple(
            Candidate(raw.decode(errors="replace"), math.log(0.9 / 2**n), raw, other)
            for n, (raw, other) in enumerate(others)
        ),
    )


def joined() -> TokenTable:
    """“a 🦊” where the fox is of three tokens, of which the entry has the last."""
    return TokenTable.of([entry("a", 1, (b"a", 1)), entry(" 🦊", 228, (b"\x8a", 228))])


def test_the_bytes_of_tokens_without_an_entry_are_known() -> None:
    assert unlisted_tokens(joined()) == {1: Unlisted(b" \xf0\x9f\xa6")}


def test_the_tokenizer_gives_their_ids() -> None:
    pieces = [Word("a", b"a", 1), Word("", b" \xf0\x9f", 15), Word("", b"\xa6", 116)]
    spelled = [*pieces, Word("", b"\x8a", 228)]
    found = unlisted_tokens(joined(), spelled)[1]
    assert found.ids == (15, 116)
    assert (found.least, found.most) == (2, 2)
    # SentencePiece puts a space before a text.
    spaced = [Word(" a", b" a", 1), *spelled[1:]]
    assert unlisted_tokens(joined(), spaced)[1].ids == (15, 116)


def test_a_tokenizer_that_does_not_fit_is_not_believed() -> None:
    assert unlisted_tokens(joined(), [Word("b", b"b", 1)])[1].ids is None
    other = [Word("a", b"a", 1), Word("", b" \xf0\x9f\xa6", 5), Word("", b"\x8a", 9)]
    assert unlisted_tokens(joined(), other)[1].ids is None


def test_a_token_whose_own_bytes_nobody_gave_may_be_the_last_of_several() -> None:
    table = TokenTable.of([entry("é", 300, (b"e", 5)), entry("x", 6, (b"y", 7))])
    assert unlisted_tokens(table) == {0: Unlisted(b"\xc3", certain=False)}
    assert unlisted_tokens(table)[0].least == 0
    spelled = [Word("é", "é".encode(), 300), Word("x", b"x", 6)]
    assert unlisted_tokens(table, spelled)[0].ids == ()


def test_text_that_was_held_back_for_a_stop_sequence_has_its_entries() -> None:
    held = [entry("", 1, (b"#", 1)), entry("##x", 3, (b"x", 3))]
    held.insert(1, entry("", 2, (b"#", 2)))
    table = TokenTable.of(held)
    assert unlisted_tokens(table) == {}
    assert answer_bytes(table) == b"##x"


def test_tokens_of_other_servers_all_have_an_entry() -> None:
    parts = [Candidate("\ufffd", -0.1, FOX[:2]), Candidate("\ufffd", -0.1, FOX[2:])]
    assert unlisted_tokens(TokenTable.of(TokenProbabilities(one, ()) for one in parts)) == {}
