"""The strip chart: its figures, its slider, its reading."""

import math

import numpy
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.lab.what_if.strip_chart import BOTTOM, RIGHT, StripChart
from app.ui.lab.what_if.strip_image import Flags, columns, image, marked
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep


def none(count: int) -> Flags:
    """That so many tokens are not cut."""
    return numpy.zeros(count, bool)


@pytest.fixture
def strip(qtbot: QtBot, theme: Theme) -> StripChart:
    strip = StripChart(theme)
    keep(qtbot, strip)
    strip.resize(strip.axis_width + 200 + RIGHT, strip.height())
    strip.show()
    before = numpy.full(100, 8.0, numpy.float32)
    strip.show_answer(before, numpy.full(100, 4.0, numpy.float32), none(100))
    return strip


def test_each_column_has_the_least_and_the_most_of_its_tokens() -> None:
    figures = numpy.array([1, 100, 10, 10] * 50, numpy.float32)
    found = columns(figures, 50, 100.0)
    assert numpy.allclose(found.low, 0)
    assert numpy.allclose(found.high, 1)
    assert numpy.allclose(found.mean, 0.5)


def test_no_token_is_lost_in_a_column() -> None:
    for place in (0, 7, 4321, 99_999):
        figures = numpy.ones(100_000, numpy.float32)
        figures[place] = 50
        assert columns(figures, 240, 50.0).high.max() == pytest.approx(1)


def test_few_tokens_take_several_columns_each() -> None:
    found = columns(numpy.array([1, 10], numpy.float32), 10, 10.0)
    assert numpy.allclose(found.high, [0] * 5 + [1] * 5)
    assert numpy.allclose(found.low, 0)


def test_of_what_is_cut_each_column_is_marked() -> None:
    flags = none(100_000)
    assert not marked(flags, 240).any()
    flags[[0, 50_000, 50_001, 99_999]] = True
    # A mark is two columns wide to be seen, as far as there is room.
    assert list(numpy.flatnonzero(marked(flags, 240))) == [0, 1, 120, 121, 239]
    few = numpy.array([True, True, False, True], bool)
    assert list(numpy.flatnonzero(marked(few, 8))) == [0, 1, 2, 3, 6, 7]


def test_what_is_cut_is_marked_below_the_axis(strip: StripChart) -> None:
    cut = none(100)
    cut[50:52] = True
    figures = numpy.full(100, 4.0, numpy.float32)
    plain = strip.grab().toImage()
    strip.show_after(figures, cut)
    marked = strip.grab().toImage()
    changed = {
        (x, y)
        for x in range(marked.width())
        for y in range(marked.height())
        if marked.pixel(x, y) != plain.pixel(x, y)
    }
    assert {x for x, _y in changed} == set(range(strip.axis_width + 100, strip.axis_width + 104))
    assert min(y for _x, y in changed) > strip.height() - BOTTOM
    strip.show_place(51)
    assert strip.accessibleDescription() == "Token 52, dropped: ≈8.0 choices, ≈4.0 with parameters"


def test_what_is_beyond_the_axis_stands_at_its_end() -> None:
    found = columns(numpy.array([0.2, 1e9], numpy.float32), 2, 10.0)
    assert numpy.allclose(found.high, [0, 1])


def test_the_line_is_drawn_where_its_figure_is() -> None:
    found = columns(numpy.full(8, 10.0, numpy.float32), 8, 100.0)
    picture = image(found, 61, 1.0, QColor(0, 0, 255), QColor(255, 0, 0))
    inks = [picture.pixelColor(4, y) for y in range(61)]
    assert inks[30].red() > 200
    assert inks[10].alpha() == 0
    assert inks[50].blue() == 255


def test_a_place_is_drawn_where_a_click_finds_it(strip: StripChart) -> None:
    for place in (0, 1, 42, 99):
        assert strip.place_at(strip.x_of(place)) == place
    assert strip.place_at(-50) == 0
    assert strip.place_at(10_000) == 99


def test_a_click_wants_the_token_there(qtbot: QtBot, strip: StripChart) -> None:
    with qtbot.waitSignal(strip.place_wanted, timeout=1000) as wanted:
        spot = QPoint(round(strip.x_of(42)), 30)
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert wanted.args == [42]


def test_arrows_go_from_token_to_token(qtbot: QtBot, strip: StripChart) -> None:
    strip.show_place(10)
    with qtbot.waitSignal(strip.place_wanted, timeout=1000) as wanted:
        QTest.keyClick(strip, Qt.Key.Key_Right)
    assert wanted.args == [11]


def test_a_place_that_is_shown_is_not_told_as_chosen(qtbot: QtBot, strip: StripChart) -> None:
    with qtbot.assertNotEmitted(strip.place_wanted):
        strip.show_place(20)
        strip.show_answer(numpy.ones(5, numpy.float32), numpy.ones(5, numpy.float32), none(5))
    assert strip.value() <= 4


def test_the_figures_are_read_in_words(strip: StripChart) -> None:
    strip.show_place(6)
    assert strip.accessibleDescription() == "Token 7: ≈8.0 choices, ≈4.0 with parameters"


def test_nonsense_is_drawn_as_something(strip: StripChart) -> None:
    odd = numpy.array([math.nan, math.inf, -math.inf, 0, -5], numpy.float32)
    strip.show_answer(odd, odd, none(5))
    assert not strip.grab().isNull()
    strip.show_answer(numpy.zeros(0, numpy.float32), numpy.zeros(0, numpy.float32), none(0))
    assert not strip.grab().isNull()


def test_the_axis_reaches_as_far_as_heat_does(strip: StripChart) -> None:
    before = numpy.full(100, 8.0, numpy.float32)
    strip.show_after(before * numpy.float32(500), none(100))
    strip.show_place(3)
    assert strip.accessibleDescription() == "Token 4: ≈8.0 choices, ≈4,000 with parameters"
    cool = strip.grab().toImage()
    strip.show_after(before, none(100))
    assert strip.grab().toImage() != cool
