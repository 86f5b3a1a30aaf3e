"""The conversation, painted: only what is in sight is laid out, and the reader's place is kept.

The place is *(message, offset)*; the scroll bar's value follows from it. So nothing that
arrives, is measured or folds above can move what is being read. The view follows a stream only
while it stands at the bottom.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
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
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.transcript import framing
from app.ui.transcript.heights import Heights
from app.ui.transcript.look import COLUMN, Look
from app.ui.transcript.message_item import MessageItem
from app.ui.transcript.selection import Position, Selection
from app.ui.transcript.strips import CodeHead, Strip

MARGIN = 24
TOP = 12
BOTTOM = 20
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
        self._items: list[MessageItem] = []
        self._heights = Heights()
        self._anchor = Position(0, 0)
        self._following = True
        self._setting = False
        self._selection: Selection | None = None
        self._pressed_href = ""
        self._current = -1
        self._hovered = -1
        self._grown: Reply | None = None
        #: What screen readers read; made when one asks.
        self.reading: object | None = None
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._show_growth)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        kept = {item.id: item for item in self._items}
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
        same_beginning = bool(items) and bool(self._items) and items[0] is self._items[0]
        self._items = items
        self._selection = None
        self._current = self._hovered = -1
        width = self._column().width()
        self._heights = Heights(item.estimate(width) for item in items)
        if not same_beginning:
            self._following = True
        self._refresh()

    def append(self, message: Message, around: framing.Surroundings) -> None:
        """Add a message at the end, and go there."""
        item = MessageItem(message, self._look, around)
        self._items.append(item)
        self._heights.append(item.estimate(self._column().width()))
        self._following = True
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
        self._change(message.id, message, around)

    def show_waiting(self, message_id: str, words: str) -> None:
        """Say under a message what is being waited for."""
        item = self._item(message_id)
        if item is not None:
            around = item.surroundings
            item.invalidate(framing.Surroundings(around.branch, around.branches, words))
            self._refresh()

    def scroll_to_end(self) -> None:
        """Go to the end and follow it."""
        self._following = True
        self._refresh()

    def items(self) -> list[MessageItem]:
        """The messages as they are shown, from the first to the last."""
        return self._items

    def rectangle_of(self, index: int) -> QRect:
        """Where a message stands in the viewport; it may be out of sight."""
        column = self._column()
        top = TOP + self._heights.above(index) - self.verticalScrollBar().value()
        return QRect(column.left(), top, column.width(), self._heights[index])

    def current(self) -> int:
        """The place of the message that the keyboard is on, or −1."""
        return self._current

    def selected_text(self) -> str:
        """What is selected, as plain text."""
        if not self._selection:
            return ""
        parts = []
        for index in range(self._selection.start.message, self._selection.end.message + 1):
            item = self._items[index]
            item.lay_out(self._column().width())
            if chosen := self._selection.within(index, item.text_length()):
                parts.append(item.text(*chosen).strip("\n"))
        return "\n\n".join(parts)

    # Geometry.

    def _column(self) -> QRect:
        room = self.viewport().width() - 2 * MARGIN
        width = max(120, min(COLUMN, room))
        return QRect((self.viewport().width() - width) // 2, 0, width, self.viewport().height())

    def _refresh(self) -> None:
        """Bring measures, scroll bar and pixels up to date with items and anchor."""
        self._settle()
        self.viewport().update()

    def _settle(self) -> None:
        """Lay out what is in sight; measuring may bring more into sight, so until it's quiet."""
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        for _round in range(20):
            top = self._top()
            if not self._measure(top, top + height):
                break
        total = TOP + self._heights.total() + BOTTOM
        self._setting = True
        bar.setPageStep(height)
        bar.setRange(0, max(0, total - height))
        bar.setValue(self._top())
        self._setting = False
        self._anchor = self._place_at(bar.value())
        self._place_button()

    def _top(self) -> int:
        """The scroll bar's value that the anchor means."""
        end = max(0, TOP + self._heights.total() + BOTTOM - self.viewport().height())
        if self._following or not self._items:
            return end
        top = TOP + self._heights.above(self._anchor.message) + self._anchor.offset
        return max(0, min(end, top))

    def _place_at(self, value: int) -> Position:
        if not self._items:
            return Position(0, 0)
        index = self._heights.at(value - TOP)
        return Position(index, value - TOP - self._heights.above(index))

    def _measure(self, top: int, bottom: int) -> bool:
        """Lay out the messages between two places; return whether a height changed."""
        width = self._column().width()
        changed = False
        index = max(0, self._heights.at(top - TOP))
        place = TOP + self._heights.above(index)
        while index < len(self._items) and place < bottom:
            height = self._items[index].lay_out(width)
            if height != self._heights[index]:
                self._heights[index] = height
                changed = True
            place += height
            index += 1
        return changed

    def _take_scroll(self, value: int) -> None:
        if self._setting:
            return
        bar = self.verticalScrollBar()
        self._following = value >= bar.maximum()
        self._anchor = self._place_at(value)
        self._refresh()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Everything is drawn anew from the anchor; Qt has nothing to move."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self._column().width()
        if event.oldSize().width() != event.size().width():
            self._heights = Heights(item.estimate(width) for item in self._items)
        self._refresh()

    def _place_button(self) -> None:
        side = 36
        self._to_end.resize(side, side)
        self._to_end.move(self.viewport().width() // 2 - side // 2, self.height() - side - 12)
        self._to_end.setVisible(not self._following and bool(self._items))

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        clip = QRectF(event.rect())
        column = self._column()
        value = self.verticalScrollBar().value()
        if not self._items:
            return
        index = max(0, self._heights.at(round(clip.top()) + value - TOP))
        y = TOP + self._heights.above(index) - value
        while index < len(self._items) and y < clip.bottom():
            item = self._items[index]
            selected = (
                self._selection.within(index, item.text_length()) if self._selection else None
            )
            actions = index in (self._hovered, self._current, len(self._items) - 1)
            item.paint(painter, QPointF(column.left(), y), clip, selected, actions=actions)
            if index == self._current and self.hasFocus():
                painter.setPen(self._look.accent)
                left = column.left() - 12
                painter.drawLine(left, y + 12, left, y + self._heights[index] - 8)
            y += self._heights[index]
            index += 1

    def _change_look(self) -> None:
        self._look = Look(self._theme)
        for item in self._items:
            item.show_look(self._look)
        self._refresh()

    # Changes of one message.

    def _item(self, message_id: str) -> MessageItem | None:
        # What changes is nearly always at the end.
        for item in reversed(self._items):
            if item.id == message_id:
                return item
        return None

    def _change(self, message_id: str, message: Message, around: framing.Surroundings) -> None:
        if (item := self._item(message_id)) is not None:
            item.show_message(message, around)
            self._remeasure(item)

    def _show_growth(self) -> None:
        reply, self._grown = self._grown, None
        if reply is not None and (item := self._item(reply.id)) is not None:
            item.grow(reply)
            self._remeasure(item)

    def _remeasure(self, item: MessageItem) -> None:
        index = self._items.index(item)
        self._heights[index] = item.lay_out(self._column().width())
        self._refresh()

    # Mouse.

    def _at(self, point: QPoint) -> tuple[int, Position | None, str, Strip | None]:
        """What lies at a point of the viewport: message, position, link, strip."""
        if not self._items:
            return -1, None, "", None
        value = self.verticalScrollBar().value()
        index = self._heights.at(point.y() + value - TOP)
        item = self._items[index]
        top = TOP + self._heights.above(index) - value
        found, strip = item.hit(QPointF(point.x() - self._column().left(), point.y() - top))
        inside = 0 <= point.y() - top < self._heights[index]
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
        if event.buttons() & Qt.MouseButton.LeftButton and self._selection and position:
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
        item = self._items[position.message]
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
        if not self._items[index].is_user:
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
        if self._items:
            last = len(self._items) - 1
            width = self._column().width()
            self._items[last].lay_out(width)
            end = Position(last, self._items[last].text_length())
            self._selection = Selection(Position(0, 0), end)
            self.viewport().update()

    def move_current(self, step: int) -> None:
        """Move the keyboard to the message before (−1) or after (1), and show it."""
        if not self._items:
            return
        count = len(self._items)
        start = self._current if self._current >= 0 else count if step < 0 else -1
        self._current = max(0, min(count - 1, start + step))
        self._items[self._current].lay_out(self._column().width())
        self._following = self._current == count - 1
        self._anchor = Position(self._current, -TOP)
        self._refresh()

    def _copy_current(self) -> None:
        if 0 <= self._current < len(self._items):
            self.wanted.emit(self._items[self._current].id, framing.COPY)

    def _regenerate_current(self) -> None:
        if 0 <= self._current < len(self._items):
            self.wanted.emit(self._items[self._current].id, framing.REGENERATE)

    def _follow(self, index: int, href: str, strip: Strip | None) -> None:
        item = self._items[index]
        if href == framing.FOLD:
            item.fold(not item.folded)
            self._following = False
            self._remeasure(item)
        elif href == CodeHead.COPY and isinstance(strip, CodeHead):
            self.copied.emit(str(strip.code))
        elif href.startswith("loquat:"):
            self.wanted.emit(item.id, href)
        else:
            self.link_wanted.emit(href)


def _in_word(character: str) -> bool:
    return character.isalnum() or character in "_'’"
