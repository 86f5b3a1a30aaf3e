"""Mouse input of the conversation: hovering, clicking, selecting, scrolling while selecting."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip

from app.ui.theme.words import tip
from app.ui.transcript.interaction.selecting import Position, Selecting, SelectionUnit
from app.ui.transcript.strips.action_buttons import ButtonsStrip
from app.ui.transcript.strips.head import HeadStrip
from app.ui.transcript.strips.sideways_bar import SidewaysBar
from app.ui.transcript.strips.strip import Strip

#: Time between two scroll steps while the mouse selects beyond an edge, in milliseconds.
SCROLL_MS = 30
_LEFT = Qt.MouseButton.LeftButton


@dataclass(frozen=True, slots=True)
class PointTarget:
    """Result of a hit test at a point of the viewport.

    `message` is the index of the message, −1 if there is none. `position` is the nearest position
    in its text, `href` the address of the link or button there, and `latex` the source of the
    formula. `across` is the distance from the column's left edge in pixels.
    """

    message: int
    position: Position | None
    href: str
    strip: Strip | None
    latex: str = ""
    across: float = 0.0


class MouseInput(QObject):
    """Turns mouse events into selections, and announces clicks and hovered links."""

    #: A link or button was clicked (PointTarget).
    clicked = Signal(object)
    #: The left button was pressed (PointTarget).
    pressed = Signal(object)
    #: Address of the link under the mouse, empty if there is none.
    link_hovered = Signal(str)

    def __init__(
        self,
        view: QAbstractScrollArea,
        place_at: Callable[[QPoint], PointTarget],
        selecting: Selecting,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._place_at = place_at
        self._selecting = selecting
        self._pressed_href = ""
        self._dragged: SidewaysBar | None = None
        self._double_click = QPoint()
        self._since_double = QTimer(self)
        self._since_double.setSingleShot(True)
        self._beyond = QTimer(self)
        self._beyond.setInterval(SCROLL_MS)
        self._beyond.timeout.connect(self._scroll_on)
        #: Returns, for a message's index, the text that its request's tooltip adds.
        self.about: Callable[[int], str] = _nothing
        #: Index of the message under the mouse, or −1.
        self.hovered = -1
        #: Address of the message's button under the mouse, or empty.
        self.button = ""

    def forget(self) -> None:
        """Forget what is under the mouse and end scrolling, because the mouse left or the messages
        changed."""
        self.hovered, self.button = -1, ""
        self._beyond.stop()

    def look_again(self) -> None:
        """Find what is under the mouse, which didn't move, because the messages changed."""
        viewport = self._view.viewport()
        if viewport.underMouse():
            self._point_at(self._place_at(viewport.mapFromGlobal(QCursor.pos())))

    def wheel(self, event: QWheelEvent) -> bool:
        """Scroll the table or code under the mouse sideways, if the wheel turns that way (or with
        Shift). Returns False if the event is for the view instead."""
        way = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not way.x():
            way = way.transposed()
        strip = self._place_at(event.position().toPoint()).strip
        if abs(way.x()) <= abs(way.y()) or strip is None or strip.sideways is None:
            return False
        if strip.sideways.move(-way.x()):
            self._view.viewport().update()
        event.accept()
        return True

    def press(self, event: QMouseEvent) -> None:
        """Handle a press of the left button: drag a block's horizontal scroll bar, or begin a
        selection, or with Shift extend the one there is."""
        if event.button() is not _LEFT:
            return
        point = event.position().toPoint()
        place = self._place_at(point)
        self.pressed.emit(place)
        if isinstance(place.strip, SidewaysBar) and place.strip.is_needed:
            self._dragged = place.strip
            self._drag(place)
            return
        self._pressed_href = place.href
        if place.position is None:
            return
        near = (point - self._double_click).manhattanLength() < QApplication.startDragDistance()
        if self._since_double.isActive() and near:
            self._selecting.begin(place.position, SelectionUnit.PARAGRAPH)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._selecting.extend(place.position)
        else:
            self._selecting.begin(place.position)

    def move(self, event: QMouseEvent) -> None:
        """Handle a move: extend the selection, or move the scroll bar, that is being dragged; and
        update `hovered`, the mouse cursor and the tooltip."""
        point = event.position().toPoint()
        place = self._place_at(point)
        if self._dragged is not None:
            self._drag(place)
            return
        if event.buttons() & _LEFT and place.position is not None:
            self._selecting.extend(place.position)
            inside = 0 <= point.y() < self._view.viewport().height()
            self._beyond.stop() if inside else self._beyond.start()
        self._point_at(place)
        self._show_cursor(place)

    def release(self, event: QMouseEvent) -> None:
        """Handle a release: end a drag; emit `clicked` if the left button was pressed and released
        on the same link or button, and no text is selected."""
        self._beyond.stop()
        if self._dragged is not None:
            self._dragged = None
            return
        place = self._place_at(event.position().toPoint())
        href, self._pressed_href = self._pressed_href, ""
        clicked = event.button() is _LEFT and href and href == place.href
        if clicked and not self._selecting.selection:
            self.clicked.emit(place)

    def double_click(self, event: QMouseEvent) -> None:
        """Handle a double click: select a word. A third click selects its paragraph."""
        point = event.position().toPoint()
        place = self._place_at(point)
        if event.button() is _LEFT and place.position is not None:
            self._selecting.begin(place.position, SelectionUnit.WORD)
            self._double_click = point
            self._since_double.start(QApplication.doubleClickInterval())

    def _point_at(self, place: PointTarget) -> None:
        button = place.href if isinstance(place.strip, ButtonsStrip) else ""
        if (place.message, button) != (self.hovered, self.button):
            self.hovered, self.button = place.message, button
            self._view.viewport().update()

    def _drag(self, place: PointTarget) -> None:
        if self._dragged is not None:
            self._dragged.drag(place.across)
            self._view.viewport().update()

    def _scroll_on(self) -> None:
        viewport, bar = self._view.viewport(), self._view.verticalScrollBar()
        point = viewport.mapFromGlobal(QCursor.pos())
        beyond = min(point.y(), 0) + max(point.y() - viewport.height(), 0)
        bar.setValue(bar.value() + beyond)
        place = self._place_at(QPoint(point.x(), max(0, min(point.y(), viewport.height() - 1))))
        if place.position is not None:
            self._selecting.extend(place.position)

    def _show_cursor(self, place: PointTarget) -> None:
        viewport = self._view.viewport()
        over_text = place.strip is not None and bool(place.strip.text)
        shape = Qt.CursorShape.IBeamCursor if over_text else Qt.CursorShape.ArrowCursor
        viewport.setCursor(Qt.CursorShape.PointingHandCursor if place.href else shape)
        self.link_hovered.emit("" if place.href.startswith("loquat:") else place.href)
        if words := self._tip(place):
            QToolTip.showText(QCursor.pos(), words, viewport)

    def _tip(self, place: PointTarget) -> str:
        """Return the tooltip for a place: an icon's name and key, or what of a head is cut."""
        if isinstance(place.strip, HeadStrip):
            return tip(place.strip.tip())
        button = (
            place.strip.button_at(place.href) if isinstance(place.strip, ButtonsStrip) else None
        )
        return button.tip if button is not None and button.glyph else ""


def _nothing(_index: int) -> str:
    return ""
