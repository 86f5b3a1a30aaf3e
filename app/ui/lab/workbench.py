"""Brings the sampler lab to the window: what panel, conversation and lab have to tell each other.

What is heavy in it is made when it is first wanted; the program's start has the fold's header.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.chat.conversation import Message, Role
from app.domain.errors import LibraryError, LoquatError
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider, ProviderKind
from app.domain.sampling.logit_offset import Offset
from app.domain.text.translation import _
from app.domain.tokens.token_table import TokenTable, Word
from app.services.chat.branching import ASKING
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.sweep.sweeps import CellSettings
from app.ui.common.actions import ActionId, Handlers
from app.ui.conversation.conversation_view import ConversationView
from app.ui.conversation.model_and_parameters import ModelAndParameters
from app.ui.lab.what_if.fold import FoldColumn, WhatIf
from app.ui.theme.theme import Theme

#: Under this name the window's state has that of the lab.
STATE = "what_if"
#: So many answers are looked through for one that has probabilities.
LOOKED_AT = 8


class _Lab(Protocol):
    """The lab, whose import brings numpy with it."""

    def show_provider(
        self, kind: ProviderKind, defaults: Mapping[str, Any], vocabulary: int | None = None
    ) -> None: ...

    def show_answer(self, message_id: str) -> None: ...

    def show_token(self, message_id: str, index: int) -> None: ...

    def show_prompt(self, message_id: str, tokens: Sequence[int]) -> None: ...

    def show_spelling(self, message_id: str, tokens: Sequence[Word]) -> None: ...

    def show_offset(self, message_id: str, place: int, offset: Offset | str) -> None: ...

    def show_values(self, values: Mapping[str, Any]) -> None: ...


class _Probabilities(Protocol):
    """The heat maps, the token's table and the branches from it."""

    @property
    def is_open(self) -> bool: ...

    def toggle(self) -> None: ...

    def refresh(self) -> None: ...

    def choose(self, message_id: str, token: int) -> None: ...

    def why_not(self, message_id: str, token: int) -> str: ...

    def branch(self, message_id: str, token: int, alternative: int) -> None: ...


class _Sweeps(Protocol):
    """The windows of sweeps, whose import brings charts and files with it."""

    def plan(self, opened: OpenConversation, message_id: str) -> QWidget | None: ...

    def check_seed(self, opened: OpenConversation, message_id: str) -> QWidget | None: ...

    def show_list(self, opened: OpenConversation) -> QWidget: ...

    def reopen(self, opened: OpenConversation, sweep_id: str) -> QWidget | None: ...


class Workbench(QObject):
    """Owns the lab of one window."""

    def __init__(
        self,
        core: Core,
        theme: Theme,
        conversation: ConversationView,
        choices: ModelAndParameters,
        *,
        state: Mapping[str, Any],
    ) -> None:
        """`state` is the dictionary that `state` returned when the window was last closed."""
        super().__init__(conversation)
        self._pane = conversation.pane
        self._core = core
        self._theme = theme
        self._in_view = in_view = conversation.in_view
        self._transcript = conversation.transcript
        self._presets = choices.presets
        self._panel = choices.panel
        self._lab: _Lab | None = None
        self._probabilities: _Probabilities | None = None
        self._sweeps: _Sweeps | None = None
        self._what_if = WhatIf()
        self._what_if.toggled.connect(self._open_lab)
        kept = state.get(STATE)
        self.column = FoldColumn(self._panel, self._what_if, kept if isinstance(kept, dict) else {})
        # Once the layout has taken the new height.
        self.column.opened.connect(lambda: QTimer.singleShot(0, self._panel.show_sampling))
        in_view.values_changed.connect(self._show_values)
        in_view.replaced.connect(self._show_all)
        in_view.model_changed.connect(self._show_all)
        in_view.finished.connect(self._show_all)
        in_view.rearranged.connect(self._show_all)
        conversation.actions.sweep_wanted.connect(self.plan_sweep)
        conversation.actions.seed_check_wanted.connect(self.check_seed)

    def state(self) -> dict[str, Any]:
        """What is to be restored the next time."""
        return {STATE: self.column.state()}

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {
            ActionId.HEAT_MAP: self.toggle_heat,
            ActionId.WHAT_IF: self.toggle_what_if,
            ActionId.SWEEP: self.plan_sweep,
            ActionId.SEED_CHECK: self.check_seed,
        }

    def toggle_what_if(self) -> None:
        """Open the what-if bars, or fold them away."""
        self._what_if.open(wanted=not self._what_if.is_open)

    def toggle_heat(self) -> None:
        """Show heat maps over the answers, or none."""
        self.probabilities().toggle()

    def probabilities(self) -> _Probabilities:
        """What shows heat maps, made when it is first wanted."""
        if self._probabilities is None:
            from app.ui.lab.heat_map.heat_map import HeatMap

            made = HeatMap(
                self._core,
                self._theme,
                self._transcript,
                self._pane,
                lambda: self._in_view.conversation,
                asks=self._asks,
            )
            made.token_chosen.connect(self._look_at)
            made.asking_wanted.connect(self.ask)
            self._probabilities = made
        return self._probabilities

    def sweeps(self) -> _Sweeps:
        """What opens the windows of sweeps, made when it is first wanted."""
        if self._sweeps is None:
            from app.ui.lab.sweep.windows import SweepWindows

            made = SweepWindows(self._core, self._theme, self._pane)
            made.use_wanted.connect(self._use)
            self._sweeps = made
        return self._sweeps

    def plan_sweep(self, message_id: str = "") -> None:
        """Plan a sweep from a message; without one, from the last answer in view."""
        opened, path = self._in_view.conversation, self._in_view.path
        if opened is None or not path:
            self._pane.toast.show_words(_("A sweep needs a question. Ask one first."))
            return
        self.sweeps().plan(opened, message_id or path[-1].id)

    def check_seed(self, message_id: str = "") -> None:
        """Send the question of an answer several times with one seed; without one, of the last
        answer in view."""
        opened, path = self._in_view.conversation, self._in_view.path
        if opened is None or not path:
            self._pane.toast.show_words(_("A seed check needs a question. Ask one first."))
            return
        self.sweeps().check_seed(opened, message_id or path[-1].id)

    def _use(self, use: CellSettings) -> None:
        settings = self._in_view.settings
        if (settings.provider, settings.model) != (use.provider, use.model):
            self._in_view.choose_model(use.provider, use.model)
        words = _("The parameters are those of the sweep's answer")
        self._presets.replace(use.parameters, words)

    def ask(self) -> None:
        """Have the next answers come with their probabilities if the model gives any, here and in
        new conversations."""
        in_view = self._in_view
        values, reason = self._core.branching.asking(in_view.provider, in_view.model)
        if reason:
            self._pane.toast.show_words(reason)
            return
        self._keep_asking(asked=True)
        if not self._asks():
            # An open conversation, or values that were chosen for the next one.
            in_view.set_values({**in_view.values, **values})
        self._pane.toast.show_words(
            _("Answers come with probabilities now (Settings › General)"),
        )
        self._show_all()

    def _keep_asking(self, *, asked: bool) -> None:
        try:
            self._core.settings.ask_probabilities = asked
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))

    def _asks(self) -> bool:
        """Return whether the next answer in view is asked for with its probabilities."""
        return self._in_view.values.get(ASKING) is True

    # Showing.

    def _open_lab(self, is_open: bool) -> None:
        if is_open and self._lab is None:
            from app.ui.lab.what_if.what_if import Lab

            lab = Lab(
                self._theme,
                self._what_if,
                self._table_of,
                lambda message_id, token: self.probabilities().why_not(message_id, token),
            )
            self._lab = lab
            lab.token_wanted.connect(self._go_to)
            lab.branch_wanted.connect(self._branch)
            lab.asking_wanted.connect(self.ask)
            lab.offset_wanted.connect(self._want_offset)
            lab.read.connect(self._panel.show_readings)
        if is_open:
            self._show_all()

    def _table_of(self, message_id: str) -> TokenTable:
        return self._core.conversations.probabilities(message_id)

    def _show_all(self, *_message: object) -> None:
        """Another conversation, another model or another answer is in view."""
        if self._probabilities is not None:
            self._probabilities.refresh()
        if self._lab is None or not self._what_if.is_open:
            return
        self._show_provider()
        self._lab.show_values(self._in_view.values)
        answer = self._last_answer()
        self._lab.show_answer(answer)
        if answer:
            # Where nothing is drawn, no server is asked, and no engine started.
            self._core.tasks.spawn(self._learn(answer), "sampler facts")

    def _show_provider(self) -> None:
        if self._lab is not None:
            provider, model = self._in_view.provider, self._in_view.model
            facts = self._core.lore.known(provider, model.id)
            self._lab.show_provider(provider.kind, facts.defaults, facts.vocabulary)

    async def _learn(self, answer_id: str) -> None:
        provider, model = self._in_view.provider, self._in_view.model
        await self._core.lore.learn(provider, model.id)
        self._show_provider()
        answer = self._in_view.message(answer_id)
        if answer is None or not _wrote(provider, model, answer):
            # Another model's tokens have other ids.
            return
        try:
            sent = self._core.conversations.request(answer_id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        await self._learn_spelling(provider, model, answer_id)
        if sent is not None:
            prompt = await self._core.lore.prompt_of(provider, model.id, answer_id, sent[1])
            if prompt is not None and self._lab is not None:
                self._lab.show_prompt(answer_id, prompt)

    async def _learn_spelling(self, provider: Provider, model: Model, answer_id: str) -> None:
        """Ask the server for the tokens that have no entry among an answer's probabilities."""
        try:
            table = self._table_of(answer_id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        spelled = await self._core.lore.spelling_of(provider, model.id, table)
        if spelled and self._lab is not None:
            self._lab.show_spelling(answer_id, spelled)

    def _show_values(self) -> None:
        if self._lab is not None:
            self._lab.show_values(self._in_view.values)

    def _last_answer(self) -> str:
        """The last answer in view that has its probabilities; empty where none has."""
        path = reversed(self._in_view.path)
        answers = [message for message in path if message.role is Role.ASSISTANT][:LOOKED_AT]
        try:
            for answer in answers:
                if self._core.conversations.has_probabilities(answer.id):
                    return answer.id
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
        return ""

    # What the person wants.

    def _look_at(self, message_id: str, token: int) -> None:
        if self._lab is not None and self._what_if.is_open:
            self._lab.show_token(message_id, token)

    def _go_to(self, message_id: str, token: int) -> None:
        if self._probabilities is not None and self._probabilities.is_open:
            self._probabilities.choose(message_id, token)

    def _want_offset(self, message_id: str, token: int) -> None:
        self._core.tasks.spawn(self._learn_offset(message_id, token), "logits of a token")

    async def _learn_offset(self, message_id: str, token: int) -> None:
        learned = await self._offset_at(message_id, token)
        if self._lab is not None:
            self._lab.show_offset(message_id, token, learned)

    async def _offset_at(self, message_id: str, token: int) -> Offset | str:
        """What the server makes logits be above log probabilities; or why nobody knows."""
        answer = self._in_view.message(message_id)
        provider, model = self._in_view.provider, self._in_view.model
        if answer is None:
            return _("The answer is not there any more.")
        if not _wrote(provider, model, answer):
            return _("Choose the model again that wrote this answer.")
        try:
            sent = self._core.conversations.request(message_id)
            table = self._table_of(message_id)
            learned = await self._core.lore.offset_at(
                provider,
                model.id,
                sent[1] if sent is not None else {},
                table,
                token,
            )
        except LoquatError as failure:
            return str(failure)
        if learned is None:
            return _("What the server says does not fit this answer.")
        return learned

    def _branch(self, message_id: str, token: int, alternative: int) -> None:
        self.probabilities().branch(message_id, token, alternative)


def _wrote(provider: Provider, model: Model, answer: Message) -> bool:
    """Whether this provider's model wrote an answer."""
    return (answer.provider, answer.model) == (provider.id, model.id)
