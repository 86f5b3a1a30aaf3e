"""The bar above the composer that explains why a message was not sent: its parameters conflict."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.parameters.kinds import Fix, FoundConflict
from app.domain.parameters.table import BY_NAME
from app.domain.text.translation import _
from app.ui.theme.words import PlainLabel

#: Characters that fit on a line in a narrow window.
LINE = 56


class ConflictBar(QFrame):
    """Bar with the parameter conflicts because of which a message was not sent, a button for each
    fix, and "Send anyway". Hidden until `show_conflicts`."""

    #: The Fix that was chosen for a conflict.
    fix_wanted = Signal(object)
    #: "Send anyway" was pressed.
    anyway = Signal()
    #: True when the bar appears, False when it disappears.
    shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        # In a low window the transcript shrinks, not this bar.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 8, 8)
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
        """Show the bar, with a row for each of these conflicts and no others."""
        for row in self._rows:
            row.setParent(None)
            row.deleteLater()
        self._rows = [self._row(conflict) for conflict in conflicts]
        for number, row in enumerate(self._rows):
            self._column.insertWidget(number, row)
        self.setAccessibleName(_("Not sent yet"))
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    def _row(self, conflict: FoundConflict) -> QWidget:
        """Make the row of one conflict: its sentence, and a button for each fix."""
        row = QWidget()
        label = BY_NAME[conflict.parameter].label
        sentence = conflict.sentence
        if not sentence.startswith(label):
            sentence = _("{label}: {sentence}").format(label=label, sentence=sentence)
        words = PlainLabel(sentence)
        words.setWordWrap(True)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        # Height of two lines for long sentences: a nested layout does not ask a wrapping label how
        # high it becomes at its width.
        words.setMinimumHeight(
            words.fontMetrics().lineSpacing() * (2 if len(sentence) > LINE else 1)
        )
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        for fix in conflict.fixes:
            button = QPushButton(fix.label)
            button.clicked.connect(lambda _on=False, chosen=fix: self._fix(chosen))
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
