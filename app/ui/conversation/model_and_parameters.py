"""Model, system prompt and parameters: of the conversation in view, or of the next one."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.chat.conversation import Message
from app.domain.errors import LibraryError
from app.domain.parameters.kinds import Fix, Found, Parameter, Values
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider, ProviderKind
from app.domain.providers.routing import routing_words
from app.domain.text.translation import _
from app.services.chat.conversations import OpenConversation
from app.services.chat.sent_parameters import last_sent
from app.services.program.core import Core
from app.services.providers.model_catalogue import Pick
from app.ui.common.actions import ActionId, Handlers
from app.ui.conversation.conversation import Talk
from app.ui.conversation.pane import ConversationPane
from app.ui.conversation.preset_choice import Place, PresetDesk
from app.ui.parameters.panel import ParameterPanel
from app.ui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who answers, and how it is asked."""

    provider: Provider
    model_id: str
    system: str
    parameters: dict[str, Any]
    routing: dict[str, Any]


class Choices(QObject):
    """Keeps the panel and the conversation's settings the same."""

    #: Another provider is wanted.
    settings_wanted = Signal()
    #: Another conversation or another model is in view.
    shown = Signal()

    def __init__(self, core: Core, theme: Theme, talk: Talk, pane: ConversationPane) -> None:
        super().__init__(talk)
        self._core = core
        self._theme = theme
        # What opens each dialog, once it has been made: few conversations need any.
        self._ask_model: Callable[[Pick], None] | None = None
        self._ask_hosts: Callable[..., None] | None = None
        self._ask_value: dict[str, Callable[[Any], None]] = {}
        self._talk = talk
        self._pane = pane
        # Choices made before there is a conversation to keep them.
        self._next: dict[str, Any] = {}
        self.panel = panel = ParameterPanel()
        panel.provider_chosen.connect(self._choose_provider)
        panel.model_typed.connect(self._choose_model)
        panel.system_typed.connect(self._choose_system)
        panel.parameters_edited.connect(self._choose_parameters)
        panel.picker_wanted.connect(self.show_picker)
        panel.routing_wanted.connect(self.show_routing)
        panel.retry_wanted.connect(self._try_again)
        panel.dialog_wanted.connect(self._show_dialog)
        self.presets = PresetDesk(core, panel, pane, self._place)
        core.chat.finished.connect(self._take_answer)
        talk.put_judge(self.conflicts)
        talk.parameters_wanted.connect(self._use_again)
        talk.conflicts.fix_wanted.connect(self._fix)
        panel.show_providers(core.providers.all())
        core.providers.catalogue.changed.connect(self._take_list)
        core.chat.refused.connect(self._take_refusal)

    def begin(self) -> OpenConversation:
        """Make the conversation that the choices were for. Raises LibraryError."""
        self.panel.settle()
        chosen = self._chosen()
        held = self._core.conversations.create(
            provider=chosen.provider.id,
            model=chosen.model_id,
            system=chosen.system,
            parameters=chosen.parameters,
            routing=chosen.routing,
        )
        self._next = {}
        self.presets.begin(held.id)
        return held

    def leave(self) -> None:
        """Keep what was typed last, before another conversation comes into view."""
        self.panel.settle()
        self._next = {}
        self.presets.leave()

    def show(self) -> None:
        """Show the model, system prompt and parameters of the conversation in view."""
        chosen = self._chosen()
        self.show_model()
        self.panel.show_values(chosen.system, chosen.parameters)
        self.show_last()
        self.presets.show()
        model = self._core.providers.model(chosen.provider, chosen.model_id)
        embedded = chosen.provider.kind is ProviderKind.EMBEDDED
        words = (
            model.description
            if embedded
            else _("{model} at {provider} will answer.").format(
                model=model.name or _("The server's model"), provider=chosen.provider.name
            )
        )
        self._pane.show_provider(words, embedded=embedded)
        self.shown.emit()

    def show_model(self) -> None:
        """Show who answers, by what is known of it now."""
        chosen = self._chosen()
        provider = chosen.provider
        model = self._core.providers.model(provider, chosen.model_id)
        not_taken = self._core.providers.not_taken(provider, model, chosen.routing)
        refused = self._core.providers.refused(provider, model)
        self.panel.show_model(provider, model, not_taken, refused)
        self.panel.put_judge(lambda values: self._judge(provider, model, values))
        routes = provider.kind is ProviderKind.OPENROUTER
        words = _("Served by {hosts}").format(hosts=routing_words(chosen.routing))
        self.panel.show_routing(words if routes else "")
        self._talk.show_context()

    def show_last(self) -> None:
        """Mark what differs from what was sent for the last answer in view."""
        held, core = self._talk.held, self._core
        try:
            last = {} if held is None else last_sent(held, core.conversations, core.providers)
        except LibraryError:
            # It is a mark, no more: what can't be read marks nothing.
            last = {}
        self.panel.show_last(last)

    def target(self) -> tuple[Provider, Model]:
        """Who answers."""
        chosen = self._chosen()
        return chosen.provider, self._core.providers.model(chosen.provider, chosen.model_id)

    def asking(self) -> tuple[Mapping[str, Any], str]:
        """The parameters that ask for probabilities; or none, and why there are none to be had."""
        return self._core.branching.asking(*self.target())

    def provider(self) -> Provider:
        """Whom the conversation in view, or the next one, asks."""
        return self._chosen().provider

    def conflicts(self) -> list[Found]:
        """What contradicts itself in what would be sent now."""
        self.panel.settle()
        chosen = self._chosen()
        model = self._core.providers.model(chosen.provider, chosen.model_id)
        return self._core.providers.conflicts(chosen.provider, model, chosen.parameters)

    def _judge(self, provider: Provider, model: Model, values: Values) -> list[Found]:
        """What the panel says of values; ids of another model hold no question back."""
        found = self._core.providers.conflicts(provider, model, values)
        with suppress(LibraryError):
            found += self._core.tokenizing.foreign(provider, model, values)
        return found

    def _use_again(self, values: dict[str, Any], left: str) -> None:
        """Set what an answer was sent; `left` says what can't be."""
        same = values == self.panel.values
        words = _("The parameters of that answer are set")
        if same:
            words = _("The parameters are those of that answer already")
        words = f"{words}. {left}" if left else words
        if same:
            self._pane.toast.show_words(words)
        else:
            self.panel.replace(values, words)

    def _fix(self, fix: Fix) -> None:
        self.panel.apply(fix)
        self.panel.settle()
        self._talk.send_if_settled()

    def handlers(self) -> Handlers:
        """The actions of the window that are done here."""
        return {ActionId.CHOOSE_MODEL: self.show_picker}

    def show_picker(self) -> None:
        """Let the person choose among all models."""
        self.panel.settle()
        if self._ask_model is None:
            from app.ui.picker.picker import Picker

            picker = Picker(self._core, self._theme, self._pane.window())
            picker.chosen.connect(self.take_model)
            picker.hosts_wanted.connect(self._show_hosts)
            picker.settings_wanted.connect(self.settings_wanted)
            self._ask_model = picker.ask
        chosen = self._chosen()
        self._ask_model((chosen.provider.id, chosen.model_id))

    def show_routing(self) -> None:
        """Let the person choose among the hosts of the model."""
        self.panel.settle()
        chosen = self._chosen()
        self._show_hosts(chosen.provider.id, chosen.model_id)

    def _show_dialog(self, parameter: Parameter) -> None:
        name = parameter.name
        if name not in self._ask_value:
            from app.ui.parameters.dialogs.dialogs import make_dialog

            dialog = make_dialog(parameter.kind, self._core, self.target, self._pane.window())
            dialog.chosen.connect(lambda value: self.panel.put_value(name, value))
            self._ask_value[name] = dialog.ask
        self._ask_value[name](self.panel.value(name))

    def _show_hosts(self, provider_id: str, model_id: str) -> None:
        if self._ask_hosts is None:
            from app.ui.picker.routing import RoutingDialog

            dialog = RoutingDialog(self._core, self._pane.window())
            dialog.chosen.connect(self._choose_routing)
            self._ask_hosts = dialog.ask
        chosen = self._chosen()
        provider = self._core.providers.get(provider_id)
        model = self._core.providers.model(provider, model_id)
        self._ask_hosts(provider, model, chosen.routing, chosen.parameters)

    def _choose(self, **fields: Any) -> None:
        held = self._talk.held
        if held is None:
            self._next.update(fields)
            return
        try:
            self._core.conversations.change(held, **fields)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))

    def _choose_provider(self, provider_id: str) -> None:
        provider = self._core.providers.get(provider_id)
        self._choose(provider=provider.id, model=provider.model)
        self.show()

    def take_model(self, provider_id: str, model_id: str) -> None:
        """Have another model answer."""
        self._choose(provider=provider_id, model=model_id)
        self.show()

    def _choose_model(self, model_id: str) -> None:
        if model_id and model_id != self._chosen().model_id:
            self._choose(model=model_id)
            # A new conversation may start with another preset.
            self.show()

    def _choose_system(self, text: str) -> None:
        self._choose(system=text)

    def _choose_parameters(self, values: dict[str, Any]) -> None:
        self._choose(parameters=values)

    def _choose_routing(self, routing: dict[str, Any]) -> None:
        self._choose(routing=routing)
        self.show_model()

    def _try_again(self, name: str) -> None:
        chosen = self._chosen()
        model = self._core.providers.model(chosen.provider, chosen.model_id)
        try:
            self._core.providers.forget_refusal(chosen.provider, model, name)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
        self.show_model()

    def _take_list(self, provider_id: str) -> None:
        if provider_id == self._chosen().provider.id:
            self.show_model()

    def _take_answer(self, conversation_id: str, _message: Message) -> None:
        if self._talk.held is not None and self._talk.held.id == conversation_id:
            self.show_last()

    def _place(self) -> Place:
        """What presets are put on now."""
        chosen, held = self._chosen(), self._talk.held
        model = self._core.providers.model(chosen.provider, chosen.model_id)
        not_taken = self._core.providers.not_taken(chosen.provider, model, chosen.routing)
        name = model.name or model.id or chosen.provider.name
        return Place(held.id if held else "", chosen.provider.id, chosen.model_id, name, not_taken)

    def _take_refusal(self, conversation_id: str) -> None:
        if self._talk.held is not None and self._talk.held.id == conversation_id:
            self.show_model()

    def _chosen(self) -> Chosen:
        """What is in force: of the conversation in view, or of the next one."""
        held = self._talk.held
        if held is not None:
            one = held.conversation
            provider = self._core.providers.get(one.provider)
            return Chosen(provider, one.model, one.system, dict(one.parameters), dict(one.routing))
        chosen = self._next.get("provider")
        provider = self._core.providers.get(chosen) if chosen else self._core.providers.default()
        model_id = self._next.get("model", provider.model)
        parameters = self._next.get("parameters")
        if parameters is None:
            parameters = self._core.presets.starting_values(provider.id, model_id)
        return Chosen(
            provider,
            model_id,
            self._next.get("system", ""),
            parameters,
            self._next.get("routing", {}),
        )
