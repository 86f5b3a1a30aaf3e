"""Connects the parameter panel to the program, and opens the windows that choose a model, its hosts
and large parameter values."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import LibraryError
from app.domain.parameters.kinds import Json, Parameter
from app.domain.providers.models import EMBEDDED_MODEL, Model
from app.domain.providers.providers import OPENROUTER, Provider
from app.domain.text.translation import _
from app.services.chat.sent_parameters import last_sent
from app.services.program.core import Core
from app.services.providers.model_catalogue import Pick
from app.ui.common.actions import ActionId, Handlers
from app.ui.common.escape_order import Layer
from app.ui.common.in_view import InView
from app.ui.conversation.pane import ConversationPane
from app.ui.conversation.preset_choice import PresetChoice
from app.ui.conversation.welcome import Offer
from app.ui.parameters.panel import ParameterPanel
from app.ui.theme.theme import Theme

#: Name of the folded groups of parameters in the window's state.
FOLDS = "parameter_groups"


class ModelAndParameters(QObject):
    """Owns the parameter panel and the windows that it opens, made when they are first wanted."""

    #: The settings should open, since another provider is wanted.
    settings_wanted = Signal()
    #: The settings should open at a provider, by its id, since its key is wanted.
    key_wanted = Signal(str)
    #: A model was chosen for the message that waits for one.
    model_given = Signal()

    def __init__(self, core: Core, theme: Theme, in_view: InView, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._core = core
        self._theme = theme
        self._in_view = in_view
        self._pane = pane
        self._ask_model: Callable[[Pick, Mapping[str, Any]], None] | None = None
        #: Whether a message waits to be sent until a model is chosen.
        self._message_waits = False
        self._ask_hosts: Callable[..., None] | None = None
        self._ask_value: dict[str, Callable[[Any], None]] = {}
        self.panel = panel = ParameterPanel(in_view)
        folds = core.settings.window().get(FOLDS)
        panel.rows.restore_folds(folds if isinstance(folds, dict) else {})
        panel.retry_wanted.connect(self._try_again)
        panel.dialog_wanted.connect(self._show_dialog)
        rows = panel.rows
        pane.escape.add(Layer.POPOVER, rows.is_explaining, rows.end_explanation)
        self.presets = PresetChoice(core, in_view, panel, pane)
        in_view.replaced.connect(self._show_last)
        in_view.finished.connect(self._show_last)
        in_view.rearranged.connect(self._show_last)
        in_view.replaced.connect(self._show_who_answers)
        in_view.model_changed.connect(self._show_who_answers)
        pane.welcome.model_wanted.connect(self.show_picker)
        pane.welcome.key_wanted.connect(self._want_key)
        self._show_who_answers()

    def refresh(self) -> None:
        """Read the providers again: the settings have changed."""
        self._in_view.refresh()

    def use_again(self, values: dict[str, Json], left: str) -> None:
        """Set the parameters of an earlier answer; `left` is a sentence on those that can't be."""
        if values == self._in_view.values:
            words = _("These parameters are already set")
            self._pane.toast.show_words(f"{words}. {left}" if left else words)
        else:
            words = _("The parameters of the answer are set")
            self.presets.replace(values, f"{words}. {left}" if left else words)

    def state(self) -> dict[str, Any]:
        """Return which groups of parameters are folded, for the next start."""
        return {FOLDS: self.panel.rows.folds()}

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {ActionId.CHOOSE_MODEL: self.show_picker}

    def show_picker(self) -> None:
        """Let the person choose among all models."""
        if self._ask_model is None:
            from app.ui.picker.picker import Picker

            picker = Picker(self._core, self._theme, self._pane.window())
            picker.chosen.connect(self._take_model)
            picker.rejected.connect(self._keep_waiting_message)
            picker.hosts_wanted.connect(self._show_hosts)
            picker.settings_wanted.connect(self.settings_wanted)
            picker.key_wanted.connect(self.key_wanted)
            self._ask_model = picker.ask
        settings = self._in_view.settings
        # The embedded model answers under whatever id the conversation has.
        self._ask_model((self._in_view.provider.id, self._in_view.model.id), settings.routing)

    def ask_model_to_send(self) -> None:
        """Let the person choose a model for a message that waits for it; see `model_given`."""
        self._message_waits = True
        self.show_picker()

    def _take_model(self, provider_id: str, model_id: str) -> None:
        self._in_view.choose_model(provider_id, model_id)
        if self._message_waits:
            self._message_waits = False
            self.model_given.emit()

    def _keep_waiting_message(self) -> None:
        """The picker was closed without a choice: the message stays in the field."""
        self._message_waits = False

    def _target(self) -> tuple[Provider, Model]:
        return self._in_view.provider, self._in_view.model

    def _show_dialog(self, parameter: Parameter) -> None:
        name = parameter.name
        if name not in self._ask_value:
            from app.ui.parameters.dialogs.dialogs import make_dialog

            dialog = make_dialog(parameter.kind, self._core, self._target, self._pane.window())
            dialog.chosen.connect(lambda value: self._in_view.set_value(name, value))
            self._ask_value[name] = dialog.ask
        self._ask_value[name](self._in_view.values.get(name))

    def _show_hosts(self, provider_id: str, model_id: str) -> None:
        if self._ask_hosts is None:
            from app.ui.picker.routing import RoutingDialog

            dialog = RoutingDialog(self._core, self._pane.window())
            dialog.chosen.connect(self._in_view.choose_routing)
            self._ask_hosts = dialog.ask
        provider = self._core.providers.get(provider_id)
        model = self._core.providers.model(provider, model_id)
        settings = self._in_view.settings
        self._ask_hosts(provider, model, dict(settings.routing), self._in_view.values)

    def _try_again(self, name: str) -> None:
        in_view = self._in_view
        try:
            self._core.providers.forget_refusal(in_view.provider, in_view.model, name)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
        in_view.refresh()

    def _show_last(self, *_message: object) -> None:
        """Mark the values that differ from those sent for the last answer in view."""
        conversation, core = self._in_view.conversation, self._core
        try:
            last = (
                {}
                if conversation is None
                else last_sent(conversation, core.conversations, core.providers)
            )
        except LibraryError:
            # It is a mark, no more: a request that can't be read marks nothing.
            last = {}
        self.panel.show_last(last)

    def _show_who_answers(self) -> None:
        """Show on the empty page what the model that will answer lacks; in the panel, the defaults
        of its server as far as they are known."""
        provider, model = self._target()
        self.panel.show_defaults(self._core.lore.known(provider, model.id).defaults)
        words, offers = "", list[Offer]()
        if self._core.providers.lacks_key(provider):
            words = _("{provider} needs an API key to answer.").format(provider=provider.name)
            offers = [Offer.KEY]
            if provider.id == OPENROUTER.id:
                offers.append(Offer.CONNECT)
        elif self._in_view.needs_model():
            words, offers = _("Choose a model to start."), [Offer.MODEL]
        elif provider.traits.embedded and model.id == EMBEDDED_MODEL.id:
            words = _(
                "{model} runs on this computer, free and private. For better answers, connect a "
                "provider."
            ).format(model=model.name)
            offers = [Offer.CONNECT, Offer.SERVER]
        self._pane.welcome.show_answerer(words, offers)

    def _want_key(self) -> None:
        self.key_wanted.emit(self._in_view.provider.id)
