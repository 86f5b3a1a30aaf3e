"""Model, system prompt and parameters: of the conversation in view, or of the next one."""

from typing import Any

from PySide6.QtCore import QObject

from app.domain.errors import LibraryError
from app.domain.providers import Provider, ProviderKind
from app.domain.texts import _
from app.services.conversations import OpenConversation
from app.services.core import Core
from app.ui.conversation_pane import ConversationPane
from app.ui.parameters.panel import ParameterPanel
from app.ui.talk import Talk


class Choices(QObject):
    """Keeps the panel and the conversation's settings the same."""

    def __init__(self, core: Core, talk: Talk, pane: ConversationPane) -> None:
        super().__init__(talk)
        self._core = core
        self._talk = talk
        self._pane = pane
        # Choices made before there is a conversation to keep them.
        self._next: dict[str, Any] = {}
        self.panel = panel = ParameterPanel()
        panel.provider_chosen.connect(self._choose_provider)
        panel.model_typed.connect(self._choose_model)
        panel.system_typed.connect(self._choose_system)
        panel.parameters_edited.connect(self._choose_parameters)
        panel.show_providers(core.providers.all())

    def begin(self) -> OpenConversation:
        """Make the conversation that the choices were for. Raises LibraryError."""
        self.panel.settle()
        provider, model, system, parameters = self._chosen()
        held = self._core.conversations.create(
            provider=provider.id, model=model, system=system, parameters=parameters
        )
        self._next = {}
        return held

    def leave(self) -> None:
        """Keep what was typed last, before another conversation comes into view."""
        self.panel.settle()
        self._next = {}

    def show(self) -> None:
        """Show the model, system prompt and parameters of the conversation in view."""
        provider, model_id, system, parameters = self._chosen()
        self._show_model()
        self.panel.show_values(system, parameters)
        model = self._core.providers.model(provider, model_id)
        embedded = provider.kind is ProviderKind.EMBEDDED
        words = (
            model.description
            if embedded
            else _("{model} at {provider} will answer.").format(
                model=model.name or _("The server's model"), provider=provider.name
            )
        )
        self._pane.show_provider(words, embedded=embedded)

    def _show_model(self) -> None:
        provider, model_id, _system, _parameters = self._chosen()
        model = self._core.providers.model(provider, model_id)
        models = self._core.providers.models(provider)
        not_taken = self._core.providers.not_taken(provider, model)
        self.panel.show_model(provider, models, model, not_taken)
        self.panel.put_judge(lambda values: self._core.providers.conflicts(provider, model, values))
        self._talk.show_context()

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

    def _choose_model(self, model_id: str) -> None:
        if model_id and model_id != self._chosen()[1]:
            self._choose(model=model_id)
            self._show_model()

    def _choose_system(self, text: str) -> None:
        self._choose(system=text)

    def _choose_parameters(self, values: dict[str, Any]) -> None:
        self._choose(parameters=values)

    def _chosen(self) -> tuple[Provider, str, str, dict[str, Any]]:
        """Provider, model id, system prompt and parameters in force."""
        held = self._talk.held
        if held is not None:
            conversation = held.conversation
            provider = self._core.providers.get(conversation.provider)
            return provider, conversation.model, conversation.system, dict(conversation.parameters)
        chosen = self._next.get("provider")
        provider = self._core.providers.get(chosen) if chosen else self._core.providers.default()
        return (
            provider,
            self._next.get("model", provider.model),
            self._next.get("system", ""),
            self._next.get("parameters", {}),
        )
