"""The dialog in which a sweep is planned: axes, repeats, seeds, and the estimated cost."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.conversation import Message, Status
from app.domain.chat.titles import excerpt_of
from app.domain.errors import LoquatError
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.sweep.cost import Estimate
from app.domain.sweep.plan import MOST_REPEATS, SEED, ModelChoice, Plan, Seeds
from app.domain.text import figures
from app.domain.text.translation import _, ngettext
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.lab.sweep.axis_choice import AxisChoice
from app.ui.theme.buttons import dialog_button
from app.ui.theme.controls import ComboBox, SpinBox
from app.ui.theme.words import PlainLabel

#: Most models that are offered for an axis.
MOST_MODELS = 60
#: Highest limit for answers that stream at once.
MOST_AT_ONCE = 32


class PlanWindow(QDialog):
    """Emits a plan for `question_id`, the message that the answers of the sweep reply to."""

    #: The Plan that is to be started.
    started = Signal(object)
    #: The list of earlier sweeps is to be shown.
    list_wanted = Signal()
    #: A seed check is wanted in place of a sweep.
    seed_wanted = Signal()

    def __init__(
        self, core: Core, conversation: OpenConversation, question_id: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Sweep"))
        self.resize(520, 560)
        self._core = core
        self._conversation = conversation
        self._question = question_id
        presets, models = core.presets.all(), self._models()
        self.columns = AxisChoice(_("Columns"), presets, models, optional=False)
        self.rows = AxisChoice(_("Rows"), presets, models, optional=True)
        self._repeats = SpinBox()
        self._repeats.setRange(1, MOST_REPEATS)
        self._repeats.setAccessibleName(_("Repeats"))
        self._seeds = ComboBox()
        self._seeds.setAccessibleName(_("Seeds"))
        for seeds, words in (
            (Seeds.VARIED, _("Different for each repeat")),
            (Seeds.SHARED, _("Same for all")),
            (Seeds.NONE, _("No seed")),
        ):
            self._seeds.addItem(words, seeds.value)
        self._seed = seed_field(conversation, _("First seed"))
        self._at_once = SpinBox()
        self._at_once.setRange(0, MOST_AT_ONCE)
        self._at_once.setSpecialValueText(_("as many as the provider allows"))
        self._at_once.setAccessibleName(_("Answers at once"))
        self._says = PlainLabel()
        self._says.setWordWrap(True)
        self._warns = PlainLabel()
        self._warns.setObjectName("warning")
        self._warns.setWordWrap(True)
        self._run = QPushButton(_("Run"))
        self._run.setDefault(True)
        self._arrange()
        for signal in (
            self.columns.changed,
            self.rows.changed,
            self._repeats.valueChanged,
            self._seeds.currentIndexChanged,
            self._seed.textChanged,
        ):
            signal.connect(self._show_cost)
        self._run.clicked.connect(self.start)
        self._show_cost()

    def plan(self) -> Plan:
        """Return the plan as it is chosen. Raises InputError or ParameterError if it is not
        valid."""
        seeds = Seeds(self._seeds.currentData())
        first = typed_seed(self._seed)
        values = dict(self._conversation.conversation.parameters)
        asking, _why = self._core.branching.asking(*self._target())
        return self._core.sweeping.plan(
            self._conversation,
            self._question,
            columns=self.columns.axis(),
            rows=self.rows.axis(),
            repeats=self._repeats.value(),
            seeds=seeds,
            first_seed=1 if first is None else first,
            most_at_once=self._at_once.value(),
            # With token probabilities, answers can also be compared by how sure the model was.
            parameters={**asking, **values},
        )

    def _target(self) -> tuple[Provider, Model]:
        conversation = self._conversation.conversation
        provider = self._core.providers.get(conversation.provider)
        return provider, self._core.providers.model(provider, conversation.model)

    def _models(self) -> list[ModelChoice]:
        """List the models for a models axis: the conversation's own, others of its provider, then
        all others."""
        current = self._conversation.conversation
        listed = [
            ModelChoice(choice.provider.id, choice.model.id, choice.model.name)
            for choice in self._core.providers.listed()
        ]
        mine = [
            choice
            for choice in listed
            if (choice.provider, choice.model) == (current.provider, current.model)
        ]
        near = [
            choice
            for choice in listed
            if choice.provider == current.provider and choice not in mine
        ]
        rest = [choice for choice in listed if choice.provider != current.provider]
        return (mine + near + rest)[:MOST_MODELS]

    def _arrange(self) -> None:
        asked = PlainLabel(excerpt_of(self._conversation.tree[self._question].text))
        asked.setObjectName("heading")
        asked.setWordWrap(True)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for words, widget in (
            (_("Columns"), self.columns),
            (_("Rows"), self.rows),
            (_("Repeats"), self._repeats),
            (_("Seeds"), self._seeds),
            (_("First seed"), self._seed),
            (_("Answers at once"), self._at_once),
        ):
            label = PlainLabel(words)
            label.setBuddy(widget)
            form.addRow(label, widget)
        close = dialog_button(_("Cancel"), self.reject)
        before = dialog_button(_("Earlier sweeps"), self.list_wanted)
        before.setObjectName("flat")
        check = dialog_button(_("Seed check"), self.seed_wanted)
        check.setObjectName("flat")
        check.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(before)
        buttons.addWidget(check)
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(asked)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self._warns)
        layout.addWidget(self._says)
        layout.addLayout(buttons)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest}:
            # Qt leaves the wrapped lines of labels out of a window's least height.
            layout = self.layout()
            if layout is not None:
                self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return done

    def _show_cost(self) -> None:
        try:
            plan = self.plan()
            cost = self._core.sweeping.cost(self._conversation, plan)
            objections = self._core.sweeping.objections(plan)
            warning = self._core.sweeping.needs_asking(self._conversation, plan)
        except LoquatError as failure:
            self._says.setText(str(failure))
            self._warns.setText("")
            self._run.setEnabled(False)
            return
        self._says.setText(cost_words(cost))
        self._warns.setText("\n".join([*objections, *([warning] if warning else [])]))
        self._run.setEnabled(True)
        words = ngettext("Run {n}", "Run {n}", cost.count) if not warning else _("Run all {n}")
        self._run.setText(words.format(n=cost.count))

    def start(self) -> None:
        """Emit the plan and close the dialog; an invalid plan is explained instead."""
        try:
            plan = self.plan()
        except LoquatError as failure:
            self._says.setText(str(failure))
            return
        self.started.emit(plan)
        self.accept()


def seed_field(conversation: OpenConversation, name: str) -> QLineEdit:
    """Make a field for a seed, with the conversation's own seed in it or else 1."""
    own = conversation.conversation.parameters.get(SEED)
    field = QLineEdit(str(own if isinstance(own, int) else 1))
    field.setAccessibleName(name)
    return field


def typed_seed(field: QLineEdit) -> int | None:
    """Return the seed in a field; None if it is not a whole number of at most 18 characters."""
    text = field.text().strip()
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 19 else None


def cost_words(cost: Estimate) -> str:
    """Return the number of answers and their expected and highest cost, as a line of text."""
    words = [ngettext("{n} answer", "{n} answers", cost.count).format(n=cost.count)]
    if cost.is_free:
        words.append(_("free"))
    elif cost.unpriced == cost.count:
        words.append(_("price unknown"))
    else:
        about, most = figures.dollars(cost.expected), figures.dollars(cost.upper)
        words.append(_("about {about}, likely at most {most}").format(about=about, most=most))
        if cost.unpriced:
            words.append(_("price unknown for {n}").format(n=cost.unpriced))
    return " · ".join(words)


def spent_words(answers: Sequence[Message]) -> str:
    """Return the cost of answers together: with ≈ if computed from prices, as a lower bound if not
    known of each; empty if it is nothing."""
    known = [answer for answer in answers if answer.cost is not None]
    total = sum((answer.cost or Decimal(0) for answer in known), Decimal(0))
    if not total:
        return ""
    words = figures.cost(total, estimated=any(answer.cost_estimated for answer in known))
    if len(known) < sum(answer.status is not Status.STREAMING for answer in answers):
        words = _("at least {cost}").format(cost=words)
    return words
