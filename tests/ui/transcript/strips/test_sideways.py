"""What is too wide for the column moves by itself, and the conversation stays."""

import itertools

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.strips.code import CodeHead, CodeStrip
from app.ui.transcript.strips.sideways import SidewaysScroll
from app.ui.transcript.strips.sideways_bar import SidewaysBar
from app.ui.transcript.strips.table import RowStrip
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import around

CODE = "```python\n" + "x = " + " + ".join(f"value_{n}" for n in range(60)) + "\ny = 1\n```\n"
TABLE = (
    "|"
    + "|".join(f" column number {n} " for n in range(12))
    + "|\n"
    + "|---" * 12
    + "|\n"
    + "|"
    + "|".join(f" some longer text {n} " for n in range(12))
    + "|\n"
)


def show(view: TranscriptView, text: str) -> None:
    view.show_path([Message("m", None, Role.ASSISTANT, text, 0.0)], around)


def place_of(view: TranscriptView, kind: type) -> QPoint:
    """A point on the first strip of a kind, in the viewport."""
    stack = view.items()[0].stack
    number = next(n for n, one in enumerate(stack.strips) if isinstance(one, kind))
    corner = view.rectangle_of(0).topLeft()
    return corner + QPoint(100, stack.top_of(number) + 6)


def turn_wheel(view: TranscriptView, at: QPoint, across: int, modifiers: bool = False) -> None:
    delta = QPoint(0, across) if modifiers else QPoint(across, 0)
    held = Qt.KeyboardModifier.ShiftModifier if modifiers else Qt.KeyboardModifier.NoModifier
    to = QPointF(view.viewport().mapToGlobal(at))
    event = QWheelEvent(
        QPointF(at),
        to,
        QPoint(),
        delta,
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def click_word(view: TranscriptView, href: str) -> None:
    stack = view.items()[0].stack
    number = next(n for n, one in enumerate(stack.strips) if isinstance(one, CodeHead))
    head = stack.strips[number]
    assert isinstance(head, CodeHead)
    box = next(box for word, _words, box in head._boxes() if word == href)
    corner = view.rectangle_of(0).topLeft()
    at = corner + QPoint(round(box.center().x()), stack.top_of(number) + round(box.center().y()))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_wide_table_keeps_readable_columns_and_moves_under_the_wheel(
    view: TranscriptView,
) -> None:
    show(view, TABLE)
    row = next(one for one in view.items()[0].stack.strips if isinstance(one, RowStrip))
    edges = row._columns.edges(row._width)
    assert edges[-1] > view._column.width
    assert min(right - left for left, right in itertools.pairwise(edges)) >= 100
    sideways = row._columns.sideways
    before = view.verticalScrollBar().value()
    turn_wheel(view, place_of(view, RowStrip), -240)
    assert sideways.offset == 120
    turn_wheel(view, place_of(view, RowStrip), -240, modifiers=True)
    assert sideways.offset == 240
    turn_wheel(view, place_of(view, RowStrip), 2400)
    assert sideways.offset == 0
    assert view.verticalScrollBar().value() == before


def test_what_is_clicked_in_a_moved_table_is_what_is_seen(view: TranscriptView) -> None:
    show(view, TABLE)
    point = place_of(view, RowStrip) + QPoint(0, 12)
    first = view.place_at(point).position
    turn_wheel(view, point, -800)
    second = view.place_at(point).position
    assert first is not None
    assert second is not None
    assert second.offset > first.offset + 20


def test_a_narrow_table_fits_and_has_no_bar(view: TranscriptView) -> None:
    show(view, "| a | b |\n|---|---|\n| 1 | " + "words " * 60 + "|\n")
    bar = next(one for one in view.items()[0].stack.strips if isinstance(one, SidewaysBar))
    assert not bar.is_needed
    turn_wheel(view, place_of(view, RowStrip), -240)


def test_code_scrolls_until_it_is_told_to_wrap(view: TranscriptView) -> None:
    show(view, CODE)
    unwrapped = view._column.height_of(0)
    strip = next(one for one in view.items()[0].stack.strips if isinstance(one, CodeStrip))
    assert strip.sideways is not None
    turn_wheel(view, place_of(view, CodeStrip), -400)
    assert strip.sideways.offset == 200
    # The bar is dragged to the end.
    at = place_of(view, SidewaysBar)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    end = QPoint(view.viewport().width() - 2, at.y())
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert strip.sideways.offset != 200
    click_word(view, CodeHead.WRAP)
    assert view._column.height_of(0) > unwrapped
    assert view.items()[0].text().startswith("x = value_0")


def test_short_code_offers_no_wrapping(view: TranscriptView) -> None:
    show(view, "```\nx = 1\n```\n")
    head = next(one for one in view.items()[0].stack.strips if isinstance(one, CodeHead))
    assert [word for word, _words, _box in head._boxes()] == [CodeHead.COPY]


def test_it_moves_no_further_than_its_ends() -> None:
    sideways = SidewaysScroll()
    sideways.hold(1_000, 400)
    sideways.hold(700, 400)
    assert sideways.furthest == 600
    assert sideways.move(10_000)
    assert sideways.offset == 600
    assert not sideways.move(1)
    # In a wider column less has to be moved.
    sideways.hold(1_000, 800)
    assert sideways.offset == 200
