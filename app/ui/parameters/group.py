"""A folded group of parameters in the panel: a heading that opens it, and its rows."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.parameters.kinds import ParameterGroup
from app.domain.text.translation import _, ngettext
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel, put_tip

#: Height of the heading in pixels at 100 % text.
HEAD = 36


class GroupBox(QWidget):
    """A heading with the number of parameters that are set, above the rows of the group. The rows
    are put in when the group is first opened."""

    #: The person opened (True) or folded the group.
    toggled = Signal(bool)

    def __init__(self, group: ParameterGroup) -> None:
        super().__init__()
        self.group = group
        self._rows: QWidget | None = None
        self.head = QPushButton(group.label)
        self.head.setObjectName("fold")
        self.head.setCheckable(True)
        self.head.setIconSize(QSize(14, 14))
        self.head.setMinimumHeight(HEAD)
        font = QFont(self.head.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.head.setFont(font)
        self.head.clicked.connect(self.toggled)
        self.head.toggled.connect(self._show)
        self._count = PlainLabel()
        self._count.setObjectName("muted")
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QHBoxLayout(self.head)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.addStretch(1)
        inside.addWidget(self._count)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self._show(False)
        self.show_count(0)

    @property
    def is_open(self) -> bool:
        """Whether the rows are shown."""
        return self.head.isChecked()

    @property
    def has_rows(self) -> bool:
        """Whether the rows were put in."""
        return self._rows is not None

    def open(self, *, wanted: bool = True) -> None:
        """Open the group, or fold it. Emits no signal."""
        self.head.setChecked(wanted)

    def put_rows(self, rows: Sequence[QWidget]) -> None:
        """Put in the rows, once."""
        self._rows = QWidget()
        column = QVBoxLayout(self._rows)
        column.setContentsMargins(0, 4, 0, 12)
        column.setSpacing(12)
        for row in rows:
            column.addWidget(row)
        self._column.addWidget(self._rows)
        self._rows.setVisible(self.is_open)

    def show_count(self, number: int, problems: int = 0, *, supported: bool = True) -> None:
        """Show how many parameters are set and how many of them have a problem; or that the model
        supports none of the group."""
        words = ngettext("{n} set", "{n} set", number).format(n=number) if number else ""
        if not supported and not number:
            words = _("Not supported")
        if problems:
            problem = ngettext("{n} problem", "{n} problems", problems).format(n=problems)
            words = f"{words} · {problem}"
        if words != self._count.text() or not self.head.accessibleName():
            self._count.setText(words)
            label = self.group.label
            self.head.setAccessibleName(f"{label}, {words}" if words else label)

    def _show(self, is_open: bool) -> None:
        glyph = "down" if is_open else "right"
        self.head.setIcon(icon(glyph, QPalette.ColorRole.PlaceholderText))
        words = _("Fold {group}") if is_open else _("Show {group}")
        put_tip(self.head, words.format(group=self.group.label))
        if self._rows is not None:
            self._rows.setVisible(is_open)
