"""The system prompt's field in the panel."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from app.domain.text.translation import _
from app.ui.common.exact_text import ExactField
from app.ui.theme.words import put_tip

#: Lines of text to which the field grows; a longer text scrolls.
LEAST_LINES, MOST_LINES = 2, 10
#: Height of the frame and its padding, in pixels.
FRAME = 16


class SystemField(ExactField):
    """Text field as high as its text, from LEAST_LINES to MOST_LINES lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("system")
        self.setAccessibleName(_("System prompt"))
        self.setPlaceholderText(_("Instructions for every answer"))
        put_tip(self, _("Instructions sent before the chat"))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # The layout of a plain text document measures its height in lines.
        lines = int(self.document().size().height())
        shown = max(LEAST_LINES, min(MOST_LINES, lines))
        scrolls = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(scrolls if lines > MOST_LINES else never)
        margins = round(self.document().documentMargin() * 2)
        height = shown * self.fontMetrics().lineSpacing() + margins + FRAME
        # Setting the same height again would lay out the whole panel again.
        if height != self.minimumHeight():
            self.setFixedHeight(height)
