"""A reply that grows, shown frame by frame: only what has changed is painted again."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QAbstractScrollArea

from app.domain.chat.reply import Reply
from app.ui.common.measures import MARGIN
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.streaming.frame_pacing import FramePacing


class ReplyGrowth(QObject):
    """Brings a reply to the screen of a view, whose `settle` brings the measures up to date."""

    def __init__(
        self, column: MessageColumn, view: QAbstractScrollArea, settle: Callable[[], None]
    ) -> None:
        super().__init__(view)
        self._column = column
        self._view = view
        self._settle = settle
        self._reply: Reply | None = None
        self._frames = FramePacing(self)
        self._frames.due.connect(self.show)

    def want(self, reply: Reply) -> None:
        """A reply has grown: show it with the next frame."""
        self._reply = reply
        self._frames.want()

    def stop(self) -> None:
        """The reply has its final form, which others show."""
        self._reply = None
        self._frames.stop()

    def show(self) -> None:
        """Show now what has grown, without waiting for the frame."""
        reply, self._reply = self._reply, None
        if reply is None or (item := self._column.find(reply.id)) is None:
            return
        self._frames.begin()
        if not self._column.following:
            # Who reads the reasoning wants to go on with it when the answer comes.
            item.keep_open()
        item.stack.changed = len(item.stack)
        item.grow(reply)
        self._column.remeasure(item)
        self._repaint(item, item.stack.changed)
        self._frames.end()

    def _repaint(self, item: MessageItem, number: int) -> None:
        """Bring the pixels up to date where only the strips of an item from `number` on have
        changed, and what stands below. What stays or moves up is not painted again."""
        column, viewport = self._column, self._view.viewport()
        bar, index = self._view.verticalScrollBar(), column.items.place_of(item.id)
        before, value = column.top_of(index) + item.stack.top_of(number), bar.value()
        self._settle()
        top, moved = column.top_of(index) + item.stack.top_of(number), value - bar.value()
        if top != before or abs(moved) >= viewport.height():
            viewport.update()
            return
        if moved:
            width = column.width + 2 * MARGIN
            left = (viewport.width() - width) // 2
            # Where a pixel of ours isn't a whole number of the screen's, Qt paints instead.
            viewport.scroll(0, moved, QRect(left, 0, width, viewport.height()))
        y = top - bar.value()
        viewport.update(0, y, viewport.width(), viewport.height() - y)
