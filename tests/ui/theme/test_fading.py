"""Lines of mixed scripts stand in the order in which they are read."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, qGray
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.conversation.header_buttons import TitleButton
from app.ui.conversation.rename_field import RenameField
from app.ui.theme.fading import paint_fading
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

MIXED = "اكتب لي a poem in English, في الوسط."


class Line(QWidget):
    """A widget with one fading line, as a row of the sidebar has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def paintEvent(self, _event: object) -> None:
        paint_fading(QPainter(self), self.rect(), self._text)


def title(theme: Theme, text: str) -> QWidget:
    button = TitleButton(theme)
    button.show_title(text, can_rename=True)
    return button


def rename_field(_theme: Theme, text: str) -> QWidget:
    field = RenameField(text)
    field.deselect()
    field.setReadOnly(True)
    return field


def line(_theme: Theme, text: str) -> QWidget:
    return Line(text)


def height_of_ink(picture: QImage, *, at_left: bool) -> int:
    """Return the height in pixels of the outermost letter or mark at a side of a picture."""
    middle = range(4, picture.height() - 4)
    ground = picture.pixel(10 if at_left else picture.width() - 10, 6)
    across = range(10, picture.width() - 10)
    for x in across if at_left else reversed(across):
        if any(qGray(picture.pixel(x, y)) < qGray(ground) - 60 for y in middle):
            step = 1 if at_left else -1
            inked = [
                y
                for y in middle
                if any(qGray(picture.pixel(x + step * n, y)) < qGray(ground) - 60 for n in range(3))
            ]
            return inked[-1] - inked[0] + 1
    return 0


@pytest.mark.parametrize("width", [420, 160], ids=["whole", "cut"])
@pytest.mark.parametrize("made", [line, title, rename_field])
def test_a_line_that_begins_with_arabic_ends_with_its_full_stop_at_the_left(
    qtbot: QtBot, theme: Theme, made: Callable[[Theme, str], QWidget], width: int
) -> None:
    widget = made(theme, MIXED)
    keep(qtbot, widget)
    widget.resize(width, 32)
    if isinstance(widget, RenameField):
        widget.home(False)
    picture = widget.grab().toImage()
    # At the right stands the alef of the first word.
    assert height_of_ink(picture, at_left=False) > 4
    if width == 420:
        assert 0 < height_of_ink(picture, at_left=True) <= 4


@pytest.mark.parametrize(
    "text", ["请用三句话解释量子纠缠，然后用表格比较两种看法。", MIXED * 2, "Words " * 9]
)
def test_the_part_before_the_fade_is_drawn_like_a_whole_line(qtbot: QtBot, text: str) -> None:
    cut, whole = Line(text), Line(text)
    rtl = text[0] == MIXED[0]
    for widget, width in ((cut, 160), (whole, 900)):
        keep(qtbot, widget)
        widget.resize(width, 32)
    start = QRect(160 - 130, 0, 130, 32) if rtl else QRect(0, 0, 130, 32)
    seen = cut.grab().toImage().copy(start)
    assert seen == whole.grab().toImage().copy(start.translated(740 if rtl else 0, 0))
