"""The right pane: which model answers, the system prompt, and every parameter of the table."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.kinds import Fix, Found, Values, conflicts_among, fixed
from app.domain.parameters.presets import Preset, neutral
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.translation import _
from app.ui.common.action_widgets import tool_button
from app.ui.common.actions import ACTIONS, ActionId
from app.ui.parameters.preset_button import PresetButton
from app.ui.parameters.row import ParameterRow
from app.ui.parameters.rows import ParameterRows
from app.ui.picker.wording import price_words, window_words
from app.ui.theme.controls import ComboBox
from app.ui.theme.icons import icon
from app.ui.theme.words import Words, put_tip

#: Typing settles for this long before it is written to the library.
SETTLE_MS = 400
#: The picker has the whole of a long description.
LONGEST_ABOUT = 600


class ParameterPanel(QWidget):
    """Shows one conversation's choices; tells what the person changes."""

    provider_chosen = Signal(str)
    model_typed = Signal(str)
    #: The choice among all models is wanted; or that of the hosts of this one.
    picker_wanted = Signal()
    routing_wanted = Signal()
    #: A parameter that was refused once is to be sent again.
    retry_wanted = Signal(str)
    #: A parameter's value is to be edited in a dialog.
    dialog_wanted = Signal(object)
    system_typed = Signal(str)
    #: All values that are set, by name.
    parameters_edited = Signal(dict)
    #: The same, at once at every edit and move of a slider; nothing is to be kept by it.
    values_changing = Signal(dict)
    #: Values were replaced at one go: what was done in words, and the values before.
    replaced = Signal(str, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._values: dict[str, Any] = {}
        self._judge: Callable[[Values], list[Found]] = _by_the_table
        self._rows: dict[str, ParameterRow] = {}
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._tell)
        self._pending: set[str] = set()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        contents = QWidget()
        contents.setObjectName("panelContents")
        self._column = QVBoxLayout(contents)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(6)
        area.setWidget(contents)
        layout.addWidget(area)
        self._area = area
        self._build_head()
        self._build_rows()
        self._column.addStretch(1)

    def show_providers(self, providers: list[Provider]) -> None:
        """Offer these providers."""
        with QSignalBlocker(self._provider):
            current = self._provider.currentData()
            self._provider.clear()
            for provider in providers:
                self._provider.addItem(provider.name, provider.id)
            self._provider.setCurrentIndex(max(0, self._provider.findData(current)))

    def show_model(
        self,
        provider: Provider,
        model: Model,
        not_taken: Mapping[str, str],
        refused: Mapping[str, str],
    ) -> None:
        """Show who answers, and grey what is not taken there; what was `refused` once may be
        tried again."""
        with QSignalBlocker(self._provider):
            self._provider.setCurrentIndex(self._provider.findData(provider.id))
        with QSignalBlocker(self._model):
            self._model.setText(model.id)
            self._model.setCursorPosition(0)
        self._about.setText(about(model))
        self._about.setVisible(bool(self._about.text()))
        put_tip(self._about, model.description[:LONGEST_ABOUT])
        for name, row in self._rows.items():
            row.show_reason(not_taken.get(name, ""), again=name in refused)

    def show_routing(self, words: str) -> None:
        """Say how a router chooses the host; empty where nobody routes."""
        self._route.setText(words)
        self._route.setVisible(bool(words))

    def put_judge(self, judge: Callable[[Values], list[Found]]) -> None:
        """Take what finds conflicts among values from now on, since each provider has its own."""
        self._judge = judge
        self._show_conflicts()

    def show_values(self, system: str, parameters: Mapping[str, Any]) -> None:
        """Show another conversation's system prompt and parameters."""
        self.settle()
        with QSignalBlocker(self._system):
            self._system.setPlainText(system)
        self._values = dict(parameters)
        self.rows.show_readings({})
        self.rows.show_values(self._values)
        self._show_conflicts()

    def show_readings(self, readings: Mapping[str, str]) -> None:
        """Say under each parameter what its value does; one that isn't named says nothing."""
        self.rows.show_readings(readings)

    def show_last(self, values: Mapping[str, Any]) -> None:
        """Mark what differs from what was sent for the last answer: name → value, None where it
        wasn't sent; of a name that is missing nothing is known."""
        self.rows.show_last(values)
        self._show_conflicts()

    def show_preset(self, preset: Preset | None) -> None:
        """Mark what differs from the preset that is on."""
        self.rows.show_preset(preset)
        self._show_conflicts()

    def show_sampling(self) -> None:
        """Scroll to the sampling parameters, which come first."""
        self._area.verticalScrollBar().setValue(self.rows.y())

    def put_below_sampling(self, widget: QWidget) -> None:
        """Put a widget below the sampling parameters, such as a picture of what they do."""
        self.rows.put_below_sampling(widget)

    @property
    def values(self) -> dict[str, Any]:
        """All values that are set, as they are at this moment."""
        return dict(self._values)

    def value(self, name: str) -> Any:
        """The value of a parameter, None where it isn't set."""
        return self._values.get(name)

    def put_value(self, name: str, value: Any) -> None:
        """Set a parameter as if it had been typed; None unsets it."""
        self._rows[name].show_value(value)
        self._note_value(name, value)

    def settle(self) -> None:
        """Tell at once what was typed and has not been told yet."""
        if self._settle.isActive():
            self._settle.stop()
            self._tell()

    def focus_model(self) -> None:
        """Put the keyboard into the model's name."""
        self._model.setFocus()
        self._model.selectAll()

    def _build_head(self) -> None:
        self._provider = ComboBox()
        self._provider.setAccessibleName(_("Provider"))
        self._provider.setSizeAdjustPolicy(
            ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._provider.setMinimumContentsLength(8)
        self._provider.currentIndexChanged.connect(self._choose_provider)
        self._model = QLineEdit()
        self._model.setAccessibleName(_("Model"))
        self._model.setPlaceholderText(_("the model's id at this provider"))
        self._model.editingFinished.connect(self._choose_model)
        self._pick = tool_button(ActionId.CHOOSE_MODEL, ACTIONS[ActionId.CHOOSE_MODEL].sentence)
        self._pick.clicked.connect(self.picker_wanted)
        model = QHBoxLayout()
        model.addWidget(self._model, 1)
        model.addWidget(self._pick)
        self._route = QPushButton(icon("hosts"), "")
        self._route.setObjectName("flat")
        put_tip(self._route, _("Which hosts may serve this model"))
        self._route.clicked.connect(self.routing_wanted)
        self._about = Words()
        self._about.setObjectName("muted")
        self._about.setWordWrap(True)
        self._system = QPlainTextEdit()
        self._system.setObjectName("system")
        self._system.setAccessibleName(_("System prompt"))
        self._system.setPlaceholderText(_("System prompt: what the model should know or be"))
        self._system.setTabChangesFocus(True)
        self._system.setFixedHeight(self._system.fontMetrics().lineSpacing() * 3 + 18)
        self._system.textChanged.connect(self._note_system)
        self._column.addWidget(self._provider)
        self._column.addLayout(model)
        self.preset = PresetButton()
        for widget in (self._about, self._route, self.preset, self._system):
            self._column.addWidget(widget)

    def _build_rows(self) -> None:
        rows = self.rows = ParameterRows()
        rows.edited.connect(self._note_value)
        rows.fix_wanted.connect(self.apply)
        rows.retry_wanted.connect(self.retry_wanted)
        rows.dialog_wanted.connect(self.dialog_wanted)
        rows.unset_wanted.connect(self._unset_all)
        rows.neutral_wanted.connect(self._neutralise)
        self._rows = rows.by_name
        self._column.addSpacing(8)
        self._column.addWidget(rows)
        self._show_conflicts()

    def _choose_provider(self, place: int) -> None:
        self.provider_chosen.emit(str(self._provider.itemData(place)))

    def _choose_model(self) -> None:
        self.model_typed.emit(self._model.text().strip())

    def _note_system(self) -> None:
        self._pending.add("system")
        self._settle.start()

    def _note_value(self, name: str, value: object) -> None:
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value
        self._note_change()

    def _unset_all(self) -> None:
        self.replace({}, _("All parameters are the provider's defaults"))

    def _neutralise(self) -> None:
        self.replace({**self._values, **neutral()}, _("Sampling parameters do nothing now"))

    def replace(self, values: Values, words: str) -> None:
        """Put other values in the place of all, as the person wanted; `words` say what was done,
        with a way back."""
        before = dict(self._values)
        self._put_all(values)
        if before != self._values:
            self.replaced.emit(words, before)

    def undo(self, before: Values) -> None:
        """Take values back that were replaced."""
        self._put_all(before)

    def apply(self, fix: Fix) -> None:
        """Take a way out of a conflict."""
        self._put_all(fixed(self._values, fix))

    def _put_all(self, values: Values) -> None:
        self._values = dict(values)
        self.rows.show_values(self._values)
        self._note_change()

    def _note_change(self) -> None:
        self._show_conflicts()
        self.values_changing.emit(dict(self._values))
        self._pending.add("parameters")
        self._settle.start()

    def _tell(self) -> None:
        pending, self._pending = self._pending, set()
        if "system" in pending:
            self.system_typed.emit(self._system.toPlainText())
        if "parameters" in pending:
            self.parameters_edited.emit(dict(self._values))

    def _show_conflicts(self) -> None:
        self.rows.show_state(self._values, self._judge(self._values))


def _by_the_table(values: Values) -> list[Found]:
    return conflicts_among(values, PARAMETERS)


def about(model: Model) -> str:
    """A model's name, window and prices, as far as they are known."""
    window = window_words(model.context_length)
    facts = [_("{n} tokens").format(n=window) if window else "", price_words(model.price)]
    name = model.name if model.name != model.id else ""
    words = " · ".join(fact for fact in facts if fact)
    return "\n".join(part for part in (name, words) if part)
