"""Row of buttons below a message: the arrows between its versions, and its primary actions."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from app.ui.theme.icons import SIZE, paint_glyph
from app.ui.transcript.actions import Button, is_of_versions
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.hover import Attention, HoverStrip
from app.ui.transcript.strips.strip import Hit

#: Space between a button's edge and its icon, in pixels.
_INSET = 5
#: Opacity of a button that can't be pressed, 0 to 1.
_FAINT = 0.45


class ButtonsStrip(HoverStrip):
    """Base class of the strips with buttons of a message."""

    def boxes(self) -> list[tuple[Button, QRectF]]:
        """Return the buttons with their rectangles, in the order of the keyboard, in pixels from
        the strip's top left corner."""
        raise TypeError("each kind of strip places its buttons")

    def hit(self, point: QPointF) -> Hit:
        for action, box in self.boxes():
            if box.contains(point) and action.enabled:
                return Hit(0, action.href)
        return Hit(0)

    def button_at(self, href: str) -> Button | None:
        """Return the button with this address."""
        return next((action for action, _box in self.boxes() if action.href == href), None)

    def box_of(self, href: str) -> QRectF | None:
        """Return the rectangle of the button with this address, in pixels from the strip's top left
        corner."""
        return next((box for action, box in self.boxes() if action.href == href), None)


class ActionsStrip(ButtonsStrip):
    """Buttons of a message. The arrows between versions are always painted, the other buttons only
    while the message is attended to; their place is kept."""

    #: Height of the row, and side of a button, in pixels at a text size of 100 %.
    HEIGHT = 32
    SIDE = SIZE + 2 * _INSET

    def __init__(self, look: Look, actions: Sequence[Button], *, right: bool) -> None:
        """`right` puts the row at the right edge of the strip."""
        self._look = look
        self.actions = tuple(actions)
        self._right = right
        self._width = 0
        self._metrics = QFontMetrics(look.small)
        self._side = max(self.SIDE, self._metrics.height())

    def lay_out(self, width: int) -> int:
        self._width = width
        return self._side + self.HEIGHT - self.SIDE

    def paint_for(self, painter: QPainter, place: QPointF, attention: Attention) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for action, box in self.boxes():
            if attention.active or is_of_versions(action):
                self._paint_button(painter, action, box.translated(place), attention)
        painter.restore()

    def painted_for(self, *, active: bool) -> list[tuple[str, QRectF]]:
        return [
            (f"button {action.name}", box)
            for action, box in self.boxes()
            if active or is_of_versions(action)
        ]

    def boxes(self) -> list[tuple[Button, QRectF]]:
        widths = [
            self._side if action.glyph else self._metrics.horizontalAdvance(action.name) + 8
            for action in self.actions
        ]
        # The icon of the outermost button, not its invisible edge, is in line with the text.
        x = float(self._width - sum(widths) + _INSET if self._right else -_INSET)
        boxes = []
        for action, width in zip(self.actions, widths, strict=True):
            boxes.append((action, QRectF(x, 2, width, self._side)))
            x += width
        return boxes

    def _paint_button(
        self, painter: QPainter, action: Button, box: QRectF, attention: Attention
    ) -> None:
        look = self._look
        if not action.glyph:
            painter.setFont(look.small)
            painter.setPen(look.muted)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, action.name)
            return
        hovered = action.enabled and action.href == attention.hovered
        if hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.colours.hover))
            painter.drawRoundedRect(box, 6, 6)
        if action.href == attention.focused:
            painter.setPen(QPen(look.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        painter.setOpacity(1 if action.enabled else _FAINT)
        inner = box.adjusted(_INSET, _INSET, -_INSET, -_INSET)
        paint_glyph(painter, action.glyph, inner, look.text if hovered else look.muted)
        painter.setOpacity(1)
