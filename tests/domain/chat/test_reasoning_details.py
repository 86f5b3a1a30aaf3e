"""Reasoning in its provider's own form comes back as it was, however the stream was cut."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.reasoning_details import DetailsBuilder, details_of


def built(*pieces: dict[str, Any], earlier: str = "") -> list[dict[str, Any]]:
    builder = DetailsBuilder(earlier)
    for piece in pieces:
        builder.add(piece)
    return details_of(builder.written())


def test_pieces_of_one_type_and_index_are_one_entry_with_the_last_signature() -> None:
    made = built(
        {"type": "reasoning.text", "text": "Let ", "signature": None, "index": 0, "id": "r"},
        {"type": "reasoning.text", "text": "me", "index": 0},
        {"type": "reasoning.text", "text": "", "signature": "last", "index": 0},
        {"type": "reasoning.summary", "summary": "a", "index": 1},
        {"type": "reasoning.summary", "summary": "b", "index": 1},
    )
    assert made == [
        {"type": "reasoning.text", "text": "Let me", "signature": "last", "index": 0, "id": "r"},
        {"type": "reasoning.summary", "summary": "ab", "index": 1},
    ]


def test_what_is_encrypted_is_never_joined() -> None:
    piece = {"type": "reasoning.encrypted", "data": "x", "index": 0}
    assert built(piece, piece) == [piece, piece]


def test_what_is_not_a_piece_of_the_last_one_begins_another() -> None:
    first = {"type": "reasoning.text", "text": "a", "index": 0}
    second = {"type": "reasoning.text", "text": "b", "index": 1}
    assert built(first, second, first) == [first, second, first]


def test_nothing_is_no_list_and_half_a_pair_is_mended() -> None:
    assert DetailsBuilder().written() == ""
    assert built({"type": "t", "text": "\ud83d"}) == [{"type": "t", "text": "\ufffd"}]


def test_an_answer_that_goes_on_keeps_what_it_thought_before() -> None:
    earlier = json.dumps([{"type": "reasoning.text", "text": "a", "index": 0}])
    assert len(built({"type": "reasoning.text", "text": "b", "index": 3}, earlier=earlier)) == 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=20))
def test_the_text_is_all_that_came(texts: list[str]) -> None:
    pieces = [{"type": "reasoning.text", "text": text, "index": 0} for text in texts]
    assert built(*pieces) == [{"type": "reasoning.text", "text": "".join(texts), "index": 0}]
