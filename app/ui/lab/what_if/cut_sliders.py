"""Editors of the parameters that drop candidates, above the bars that show their effect.

They are the editors of the Parameters face, each on a single line. Both faces show the values of
`InView` and report edits to it, so that a value has one owner.
"""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.parameters.kinds import Json, Parameter, Values
from app.domain.parameters.presets import same
from app.domain.parameters.table import PARAMETERS
from app.domain.sampling.samplers import FACTS, Effect
from app.ui.parameters.value_control import ValueControl
from app.ui.theme.words import PlainLabel, put_tip

#: Least height of a row in pixels.
ROW = 32
#: Least width of a slider with its number field, in pixels.
EDITOR = 160

#: Parameters that drop candidates, or do so at one end as temperature at 0, in the order of the
#: table of parameters.
CUTTING: tuple[Parameter, ...] = tuple(
    parameter
    for parameter in PARAMETERS
    if any(
        facts.effects.get(parameter.name) in {Effect.CUT, Effect.SHARPNESS}
        for facts in FACTS.values()
    )
)


class CutRow(ValueControl):
    """Label, editor and reset button of one parameter, which lie in the grid of `CutSliders`."""

    def __init__(self, parameter: Parameter, parent: QObject) -> None:
        super().__init__(parameter, parent)
        self.parameter = parameter
        self.label = PlainLabel(parameter.label)
        self.label.setBuddy(self.editor.control())
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)

    def show_reason(self, reason: str) -> None:
        """Disable the row, with the reason why the model does not support the parameter; an empty
        reason enables it."""
        for widget in (self.label, self.editor):
            widget.setEnabled(not reason)
            put_tip(widget, f"{self.parameter.help}\n\n{reason}".strip())
        self.editor.show_description(reason or self.parameter.help)


class CutSliders(QWidget):
    """A row for each parameter that drops candidates, and a line for what is wrong with a text."""

    #: A parameter's name and its new value; None for not set.
    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem = PlainLabel()
        self._problem.setObjectName("warning")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self.rows = {parameter.name: CutRow(parameter, self) for parameter in CUTTING}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._stacked = True
        self._arrange(stacked=False)
        for name, row in self.rows.items():
            row.edited.connect(partial(self.edited.emit, name))
            row.changed.connect(self._show_problem)
            row.show_reason("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        labels = max(row.label.sizeHint().width() for row in self.rows.values())
        resets = max(row.reset.sizeHint().width() for row in self.rows.values())
        self._arrange(stacked=event.size().width() < labels + EDITOR + resets + 16)

    def _arrange(self, *, stacked: bool) -> None:
        """Put each label beside its editor, or above it where there is no room."""
        if stacked == self._stacked:
            return
        self._stacked = stacked
        vertically = Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(self.rows.values()):
            self._grid.removeWidget(row.editor)
            self._grid.addWidget(row.label, 2 * place, 0, vertically)
            self._grid.addWidget(row.reset, 2 * place, 2, vertically)
            if stacked:
                self._grid.addWidget(row.editor, 2 * place + 1, 0, 1, 3)
            else:
                self._grid.addWidget(row.editor, 2 * place, 1)
            self._grid.setRowMinimumHeight(2 * place, ROW)
        self._grid.addWidget(self._problem, 2 * len(self.rows), 0, 1, 3)

    def minimumSizeHint(self) -> QSize:
        return QSize(EDITOR, super().minimumSizeHint().height())

    def show_values(self, values: Values) -> None:
        """Show the values that are set, by name. A row that shows its value already is left alone,
        so that a text that is being typed stays."""
        for name, row in self.rows.items():
            if not same(row.value, values.get(name)):
                row.show_value(values.get(name))

    def show_defaults(self, defaults: Mapping[str, Json]) -> None:
        """Mark the server's own defaults on the sliders, as far as they are known."""
        for name, row in self.rows.items():
            row.editor.show_default(defaults.get(name))

    def show_reasons(self, reasons: Mapping[str, str]) -> None:
        """Disable the parameters that the model does not support: name → reason."""
        for name, row in self.rows.items():
            row.show_reason(reasons.get(name, ""))

    def _show_problem(self) -> None:
        problems = [row.complaint for row in self.rows.values() if row.complaint]
        self._problem.setText(problems[0] if problems else "")
        self._problem.setVisible(bool(problems))
