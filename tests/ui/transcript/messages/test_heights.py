"""Running sums of heights."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.messages.heights import Heights

HEIGHTS = st.lists(st.integers(0, 500), min_size=1, max_size=60)


@given(HEIGHTS, st.data())
def test_sums_are_those_of_the_list(heights: list[int], data: st.DataObject) -> None:
    column = Heights(heights)
    for _change in range(5):
        index = data.draw(st.integers(0, len(heights) - 1))
        heights[index] = data.draw(st.integers(0, 500))
        column[index] = heights[index]
    column.append(7)
    heights.append(7)
    assert [column.above(n) for n in range(len(heights) + 1)] == [
        sum(heights[:n]) for n in range(len(heights) + 1)
    ]
    assert column.total() == sum(heights)


@given(HEIGHTS, st.integers(-10, 40_000))
def test_what_is_found_at_a_place_covers_it(heights: list[int], place: int) -> None:
    column = Heights(heights)
    index = column.at(place)
    if 0 <= place < column.total():
        assert column.above(index) <= place < column.above(index) + heights[index]
    assert 0 <= index < len(heights)


def test_an_empty_column_has_nothing_at_any_place() -> None:
    assert Heights().at(5) == -1
