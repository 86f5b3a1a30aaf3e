"""Labels and tooltips that always show plain text. Qt reads text that looks like HTML as HTML and
loads the files that it names, which text from a model or server must not cause."""

from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that shows its text as plain text, even if it looks like HTML."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)


def put_tip(widget: QWidget | QAction, words: str) -> None:
    """Set the tooltip of a widget or menu entry to plain text."""
    widget.setToolTip(tip(words))


def tip(words: str) -> str:
    """Return text escaped for Qt's tooltips, so that it is shown as plain text. Tooltips have no
    setting for plain text."""
    return Qt.convertFromPlainText(words) if Qt.mightBeRichText(words) else words
