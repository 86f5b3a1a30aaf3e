"""Colours the code in sight, a little at a time, when nothing else is to be done."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.ui.transcript.column import Column

#: It works for so long on each message in sight, and then rests.
SECONDS = 0.003
REST_MS = 20


class CodePainter(QObject):
    """Text and scrolling go before it: its timer comes when no other event waits."""

    #: Some code in sight has other colours.
    coloured = Signal()

    def __init__(self, column: Column, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._colour)

    def go_on(self) -> None:
        """There may be something to colour."""
        if not self._rest.isActive():
            self._rest.start()

    def _colour(self) -> None:
        top, new, more = self._column.top(), False, False
        for index, _place in self._column.between(top, top + self._column.page()):
            found, rest = self._column.items[index].colour(SECONDS)
            new, more = new or found, more or rest
        if new:
            self.coloured.emit()
        if more:
            self._rest.start()
