"""The conversation, painted. What is laid out, and where the reader is, the column knows.

The view follows a stream only while it stands at the bottom.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessibleInterface,
    QContextMenuEvent,
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QToolButton, QToolTip, QWidget

from app.domain.conversation import Message
from app.domain.reply import Reply
from app.domain.texts import _
from app.ui.measures import COLUMN, MARGIN
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.transcript import framing
from app.ui.transcript.column import Column
from app.ui.transcript.look import Look
from app.ui.transcript.message_item import MessageItem
from app.ui.transcript.selection import Position, Selection
from app.ui.transcript.strips import CodeHead, Strip

#: One step of the wheel or an arrow key, in pixels.
STEP = 48
#: At most one frame of a growing reply in this time: 60 a second.
FRAME_MS = 16


class TranscriptView(QAbstractScrollArea):
    """Shows messages; tells what is wanted of them."""

    #: A message's id, and one of framing's actions.
    wanted = Signal(str, str)
    link_wanted = Signal(str)
    link_hovered = Signal(str)
    #: Text for the clipboard.
    copied = Signal(str)
    #: An item came, went or has its final text; for screen readers.
    announced = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look = Look(theme)
        self._column = Column()
        self._setting = False
        self._selection: Selection | None = None
        self._pressed_href = ""
        self._current = -1
        self._hovered = -1
        self._grown: Reply | None = None
        #: What screen readers read; made when one asks.
        self.reading: QAccessibleInterface | None = None
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._show_growth)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change the width of what is being read.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Conversation"))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(STEP)
        self.verticalScrollBar().valueChanged.connect(self._take_scroll)
        self._to_end = QToolButton(self)
        self._to_end.setObjectName("float")
        self._to_end.setIcon(icon("to_end"))
        self._to_end.setToolTip(_("To the end"))
        self._to_end.setAccessibleName(_("To the end"))
        self._to_end.clicked.connect(self.scroll_to_end)
        self._to_end.hide()
        theme.changed.connect(self._change_look)

    # What others show here.

    def show_path(self, entries: list[tuple[Message, framing.Surroundings]]) -> None:
        """Show a whole path of messages, at its end. Items that stay are kept as they are."""
        kept = {item.id: item for item in self._column.items}
        items = []
        for message, around in entries:
            item = kept.get(message.id)
            if item is None:
                item = MessageItem(message, self._look, around)
            elif item.message != message:
                item.show_message(message, around)
            else:
                item.invalidate(around)
            items.append(item)
        self._selection = None
        self._current = self._hovered = -1
        self._column.show(items)
        self._refresh()

    def append(self, message: Message, around: framing.Surroundings) -> None:
        """Add a message at the end, and go there."""
        self._column.append(MessageItem(message, self._look, around))
        self._refresh()

    def grow(self, reply: Reply) -> None:
        """A reply has grown: show it with the next frame."""
        self._grown = reply
        if not self._frame.isActive():
            self._frame.start()

    def finish(self, message: Message, around: framing.Surroundings) -> None:
        """A message has its final form."""
        self._grown = None
        self._frame.stop()
        if (item := self._column.find(message.id)) is not None:
            item.show_message(message, around)
            self._remeasure(item)

    def show_waiting(self, message_id: str, words: str) -> None:
        """Say under a message what is being waited for."""
        if (item := self._column.find(message_id)) is not None:
            around = item.surroundings
            item.invalidate(framing.Surroundings(around.branch, around.branches, words))
            self._refresh()

    def scroll_to_end(self) -> None:
        """Go to the end and follow it."""
        self._column.following = True
        self._refresh()

    def items(self) -> list[MessageItem]:
        """The messages as they are shown, from the first to the last."""
        return self._column.items

    def rectangle_of(self, index: int) -> QRect:
        """Where a message stands in the viewport; it may be out of sight."""
        top = self._column.top_of(index) - self.verticalScrollBar().value()
        return QRect(self._left(), top, self._column.width, self._column.height_of(index))

    def current(self) -> int:
        """The place of the message that the keyboard is on, or −1."""
        return self._current

    def selected_text(self) -> str:
        """What is selected, as plain text."""
        if not self._selection:
            return ""
        parts = []
        for index in range(self._selection.start.message, self._selection.end.message + 1):
            item = self._column.items[index]
            item.lay_out(self._column.width)
            if chosen := self._selection.within(index, item.text_length()):
                parts.append(item.text(*chosen).strip("\n"))
        return "\n\n".join(parts)

    # Geometry.

    def _left(self) -> int:
        return (self.viewport().width() - self._column.width) // 2

    def _refresh(self) -> None:
        """Bring measures, scroll bar and pixels up to date with the column."""
        bar = self.verticalScrollBar()
        top = self._column.settle()
        self._setting = True
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, self._column.furthest())
        bar.setEnabled(bar.maximum() > 0)
        bar.setValue(top)
        self._setting = False
        self._to_end.setVisible(not self._column.following and bool(self._column.items))
        self.viewport().update()

    def _take_scroll(self, value: int) -> None:
        if not self._setting:
            self._column.scroll(value)
            self._refresh()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Everything is drawn anew from the anchor; Qt has nothing to move."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - 2 * MARGIN
        self._column.fit(max(120, min(COLUMN, room)), self.viewport().height())
        side = 36
        self._to_end.resize(side, side)
        self._to_end.move(self.viewport().width() // 2 - side // 2, self.height() - side - 12)
        self._refresh()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        clip = QRectF(event.rect())
        column, left = self._column, self._left()
        value = self.verticalScrollBar().value()
        last = len(column.items) - 1
        for index, place in column.between(
            event.rect().top() + value, event.rect().bottom() + value + 1
        ):
            item, y = column.items[index], place - value
            selected = (
                self._selection.within(index, item.text_length()) if self._selection else None
            )
            actions = index in (self._hovered, self._current, last)
            item.paint(painter, QPointF(left, y), clip, selected, actions=actions)
            if index == self._current and self.hasFocus():
                bottom = y + column.height_of(index) - 8
                painter.setPen(self._look.accent)
                painter.drawLine(left - 12, y + 12, left - 12, bottom)

    def _change_look(self) -> None:
        self._look = Look(self._theme)
        for item in self._column.items:
            item.show_look(self._look)
        self._refresh()

    def _show_growth(self) -> None:
        reply, self._grown = self._grown, None
        if reply is not None and (item := self._column.find(reply.id)) is not None:
            item.grow(reply)
            self._remeasure(item)

    def _remeasure(self, item: MessageItem) -> None:
        self._column.remeasure(item)
        self._refresh()

    # Mouse.

    def _at(self, point: QPoint) -> tuple[int, Position | None, str, Strip | None]:
        """What lies at a point of the viewport: message, position, link, strip."""
        place = point.y() + self.verticalScrollBar().value()
        index = self._column.index_at(place)
        if index < 0:
            return -1, None, "", None
        down = place - self._column.top_of(index)
        found, strip = self._column.items[index].hit(QPointF(point.x() - self._left(), down))
        inside = 0 <= down < self._column.height_of(index)
        return index, Position(index, found.offset), found.href if inside else "", strip

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        _index, position, href, _strip = self._at(event.position().toPoint())
        self._pressed_href = href
        if position is not None:
            self._selection = Selection(position, position)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index, position, href, strip = self._at(event.position().toPoint())
        held = event.buttons() & Qt.MouseButton.LeftButton
        # An empty selection is false, and is where a drag begins.
        if held and self._selection is not None and position is not None:
            self._selection = Selection(self._selection.anchor, position)
            self.viewport().update()
        if index != self._hovered:
            self._hovered = index
            self.viewport().update()
        over_text = strip is not None and bool(strip.text)
        shape = Qt.CursorShape.IBeamCursor if over_text else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if href else shape)
        self.link_hovered.emit("" if href.startswith("loquat:") else href)
        if isinstance(strip, framing.ActionsStrip) and href:
            QToolTip.showText(QCursor.pos(), strip.name_at(href), self.viewport())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index, _position, href, strip = self._at(event.position().toPoint())
        clicked = event.button() is Qt.MouseButton.LeftButton and href == self._pressed_href
        if clicked and href and not self._selection:
            self._follow(index, href, strip)
        self._pressed_href = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        _index, position, _href, strip = self._at(event.position().toPoint())
        if position is None or strip is None:
            return
        item = self._column.items[position.message]
        text = item.text()
        start = end = min(position.offset, len(text))
        while start > 0 and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        self._selection = Selection(
            Position(position.message, start), Position(position.message, end)
        )
        self.viewport().update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index, _position, _href, _strip = self._at(event.pos())
        if index < 0:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._selection:
            menu.addAction(_("Copy selection")).triggered.connect(self.copy)
        self._current = index
        menu.addAction(_("Copy message")).triggered.connect(self._copy_current)
        if not self._column.items[index].is_user:
            menu.addAction(_("Regenerate")).triggered.connect(self._regenerate_current)
        menu.popup(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels = event.pixelDelta().y()
        bar = self.verticalScrollBar()
        if pixels:
            bar.setValue(bar.value() - pixels)
        else:
            bar.setValue(bar.value() - round(event.angleDelta().y() / 120 * 3 * STEP))
        event.accept()

    # Keyboard.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, bar = Qt.Key(event.key()), self.verticalScrollBar()
        page = bar.pageStep() - 2 * STEP
        moves = {
            Qt.Key.Key_Up: -STEP,
            Qt.Key.Key_Down: STEP,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_C:
            self.copy()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_A:
            self.select_all()
        elif key in moves:
            bar.setValue(bar.value() + moves[key])
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            self.scroll_to_end()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selection, or the message that the keyboard is on."""
        if self._selection:
            self.copied.emit(self.selected_text())
        else:
            self._copy_current()

    def select_all(self) -> None:
        """Select the whole conversation."""
        if self._column.items:
            last = len(self._column.items) - 1
            self._column.items[last].lay_out(self._column.width)
            end = Position(last, self._column.items[last].text_length())
            self._selection = Selection(Position(0, 0), end)
            self.viewport().update()

    def move_current(self, step: int) -> None:
        """Move the keyboard to the message before (−1) or after (1), and show it."""
        count = len(self._column.items)
        if not count:
            return
        start = self._current if self._current >= 0 else count if step < 0 else -1
        self._current = max(0, min(count - 1, start + step))
        self._column.show_item(self._current)
        self._refresh()

    def _copy_current(self) -> None:
        if 0 <= self._current < len(self._column.items):
            self.wanted.emit(self._column.items[self._current].id, framing.COPY)

    def _regenerate_current(self) -> None:
        if 0 <= self._current < len(self._column.items):
            self.wanted.emit(self._column.items[self._current].id, framing.REGENERATE)

    def _follow(self, index: int, href: str, strip: Strip | None) -> None:
        item = self._column.items[index]
        if href == framing.FOLD:
            item.fold(not item.folded)
            self._column.following = False
            self._remeasure(item)
        elif href == CodeHead.COPY and isinstance(strip, CodeHead):
            self.copied.emit(str(strip.code))
        elif href.startswith("loquat:"):
            self.wanted.emit(item.id, href)
        else:
            self.link_wanted.emit(href)


def _in_word(character: str) -> bool:
    return character.isalnum() or character in "_'’"
