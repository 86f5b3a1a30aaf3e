"""Words on the screen that stay words. Qt takes text that looks like HTML for it, in labels and in
tooltips, and then reads the files that it names: a model's or a server's words must not do that.
"""

from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QLabel, QWidget


class Words(QLabel):
    """A label that shows what it is given, whatever that looks like."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)


def put_tip(widget: QWidget | QAction, words: str) -> None:
    """Have words appear where the pointer rests on a widget, or on an entry of a menu."""
    widget.setToolTip(tip(words))


def tip(words: str) -> str:
    """Words as a tooltip takes them: it can't be told to show plain text, but what is escaped
    is plain."""
    return Qt.convertFromPlainText(words) if Qt.mightBeRichText(words) else words
