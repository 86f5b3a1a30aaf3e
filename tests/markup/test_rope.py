"""Stretches of growing text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.markup.rope import Rope, RopeSlice

PIECES = st.lists(st.text("ab", max_size=4), max_size=6)


@given(PIECES, st.integers(0, 24), st.integers(0, 24))
def test_a_rope_is_its_pieces_joined(pieces: list[str], start: int, end: int) -> None:
    rope, text = Rope(), "".join(pieces)
    for piece in pieces:
        rope.append(piece)
    start, end = min(start, len(text)), min(end, len(text))
    assert rope.text(start, end) == text[start:end]
    assert len(rope) == len(text)


def test_a_stretch_does_not_grow_with_its_rope() -> None:
    rope = Rope("abc")
    stretch = RopeSlice(rope, 1, 3)
    rope.append("def")
    assert str(stretch) == "bc"
    assert len(stretch) == 2


def test_equal_texts_are_equal_stretches() -> None:
    rope = Rope("ab")
    assert RopeSlice(rope, 0, 1, "b") == RopeSlice.of("ab")
    assert hash(RopeSlice(rope, 0, 2)) == hash(RopeSlice.of("ab"))
    assert RopeSlice.of("ab") != RopeSlice.of("ac")
    assert RopeSlice.of("ab") != "ab"


def test_what_follows_an_offset_is_read_alone() -> None:
    stretch = RopeSlice(Rope("xabc"), 1, 4, "de")
    assert [stretch.since(offset) for offset in range(6)] == ["abcde", "bcde", "cde", "de", "e", ""]
