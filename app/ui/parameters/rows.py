"""The folded groups of parameters in the panel, and the line above them with the number of set
parameters and the Reset menu."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.parameters.kinds import FoundConflict, Json, ParameterGroup, Values
from app.domain.parameters.presets import SAMPLING, Preset, same
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.text.translation import _, ngettext
from app.ui.common.shortened_difference import short
from app.ui.parameters.explanation import Contents, Explanation
from app.ui.parameters.group import GroupBox
from app.ui.parameters.row import Notes, ParameterRow
from app.ui.theme.menu import Menu, MenuButton
from app.ui.theme.words import PlainLabel, put_tip

#: Most characters of a value in `value_words`.
VALUE_CHARACTERS = 24

#: The names of the parameters of each group, in the order of the table.
GROUPS: Mapping[ParameterGroup, Sequence[str]] = {
    group: [parameter.name for parameter in PARAMETERS if parameter.group is group]
    for group in ParameterGroup
}


class ParameterRows(QWidget):
    """A row for each parameter of the table, in folded groups. It shows values and reports edits;
    the values themselves are kept by its owner. A group's rows are made when it is first opened.

    A group opens when one of its parameters becomes set. It stays as the person left it otherwise.
    """

    #: Signals of a row, passed on: see ParameterRow.
    edited = Signal(str, object)
    fix_wanted = Signal(object)
    retry_wanted = Signal(str)
    dialog_wanted = Signal(object)
    #: Chosen in the Reset menu: unset all parameters, or set the sampling parameters to their
    #: neutral values.
    unset_wanted = Signal()
    neutral_wanted = Signal()
    #: The person opened or folded a group, or a group forgot that it was folded.
    folded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._only_set = False
        self._values: Values = {}
        #: Reasons of *not supported* by name, and the names that can be tried again.
        self._reasons: Mapping[str, str] = {}
        self._again: frozenset[str] = frozenset()
        self._conflicts: dict[str, FoundConflict] = {}
        self._readings: Mapping[str, str] = {}
        self._defaults: Mapping[str, Json] = {}
        #: Values of the last answer and the active preset, for comparison.
        self._last: Mapping[str, Json | None] = {}
        self._preset: Preset | None = None
        #: The groups that the person opened (True) or folded.
        self._clicked: dict[ParameterGroup, bool] = {}
        self._rows: dict[str, ParameterRow] = {}
        self._explanation: Explanation | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._build_head()
        self.groups = {group: GroupBox(group) for group in ParameterGroup}
        for group, box in self.groups.items():
            box.toggled.connect(partial(self._note_click, group))
            self._column.addWidget(box)

    def row(self, name: str) -> ParameterRow:
        """Return a parameter's row; its group's rows are made if they are not there yet."""
        if name not in self._rows:
            self._build_rows(BY_NAME[name].group)
        return self._rows[name]

    def folds(self) -> dict[str, bool]:
        """Return the groups that the person opened or folded, to be restored at the next start."""
        return {group.value: is_open for group, is_open in self._clicked.items()}

    def restore_folds(self, folds: Mapping[str, object]) -> None:
        """Restore the result of `folds`; unknown entries are ignored."""
        self._clicked = {
            group: wanted
            for group in ParameterGroup
            if isinstance(wanted := folds.get(group.value), bool)
        }
        self._open_groups()

    def show_values(self, values: Values) -> None:
        """Show the values of another conversation; parameters that are missing are not set. Groups
        with something set open, unless the person folded them."""
        self._values = dict(values)
        for name, row in self._rows.items():
            row.show_value(values.get(name))
        self._open_groups()

    def show_changes(self, values: Values) -> None:
        """Show `values` after an edit. Rows that show the same value already are left alone, so
        that a text being typed stays; a group opens if one of its parameters became set."""
        before, self._values = self._values, dict(values)
        for name, row in self._rows.items():
            value = values.get(name)
            if not same(row.value, value):
                row.show_value(value)
        for group in {BY_NAME[name].group for name in values if name not in before}:
            if self._clicked.get(group) is False:
                del self._clicked[group]
                self.folded.emit()
            self._open(group, wanted=True)

    def show_support(self, reasons: Mapping[str, str], again: frozenset[str]) -> None:
        """Set the parameters that are not supported, each with the reason, and those of them that
        can be tried again. Takes effect with `show_state`, as do the four setters below."""
        self._reasons, self._again = dict(reasons), again

    def show_readings(self, readings: Mapping[str, str]) -> None:
        """Show a sentence about the effect of each value, by parameter name; others show none."""
        if self._readings != readings:
            self._readings = dict(readings)
            self._show_notes()

    def show_defaults(self, defaults: Mapping[str, Json]) -> bool:
        """Set the server's own defaults by name, as far as they are known; return whether they
        are different ones."""
        before, self._defaults = self._defaults, dict(defaults)
        return self._defaults != before

    def show_last(self, last: Mapping[str, Json | None]) -> bool:
        """Set the values that were sent for the last answer, to show where they differ. None means
        that nothing was sent; parameters that are missing are not compared. Returns whether they
        are different ones."""
        before, self._last = self._last, dict(last)
        return self._last != before

    def show_preset(self, preset: Preset | None) -> bool:
        """Set the preset that values are compared with, None for none; return whether it is a
        different one."""
        before, self._preset = self._preset, preset
        return self._preset != before

    def show_state(self, values: Values, conflicts: Sequence[FoundConflict]) -> None:
        """Update what depends on all values: choices, conflicts, differences, hidden rows, and the
        numbers of set parameters."""
        self._conflicts = {}
        for conflict in conflicts:
            self._conflicts.setdefault(conflict.parameter, conflict)
        for row in self._rows.values():
            row.show_choices(values)
        self._show_notes()
        self._show_wanted()
        for group, names in GROUPS.items():
            problems = sum(name in self._conflicts for name in names if name in values)
            supported = not all(name in self._reasons for name in names)
            number = sum(name in values for name in names)
            self.groups[group].show_count(number, problems, supported=supported)
        number = len(values)
        words = ngettext("{n} parameter set", "{n} parameters set", number).format(n=number)
        self._count.setText(words if number else _("No parameters set"))
        self._reset.setVisible(bool(number) or self._only_set)

    def _show_notes(self) -> None:
        for name, row in self._rows.items():
            row.show_notes(self._notes(name))

    def _notes(self, name: str) -> Notes:
        return Notes(
            reason=self._reasons.get(name, ""),
            again=name in self._again,
            conflict=self._conflicts.get(name),
            reading=self._readings.get(name, ""),
            differences=self._differences(name, self._values.get(name)),
            default=self._defaults.get(name),
        )

    def _differences(self, name: str, value: Json | None) -> str:
        """Return how a preset and the last answer differ from a parameter's value; empty if they do
        not."""
        preset, last = self._preset, self._last.get(name)
        governed = preset is not None and (name in SAMPLING or name in preset.parameters)
        theirs = preset.parameters.get(name) if preset is not None else None
        from_preset = governed and not same(theirs, value)
        from_last = name in self._last and not same(last, value)
        if from_preset and from_last and same(theirs, last):
            return _("Changed since the preset and the last answer: {value} before").format(
                value=value_words(name, last)
            )
        parts = []
        if from_preset:
            parts.append(
                _("Changed since the preset: {value} there").format(value=value_words(name, theirs))
            )
        if from_last:
            parts.append(
                _("Changed since the last answer: {value} before").format(
                    value=value_words(name, last)
                )
            )
        return " · ".join(parts)

    def _build_head(self) -> None:
        self._count = PlainLabel()
        self._count.setObjectName("muted")
        self._reset = reset = MenuButton(_("Reset"))
        reset.setObjectName("flat")
        put_tip(reset, _("Reset parameters"))
        menu = Menu(reset)
        self._unset = menu.addAction(_("Reset all to default"))
        self._unset.triggered.connect(self.unset_wanted)
        neutral = menu.addAction(_("Set sampling to neutral values"))
        put_tip(neutral, _("Every sampling parameter at the value at which it has no effect"))
        neutral.triggered.connect(self.neutral_wanted)
        menu.setToolTipsVisible(True)
        policy = reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        reset.setSizePolicy(policy)
        reset.hide()
        menu.addSeparator()
        only = menu.addAction(_("Show only set parameters"))
        only.setCheckable(True)
        only.toggled.connect(self._show_only_set)
        reset.setMenu(menu)
        head = QHBoxLayout()
        head.addWidget(self._count, 1)
        head.addWidget(reset)
        self._column.addLayout(head)

    def _build_rows(self, group: ParameterGroup) -> None:
        rows = []
        for name in GROUPS[group]:
            row = self._rows[name] = ParameterRow(BY_NAME[name])
            row.show_choices(self._values)
            row.show_value(self._values.get(name))
            row.show_notes(self._notes(name))
            row.edited.connect(self.edited)
            row.fix_wanted.connect(self.fix_wanted)
            row.retry_wanted.connect(self.retry_wanted)
            row.dialog_wanted.connect(self.dialog_wanted)
            row.explanation_wanted.connect(self._explain)
            rows.append(row)
        self.groups[group].put_rows(rows)

    def _open_groups(self) -> None:
        for group, names in GROUPS.items():
            is_set = any(name in self._values for name in names)
            self._open(group, wanted=self._clicked.get(group, is_set))

    def _open(self, group: ParameterGroup, *, wanted: bool) -> None:
        box = self.groups[group]
        if wanted and not box.has_rows:
            self._build_rows(group)
        box.open(wanted=wanted)

    def _note_click(self, group: ParameterGroup, wanted: bool) -> None:
        self._clicked[group] = wanted
        self._open(group, wanted=wanted)
        self._show_wanted()
        self.folded.emit()

    def is_explaining(self) -> bool:
        """Return whether a parameter's explanation is open."""
        return self._explanation is not None and self._explanation.isVisible()

    def end_explanation(self) -> None:
        """Close the explanation of a parameter."""
        if self._explanation is not None:
            self._explanation.dismiss()

    def _explain(self, contents: Contents, row: QWidget, anchor: QWidget) -> None:
        if self._explanation is None:
            self._explanation = Explanation(self)
        self._explanation.explain(contents, row, anchor)

    def _show_only_set(self, only: bool) -> None:
        self._only_set = only
        self._show_wanted()

    def _show_wanted(self) -> None:
        """Hide the rows and groups without a value if only those that are set are wanted."""
        for row in self._rows.values():
            row.setVisible(not (self._only_set and row.is_idle))
        for group, box in self.groups.items():
            rows = [self._rows[name] for name in GROUPS[group] if name in self._rows]
            is_set = any(name in self._values for name in GROUPS[group])
            idle = not is_set and all(row.is_idle for row in rows)
            box.setVisible(not (self._only_set and idle))


def value_words(name: str, value: Json | None) -> str:
    """Return a value in a few words, cut at VALUE_CHARACTERS; None is the provider's default."""
    if value is None:
        return _("Default")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, (int, float)) and name in BY_NAME:
        return BY_NAME[name].format(value)
    return (
        value
        if isinstance(value, str) and len(value) <= VALUE_CHARACTERS
        else short(value, VALUE_CHARACTERS)
    )
