"""The right pane: the model that answers, the system prompt, and every parameter of the table."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.kinds import Fix, Json, fixed
from app.domain.parameters.presets import Preset, neutral
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.providers.routing import routing_words
from app.domain.text import figures
from app.domain.text.translation import _
from app.ui.common.action_widgets import tool_button
from app.ui.common.actions import ACTIONS, ActionId
from app.ui.common.exact_text import ExactField
from app.ui.common.in_view import InView
from app.ui.parameters.preset_button import PresetButton
from app.ui.parameters.rows import ParameterRows
from app.ui.picker.wording import full_price_words
from app.ui.theme.controls import ComboBox
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel, put_tip

#: The picker has the whole of a long description.
LONGEST_ABOUT = 600


class ParameterPanel(QWidget):
    """Shows the model and the values of the conversation in view, and changes them there."""

    #: The picker of models, or the choice of hosts for this model, should open.
    picker_wanted = Signal()
    routing_wanted = Signal()
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
        in_view.replaced.connect(self._show_all)
        in_view.model_changed.connect(self._show_model)
        in_view.values_changed.connect(self._show_values)
        in_view.system_changed.connect(self._show_system)
        self._show_all()

    def show_providers(self, providers: list[Provider]) -> None:
        """Replace the list of providers to choose from; the selected one stays if it is in it."""
        with QSignalBlocker(self._provider):
            current = self._provider.currentData()
            self._provider.clear()
            for provider in providers:
                self._provider.addItem(provider.name, provider.id)
            self._provider.setCurrentIndex(max(0, self._provider.findData(current)))

    def show_readings(self, readings: Mapping[str, str]) -> None:
        """Show a sentence under each parameter about the effect of its value, by parameter name;
        parameters without a sentence show none."""
        self.rows.show_readings(readings)

    def show_last(self, values: Mapping[str, Json | None]) -> None:
        """Mark the values that differ from those sent for the last answer: name → value, None if
        the parameter wasn't sent. Parameters missing in `values` are not compared."""
        if self.rows.show_last(values):
            self._show_conflicts()

    def show_preset(self, preset: Preset | None) -> None:
        """Mark the values that differ from the active preset; None for no preset."""
        if self.rows.show_preset(preset):
            self._show_conflicts()

    def show_sampling(self) -> None:
        """Scroll to the sampling parameters, which come first."""
        self._area.verticalScrollBar().setValue(self.rows.y())

    def put_below_sampling(self, widget: QWidget) -> None:
        """Put a widget below the sampling parameters, such as a picture of what they do."""
        self.rows.put_below_sampling(widget)

    def _show_all(self) -> None:
        with QSignalBlocker(self._system):
            self._system.put_text(self._in_view.settings.system)
        self.rows.show_readings({})
        self.rows.show_values(self._in_view.values)
        self._show_model()

    def _show_model(self) -> None:
        """Show who answers, and grey the parameters that are not supported there."""
        in_view = self._in_view
        provider, model = in_view.provider, in_view.model
        with QSignalBlocker(self._provider):
            self._provider.setCurrentIndex(self._provider.findData(provider.id))
        if self._model.text().strip() != model.id:
            self._model.setText(model.id)
            self._model.setCursorPosition(0)
        self._about.setText(about(model))
        self._about.setVisible(bool(self._about.text()))
        put_tip(self._about, model.description[:LONGEST_ABOUT])
        not_supported, refused = in_view.not_supported(), in_view.refused()
        for name, row in self.rows.by_name.items():
            row.show_reason(not_supported.get(name, ""), again=name in refused)
        routes = provider.traits.routes
        words = _("Host: {hosts}").format(hosts=routing_words(in_view.settings.routing))
        self._route.setText(words if routes else "")
        self._route.setVisible(routes)
        self._show_conflicts()

    def _show_values(self) -> None:
        self.rows.show_changes(self._in_view.values)
        self._show_conflicts()

    def _show_system(self) -> None:
        if self._system.text() != self._in_view.settings.system:
            with QSignalBlocker(self._system):
                self._system.put_text(self._in_view.settings.system)

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
        self._model.textEdited.connect(self._choose_model)
        choose = ACTIONS[ActionId.CHOOSE_MODEL]
        self._pick = tool_button(choose.id, self.picker_wanted, choose.sentence)
        model = QHBoxLayout()
        model.addWidget(self._model, 1)
        model.addWidget(self._pick)
        self._route = QPushButton(icon("hosts"), "")
        self._route.setObjectName("flat")
        put_tip(self._route, _("Choose the hosts of this model"))
        self._route.clicked.connect(self.routing_wanted)
        self._about = PlainLabel()
        self._about.setObjectName("muted")
        self._about.setWordWrap(True)
        self._system = ExactField()
        self._system.setObjectName("system")
        self._system.setAccessibleName(_("System prompt"))
        self._system.setPlaceholderText(_("System prompt: what the model should know or be"))
        self._system.setTabChangesFocus(True)
        self._system.setFixedHeight(self._system.fontMetrics().lineSpacing() * 3 + 18)
        self._system.textChanged.connect(self._choose_system)
        self._column.addWidget(self._provider)
        self._column.addLayout(model)
        self.preset = PresetButton()
        for widget in (self._about, self._route, self.preset, self._system):
            self._column.addWidget(widget)

    def _build_rows(self) -> None:
        rows = self.rows = ParameterRows()
        rows.edited.connect(self._in_view.set_value)
        rows.fix_wanted.connect(self._apply)
        rows.retry_wanted.connect(self.retry_wanted)
        rows.dialog_wanted.connect(self.dialog_wanted)
        rows.unset_wanted.connect(self._unset_all)
        rows.neutral_wanted.connect(self._neutralise)
        self._column.addSpacing(8)
        self._column.addWidget(rows)

    def _choose_provider(self, place: int) -> None:
        self._in_view.choose_provider(str(self._provider.itemData(place)))

    def _choose_model(self, text: str) -> None:
        if model_id := text.strip():
            self._in_view.choose_model(self._in_view.provider.id, model_id)

    def _choose_system(self) -> None:
        self._in_view.choose_system(self._system.text())

    def _unset_all(self) -> None:
        self.replace_wanted.emit({}, _("All parameters are the provider's defaults"))

    def _neutralise(self) -> None:
        values = {**self._in_view.values, **neutral()}
        self.replace_wanted.emit(values, _("Sampling parameters do nothing now"))

    def _apply(self, fix: Fix) -> None:
        self._in_view.set_values(fixed(self._in_view.values, fix))

    def _show_conflicts(self) -> None:
        self.rows.show_state(self._in_view.values, self._in_view.warnings())


def about(model: Model) -> str:
    """Return a model's name on one line, and its context length and prices on the next.

    Unknown parts are left out, and so is a name that is only the model's id.
    """
    window = figures.window(model.context_length)
    facts = [_("{n} tokens").format(n=window) if window else "", full_price_words(model.price)]
    name = model.name if model.name != model.id else ""
    words = " · ".join(fact for fact in facts if fact)
    return "\n".join(part for part in (name, words) if part)
