"""Above the field: what contradicts itself in a question before it is sent, and ways out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.parameters.kinds import Fix, FoundConflict
from app.domain.parameters.table import BY_NAME
from app.domain.text.translation import _
from app.ui.theme.words import Words

#: Characters that fit on a line of a narrow window.
LINE = 56


class ConflictBar(QFrame):
    """Hidden until `show_conflicts`; nothing was sent while it is there."""

    fix_wanted = Signal(object)
    #: It is to be sent as it is.
    anyway = Signal()
    #: Whether it is there.
    shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        # The conversation above gives way, not what is to be read and clicked here.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 10, 10, 10)
        self._rows: list[QWidget] = []
        below = QHBoxLayout()
        anyway = QPushButton(_("Send anyway"))
        anyway.clicked.connect(self.anyway)
        cancel = QPushButton(_("Don't send"))
        cancel.clicked.connect(self.hide)
        below.addStretch(1)
        below.addWidget(cancel)
        below.addWidget(anyway)
        self._column.addLayout(below)
        self.hide()

    def show_conflicts(self, conflicts: Sequence[FoundConflict]) -> None:
        """Explain why it was not sent."""
        for row in self._rows:
            row.setParent(None)
            row.deleteLater()
        self._rows = [self._row(found) for found in conflicts]
        for place, row in enumerate(self._rows):
            self._column.insertWidget(place, row)
        self.setAccessibleName(_("Not sent yet"))
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    def _row(self, found: FoundConflict) -> QWidget:
        row = QWidget()
        label = BY_NAME[found.parameter].label
        said = found.sentence
        if not said.startswith(label):
            said = _("{label}: {sentence}").format(label=label, sentence=said)
        words = Words(said)
        words.setWordWrap(True)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        # Room for two lines: a layout in a layout asks no label how high it gets.
        words.setMinimumHeight(words.fontMetrics().lineSpacing() * (2 if len(said) > LINE else 1))
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        for fix in found.fixes:
            button = QPushButton(fix.label)
            button.clicked.connect(lambda _on=False, one=fix: self._fix(one))
            button.setMinimumHeight(button.sizeHint().height())
            line.addWidget(button)
        line.setAlignment(Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(words)
        layout.addLayout(line)
        return row

    def _fix(self, fix: Fix) -> None:
        self.fix_wanted.emit(fix)
