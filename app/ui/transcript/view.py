"""Widget that paints the conversation and handles its input.

`ColumnView` has the scroll position and the geometry. The view follows a streaming reply only while
it is scrolled to the end, and until the person presses the mouse, selects or scrolls up.
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
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.domain.chat.conversation import Message
from app.domain.chat.reading_place import ReadingPlace
from app.domain.chat.reply import Reply
from app.domain.text.translation import _
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId, Surroundings
from app.ui.transcript.column_painter import ColumnPainter
from app.ui.transcript.column_view import ColumnView
from app.ui.transcript.interaction.editor_place import EditorPlace
from app.ui.transcript.interaction.fold_clicks import fold_change
from app.ui.transcript.interaction.keyboard import STEP, Keyboard
from app.ui.transcript.interaction.menu import MessageMenu
from app.ui.transcript.interaction.message_focus import MessageFocus
from app.ui.transcript.interaction.mouse import MouseInput, PointTarget
from app.ui.transcript.interaction.searching import TranscriptSearch
from app.ui.transcript.interaction.selecting import Position, Selecting
from app.ui.transcript.interaction.token_pointing import Heating
from app.ui.transcript.messages.items import MessageItems, SurroundingsOf
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painted_rectangles import painted_rectangles
from app.ui.transcript.painting.formulas import FormulaCache
from app.ui.transcript.painting.look import Look
from app.ui.transcript.streaming.idle_work import GROWING_MS, IdleWork
from app.ui.transcript.streaming.reply_growth import ReplyGrowth
from app.ui.transcript.strips.code import CodeHead
from app.ui.transcript.strips.edge_fade import fade_ends
from app.ui.transcript.strips.folds import FoldMemory
from app.ui.transcript.strips.hover import Attention


class TranscriptView(ColumnView):
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
        self._memory = FoldMemory()
        self.searching = TranscriptSearch(self._column, self)
        self.searching.moved.connect(self.refresh)
        self.searching.changed.connect(self._show_found)
        self.selecting = Selecting(self._column, self)
        self.selecting.changed.connect(self._show_selection)
        self.heating = Heating(self._column, self, self)
        self.pointing = MouseInput(self, self.place_at, self.selecting)
        self.pointing.clicked.connect(self.follow)
        self.pointing.pressed.connect(self._take_press)
        self.pointing.link_hovered.connect(self.link_hovered)
        self._painter = ColumnPainter(
            self._column, self.selecting, self.searching, self.heating.warm
        )
        self._keyboard = Keyboard(self)
        self.focus = MessageFocus(self, self._column, self)
        self.editor = EditorPlace(self, self._column, self)
        self.scrolled.connect(self.editor.follow)
        self.menu = MessageMenu(self)
        #: Accessibility interface, made when a screen reader asks for it.
        self.reading: QAccessibleInterface | None = None
        self._growth = ReplyGrowth(self._column, self, self._settle_growth)
        self._idle = IdleWork(self._column, self.formulas, self)
        self.refreshed.connect(self._idle.go_on)
        self._idle.coloured.connect(self._repaint)
        self._idle.parsed_more.connect(self._remeasure)
        self._idle.formulas_set.connect(self.refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Messages"))
        self.viewport().setMouseTracking(True)
        theme.changed.connect(self._change_look)

    # Contents.

    def show_path(
        self,
        path: Sequence[Message],
        around: SurroundingsOf,
        *,
        place: ReadingPlace | None = None,
        reply: Reply | None = None,
    ) -> None:
        """Show another path of messages. Items of messages in both paths are kept.

        `around` is called for a message's surroundings when the message becomes visible. The view
        scrolls to `place`; without one, to the end, unless the path begins with the same message.
        `reply` is the answer under way, if there is one.
        """
        self.selecting.clear()
        self.searching.seek("")
        self.pointing.forget()
        self.focus.put(-1)
        items = MessageItems(path, around, self._look, self._column.items, self._memory)
        self._column.show(items, self._look)
        if reply is not None and (item := self._column.find(reply.id)) is not None:
            item.grow(reply)
        if place is not None:
            self._column.go_to(place)
            self._new.begin(path, place.seen)
        self.refresh()
        self.pointing.look_again()

    def append(self, message: Message) -> None:
        """Add a message at the end, and scroll there if the end is visible."""
        if self._column.items:
            before = self._column.items[-1]
            before.invalidate(replace(before.surroundings, last=False))
        self._column.append(message)
        if not self._column.at_end:
            self._new.add(message)
        self.refresh()

    def grow(self, reply: Reply) -> None:
        """Show the current text of a reply that has grown, when the next frame is due."""
        self._growth.want(reply)

    def finish(self, message: Message, around: Surroundings) -> None:
        """Show the final form of a message, and stop showing its growing reply."""
        self._growth.stop()
        self._column.items.put(message)
        if (item := self._column.find(message.id)) is not None:
            if item.is_under_way and not self._column.at_end:
                self._new.add(message)
            self._column.change(item, lambda: item.show_message(message, around))
            self.refresh()
        self.searching.recount()

    def show_waiting(self, message_id: str, words: str) -> None:
        """Show `words` under a message, which say what it is waiting for."""
        if (item := self._column.find(message_id)) is not None:
            surroundings = replace(item.surroundings, waiting=words)
            self._column.change(item, lambda: item.invalidate(surroundings))
            self.refresh()

    def turn_details(self, message_id: str) -> None:
        """Fold or unfold the details of how an answer failed."""
        if (item := self._column.find(message_id)) is not None:
            self._column.release_end()
            self._column.change(item, item.turn_details)
            self.refresh()

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

    def follow(self, place: PointTarget) -> None:
        """Handle a click on a link or button: fold, wrap, or emit copied, wanted or link_wanted."""
        item, href, strip = self._column.items[place.message], place.href, place.strip
        if (change := fold_change(item, href, strip)) is not None:
            self._column.release_end()
            self._column.change(item, change)
            self.refresh()
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

    def _repaint(self, top: int, bottom: int) -> None:
        port = self.viewport()
        port.update(0, top - self._bar.value(), port.width(), bottom - top)

    def _settle_growth(self) -> None:
        self._settle()
        self._idle.go_on(GROWING_MS)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        corner = QPointF(self.from_column(QPointF(0, 0)))
        region = event.region()
        # While an answer grows, its end and the fade at the top are painted, not what is between.
        # PySide's stub does not know that a region can be iterated.
        for part in region:  # type: ignore[attr-defined]
            if region.rectCount() > 1:
                painter.setClipRect(part)
            self._painter.paint(painter, part, corner, self._look, self._attention_for)
        painter.setClipping(False)
        # Lines that go on beyond an edge would be sliced there.
        area, value = QRectF(self.viewport().rect()), self._bar.value()
        above, below = value > 0, value < self._bar.maximum()
        fade_ends(painter, area, self._look.window, top=above, bottom=below)

    def painted_rectangles(self) -> dict[str, QRect]:
        """Return the rectangles of the texts, buttons and marks in sight, in pixels of the
        viewport, by names such as "message 3, strip 2, button Copy"."""
        corner, height = QPointF(self.from_column(QPointF(0, 0))), self.viewport().height()
        focused = self.focus.message if self.hasFocus() else -1
        active = frozenset((self.pointing.hovered, focused))
        return painted_rectangles(self._column, corner, height, active)

    def _attention_for(self, index: int) -> Attention:
        pointing = self.pointing
        return self.focus.attention_for(
            index, pointing.hovered, pointing.button, focused=self.hasFocus()
        )

    def _show_found(self) -> None:
        self._bar.show_marks(self.searching.fractions(), self._look.accent)
        self.viewport().update()

    def _change_look(self) -> None:
        self._look = Look(self._theme, self.formulas)
        self._column.show_look(self._look)
        self.refresh()

    def show_growth(self) -> None:
        """Show the text that `grow` requested now, without waiting for the next frame."""
        self._growth.show()

    def _remeasure(self, item: MessageItem) -> None:
        self._column.change(item)
        self.refresh()

    # Mouse.

    def _take_press(self, place: PointTarget) -> None:
        if not place.href.startswith("loquat:"):
            self.hold()

    def _show_selection(self) -> None:
        if self.selecting.selection:
            self.hold()
        self.viewport().update()

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
        if self.pointing.wheel(event):
            return
        notches = event.angleDelta().y() / 120
        self.scroll_by(-event.pixelDelta().y() or -round(notches * 3 * STEP))
        event.accept()

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
