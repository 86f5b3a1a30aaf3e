"""Our versions of Qt's menu, with round corners and keys at the right edge, and of a push button
that opens one."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QPushButton, QStyleOptionMenuItem, QWidget

from app.ui.theme.icons import paint_glyph

#: Radius of the corners, and space right of the keys, in pixels; the style sheet has both as well.
RADIUS = 8
RIGHT = 12
#: Side of a button's chevron, and its distance from the button's right edge, in pixels.
CHEVRON, BESIDE = 12, 8


class Menu(QMenu):
    """Menu whose entries may have a key, in words, behind a tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("menu")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        hint = Qt.WindowType
        self.setWindowFlags(
            self.windowFlags() | hint.FramelessWindowHint | hint.NoDropShadowWindowHint
        )

    def initStyleOption(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionMenuItem, action: QAction
    ) -> None:
        """Take the key out of the words that Qt draws, at the left of the column of keys. Their
        place stays, as it comes from the action."""
        super().initStyleOption(option, action)
        option.text = option.text.partition("\t")[0]

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, palette = QPainter(self), self.palette()
        group, role = QPalette.ColorGroup, QPalette.ColorRole
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for action in self.actions():
            key, place = action.text().partition("\t")[2], self.actionGeometry(action)
            if not key or not place.intersects(event.rect()):
                continue
            painter.setPen(
                palette.color(role.PlaceholderText)
                if action.isEnabled()
                else palette.color(group.Disabled, role.Text)
            )
            painter.drawText(place.adjusted(0, 0, -RIGHT, 0), side, key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the corners off, which would be black where no compositor mixes windows."""
        super().resizeEvent(event)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))


class MenuButton(QPushButton):
    """Push button that opens a menu, with the same chevron as a combo box. The style sheet takes
    Qt's own arrow away, and keeps its place free."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        group = self.palette().currentColorGroup()
        colour = self.palette().color(group, QPalette.ColorRole.PlaceholderText)
        place = QRectF(self.width() - BESIDE - CHEVRON, 0, CHEVRON, self.height())
        paint_glyph(QPainter(self), "down", place, colour)
