"""The conversation in view, the model that answers it, and the current parameter values.

The one owner of these three: panel, transcript, model choice, presets and lab read them here and
are told of changes by signals. No widget keeps a copy, so the value on the screen is the value
that every way of sending sends.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.chat.conversation import Conversation, Message
from app.domain.errors import LibraryError
from app.domain.parameters.kinds import FoundConflict, Json
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.providers.routed_model import RoutedModel
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core

#: Fields of a conversation that say who answers it.
MODEL_FIELDS = frozenset({"provider", "model", "routing"})


class InView(QObject):
    """An open conversation, or the settings of the next one, which its first message begins.

    Events of conversations that are not in view are left out.
    """

    #: A different conversation, or the empty page, came into view.
    replaced = Signal()
    #: The next conversation has begun: it is open now, and still in view.
    begun = Signal()
    #: The provider, the model, its hosts, or the knowledge about the model changed.
    model_changed = Signal()
    #: At least one parameter has another value.
    values_changed = Signal()
    #: The system prompt is another one.
    system_changed = Signal()
    #: A choice could not be kept in the library: a sentence for the person.
    failed = Signal(str)

    #: A message came to the end of the path.
    arrived = Signal(object)
    #: The reply has grown.
    grew = Signal()
    #: An answer, a `Message`, has its final form.
    finished = Signal(object)
    #: A message that had its final form has changed.
    amended = Signal(object)
    #: The path changed other than by growing at its end.
    rearranged = Signal()
    #: The reason why the answer has not begun, as a sentence; empty when it has.
    waiting = Signal(str)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        """Begin with the empty page."""
        super().__init__(parent)
        self._core = core
        self._conversation: OpenConversation | None = None
        #: Fields of the next conversation that the person has chosen; the others are defaults.
        self._chosen: set[str] = set()
        self._next = self._default_settings()
        self._look_up_model()
        self._listen()

    @property
    def conversation(self) -> OpenConversation | None:
        """The open conversation; None where the next one has not begun."""
        return self._conversation

    @property
    def id(self) -> str:
        """The conversation's id, empty where the next one has not begun."""
        return self.settings.id

    @property
    def settings(self) -> Conversation:
        """The fields of the conversation: provider, model, system prompt, parameters, routing. The
        next conversation, which is not stored yet, has an empty id."""
        return self._next if self._conversation is None else self._conversation.conversation

    @property
    def provider(self) -> Provider:
        """The provider that answers."""
        return self._provider

    @property
    def model(self) -> Model:
        """The model that answers, with all that is known about it."""
        return self._model

    @property
    def values(self) -> dict[str, Json]:
        """The parameters that are set, by name: those that are sent with the next question."""
        return dict(self.settings.parameters)

    @property
    def path(self) -> list[Message]:
        """The messages in view, from the first to the current leaf."""
        return [] if self._conversation is None else self._conversation.path()

    def message(self, message_id: str) -> Message | None:
        """The message of the open conversation with this id."""
        conversation = self._conversation
        if conversation is None or message_id not in conversation.tree:
            return None
        return conversation.tree[message_id]

    def needs_model(self) -> bool:
        """Whether no model is chosen, at a provider that has no model of its own to answer with."""
        traits = self._provider.traits
        return not (self.settings.model or traits.embedded or traits.speaks_llama_cpp)

    def is_answering(self) -> bool:
        """Whether an answer is under way in view."""
        return self._core.chat.is_answering(self.id)

    # Change of the conversation.

    def show(self, conversation: OpenConversation | None) -> None:
        """Bring a conversation into view, or the empty page with the default settings."""
        self._conversation = conversation
        self._chosen = set()
        self._next = self._default_settings()
        self._look_up_model()
        self.replaced.emit()

    def begin(self) -> OpenConversation:
        """Make the conversation that the settings of the next one are for. Raises LibraryError."""
        settings = self._next
        self._conversation = self._core.conversations.create(
            provider=settings.provider,
            model=settings.model,
            system=settings.system,
            parameters=settings.parameters,
            routing=settings.routing,
        )
        self._chosen = set()
        self.begun.emit()
        return self._conversation

    # Change of the model and the values.

    def choose_model(self, provider_id: str, model_id: str) -> None:
        """Have another model answer from the next question on."""
        self._choose(provider=provider_id, model=model_id)

    def choose_routing(self, routing: Mapping[str, Any]) -> None:
        """Restrict the hosts through which a router may serve the model."""
        self._choose(routing=dict(routing))

    def choose_system(self, text: str) -> None:
        """Set the system prompt."""
        self._choose(system=text)

    def set_value(self, name: str, value: Json | None) -> None:
        """Set one parameter; None leaves it to the provider."""
        values = self.values
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
        self.set_values(values)

    def set_values(self, values: Mapping[str, Json]) -> None:
        """Set these parameters and leave all others to the provider."""
        self._choose(parameters=dict(values))

    def refresh(self) -> None:
        """Read providers and defaults again: the settings have changed."""
        if self._conversation is None:
            self._change_next()
        self._look_up_model()
        self.model_changed.emit()

    # Knowledge about the model.

    def not_supported(self) -> Mapping[str, str]:
        """Parameter → the reason why this model does not support it here."""
        return self._core.providers.not_taken(self._provider, self._model, self.settings.routing)

    def refused(self) -> Mapping[str, str]:
        """Parameter → the sentence with which this model has refused it."""
        return self._core.providers.refused(self._provider, self._model)

    def conflicts(self) -> list[FoundConflict]:
        """The conflicts among the values, for which a question is held back."""
        return self._core.providers.conflicts(self._provider, self._model, self.values)

    def warnings(self) -> list[FoundConflict]:
        """The conflicts, and what else the panel should say of the values: biases whose token ids
        are another model's hold no question back."""
        found = self.conflicts()
        with suppress(LibraryError):
            found += self._core.tokenizing.foreign(self._provider, self._model, self.values)
        return found

    def _choose(self, **fields: Any) -> None:
        if self._conversation is None:
            self._chosen |= fields.keys()
            self._change_next(**fields)
        else:
            try:
                self._core.conversations.choose(self._conversation, **fields)
            except LibraryError as failure:
                self.failed.emit(str(failure))
        if fields.keys() & MODEL_FIELDS:
            self._note_use()

    def _note_use(self, *_message: object) -> None:
        """Have the next new conversation begin with the model of this one."""
        settings = self.settings
        with suppress(LibraryError):
            self._core.providers.note_use(
                RoutedModel(settings.provider, settings.model, settings.routing)
            )

    def _change_next(self, **fields: Any) -> None:
        """Change the next conversation's settings, with the defaults of the model that results."""
        before = self._next
        kept = {name: getattr(before, name) for name in self._chosen} | fields
        provider, model = kept.get("provider"), kept.get("model")
        self._next = replace(self._default_settings(provider, model), **kept)
        names = {
            name
            for name in ("system", "parameters", *MODEL_FIELDS)
            if getattr(before, name) != getattr(self._next, name)
        }
        self._take_change("", frozenset(names))

    def _default_settings(
        self, provider_id: str | None = None, model_id: str | None = None
    ) -> Conversation:
        providers = self._core.providers
        start = providers.starting()
        provider = providers.get(start.provider if provider_id is None else provider_id)
        if model_id is not None:
            model = model_id
        else:
            model = start.model if provider_id is None else provider.model
        values = self._core.presets.starting_values(provider.id, model)
        if self._core.settings.ask_probabilities:
            known = self._core.providers.model(provider, model)
            values = self._core.branching.with_asking(provider, known, values)
        return Conversation(
            id="",
            title="",
            created=0,
            updated=0,
            provider=provider.id,
            model=model,
            parameters=values,
            routing=dict(start.routing) if provider.id == start.provider else {},
        )

    def _look_up_model(self) -> None:
        self._provider = self._core.providers.get(self.settings.provider)
        self._model = self._core.providers.model(self._provider, self.settings.model)

    # News of services.

    def _listen(self) -> None:
        chat, conversations = self._core.chat, self._core.conversations
        conversations.changed.connect(self._take_change)
        conversations.arrived.connect(self._of_view(self.arrived.emit))
        conversations.arrived.connect(self._of_view(self._note_use))
        conversations.rearranged.connect(self._of_view(self.rearranged.emit))
        conversations.amended.connect(self._of_view(self.amended.emit))
        chat.grew.connect(self._of_view(self.grew.emit))
        chat.finished.connect(self._of_view(self.finished.emit))
        chat.waiting.connect(self._of_view(self.waiting.emit))
        chat.refused.connect(self._of_view(self._take_model_news))
        self._core.providers.catalogue.changed.connect(self._take_list)

    def _of_view(self, emit: Callable[..., object]) -> Callable[..., None]:
        """A listener that passes on news of the conversation in view, without its id."""

        def listen(conversation_id: str, *news: object) -> None:
            if conversation_id == self.id:
                emit(*news)

        return listen

    def _take_change(self, conversation_id: str, names: frozenset[str]) -> None:
        if conversation_id != self.id:
            return
        if names & MODEL_FIELDS:
            self._take_model_news()
        if "parameters" in names:
            self.values_changed.emit()
        if "system" in names:
            self.system_changed.emit()

    def _take_model_news(self) -> None:
        self._look_up_model()
        self.model_changed.emit()

    def _take_list(self, provider_id: str) -> None:
        if provider_id == self._provider.id:
            if self._conversation is None:
                # A default may depend on what the model supports.
                self._change_next()
            self._take_model_news()
