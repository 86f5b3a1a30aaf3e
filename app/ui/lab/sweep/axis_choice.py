"""The choice of one axis of a sweep: a parameter with its values, presets, or models."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
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

#: Subjects of an axis other than the name of a parameter.
NOTHING, PRESETS, MODELS = "", ":presets", ":models"
Value = TypeVar("Value")
_ITEM = Qt.ItemDataRole.UserRole


class AxisChoice(QWidget):
    """Combo box for the subject of the axis, above the field or list for its values."""

    #: The subject or its values have changed.
    changed = Signal()

    def __init__(
        self,
        name: str,
        presets: Sequence[Preset],
        models: Sequence[ModelChoice],
        *,
        optional: bool,
    ) -> None:
        """`name` is the axis's accessible name, such as Columns. An `optional` axis can also be
        nothing."""
        super().__init__()
        self._subject = ComboBox()
        self._subject.setAccessibleName(name)
        if optional:
            self._subject.addItem(_("None"), NOTHING)
        for parameter in PARAMETERS:
            # Seeds have fields of their own in the plan; parameters that only ask for probabilities
            # change no answer.
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
        self._presets = _CheckList(_("{axis}: presets").format(axis=name))
        for preset in presets:
            self._presets.add(preset.name, preset)
        self._models = _CheckList(_("{axis}: models").format(axis=name))
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
        """Choose a parameter by its name, and its values as a person types them; without `values`
        the suggested values stay."""
        self._subject.setCurrentIndex(max(0, self._subject.findData(subject)))
        if values:
            self._values.setText(values)

    def axis(self) -> Axis | None:
        """Return the chosen axis; None for nothing. Raises ParameterError if values are invalid."""
        match self._subject.currentData():
            case "":
                return None
            case ":presets":
                return PresetAxis(tuple(self._presets.ticked(Preset)))
            case ":models":
                return ModelAxis(tuple(self._models.ticked(ModelChoice)))
            case name:
                return ParameterAxis(name, parse_values(BY_NAME[name], self._values.text()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Only now have the fields their style, and with it their height.
        self._fit()

    def _fit(self) -> None:
        """Give the field or list the height that it needs."""
        page = self._pages.currentWidget()
        if page is not None:
            self._pages.setFixedHeight(max(0, page.sizeHint().height()))

    def _choose(self) -> None:
        subject = self._subject.currentData()
        pages = {NOTHING: self._nothing, PRESETS: self._presets, MODELS: self._models}
        page = pages.get(subject, self._values)
        self._pages.setCurrentWidget(page)
        self._fit()
        self._pages.setVisible(page is not self._nothing)
        if page is self._values:
            parameter = BY_NAME[subject]
            self._values.setText(values_text(parameter, suggested_values(parameter)))
        self.changed.emit()


class _CheckList(QListWidget):
    """List with a check box for each row."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(TickPainter(self))

    def add(self, words: str, what: object) -> None:
        """Add a row that stands for `what`. The first two rows start ticked."""
        item = QListWidgetItem(words, self)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setData(_ITEM, what)
        chosen = self.count() <= 2
        item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)

    def ticked(self, kind: type[Value]) -> list[Value]:
        """Return what the ticked rows stand for, in the order of the list."""
        items = (self.item(place) for place in range(self.count()))
        values = (item.data(_ITEM) for item in items if item.checkState() is Qt.CheckState.Checked)
        return [value for value in values if isinstance(value, kind)]

    def sizeHint(self) -> QSize:
        # Four rows or a little more.
        return QSize(240, max(120, 5 * self.fontMetrics().lineSpacing()))
