"""The floating button that leads to the end of the conversation, and says how much is new there."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.chat.conversation import Message, Role, Status
from app.domain.text.translation import _, ngettext
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip

#: Distance of the button from the viewport's end, in pixels.
EDGE = 8


class NewMessages:
    """The messages that have come below the viewport since its end was last in sight."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, message: Message) -> None:
        """Count a message, unless the person wrote it or it is still under way."""
        if message.role is not Role.USER and message.status is not Status.STREAMING:
            self._ids.add(message.id)

    def begin(self, path: Sequence[Message], seen: str) -> None:
        """Count the messages of a path after the message with the id `seen`; none if it is not in
        the path."""
        self._ids.clear()
        ids = [message.id for message in path]
        for message in path[ids.index(seen) + 1 :] if seen in ids else ():
            self.add(message)

    def clear(self) -> None:
        """Forget all, because the end is in sight."""
        self._ids.clear()


class ToEndButton(QToolButton):
    """Round button with an arrow; a pill with "3 new" if there are new messages at the end."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("float")
        self.setIcon(icon("to_end"))
        self._new = -1
        self._column = self._viewport = QRect()
        self.hide()
        self._show_count(0)

    def show_state(self, *, wanted: bool, new: int) -> None:
        """Show the button if it is wanted, with the number of new messages."""
        if wanted and new != self._new:
            self._show_count(new)
        if wanted != (not self.isHidden()):
            self.setVisible(wanted)

    def put_above_end(self, column: QRect, viewport: QRect) -> None:
        """Set the place: in the middle of the column of text, just above the viewport's end."""
        self._column, self._viewport = column, viewport
        hint = self.sizeHint()
        # Twice the corner radius of the style sheet.
        height = self.iconSize().height() + 18
        width = hint.width() if self._new > 0 else height
        x = column.left() + (column.width() - width) // 2
        self.setGeometry(x, viewport.bottom() + 1 - height - EDGE, width, height)

    def _show_count(self, new: int) -> None:
        self._new = new
        words = ngettext("{n} new", "{n} new", new).format(n=new) if new else ""
        style = Qt.ToolButtonStyle
        self.setText(words)
        self.setToolButtonStyle(style.ToolButtonTextBesideIcon if new else style.ToolButtonIconOnly)
        name = _("To the end")
        put_tip(self, name)
        self.setAccessibleName(f"{name}, {words}" if new else name)
        if not self._viewport.isNull():
            self.put_above_end(self._column, self._viewport)
