"""What the mouse does in the conversation: hover, click, select, and scroll while selecting."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip

from app.ui.theme.words import tip
from app.ui.transcript.actions import MessageActionId
from app.ui.transcript.interaction.selecting import Position, Selecting, Unit
from app.ui.transcript.strips.head_and_foot import ActionsStrip
from app.ui.transcript.strips.sideways_bar import SidewaysBar
from app.ui.transcript.strips.strip import Strip

#: While a drag is held beyond an edge, the view scrolls at this rate.
SCROLL_MS = 30
_LEFT = Qt.MouseButton.LeftButton


@dataclass(frozen=True, slots=True)
class Place:
    """What lies at a point: message, position in its text, link, strip, a formula's source, and
    how far across the column it is, in pixels. −1 is no message."""

    message: int
    position: Position | None
    href: str
    strip: Strip | None
    latex: str = ""
    across: float = 0.0


class Pointing(QObject):
    """Turns the mouse's events into selections, and tells what was clicked or hovered."""

    #: A place that was clicked on, with a link.
    clicked = Signal(object)
    #: A link's address under the mouse, or nothing.
    link_hovered = Signal(str)

    def __init__(
        self,
        view: QAbstractScrollArea,
        place_at: Callable[[QPoint], Place],
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
        #: What is said of the request of a message, by its place, when somebody looks.
        self.about: Callable[[int], str] = _nothing
        #: The message under the mouse, or −1.
        self.hovered = -1

    def forget(self) -> None:
        """The mouse is elsewhere, or what it was over is gone."""
        self.hovered = -1
        self._beyond.stop()

    def wheel(self, event: QWheelEvent) -> bool:
        """Move sideways what can be moved so; return whether that is what was meant."""
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
        """Begin a selection, or take the one there is to here with Shift."""
        if event.button() is not _LEFT:
            return
        point = event.position().toPoint()
        place = self._place_at(point)
        if isinstance(place.strip, SidewaysBar) and place.strip.is_needed:
            self._dragged = place.strip
            self._drag(place)
            return
        self._pressed_href = place.href
        if place.position is None:
            return
        near = (point - self._double_click).manhattanLength() < QApplication.startDragDistance()
        if self._since_double.isActive() and near:
            self._selecting.begin(place.position, Unit.PARAGRAPH)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._selecting.extend(place.position)
        else:
            self._selecting.begin(place.position)

    def move(self, event: QMouseEvent) -> None:
        """Take the selection along, and show what lies under the mouse."""
        point = event.position().toPoint()
        place = self._place_at(point)
        if self._dragged is not None:
            self._drag(place)
            return
        if event.buttons() & _LEFT and place.position is not None:
            self._selecting.extend(place.position)
            inside = 0 <= point.y() < self._view.viewport().height()
            self._beyond.stop() if inside else self._beyond.start()
        if place.message != self.hovered:
            self.hovered = place.message
            self._view.viewport().update()
        self._show_cursor(place)

    def release(self, event: QMouseEvent) -> None:
        """End a selection, or follow the link that was clicked."""
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
        """Select a word; a third click takes its paragraph."""
        point = event.position().toPoint()
        place = self._place_at(point)
        if event.button() is _LEFT and place.position is not None:
            self._selecting.begin(place.position, Unit.WORD)
            self._double_click = point
            self._since_double.start(QApplication.doubleClickInterval())

    def _drag(self, place: Place) -> None:
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

    def _show_cursor(self, place: Place) -> None:
        viewport = self._view.viewport()
        over_text = place.strip is not None and bool(place.strip.text)
        shape = Qt.CursorShape.IBeamCursor if over_text else Qt.CursorShape.ArrowCursor
        viewport.setCursor(Qt.CursorShape.PointingHandCursor if place.href else shape)
        self.link_hovered.emit("" if place.href.startswith("loquat:") else place.href)
        if isinstance(place.strip, ActionsStrip) and place.href:
            words = place.strip.name_at(place.href)
            if place.href == MessageActionId.REQUEST and (more := self.about(place.message)):
                words = tip(f"{words}\n{more}")
            QToolTip.showText(QCursor.pos(), words, viewport)


def _nothing(_index: int) -> str:
    return ""
