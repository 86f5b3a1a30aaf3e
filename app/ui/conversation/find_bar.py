"""The find bar above the conversation: a search field, the number of matches, and buttons to step
through them."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.text.translation import _
from app.ui.common.action_widgets import tool_button
from app.ui.common.actions import ActionId, Scope
from app.ui.common.closable_frame import ClosableFrame
from app.ui.common.keys import action_for
from app.ui.theme.words import PlainLabel

#: Pause in typing, in milliseconds, after which the search starts.
REST_MS = 60


class FindBar(ClosableFrame):
    """Reports the searched text and the steps to other matches; it does not search itself."""

    #: The text to search for, after a pause in typing; empty when the bar is closed.
    sought = Signal(str)
    #: A step to a match is wanted: 1 is the next one, −1 the previous one.
    step_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find")
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Find in this chat"))
        self._field.setAccessibleName(_("Find"))
        self._field.textChanged.connect(self._wait)
        self._count = PlainLabel()
        self._count.setObjectName("muted")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(self._count)
        for action, slot in (
            (ActionId.MATCH_BEFORE, self._want_previous),
            (ActionId.MATCH_AFTER, self._want_next),
            (ActionId.CLOSE, self.dismiss),
        ):
            row.addWidget(tool_button(action, slot))
        self.hide()

    def come_forward(self) -> None:
        """Show the bar, focus its field and search for its text."""
        self.show()
        self._field.setFocus()
        self._field.selectAll()
        self._tell()

    def put_words(self, words: str) -> None:
        """Replace the text of the search field; the search follows after the usual pause."""
        self._field.setText(words)

    def show_count(self, total: int, current: int) -> None:
        """Show the number of the current match, from 1, and the total number of matches."""
        if not self._field.text():
            words = ""
        elif not total:
            words = _("nothing found")
        else:
            words = _("{current} of {total}").format(current=current, total=total)
        self._count.setText(words)

    def words(self) -> str:
        """Return the searched text; empty while the bar is closed."""
        return self._field.text() if self.isVisible() else ""

    def dismiss(self) -> None:
        """Close the bar and end the search."""
        self._rest.stop()
        self.hide()
        self.sought.emit("")
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match action_for(event, Scope.FIND):
            case ActionId.MATCH_BEFORE:
                self._want_previous()
            case ActionId.MATCH_AFTER:
                self._want_next()
            case _:
                super().keyPressEvent(event)

    def _wait(self) -> None:
        self._rest.start()

    def _tell(self) -> None:
        self.sought.emit(self._field.text())

    def _want_next(self) -> None:
        if self._rest.isActive():
            self._rest.stop()
            self._tell()
        else:
            self.step_wanted.emit(1)

    def _want_previous(self) -> None:
        self.step_wanted.emit(-1)
