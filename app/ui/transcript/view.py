"""Widget that paints the conversation and handles its input.

`MessageColumn` owns layout and scroll position. The view follows a streaming reply only while it
is scrolled to the end.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessibleInterface,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolButton, QWidget

from app.domain.chat.conversation import Message
from app.domain.chat.reply import Reply
from app.domain.text.translation import _
from app.ui.common.measures import COLUMN, MARGIN
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.theme.words import put_tip
from app.ui.transcript.actions import MessageActionId, Surroundings
from app.ui.transcript.interaction.editor_place import EditorPlace
from app.ui.transcript.interaction.keyboard import STEP, Keyboard
from app.ui.transcript.interaction.menu import MessageMenu
from app.ui.transcript.interaction.message_focus import MessageFocus
from app.ui.transcript.interaction.mouse import MouseInput, PointTarget
from app.ui.transcript.interaction.scroll_bar import MarkedScrollBar
from app.ui.transcript.interaction.searching import TranscriptSearch
from app.ui.transcript.interaction.selecting import Position, Selecting
from app.ui.transcript.interaction.token_pointing import Heating
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.items import MessageItems, SurroundingsOf
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.formulas import FormulaCache
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Mark, Marks
from app.ui.transcript.streaming.idle_work import GROWING_MS, IdleWork
from app.ui.transcript.streaming.reply_growth import ReplyGrowth
from app.ui.transcript.strips.code import CodeHead
from app.ui.transcript.strips.folds import Folds


class TranscriptView(QAbstractScrollArea):
    """Scroll area with a path of messages; announces the actions that the person requests."""

    #: An action was requested (message id, address of the action in `actions`).
    wanted = Signal(str, str)
    link_wanted = Signal(str)  # address of a clicked link
    link_hovered = Signal(str)  # address of the link under the mouse, or empty
    #: Text (str) or QMimeData to be put on the clipboard.
    copied = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        #: Has a child process, which has to be ended (`end`) when the window closes.
        self.formulas = FormulaCache(self)
        self._look = Look(theme, self.formulas)
        self._column = MessageColumn()
        self._setting = False
        self._bar = MarkedScrollBar(self)
        self.setVerticalScrollBar(self._bar)
        self.searching = TranscriptSearch(self._column, self)
        self.searching.moved.connect(self.refresh)
        self.searching.changed.connect(self._show_found)
        self.selecting = Selecting(self._column, self)
        self.selecting.changed.connect(self.viewport().update)
        self.heating = Heating(self._column, self, self)
        self.pointing = MouseInput(self, self.place_at, self.selecting)
        self.pointing.clicked.connect(self.follow)
        self.pointing.link_hovered.connect(self.link_hovered)
        self._keyboard = Keyboard(self)
        self.focus = MessageFocus(self, self._column, self)
        self.editor = EditorPlace(self, self._column, self)
        self.menu = MessageMenu(self)
        #: Accessibility interface, made when a screen reader asks for it.
        self.reading: QAccessibleInterface | None = None
        self._growth = ReplyGrowth(self._column, self, self._settle_growth)
        self._idle = IdleWork(self._column, self.formulas, self)
        self._idle.coloured.connect(self._repaint)
        self._idle.parsed_more.connect(self._remeasure)
        self._idle.formulas_set.connect(self.refresh)
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
        put_tip(self._to_end, _("To the end"))
        self._to_end.setAccessibleName(_("To the end"))
        self._to_end.clicked.connect(self.scroll_to_end)
        self._to_end.hide()
        theme.changed.connect(self._change_look)

    # Contents.

    def show_path(self, path: Sequence[Message], around: SurroundingsOf) -> None:
        """Show another path of messages. Items of messages in both paths are kept.

        `around` is called for a message's surroundings when the message becomes visible.
        """
        self.selecting.clear()
        self.searching.seek("")
        self.pointing.forget()
        self.focus.put(-1)
        items = MessageItems(path, around, self._look, self._column.items)
        self._column.show(items, self._look)
        self.refresh()
        self.pointing.look_again()

    def append(self, message: Message) -> None:
        """Add a message at the end, and scroll there."""
        if self._column.items:
            before = self._column.items[-1]
            before.invalidate(replace(before.surroundings, last=False))
        self._column.append(message)
        self.refresh()

    def grow(self, reply: Reply) -> None:
        """Show the current text of a reply that has grown, when the next frame is due."""
        self._growth.want(reply)

    def finish(self, message: Message, around: Surroundings) -> None:
        """Show the final form of a message, and stop showing its growing reply."""
        self._growth.stop()
        self._column.items.put(message)
        if (item := self._column.find(message.id)) is not None:
            item.show_message(message, around)
            self._remeasure(item)
        self.searching.recount()

    def show_waiting(self, message_id: str, words: str) -> None:
        """Show `words` under a message, which say what it is waiting for."""
        if (item := self._column.find(message_id)) is not None:
            item.invalidate(replace(item.surroundings, waiting=words))
            self.refresh()

    def scroll_to_end(self) -> None:
        """Scroll to the end, and follow it as it grows."""
        self._column.following = True
        self.refresh()

    def items(self) -> Sequence[MessageItem]:
        """Return the items of all messages, in order."""
        return self._column.items

    def rectangle_of(self, index: int) -> QRect:
        """Return a message's rectangle in pixels of the viewport, which it may be outside of."""
        top = self._column.top_of(index) - self.verticalScrollBar().value()
        return QRect(self._left(), top, self._column.width, self._column.height_of(index))

    def current(self) -> int:
        """Return the index of the message that the keyboard acts on, or −1."""
        return self.focus.message

    def place_at(self, point: QPoint) -> PointTarget:
        """Return the result of a hit test at a point of the viewport."""
        place = self.to_column(point)
        index = self._column.index_at(round(place.y()))
        if index < 0:
            return PointTarget(-1, None, "", None)
        inner = place - QPointF(0, self._column.top_of(index))
        hit, strip = self._column.items[index].hit(inner)
        inside = 0 <= inner.y() < self._column.height_of(index)
        href, latex = (hit.href, hit.latex) if inside else ("", "")
        return PointTarget(index, Position(index, hit.offset), href, strip, latex, inner.x())

    def show_place(self, position: Position) -> None:
        """Scroll so that a character is a third of the way down the viewport."""
        item = self._column.items[position.message]
        item.lay_out(self._column.width)
        self.show_offset(position.message, round(item.rectangle_of(position.offset).top()))

    def to_column(self, point: QPoint) -> QPointF:
        """Convert a point of the viewport to a point of the column."""
        return QPointF(point.x() - self._left(), point.y() + self._bar.value())

    def from_column(self, place: QPointF) -> QPoint:
        """Convert a point of the column to a point of the viewport."""
        return QPoint(round(place.x()) + self._left(), round(place.y()) - self._bar.value())

    def show_offset(self, index: int, place: int) -> None:
        """Scroll so that a point `place` pixels below a message's top is a third down the view."""
        self._column.show_place(index, place)
        self.refresh()

    def lay_out(self, item: MessageItem) -> None:
        """Lay out an item, which may be invisible, and store its height."""
        self._column.remeasure(item)

    def follow(self, place: PointTarget) -> None:
        """Handle a click on a link or button: fold, wrap, or emit copied, wanted or link_wanted."""
        item, href, strip = self._column.items[place.message], place.href, place.strip
        folds = {
            Folds.REASONING: lambda _strip: item.fold(not item.folded),
            CodeHead.FOLD: item.fold_code,
            CodeHead.WRAP: item.wrap_code,
            Folds.OPEN: item.open_block,
        }
        if href in folds and strip is not None:
            folds[href](strip)
            self._column.following = False
            self._remeasure(item)
        elif href == CodeHead.COPY and isinstance(strip, CodeHead):
            self.copied.emit(strip.code)
        elif href.startswith("loquat:"):
            self.focus.press_button(item, href)
        else:
            self.link_wanted.emit(href)

    def make_current(self, index: int) -> None:
        """Let the keyboard act on the message with this index, which gets a bar beside it."""
        self.focus.put(index)
        self.viewport().update()

    def open_message_menu(self, index: int) -> None:
        """Open the menu of a message below its buttons."""
        self.make_current(index)
        place = self.rectangle_of(index)
        end = QPoint(place.left(), min(place.bottom(), self.viewport().height()))
        self.menu.open(PointTarget(index, None, "", None), self.viewport().mapToGlobal(end))

    # Geometry.

    def _left(self) -> int:
        return (self.viewport().width() - self._column.width) // 2

    def refresh(self) -> None:
        """Lay out what is visible, update the scroll bar, and repaint everything."""
        self._settle()
        self._idle.go_on()
        self.viewport().update()

    def _repaint(self, top: int, bottom: int) -> None:
        port = self.viewport()
        port.update(0, top - self._bar.value(), port.width(), bottom - top)

    def _settle_growth(self) -> None:
        self._settle()
        self._idle.go_on(GROWING_MS)

    def _settle(self) -> None:
        """Lay out what is visible, and update the scroll bar."""
        bar = self.verticalScrollBar()
        top = self._column.settle()
        self._setting = True
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, self._column.furthest())
        bar.setEnabled(bar.maximum() > 0)
        bar.setValue(top)
        self._setting = False
        self._to_end.setVisible(not self._column.following and top < self._column.furthest())
        self.editor.follow()

    def _take_scroll(self, value: int) -> None:
        if not self._setting:
            self._column.scroll(value)
            self.refresh()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Do nothing, since everything is painted again from the anchor."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - 2 * MARGIN
        self._column.fit(max(120, min(COLUMN, room)), self.viewport().height())
        self._to_end.resize(36, 36)
        self._to_end.move(self.viewport().width() // 2 - 18, self.height() - 48)
        self.refresh()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        clip = QRectF(event.rect())
        column, left = self._column, self._left()
        value = self.verticalScrollBar().value()
        for index, place in column.between(
            event.rect().top() + value, event.rect().bottom() + value + 1
        ):
            item, y = column.items[index], place - value
            self.heating.warm(item)
            marks = self._marks_of(index, item)
            attention = self.focus.attention_for(
                index, self.pointing.hovered, self.pointing.button, focused=self.hasFocus()
            )
            item.paint(
                painter,
                QPointF(left, y),
                clip,
                marks,
                self.searching.pattern,
                attention=attention,
            )
            if index == self.focus.message and self.hasFocus():
                height = column.height_of(index) - 20
                painter.fillRect(left - 12, y + 12, 2, height, self._look.accent)

    def _marks_of(self, index: int, item: MessageItem) -> Marks:
        selection = self.selecting.selection
        chosen = selection.within(index, item.stack.length()) if selection else None
        selected = (Mark(*chosen, self._look.selection),) if chosen else ()
        here = self.searching.range_in(index)
        return (Mark(*here, self._look.found_here), *selected) if here else selected

    def _show_found(self) -> None:
        self._bar.show_marks(self.searching.fractions(), self._look.accent)
        self.viewport().update()

    def _change_look(self) -> None:
        self._look = Look(self._theme, self.formulas)
        self._column.items.show_look(self._look)
        self.refresh()

    def show_growth(self) -> None:
        """Show the text that `grow` requested now, without waiting for the next frame."""
        self._growth.show()

    def _remeasure(self, item: MessageItem) -> None:
        self._column.remeasure(item)
        self.refresh()

    # Mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointing.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointing.move(event)
        self.heating.move(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointing.release(event)
        if not self.selecting.selection:
            self.heating.click(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointing.double_click(event)

    def leaveEvent(self, event: object) -> None:
        self.pointing.forget()
        self.heating.leave()
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.focus.message >= 0:
            self.open_message_menu(self.focus.message)
            return
        place = self.place_at(event.pos())
        if place.message >= 0:
            self.make_current(place.message)
            self.menu.open(place, event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointing.wheel(event)

    # Keyboard.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self.focus.press(event) or self._keyboard.press(event)):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.focus.enter(backwards=event.reason() is Qt.FocusReason.BacktabFocusReason)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        # Qt also calls this for widgets inside the viewport, which have no part in the buttons.
        inside = self.hasFocus() and self.focus.step(backwards=not forwards)
        return inside or super().focusNextPrevChild(forwards)

    def copy(self) -> None:
        """Copy the selection, or if nothing is selected, the message that the keyboard acts on."""
        if self.selecting.selection:
            self.copied.emit(self.selecting.clipboard())
        elif 0 <= self.focus.message < len(self._column.items):
            self.wanted.emit(self._column.items[self.focus.message].id, MessageActionId.COPY)

    def copy_markdown(self) -> None:
        """Copy the Markdown source of the selected blocks."""
        self.copied.emit(self.selecting.markdown())
