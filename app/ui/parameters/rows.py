"""The list of parameter rows in the panel, with its heading, the Reset menu, and the fold for
advanced parameters."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.kinds import FoundConflict, Json, Values
from app.domain.parameters.presets import SAMPLING, Preset, same
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.text.translation import _, ngettext
from app.ui.common.shortened_difference import short
from app.ui.parameters.row import ParameterRow
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel, put_tip

#: Most characters of a value in `value_words`.
VALUE_CHARACTERS = 24


class ParameterRows(QWidget):
    """A row for each parameter of the table. It shows values and reports edits; the values
    themselves are kept by its owner."""

    #: Signals of a row, passed on: see ParameterRow.
    edited = Signal(str, object)
    fix_wanted = Signal(object)
    retry_wanted = Signal(str)
    dialog_wanted = Signal(object)
    #: Chosen in the Reset menu: unset all parameters, or set the sampling parameters to their
    #: neutral values.
    unset_wanted = Signal()
    neutral_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._only_set = self._folded = False
        #: Values of the last answer and the active preset, for comparison.
        self._last: Mapping[str, Json | None] = {}
        self._preset: Preset | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._build_head()
        self.by_name: dict[str, ParameterRow] = {}
        self._between = QVBoxLayout()
        advanced = False
        for parameter in PARAMETERS:
            if parameter.advanced and not advanced:
                advanced = True
                self._column.addLayout(self._between)
                self._column.addWidget(self._divider())
            row = self.by_name[parameter.name] = ParameterRow(parameter)
            row.edited.connect(self.edited)
            row.fix_wanted.connect(self.fix_wanted)
            row.retry_wanted.connect(self.retry_wanted)
            row.dialog_wanted.connect(self.dialog_wanted)
            self._column.addWidget(row)

    def put_below_sampling(self, widget: QWidget) -> None:
        """Put a widget between the sampling parameters and the advanced ones."""
        self._between.addWidget(widget)

    def show_values(self, values: Values) -> None:
        """Show a value for each parameter name in `values`; all other parameters are shown as not
        set."""
        for name, row in self.by_name.items():
            row.show_value(values.get(name))

    def show_changes(self, values: Values) -> None:
        """Show `values`, as `show_values` does, but leave the rows alone that show the same value
        already, so that a text being typed stays."""
        for name, row in self.by_name.items():
            value = values.get(name)
            if not same(row.value, value):
                row.show_value(value)

    def show_readings(self, readings: Mapping[str, str]) -> None:
        """Show a sentence about the effect of each value, by parameter name; others show none."""
        for name, row in self.by_name.items():
            row.show_reading(readings.get(name, ""))

    def show_last(self, last: Mapping[str, Json | None]) -> bool:
        """Set the values that were sent for the last answer, to show where they differ. None means
        that nothing was sent; parameters that are missing are not compared. Takes effect with
        `show_state`; returns whether that is needed."""
        before, self._last = self._last, dict(last)
        return self._last != before

    def show_preset(self, preset: Preset | None) -> bool:
        """Set the preset that values are compared with; None for none. Takes effect with
        `show_state`; returns whether that is needed."""
        before, self._preset = self._preset, preset
        return self._preset != before

    def show_state(self, values: Values, conflicts: Sequence[FoundConflict]) -> None:
        """Update what depends on all values: choices, conflicts, differences, hidden rows, and the
        number of set parameters."""
        first_conflicts: dict[str, FoundConflict] = {}
        for conflict in conflicts:
            first_conflicts.setdefault(conflict.parameter, conflict)
        for name, row in self.by_name.items():
            row.show_choices(values)
            row.show_conflict(first_conflicts.get(name))
            row.show_differences(self._differences(name, values.get(name)))
            row.show_wanted(only_set=self._only_set, folded=self._folded)
        number = len(values)
        words = ngettext("{n} set", "{n} set", number).format(n=number) if number else ""
        self._count.setText(words)
        self._unset.setEnabled(bool(number))

    def _differences(self, name: str, value: Json | None) -> str:
        """Return how a preset and the last answer differ from a parameter's value; empty if they do
        not."""
        preset, last = self._preset, self._last.get(name)
        governed = preset is not None and (name in SAMPLING or name in preset.parameters)
        theirs = preset.parameters.get(name) if preset is not None else None
        from_preset = governed and not same(theirs, value)
        from_last = name in self._last and not same(last, value)
        if from_preset and from_last and same(theirs, last):
            return _("preset and last answer: {value}").format(value=value_words(name, last))
        parts = []
        if from_preset:
            parts.append(_("preset: {value}").format(value=value_words(name, theirs)))
        if from_last:
            parts.append(_("{value} in the last answer").format(value=value_words(name, last)))
        return " · ".join(parts)

    def _build_head(self) -> None:
        title = PlainLabel(_("Parameters"))
        title.setObjectName("heading")
        self._count = PlainLabel()
        self._count.setObjectName("muted")
        reset = QPushButton(_("Reset"))
        reset.setObjectName("flat")
        put_tip(reset, _("Set all parameters back"))
        menu = QMenu(reset)
        self._unset = menu.addAction(_("All to the provider's default (send nothing)"))
        self._unset.triggered.connect(self.unset_wanted)
        neutral = menu.addAction(_("Neutral: each sampling parameter where it does nothing"))
        neutral.triggered.connect(self.neutral_wanted)
        menu.addSeparator()
        only = menu.addAction(_("Show only what is set"))
        only.setCheckable(True)
        only.toggled.connect(self._show_only_set)
        reset.setMenu(menu)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self._count, 1)
        head.addWidget(reset)
        self._column.addLayout(head)

    def _divider(self) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 8, 0, 0)
        self._fold = QPushButton(icon("down"), _("Advanced"))
        self._fold.setObjectName("flat")
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        put_tip(self._fold, _("Show or hide the advanced parameters; what is set stays"))
        self._fold.toggled.connect(self._show_advanced)
        line = QFrame()
        line.setObjectName("line")
        line.setFixedHeight(1)
        row.addWidget(self._fold)
        row.addWidget(line, 1)
        return widget

    def _show_advanced(self, shown: bool) -> None:
        self._folded = not shown
        self._fold.setIcon(icon("down" if shown else "right"))
        self._show_wanted()

    def _show_only_set(self, only: bool) -> None:
        self._only_set = only
        self._show_wanted()

    def _show_wanted(self) -> None:
        for row in self.by_name.values():
            row.show_wanted(only_set=self._only_set, folded=self._folded)


def value_words(name: str, value: Json | None) -> str:
    """Return a value in a few words, cut at VALUE_CHARACTERS; None is the provider's default."""
    if value is None:
        return _("default")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, (int, float)) and name in BY_NAME:
        return BY_NAME[name].format(value)
    return (
        value
        if isinstance(value, str) and len(value) <= VALUE_CHARACTERS
        else short(value, VALUE_CHARACTERS)
    )
