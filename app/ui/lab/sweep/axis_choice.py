"""What changes from cell to cell of a sweep, chosen: a parameter's values, presets, or models."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.presets import Preset
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.sweep.axis_values import parse_values, suggested_values, values_text
from app.domain.sweep.plan import SEED, Axis, ModelAxis, ModelChoice, ParameterAxis, PresetAxis
from app.domain.text.translation import _
from app.ui.theme.controls import ComboBox, TickPainter

#: What an axis may be besides a parameter.
NOTHING, PRESETS, MODELS = "", ":presets", ":models"
Kind = TypeVar("Kind")
_ITEM = Qt.ItemDataRole.UserRole


class AxisChoice(QWidget):
    """A choice of the subject, and below it of its values."""

    changed = Signal()

    def __init__(
        self,
        name: str,
        presets: Sequence[Preset],
        models: Sequence[ModelChoice],
        *,
        optional: bool,
    ) -> None:
        """`name` says which axis it is; an `optional` one may be nothing."""
        super().__init__()
        self._subject = ComboBox()
        self._subject.setAccessibleName(name)
        if optional:
            self._subject.addItem(_("nothing else"), NOTHING)
        for parameter in PARAMETERS:
            # What the seed does is chosen apart; what asks for probabilities changes no answer.
            if parameter.name != SEED and suggested_values(parameter):
                self._subject.addItem(parameter.label, parameter.name)
        if presets:
            self._subject.addItem(_("Presets"), PRESETS)
        if len(models) > 1:
            self._subject.addItem(_("Models"), MODELS)
        self._values = QLineEdit()
        self._values.setAccessibleName(_("{axis}: values").format(axis=name))
        self._values.setPlaceholderText(_("such as 0, 0.5, 1 or 0..1 step 0.25"))
        self._values.textChanged.connect(self.changed)
        self._presets = _Ticks(_("{axis}: presets").format(axis=name))
        for preset in presets:
            self._presets.add(preset.name, preset)
        self._models = _Ticks(_("{axis}: models").format(axis=name))
        for model in models:
            self._models.add(model.name or model.model, model)
        self._pages = QStackedWidget()
        self._nothing = QWidget()
        for page in (self._nothing, self._values, self._presets, self._models):
            self._pages.addWidget(page)
        for ticks in (self._presets, self._models):
            ticks.itemChanged.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._subject)
        layout.addWidget(self._pages)
        self._subject.currentIndexChanged.connect(self._choose)
        self._choose()

    def choose(self, subject: str, values: str = "") -> None:
        """Choose a parameter by its name, with values as typed."""
        self._subject.setCurrentIndex(max(0, self._subject.findData(subject)))
        if values:
            self._values.setText(values)

    def axis(self) -> Axis | None:
        """The axis as it is chosen; None for none. Raises ParameterError."""
        match self._subject.currentData():
            case "":
                return None
            case ":presets":
                return PresetAxis(tuple(self._presets.ticked(Preset)))
            case ":models":
                return ModelAxis(tuple(self._models.ticked(ModelChoice)))
            case name:
                return ParameterAxis(name, parse_values(BY_NAME[name], self._values.text()))

    def _choose(self) -> None:
        subject = self._subject.currentData()
        pages = {NOTHING: self._nothing, PRESETS: self._presets, MODELS: self._models}
        page = pages.get(subject, self._values)
        self._pages.setCurrentWidget(page)
        self._pages.setFixedHeight(120 if isinstance(page, _Ticks) else 34)
        self._pages.setVisible(page is not self._nothing)
        if page is self._values:
            parameter = BY_NAME[subject]
            self._values.setText(values_text(parameter, suggested_values(parameter)))
        self.changed.emit()


class _Ticks(QListWidget):
    """A list of which any number is chosen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(TickPainter(self))

    def add(self, words: str, what: object) -> None:
        """Add a row; the first two are chosen."""
        item = QListWidgetItem(words, self)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setData(_ITEM, what)
        chosen = self.count() <= 2
        item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)

    def ticked(self, kind: type[Kind]) -> list[Kind]:
        """What is chosen, in the order of the list."""
        items = (self.item(place) for place in range(self.count()))
        found = (one.data(_ITEM) for one in items if one.checkState() is Qt.CheckState.Checked)
        return [one for one in found if isinstance(one, kind)]

    def sizeHint(self) -> QSize:
        return QSize(240, 120)
