"""Shows a growing reply frame by frame, and repaints only the pixels that changed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QAbstractScrollArea

from app.domain.chat.reply import Reply
from app.ui.common.measures import MARGIN
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.streaming.frame_pacing import FramePacing
from app.ui.transcript.strips.edge_fade import HEIGHT as FADE


class ReplyGrowth(QObject):
    """Shows a growing reply in a view.

    `settle` is the view's function that lays out what is visible and updates the scroll bar. A
    reader who isn't at the end of the conversation doesn't see the text move.
    """

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
        """Show the current text of a reply that has grown, when the next frame is due."""
        self._reply = reply
        self._frames.want()

    def stop(self) -> None:
        """Stop showing the reply, because it is finished. The view then shows the message."""
        self._reply = None
        self._frames.stop()

    def show(self) -> None:
        """Show the text requested by `want` now, without waiting for the next frame."""
        reply, self._reply = self._reply, None
        if reply is None or (item := self._column.find(reply.id)) is None:
            return
        self._frames.begin()
        item.stack.changed = len(item.stack)
        self._column.change(item, lambda: item.grow(reply))
        self._repaint(item, item.stack.changed)
        self._frames.end()

    def _repaint(self, item: MessageItem, number: int) -> None:
        """Repaint an item from its strip `number` on, and everything below it.

        Pixels that only moved up are scrolled, not painted again.
        """
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
            # On screens with a fractional scale factor, Qt repaints instead of scrolling.
            viewport.scroll(0, moved, QRect(left, 0, width, viewport.height()))
            # The fade at the upper edge moved with the words, and belongs where it was.
            viewport.update(0, 0, viewport.width(), FADE + max(0, moved))
        viewport.update(0, viewport.height() - FADE, viewport.width(), FADE)
        y = top - bar.value()
        viewport.update(0, y, viewport.width(), viewport.height() - y)
