"""Icons from QtAwesome's Phosphor font, drawn as paths in the palette's colours.

The font file is read directly and each glyph only once. Importing QtAwesome takes 170 ms and
loading its fonts 45 ms, which is longer than the whole first frame.
"""

import importlib.util
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPalette,
    QPixmap,
    QRawFont,
    QTransform,
)
from PySide6.QtWidgets import QApplication

#: Side of an icon, in pixels.
SIZE = 18
#: Font size in which outlines are read, and so the side of their square.
_EM = 64.0

#: Our name of each icon and its code point in the font. An icon has one meaning in the whole
#: program, and a meaning one icon.
_GLYPHS = {
    "new_chat": 0xF22E,
    "settings": 0xF19B,
    "sidebar": 0xF1FA,
    "sliders": 0xF2D0,
    "send": 0xF061,
    "stop": 0xFA62,
    "delete": 0xF334,
    "rename": 0xF266,
    "copy": 0xF114,
    "again": 0xF020,
    "down": 0xF0C2,
    "right": 0xF0C4,
    "left": 0xF0C3,
    "up": 0xF0C5,
    "warning": 0xF35C,
    "close": 0xF36D,
    "more": 0xF145,
    "key": 0xF1E4,
    "info": 0xF1E0,
    "history": 0xF0FC,
    "reset": 0xF021,
    "to_end": 0xF022,
    "check": 0xF0E7,
    "folder": 0xF18C,
    "star": 0xF2F3,
    "star_full": 0xFA5D,
    "pasted": 0xF170,
    "add": 0xF27F,
}


@cache
def glyph(name: str) -> QPainterPath:
    """Return the outline of an icon in a square of 64 × 64 units; empty if the font file is
    missing. `name` is a key of _GLYPHS, else KeyError is raised."""
    font = _font()
    if font is None:
        return QPainterPath()
    index = font.glyphIndexesForString(chr(_GLYPHS[name]))[0]
    return font.pathForGlyph(index).translated(0, _EM)


@cache
def _font() -> QRawFont | None:
    package = importlib.util.find_spec("qtawesome")
    if package is None or package.origin is None:
        return None
    files = sorted((Path(package.origin).parent / "fonts").glob("phosphor*.ttf"))
    return QRawFont(str(files[-1]), _EM) if files else None


def paint_glyph(painter: QPainter, name: str, place: QRectF, colour: QColor) -> None:
    """Draw an icon centred in `place`, as large as fits, sharp at any scale of the screen."""
    side = min(place.width(), place.height())
    scale = QTransform.fromTranslate(
        place.center().x() - side / 2, place.center().y() - side / 2
    ).scale(side / _EM, side / _EM)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(scale.map(glyph(name)), colour)
    painter.restore()


class _GlyphEngine(QIconEngine):
    """Icon engine that draws a glyph at any size in the palette's current colour, so that icons
    follow a change of theme."""

    def __init__(self, name: str, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        group = (
            QPalette.ColorGroup.Disabled
            if mode is QIcon.Mode.Disabled
            else QPalette.ColorGroup.Active
        )
        colour = QApplication.palette().color(group, self._role)
        paint_glyph(painter, self._name, QRectF(rect), colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._role)


def icon(name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """Return an icon by its name in _GLYPHS, in the palette colour `role`."""
    return QIcon(_GlyphEngine(name, role))
