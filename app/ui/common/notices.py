"""Messages from the program itself: a banner that stays until it is closed, and a toast that
disappears after some seconds."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from app.domain.text.translation import _
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel, put_tip

#: Time-out of a toast with a button, in milliseconds.
TOAST_MS = 6000
#: Time-out of a toast without a button, in milliseconds.
GLANCE_MS = 2500
#: Distance of a toast from what is below it, and from the sides; its least height, in pixels.
TOAST_EDGE, SIDE_EDGE, LEAST = 4, 8, 36

_MOVING = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}


class Banner(QFrame):
    """Strip above the conversation with one or more sentences, one a line, that stays until the
    person closes it. Used instead of modal message boxes."""

    #: Words were shown, which a screen reader should say.
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAccessibleName(_("Close this notice"))
        put_tip(close, _("Close this notice"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(close)
        self.hide()

    def show_words(self, words: str) -> None:
        """Show a sentence, below those that are already visible. A sentence that is visible already
        is not added again."""
        before = self._words.text() if self.isVisible() else ""
        if words not in before.split("\n"):
            self._words.setText(f"{before}\n{words}".strip())
        self._words.setAccessibleName(self._words.text())
        self.show()
        self.told.emit(words)


class Toast(QFrame):
    """Short message over the bottom edge of another widget, with at most one button, that hides
    after TOAST_MS. It floats, so that nothing moves when it comes, and its owner keeps the bottom
    edge free of what is read."""

    #: Words were shown, which a screen reader should say.
    told = Signal(str)

    def __init__(self, parent: QWidget, under: QWidget) -> None:
        """The toast is a child of `parent`, centred in it, TOAST_EDGE pixels above the bottom edge
        of `under`, or of the button that `avoid` names."""
        super().__init__(parent)
        self._under = under
        self._avoided: QWidget | None = None
        self.setObjectName("toast")
        self._words = PlainLabel()
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        self._action: Callable[[], None] | None = None
        row = self._row = QHBoxLayout(self)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        under.installEventFilter(self)
        self.hide()

    def show_words(
        self, words: str, button: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Show `words` for TOAST_MS with a button, else for GLANCE_MS. A click on the button, which
        has the label `button`, hides the toast and calls `action`."""
        self._words.setText(words)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._action = action
        self._row.setContentsMargins(16, 4, 4 if button else 16, 4)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(TOAST_MS if button else GLANCE_MS)
        self.told.emit(words)

    def stand_over(self, under: QWidget) -> None:
        """Stand above the bottom edge of `under` from now on: the parent, or the first widget."""
        self._under = under
        if self.isVisible():
            self._place()

    def avoid(self, widget: QWidget) -> None:
        """Stay above another floating widget while that is visible."""
        self._avoided = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place of the toast when what it stands above is resized, moved or shown."""
        if event.type() in _MOVING and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        room = parent.width() - 2 * SIDE_EDGE
        # Words wrap only where one line has no room: Qt would wrap them early otherwise.
        self._words.setWordWrap(False)
        wanted = self.sizeHint()
        if wanted.width() > room:
            self._words.setWordWrap(True)
            wanted = QSize(room, self.heightForWidth(room))
        self.resize(wanted.expandedTo(QSize(0, LEAST)))
        bottom = self._under.mapTo(parent, QPoint(0, self._under.height())).y()
        left = (parent.width() - self.width()) // 2
        avoided = self._avoided
        if avoided is not None and avoided.isVisible():
            top = avoided.mapTo(parent, QPoint(0, 0))
            if left < top.x() + avoided.width() and top.x() < left + self.width():
                bottom = min(bottom, top.y())
        self.move(left, bottom - self.height() - TOAST_EDGE)

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()
