"""The text buffer: the whole text, and the text since an offset, for any cutting into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import text_buffer as gathering
from app.domain.chat.text_buffer import TextBuffer


@given(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=12), st.data())
def test_what_came_since_a_place_is_the_rest_of_the_whole(
    first: str, pieces: list[str], data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "RUN", data.draw(st.integers(1, 5)))
        _compare(first, pieces, data)


def test_very_many_pieces_are_kept_as_few() -> None:
    gathered = TextBuffer()
    for number in range(10_000):
        gathered.append(f"{number} ")
    assert len(gathered._pieces) < 2 * gathering.RUN
    assert gathered.since(0) == "".join(f"{number} " for number in range(10_000))


def _compare(first: str, pieces: list[str], data: st.DataObject) -> None:
    gathered = TextBuffer(first)
    whole = first
    for piece in pieces:
        gathered.append(piece)
        whole += piece
        offset = data.draw(st.integers(0, len(whole) + 2))
        assert gathered.since(offset) == whole[offset:]
        if data.draw(st.booleans()):
            assert str(gathered) == whole
        assert len(gathered) == len(whole)
    assert str(gathered) == whole
