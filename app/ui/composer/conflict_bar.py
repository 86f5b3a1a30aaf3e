"""The card above the composer that explains why a message was not sent: its parameters conflict."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.kinds import Fix, FoundConflict
from app.domain.parameters.table import BY_NAME
from app.domain.text.translation import _, ngettext
from app.ui.theme.icons import icon
from app.ui.theme.menu import Menu
from app.ui.theme.theme import Theme
from app.ui.theme.warning_mark import WarningMark
from app.ui.theme.words import PlainLabel, put_tip

#: Least width and height of a button, in pixels.
TARGET = 28


class ConflictBar(QFrame):
    """Card with the parameter conflicts because of which a message was not sent, each with the
    button that mends it, and "Send anyway". Hidden until `show_conflicts`."""

    #: The Fix that was chosen for a conflict.
    fix_wanted = Signal(object)
    #: "Send anyway" was pressed.
    anyway = Signal()
    #: True when the card appears, False when it disappears.
    shown = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conflicts")
        # In a low window the transcript shrinks, not this card.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._title = PlainLabel()
        self._title.setObjectName("heading")
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close"))
        self.close_button.setAccessibleName(_("Don't send"))
        put_tip(self.close_button, _("Don't send"))
        self.close_button.clicked.connect(self.hide)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(WarningMark(theme))
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        self._rows = QWidget()
        self._anyway = QPushButton(_("Send anyway"))
        self._anyway.setObjectName("flat")
        self._anyway.clicked.connect(self.anyway)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 8, 8)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._column.addWidget(self._rows)
        self._column.addWidget(self._anyway, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def show_conflicts(self, conflicts: Sequence[FoundConflict]) -> None:
        """Show the card, with a row for each of these conflicts and no others."""
        focused: QWidget | None = self.window().focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        count = len(conflicts)
        title = ngettext("{n} parameter conflict", "{n} parameter conflicts", count).format(n=count)
        self._title.setText(title)
        self.setAccessibleName(_("Not sent: {why}").format(why=title))
        rows = self._make_rows(conflicts)
        self._column.replaceWidget(self._rows, rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = rows
        buttons = rows.findChildren(QAbstractButton)
        for before, after in pairwise((self.close_button, *buttons, self._anyway)):
            QWidget.setTabOrder(before, after)
        self.show()
        if had_focus and buttons:
            buttons[0].setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    def _make_rows(self, conflicts: Sequence[FoundConflict]) -> QWidget:
        """Make a row for each conflict: its sentence, the first fix, and a menu of the others."""
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for number, conflict in enumerate(conflicts):
            words = PlainLabel(_sentence_of(conflict))
            words.setWordWrap(True)
            grid.addWidget(words, number, 0)
            for column, button in enumerate(self._fix_buttons(conflict), 1):
                grid.addWidget(button, number, column)
        return rows

    def _fix_buttons(self, conflict: FoundConflict) -> list[QWidget]:
        if not conflict.fixes:
            return []
        first, *others = conflict.fixes
        button = QPushButton(first.label)
        button.setMinimumHeight(TARGET)
        button.clicked.connect(lambda: self._fix(first))
        if not others:
            return [button]
        more = QToolButton()
        more.setIcon(icon("down"))
        more.setMinimumSize(TARGET, TARGET)
        name = _("More ways to fix it")
        more.setAccessibleName(name)
        put_tip(more, name)
        menu = Menu(more)
        for other in others:
            menu.addAction(other.label, partial(self._fix, other))
        more.clicked.connect(lambda: menu.exec(more.mapToGlobal(more.rect().bottomLeft())))
        return [button, more]

    def _fix(self, fix: Fix) -> None:
        self.fix_wanted.emit(fix)


def _sentence_of(conflict: FoundConflict) -> str:
    label, sentence = BY_NAME[conflict.parameter].label, conflict.sentence
    if sentence.startswith(label):
        return sentence
    return _("{label}: {sentence}").format(label=label, sentence=sentence)
