"""The window that compares two presets: a table with a row for each parameter that either sets."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.presets import Preset, parameter_differences
from app.domain.parameters.table import PARAMETERS
from app.domain.text.translation import _, ngettext
from app.ui.parameters.head_line import MARK
from app.ui.parameters.rows import value_words
from app.ui.theme.controls import ComboBox
from app.ui.theme.words import PlainLabel, put_tip


class PresetComparison(QDialog):
    """Two combo boxes for the presets A and B above a table. Rows that differ are bold and have a
    mark."""

    #: The preset that is to be applied to the conversation in view.
    used = Signal(Preset)

    def __init__(self, presets: Sequence[Preset], first: int, second: int, parent: QWidget) -> None:
        """`first` and `second` are indexes in `presets` of those to show at first."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Compare presets"))
        self.resize(560, 420)
        self._presets = list(presets)
        self.first, self.second = self._choice(_("First preset")), self._choice(_("Second preset"))
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(_("Comparison"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.words = PlainLabel()
        self.words.setObjectName("muted")
        use_first, use_second = QPushButton(_("Use A")), QPushButton(_("Use B"))
        put_tip(use_first, _("Use the first preset"))
        put_tip(use_second, _("Use the second preset"))
        use_first.clicked.connect(self._use_first)
        use_second.clicked.connect(self._use_second)
        choices, buttons = QHBoxLayout(), QHBoxLayout()
        for letter, box in ((_("A"), self.first), (_("B"), self.second)):
            choices.addWidget(PlainLabel(letter))
            choices.addWidget(box, 1)
        buttons.addWidget(self.words, 1)
        buttons.addWidget(use_first)
        buttons.addWidget(use_second)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(choices)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.first.setCurrentIndex(first)
        self.second.setCurrentIndex(second)
        for box in (self.first, self.second):
            box.currentIndexChanged.connect(self._show)
        self._show()

    def _choice(self, name: str) -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(10)
        for preset in self._presets:
            box.addItem(preset.name)
        return box

    def _show(self) -> None:
        first = self._presets[self.first.currentIndex()]
        second = self._presets[self.second.currentIndex()]
        differing = {
            parameter.name
            for parameter in parameter_differences(first.parameters, second.parameters)
        }
        shown = [
            parameter
            for parameter in PARAMETERS
            if parameter.name in first.parameters or parameter.name in differing
        ]
        self.table.setHorizontalHeaderLabels(["", _("Parameter"), first.name, second.name])
        self.table.setRowCount(len(shown))
        for row, parameter in enumerate(shown):
            differs = parameter.name in differing
            texts = (
                MARK if differs else "",
                parameter.label,
                value_words(parameter.name, first.parameters.get(parameter.name)),
                value_words(parameter.name, second.parameters.get(parameter.name)),
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                font = item.font()
                font.setBold(differs)
                item.setFont(font)
                self.table.setItem(row, column, item)
            mark = self.table.item(row, 0)
            if mark is not None:
                words = _("differs") if differs else _("the same")
                mark.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        words = ngettext("{n} parameter differs", "{n} parameters differ", len(differing))
        self.words.setText(words.format(n=len(differing)) if differing else _("Both are the same"))

    def _use_first(self) -> None:
        self.used.emit(self._presets[self.first.currentIndex()])

    def _use_second(self) -> None:
        self.used.emit(self._presets[self.second.currentIndex()])
