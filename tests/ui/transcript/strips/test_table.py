"""Tables wrap their cells between words, and scroll only where words don't fit."""

from itertools import pairwise

import pytest

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.strips.sideways_bar import SidewaysBar
from app.ui.transcript.strips.table import RowStrip
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import around

TEXTS = (
    "| Kind | What it needs in a dry summer | Height | Remarks |\n|---|---|--:|---|\n"
    "| Hornbeam | Water twice a week in the first years, then when leaves curl | 4.5 m | Brown |\n"
    "| Ligustrum | Once a week | 3 m | Grows back from anything, however deep it was cut |\n"
)
WORDS = "| " + " | ".join(f"Column{n:02}" for n in range(16)) + " |\n" + "|---" * 16 + "|\n"


def rows(view: TranscriptView, text: str) -> list[RowStrip]:
    view.show_path([Message("m", None, Role.ASSISTANT, text, 0.0)], around)
    return [one for one in view.items()[0].stack.strips if isinstance(one, RowStrip)]


def bar(view: TranscriptView) -> SidewaysBar:
    return next(one for one in view.items()[0].stack.strips if isinstance(one, SidewaysBar))


@pytest.mark.parametrize("width", [480, 700, 1_000])
def test_text_cells_wrap_before_a_table_scrolls(view: TranscriptView, width: int) -> None:
    view.resize(width, 500)
    table = rows(view, TEXTS)
    edges = table[0]._columns.edges(table[0]._width)
    assert edges[-1] <= view._column.width
    assert not bar(view).is_needed


@pytest.mark.parametrize("width", [480, 700, 1_000])
@pytest.mark.parametrize("text", [TEXTS, WORDS + "| wordless |\n"])
def test_no_word_is_broken_in_a_cell(view: TranscriptView, width: int, text: str) -> None:
    view.resize(width, 500)
    for row in rows(view, text):
        edges = row._columns.edges(row._width)
        for cell, (left, right) in zip(row._cells, pairwise(edges), strict=True):
            for start in cell.line_starts()[1:]:
                assert cell.text[start - 1] == " ", (cell.text, right - left)


def test_columns_get_room_in_proportion_to_what_they_lack(view: TranscriptView) -> None:
    first, *_rest = rows(view, TEXTS)
    edges = first._columns.edges(first._width)
    kind, needs, height, remarks = (right - left for left, right in pairwise(edges))
    assert needs > remarks > height
    assert needs > kind


def test_what_is_cut_at_the_edge_fades(view: TranscriptView) -> None:
    view.resize(480, 500)
    first, *_rest = rows(view, WORDS)
    assert bar(view).is_needed
    corner = view.rectangle_of(0).topLeft()
    stack = view.items()[0].stack
    y = corner.y() + stack.top_of(stack.strips.index(first))
    image = view.viewport().grab().toImage()
    right = corner.x() + view._column.width - 1
    ground = image.pixelColor(corner.x() + 2, y + 2).lightness()

    def darkest(left: int, width: int) -> int:
        """How much the darkest pixel differs from the background."""
        return max(
            abs(image.pixelColor(x, down).lightness() - ground)
            for x in range(left, left + width)
            for down in range(y + 4, y + first.lay_out(view._column.width) - 4)
        )

    assert darkest(right - 3, 3) < 40
    assert darkest(corner.x() + 10, 60) > 120
