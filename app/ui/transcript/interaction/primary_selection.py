"""Offers the selected text of the conversation as the X11 primary selection, which a middle click
pastes."""

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

from app.ui.transcript.interaction.selecting import Selecting, Selection

#: Pause after the last change of the selection until it is offered, in milliseconds. A drag changes
#: it at every move of the mouse.
PAUSE_MS = 60
#: Most messages of a selection that is kept when its conversation goes out of view.
MOST_KEPT = 100


class PrimarySelection(QObject):
    """Follows the selection of a conversation, where the window system has a primary selection.

    The text is made when another program, or the message field, asks for it: to offer the whole of
    10,000 messages costs as much as to offer a word.
    """

    def __init__(self, selecting: Selecting, parent: QObject) -> None:
        super().__init__(parent)
        self._selecting = selecting
        self._offered: _PrimaryContents | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.offer)
        if QGuiApplication.clipboard().supportsSelection():
            selecting.changed.connect(self._pause.start)

    def offer(self) -> None:
        """Offer the selection. An empty one leaves the last, as in other programs."""
        selection = self._selecting.selection
        if not selection:
            return
        self._offered = _PrimaryContents(self._selecting, selection)
        QGuiApplication.clipboard().setMimeData(self._offered, QClipboard.Mode.Selection)

    def keep(self) -> None:
        """Make the text of what is offered now, since its conversation goes out of view. A long
        selection is dropped instead."""
        self._pause.stop()
        if self._offered is not None and not self._offered.settle():
            QGuiApplication.clipboard().clear(QClipboard.Mode.Selection)
        self._offered = None


class _PrimaryContents(QMimeData):
    """Plain text of a selection, made on demand and then kept."""

    def __init__(self, selecting: Selecting, selection: Selection) -> None:
        super().__init__()
        self._selecting = selecting
        self._selection = selection
        self._text: str | None = None

    def settle(self) -> bool:
        """Make the text unless the selection is long; return whether it is made."""
        if self._selection.end.message - self._selection.start.message < MOST_KEPT:
            self._made()
        return self._text is not None

    def formats(self) -> list[str]:
        return ["text/plain"]

    def hasFormat(self, kind: str) -> bool:  # noqa: N802 (Qt's name)
        return kind in self.formats()

    def retrieveData(self, kind: str, prefer: object) -> object:  # noqa: N802 (Qt's name)
        return self._made() if kind == "text/plain" else None

    def _made(self) -> str:
        if self._text is None:
            self._text = self._selecting.text_of(self._selection)
        return self._text
