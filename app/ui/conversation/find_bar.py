"""The field that looks for words in the conversation, above it while it is wanted."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.text.translation import _
from app.ui.common.action_widgets import tool_button
from app.ui.common.actions import ActionId, Scope
from app.ui.common.closable_frame import ClosableFrame
from app.ui.common.keys import action_for
from app.ui.theme.words import Words

#: Typing rests for this long before the conversation is searched.
REST_MS = 60


class FindBar(ClosableFrame):
    """Tells what is looked for; shows how much of it there is."""

    #: The words changed; empty when the bar is closed.
    sought = Signal(str)
    #: The next one (1) or the one before (−1).
    step_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find")
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Find in this conversation"))
        self._field.setAccessibleName(_("Find"))
        self._field.textChanged.connect(self._wait)
        self._count = Words()
        self._count.setObjectName("muted")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(self._field, 1)
        row.addWidget(self._count)
        for action, slot in (
            (ActionId.MATCH_BEFORE, self._want_previous),
            (ActionId.MATCH_AFTER, self._want_next),
            (ActionId.CLOSE, self.dismiss),
        ):
            button = tool_button(action)
            button.clicked.connect(slot)
            row.addWidget(button)
        self.hide()

    def come_forward(self) -> None:
        """Show the bar with the keyboard in it."""
        self.show()
        self._field.setFocus()
        self._field.selectAll()
        self._tell()

    def put_words(self, words: str) -> None:
        """Look for these words."""
        self._field.setText(words)

    def show_count(self, total: int, current: int) -> None:
        """Say which of how many is in view."""
        if not self._field.text():
            words = ""
        elif not total:
            words = _("nothing found")
        else:
            words = _("{current} of {total}").format(current=current, total=total)
        self._count.setText(words)

    def words(self) -> str:
        """What is looked for; nothing while the bar is closed."""
        return self._field.text() if self.isVisible() else ""

    def dismiss(self) -> None:
        """Look for nothing any more."""
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
