"""The Parameters face of the right pane: presets, the system prompt, and every parameter of the
table."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.domain.parameters.kinds import Fix, Json, fixed
from app.domain.parameters.presets import Preset, neutral
from app.domain.text.translation import _
from app.ui.common.in_view import InView
from app.ui.parameters.preset_chips import PresetChips
from app.ui.parameters.rows import ParameterRows
from app.ui.parameters.system_field import SystemField
from app.ui.theme.words import PlainLabel


def _labelled(words: str, widget: QWidget) -> QVBoxLayout:
    """A widget with a label above it."""
    label = PlainLabel(words)
    label.setBuddy(widget)
    layout = QVBoxLayout()
    layout.setSpacing(4)
    layout.addWidget(label)
    layout.addWidget(widget)
    return layout


class ParameterPanel(QWidget):
    """Shows the values of the conversation in view, and changes them there."""

    #: A parameter's name: the model has refused it, and it should be sent all the same.
    retry_wanted = Signal(str)
    #: A `Parameter` whose value should be edited in a dialog.
    dialog_wanted = Signal(object)
    #: All values should be replaced by these; a sentence says what was done.
    replace_wanted = Signal(dict, str)

    def __init__(self, in_view: InView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._in_view = in_view
        self.preset = PresetChips()
        self.system = SystemField()
        self.system.textChanged.connect(self._choose_system)
        self.rows = rows = ParameterRows()
        rows.edited.connect(in_view.set_value)
        rows.fix_wanted.connect(self._apply)
        rows.retry_wanted.connect(self.retry_wanted)
        rows.dialog_wanted.connect(self.dialog_wanted)
        rows.unset_wanted.connect(self._unset_all)
        rows.neutral_wanted.connect(self._neutralise)
        self._arrange()
        in_view.replaced.connect(self._show_all)
        in_view.model_changed.connect(self._show_model)
        in_view.values_changed.connect(self._show_values)
        in_view.system_changed.connect(self._show_system)
        self._show_all()

    def show_readings(self, readings: Mapping[str, str]) -> None:
        """Show a sentence beside each parameter about the effect of its value, by parameter name;
        parameters without a sentence show none."""
        self.rows.show_readings(readings)

    def show_last(self, values: Mapping[str, Json | None]) -> None:
        """Mark the values that differ from those sent for the last answer: name → value, None if
        the parameter wasn't sent. Parameters missing in `values` are not compared."""
        if self.rows.show_last(values):
            self._show_state()

    def show_preset(self, preset: Preset | None) -> None:
        """Mark the values that differ from the active preset; None for no preset."""
        if self.rows.show_preset(preset):
            self._show_state()

    def show_defaults(self, defaults: Mapping[str, Json]) -> None:
        """Mark the server's own defaults on the sliders, as far as they are known."""
        if self.rows.show_defaults(defaults):
            self._show_state()

    def _arrange(self) -> None:
        contents = QWidget()
        contents.setObjectName("panelContents")
        column = QVBoxLayout(contents)
        # The scroll bar always has its place, so that no row gets narrower when it appears.
        column.setContentsMargins(16, 12, 4, 16)
        column.setSpacing(12)
        column.addLayout(_labelled(_("Presets"), self.preset))
        column.addLayout(_labelled(_("System prompt"), self.system))
        column.addWidget(self.rows)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(contents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def _show_all(self) -> None:
        """Show another conversation."""
        self._show_system()
        self.rows.show_readings({})
        self.rows.show_values(self._in_view.values)
        self._show_model()

    def _show_model(self) -> None:
        """Grey the parameters that the model doesn't support."""
        in_view = self._in_view
        self.rows.show_support(in_view.not_supported(), frozenset(in_view.refused()))
        self._show_state()

    def _show_values(self) -> None:
        self.rows.show_changes(self._in_view.values)
        self._show_state()

    def _show_system(self) -> None:
        if self.system.text() != self._in_view.settings.system:
            with QSignalBlocker(self.system):
                self.system.put_text(self._in_view.settings.system)

    def _choose_system(self) -> None:
        self._in_view.choose_system(self.system.text())

    def _unset_all(self) -> None:
        self.replace_wanted.emit({}, _("All parameters were reset"))

    def _neutralise(self) -> None:
        values = {**self._in_view.values, **neutral()}
        self.replace_wanted.emit(values, _("Sampling parameters are at neutral values"))

    def _apply(self, fix: Fix) -> None:
        self._in_view.set_values(fixed(self._in_view.values, fix))

    def _show_state(self) -> None:
        self.rows.show_state(self._in_view.values, self._in_view.warnings())
