"""Connects the sampler lab to the window: panel, conversation and lab hear of each other here.

The heavy parts (arithmetic, heat maps, sweeps) are made when they are first wanted; the program's
start makes the panel with its two tabs only.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.chat.conversation import Message, Role
from app.domain.errors import LibraryError, LoquatError
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.sampling.logit_offset import Offset
from app.domain.text.translation import _
from app.domain.tokens.token_table import TokenTable
from app.services.chat.branching import ASKING
from app.services.program.core import Core
from app.services.sweep.sweeps import CellSettings
from app.ui.common.actions import ActionId, Handlers
from app.ui.conversation.conversation_view import ConversationView
from app.ui.conversation.model_and_parameters import ModelAndParameters
from app.ui.lab.asking import Asking
from app.ui.lab.lazy_parts import LazyHeatMap, LazySweepWindows, LazyWhatIf
from app.ui.lab.side_panel import Face, SidePanel
from app.ui.theme.theme import Theme

#: Name of the panel's part in the window's state.
STATE = "side_panel"
#: Number of last answers among which one with probabilities is looked for.
LOOKED_AT = 8


class Workbench(QObject):
    """Owns the panel and the lab of one window."""

    #: The panel should be shown if it is hidden, or hidden if it is shown.
    panel_toggle_wanted = Signal()

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
        self._what_if: LazyWhatIf | None = None
        self._probabilities: LazyHeatMap | None = None
        self._sweeps: LazySweepWindows | None = None
        kept = state.get(STATE)
        #: The right pane of the window.
        self.side = SidePanel(self._panel, kept if isinstance(kept, dict) else {})
        self.side.lab.shown.connect(self._take_lab)
        # Whether the action of the lab opened the panel, so that it closes it, too.
        self._opened_panel = False
        in_view.values_changed.connect(self._show_values)
        in_view.replaced.connect(self._show_all)
        in_view.model_changed.connect(self._show_all)
        in_view.finished.connect(self._show_all)
        in_view.rearranged.connect(self._show_all)
        in_view.arrived.connect(self._show_asking)
        conversation.actions.sweep_wanted.connect(self.plan_sweep)
        conversation.actions.seed_check_wanted.connect(self.check_seed)

    def state(self) -> dict[str, Any]:
        """Return the state of the panel as JSON values, for the next start."""
        return {STATE: self.side.state()}

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {
            ActionId.HEAT_MAP: self.toggle_heat,
            ActionId.WHAT_IF: self.toggle_lab,
            ActionId.SWEEP: self.plan_sweep,
            ActionId.SEED_CHECK: self.check_seed,
        }

    def toggle_lab(self) -> None:
        """Show the lab; if it is in view already, go back to the parameters, or hide the panel if
        it was hidden before."""
        if self.side.isVisible() and self.side.face is Face.LAB:
            if self._opened_panel:
                self.panel_toggle_wanted.emit()
            self._opened_panel = False
            self.side.show_face(Face.PARAMETERS)
            return
        self._opened_panel = not self.side.isVisible()
        self.side.show_face(Face.LAB)
        if self._opened_panel:
            self.panel_toggle_wanted.emit()

    def toggle_heat(self) -> None:
        """Show heat maps over the answers, or none."""
        self.probabilities().toggle()

    def probabilities(self) -> LazyHeatMap:
        """Return the heat maps of the window, made when they are first wanted."""
        if self._probabilities is None:
            from app.ui.lab.heat_map.heat_map import HeatMap

            made = HeatMap(
                self._core,
                self._theme,
                self._transcript,
                self._pane,
                lambda: self._in_view.conversation,
                lab_is_open=self.side.lab.isVisible,
            )
            made.token_chosen.connect(self._look_at)
            made.asking_wanted.connect(self.ask)
            self._probabilities = made
            made.show_asking(self._asking())
        return self._probabilities

    def sweeps(self) -> LazySweepWindows:
        """Return the windows of sweeps, made when they are first wanted."""
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
        words = _("The parameters of the answer are set")
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
            _("Answers now come with probabilities (Settings → General)"),
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

    def _take_lab(self, is_shown: bool) -> None:
        if is_shown and self._what_if is None:
            from app.ui.lab.what_if.what_if import WhatIf

            made = WhatIf(
                self._theme,
                self.side,
                self._table_of,
                lambda message_id, token: self.probabilities().why_not(message_id, token),
            )
            self._what_if = made
            made.token_wanted.connect(self._go_to)
            made.branch_wanted.connect(self._branch)
            made.asking_wanted.connect(self.ask)
            made.offset_wanted.connect(self._want_offset)
            made.edited.connect(self._in_view.set_value)
            made.read.connect(self._panel.show_readings)
        if is_shown:
            self._show_all()

    def _table_of(self, message_id: str) -> TokenTable:
        return self._core.conversations.probabilities(message_id)

    def _show_all(self, *_message: object) -> None:
        """Show the conversation, model and answer in view, after a change of any of them."""
        self._show_asking()
        if self._probabilities is not None:
            self._probabilities.refresh()
        if self._what_if is None or not self.side.lab.isVisible():
            return
        self._show_provider()
        self._what_if.show_values(self._in_view.values)
        answer = self._last_answer()
        self._what_if.show_answer(answer)
        if answer:
            # Without a drawing no server is asked, and no engine started.
            self._core.tasks.spawn(self._learn(answer), "sampler facts")

    def _show_provider(self) -> None:
        if self._what_if is not None:
            provider, model = self._in_view.provider, self._in_view.model
            facts = self._core.lore.known(provider, model.id)
            self._what_if.show_not_supported(self._in_view.not_supported())
            self._what_if.show_provider(provider.kind, facts.defaults, facts.vocabulary)

    async def _learn(self, answer_id: str) -> None:
        provider, model = self._in_view.provider, self._in_view.model
        await self._core.lore.learn(provider, model.id)
        self._show_provider()
        answer = self._in_view.message(answer_id)
        if answer is None or not _wrote(provider, model, answer):
            # Token ids differ between models.
            return
        try:
            sent = self._core.conversations.request(answer_id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        await self._learn_spelling(provider, model, answer_id)
        if sent is not None:
            prompt = await self._core.lore.prompt_of(provider, model.id, answer_id, sent[1])
            if prompt is not None and self._what_if is not None:
                self._what_if.show_prompt(answer_id, prompt)

    async def _learn_spelling(self, provider: Provider, model: Model, answer_id: str) -> None:
        """Ask the server for the tokens that have no entry among an answer's probabilities."""
        try:
            table = self._table_of(answer_id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        spelled = await self._core.lore.spelling_of(provider, model.id, table)
        if spelled and self._what_if is not None:
            self._what_if.show_spelling(answer_id, spelled)

    def _show_values(self) -> None:
        if self._what_if is not None:
            self._what_if.show_values(self._in_view.values)
        self._show_asking()

    def _show_asking(self, *_message: object) -> None:
        """Show in heat map and lab whether probabilities are asked for."""
        if self._what_if is None and self._probabilities is None:
            return
        asking = self._asking()
        if self._what_if is not None:
            self._what_if.show_asking(asking)
        if self._probabilities is not None:
            self._probabilities.show_asking(asking)

    def _asking(self) -> Asking:
        in_view = self._in_view
        _values, reason = self._core.branching.asking(in_view.provider, in_view.model)
        # A parameter that the model does not support is not sent.
        return Asking(self._asks() and not reason, reason, in_view.is_answering())

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

    # Wishes of the person.

    def _look_at(self, message_id: str, token: int) -> None:
        if self._what_if is not None and self.side.lab.isVisible():
            self._what_if.show_token(message_id, token)

    def _go_to(self, message_id: str, token: int) -> None:
        if self._probabilities is not None and self._probabilities.is_open:
            self._probabilities.choose(message_id, token)

    def _want_offset(self, message_id: str, token: int) -> None:
        self._core.tasks.spawn(self._learn_offset(message_id, token), "logits of a token")

    async def _learn_offset(self, message_id: str, token: int) -> None:
        learned = await self._offset_at(message_id, token)
        if self._what_if is not None:
            self._what_if.show_offset(message_id, token, learned)

    async def _offset_at(self, message_id: str, token: int) -> Offset | str:
        """Return the logit offset of a token, asked of the server, or the reason why it is not
        known."""
        answer = self._in_view.message(message_id)
        provider, model = self._in_view.provider, self._in_view.model
        if answer is None:
            return _("The answer was deleted.")
        if not _wrote(provider, model, answer):
            return _("Choose the model that wrote this answer first.")
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
            return _("The server's scores don't match this answer.")
        return learned

    def _branch(self, message_id: str, token: int, alternative: int) -> None:
        self.probabilities().branch(message_id, token, alternative)


def _wrote(provider: Provider, model: Model, answer: Message) -> bool:
    """Whether this provider's model wrote an answer."""
    return (answer.provider, answer.model) == (provider.id, model.id)
