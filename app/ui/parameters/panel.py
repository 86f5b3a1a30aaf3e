"""The right pane: which model answers, the system prompt, and every parameter of the table."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.models import Model
from app.domain.parameter_kinds import Fix, Found, Values, conflicts_among, fixed
from app.domain.parameters import PARAMETERS
from app.domain.providers import Provider
from app.domain.texts import _, ngettext
from app.ui.parameters.row import ParameterRow
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
        for name, row in self._rows.items():
            row.show_value(self._values.get(name))
        self._show_conflicts()

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
        self._pick = QToolButton()
        self._pick.setIcon(icon("down"))
        self._pick.setAccessibleName(_("Choose a model"))
        put_tip(self._pick, _("Choose among all models (Ctrl+M)"))
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
        for widget in (self._about, self._route, self._system):
            self._column.addWidget(widget)

    def _build_rows(self) -> None:
        head = QHBoxLayout()
        title = Words(_("Parameters"))
        title.setObjectName("heading")
        self._count = Words()
        self._count.setObjectName("muted")
        self._reset_all = QPushButton(_("Reset all"))
        self._reset_all.setObjectName("flat")
        put_tip(self._reset_all, _("Send nothing but the provider's defaults"))
        self._reset_all.clicked.connect(self._unset_all)
        head.addWidget(title)
        head.addWidget(self._count, 1)
        head.addWidget(self._reset_all)
        self._column.addSpacing(8)
        self._column.addLayout(head)
        advanced = False
        for parameter in PARAMETERS:
            if parameter.advanced and not advanced:
                advanced = True
                self._column.addWidget(_divider(_("Advanced")))
            row = ParameterRow(parameter)
            row.edited.connect(self._note_value)
            row.fix_wanted.connect(self.apply)
            row.retry_wanted.connect(self.retry_wanted)
            row.dialog_wanted.connect(self.dialog_wanted)
            self._rows[parameter.name] = row
            self._column.addWidget(row)
        self._show_count()

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
        self._show_conflicts()
        self._pending.add("parameters")
        self._settle.start()

    def _unset_all(self) -> None:
        for row in self._rows.values():
            row.show_value(None)
        self._values = {}
        self._show_conflicts()
        self._pending.add("parameters")
        self._settle.start()

    def apply(self, fix: Fix) -> None:
        """Take a way out of a conflict."""
        values = fixed(self._values, fix)
        self._values = values
        for name, row in self._rows.items():
            row.show_value(values.get(name))
        self._show_conflicts()
        self._pending.add("parameters")
        self._settle.start()

    def _tell(self) -> None:
        pending, self._pending = self._pending, set()
        if "system" in pending:
            self.system_typed.emit(self._system.toPlainText())
        if "parameters" in pending:
            self.parameters_edited.emit(dict(self._values))

    def _show_conflicts(self) -> None:
        wrong: dict[str, Found] = {}
        for found in self._judge(self._values):
            wrong.setdefault(found.parameter, found)
        for name, row in self._rows.items():
            row.show_choices(self._values)
            row.show_conflict(wrong.get(name))
        self._show_count()

    def _show_count(self) -> None:
        number = len(self._values)
        self._count.setText(
            ngettext("{n} set", "{n} set", number).format(n=number) if number else ""
        )
        self._reset_all.setEnabled(bool(number))


def _by_the_table(values: Values) -> list[Found]:
    return conflicts_among(values, PARAMETERS)


def about(model: Model) -> str:
    """A model's name, window and prices, as far as they are known."""
    window = window_words(model.context_length)
    facts = [_("{n} tokens").format(n=window) if window else "", price_words(model.price)]
    name = model.name if model.name != model.id else ""
    words = " · ".join(fact for fact in facts if fact)
    return "\n".join(part for part in (name, words) if part)


def _divider(text: str) -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 8, 0, 0)
    label = Words(text)
    label.setObjectName("muted")
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    row.addWidget(label)
    row.addWidget(line, 1)
    return widget
