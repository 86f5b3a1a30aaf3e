"""A question from the command line: resolves provider, model and parameters, or previews it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.api.dialects import request_as_program as snippets
from app.domain.chat.conversation import Conversation, Message, Role, Status
from app.domain.chat.request import ChatRequest
from app.domain.errors import InputError
from app.domain.ids import new_id
from app.domain.parameters.table import BY_NAME
from app.domain.providers.addresses import normal_address
from app.domain.providers.providers import Provider, ProviderKind
from app.domain.text.translation import _
from app.formats import loquat_json
from app.formats.full_message import FullMessage
from app.services.chat.conversations import OpenConversation
from app.services.chat.delivery import prepare
from app.services.library.find_conversation import find_conversation
from app.services.program.core import Core
from app.services.providers.providers import key_variable

#: Address in previews for the embedded model: the default of llama.cpp's server, since a preview
#: starts no server and the embedded one's port is random.
PREVIEW_ADDRESS = "http://127.0.0.1:8080/v1"


@dataclass(frozen=True, slots=True)
class Question:
    """A question from the command line with its options; None stands for an option not given."""

    text: str
    provider: str | None = None
    model: str | None = None
    base_url: str | None = None
    system: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    conversation: str | None = None


class ResolvedQuestion:
    """A question with its provider, model, system prompt and parameters resolved."""

    def __init__(self, core: Core, question: Question) -> None:
        """Resolve the options that were not given.

        Raises NotFoundError, AddressError, and InputError if the conversation is being answered.
        """
        self._core = core
        self._question = question
        self._earlier = _earlier(core, question)
        self.provider = _provider(core, question, self._earlier)
        self.model = core.providers.model(self.provider, self._model_id())
        self.system = question.system or ""
        self.parameters = dict(question.parameters)
        if self._earlier is not None:
            self._check_not_streaming(self._earlier.id)
            if question.system is None:
                self.system = self._earlier.system
            self.parameters = {**self._earlier.parameters, **self.parameters}

    def notes(self) -> list[str]:
        """Return sentences about parameters that are not sent or that contradict others."""
        not_taken = self._core.providers.not_taken(self.provider, self.model)
        notes = [
            _("{label} ({name}) is not sent: {reason}").format(
                label=BY_NAME[name].label, name=name, reason=not_taken[name]
            )
            for name in self.parameters
            if name in not_taken
        ]
        conflicts = self._core.providers.conflicts(self.provider, self.model, self.parameters)
        return notes + [conflict.sentence for conflict in conflicts]

    def preview(self, form: str) -> str:
        """Return the request as JSON, or as a program if `form` is a name in `snippets.WRITERS`.

        Nothing is started, sent or stored.
        """
        embedded = self.provider.traits.embedded
        question = Message(
            id=new_id(),
            parent=None,
            role=Role.USER,
            text=self._question.text,
            created=0,
        )
        refused = self._core.providers.refused(self.provider, self.model)
        request = ChatRequest(
            kind=self.provider.kind,
            base_url=PREVIEW_ADDRESS if embedded else self.provider.base_url,
            model=self.model,
            messages=(*self._earlier_messages(), question),
            system=self.system,
            parameters={
                name: value for name, value in self.parameters.items() if name not in refused
            },
            conversation=self._earlier.id if self._earlier else new_id(),
            routing=self._earlier.routing if self._earlier else {},
        )
        url, body = prepare(request)
        variable = None if embedded else key_variable(self.provider)
        if form in snippets.WRITERS:
            return snippets.WRITERS[form](url, body, variable)
        headers = {"Authorization": f"Bearer ${variable}"} if variable else {}
        return loquat_json.pretty({"url": url, "headers": headers, "body": body})

    def begin(self) -> OpenConversation:
        """Open the earlier conversation, or create one; a provider at a new address is stored.

        Options for a question in an earlier conversation hold for that question alone and are not
        stored.
        """
        if self._core.providers.get(self.provider.id) != self.provider:
            self._core.providers.put(self.provider)
        conversations = self._core.conversations
        if self._earlier is None:
            return conversations.create(
                provider=self.provider.id,
                model=self.model.id,
                system=self.system,
                parameters=self.parameters,
            )
        opened = conversations.open(self._earlier.id)
        conversations.ask_once(
            opened,
            provider=self.provider.id,
            model=self.model.id,
            system=self.system,
            parameters=self.parameters,
        )
        return opened

    def result(self, conversation_id: str | None, message: Message) -> str:
        """Return the answer with its request and probabilities as one line of JSON."""
        library = self._core.library
        full = FullMessage(
            message,
            library.request(message.id),
            library.probabilities(message.id),
            self._core.providers.name_of(message.provider),
        )
        record = loquat_json.message_record(full)
        if not full.probabilities:
            del record["probabilities"]
        answer = {"id": message.id, "conversation": conversation_id, **record}
        return loquat_json.line(answer)

    def _check_not_streaming(self, conversation_id: str) -> None:
        path = self._core.conversations.open(conversation_id).path()
        if path and path[-1].status is Status.STREAMING:
            raise InputError(
                _("Another Loquat is answering in this chat. Try again when it has finished.")
            )

    def _model_id(self) -> str:
        earlier = self._earlier
        if self._question.model is not None:
            return self._question.model
        if earlier is not None and earlier.provider == self.provider.id:
            return earlier.model
        return self.provider.model

    def _earlier_messages(self) -> list[Message]:
        if self._earlier is None:
            return []
        return self._core.conversations.open(self._earlier.id).path()


def _earlier(core: Core, question: Question) -> Conversation | None:
    if question.conversation is None:
        return None
    return find_conversation(core.library, question.conversation)


def _provider(core: Core, question: Question, earlier: Conversation | None) -> Provider:
    providers = core.providers
    if question.base_url is not None:
        like = providers.named(question.provider) if question.provider is not None else None
        return _at_address(providers.all(), normal_address(question.base_url), like)
    if question.provider is not None:
        return providers.named(question.provider)
    if earlier is not None:
        return providers.get(earlier.provider)
    return providers.default()


def _at_address(known: list[Provider], address: str, like: Provider | None) -> Provider:
    """Return the known provider at an address with the kind of `like`, or make a new one.

    Without `like` the kind is an OpenAI-compatible server. Raises InputError if `like` is the
    embedded model.
    """
    kind = ProviderKind.OPENAI_COMPATIBLE if like is None else like.kind
    if like is not None and like.traits.embedded:
        raise InputError(
            _("The model on this computer has no address: leave out --provider or --base-url.")
        )
    for provider in known:
        if provider.kind is kind and provider.base_url == address:
            return provider
    host = urlsplit(address).netloc
    name = host if like is None else f"{like.name} ({host})"
    if any(provider.name == name for provider in known):
        name = f"{name} {urlsplit(address).path}"
    model = "" if like is None else like.model
    return Provider(id=new_id(), name=name, kind=kind, base_url=address, model=model)
