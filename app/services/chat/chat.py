"""Requests for answers: send, stop, regenerate, for any number of conversations at once.

An answer goes from the request to a stream of events, to the `Reply`, to library and screen. The
screen is told that a reply grew and reads it when it draws the next frame; `Recording` writes the
library in small batches.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, replace
from typing import Any

from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role, Status, ToolResult
from app.domain.chat.fork import AnswerPrefix
from app.domain.chat.reply import Reply
from app.domain.chat.request import ChatRequest
from app.domain.chat.verdict_marks import without_verdict
from app.domain.errors import LibraryError, LoquatError, Remedy, UseValue, remedy_of
from app.domain.events import Finished, FinishReason
from app.domain.ids import new_id
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.surrogates import mend
from app.domain.text.translation import _
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.chat.delivery import Delivery, Progress, Sleep
from app.services.chat.late_costs import Costs
from app.services.chat.recording import Recording
from app.services.observers import Observers
from app.services.providers.providers import Providers, Target
from app.services.tasks import Tasks
from app.store.library import Library

log = logging.getLogger(__name__)


class Chat:
    """Starts and stops answers, one at a time in each conversation."""

    def __init__(
        self,
        library: Library,
        conversations: Conversations,
        providers: Providers,
        client: Client,
        tasks: Tasks,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`sleep` is asyncio.sleep, except in tests."""
        self._library = library
        self._conversations = conversations
        self._providers = providers
        self._client = client
        self._tasks = tasks
        self._delivery = Delivery(client, sleep)
        self._costs = Costs(conversations, client, tasks, sleep)
        self._answering: dict[str, asyncio.Task[Any]] = {}
        #: The reply that streams in a conversation has grown.
        self.grew: Observers[[str]] = Observers()
        #: A conversation's id and a message that has its final form now.
        self.finished: Observers[[str, Message]] = Observers()
        #: The id of a conversation in which a parameter turned out to be unsupported by its model.
        self.refused: Observers[[str]] = Observers()
        #: A conversation's id and the reason for a wait, as a sentence; empty when it is over.
        self.waiting: Observers[[str, str]] = Observers()
        #: The library could not be written; what is on the screen is still whole.
        self.unsaved: Observers[[LibraryError]] = Observers()

    def is_answering(self, conversation_id: str) -> bool:
        """Return whether an answer is under way in a conversation."""
        return conversation_id in self._answering

    def prepare(self, opened: OpenConversation | None) -> None:
        """Open the connection and find the keyring early, because a message is being written in the
        conversation, or for a new one."""
        providers = self._providers
        provider = providers.get(
            opened.conversation.provider if opened else providers.starting().provider
        )
        self._tasks.spawn(self._be_ready(provider), "prepare")

    def send(self, opened: OpenConversation, text: str, message_id: str = "") -> asyncio.Task[Any]:
        """Add the person's message, durably, and start the answer to it. `message_id` is an id that
        the message has already, from `new_id`. Raises LibraryError."""
        question = _question(text, opened.conversation.current)
        if message_id:
            question = replace(question, id=message_id)
        self._conversations.add_message(opened, question)
        return self.answer(opened, question.id)

    def edit(self, opened: OpenConversation, message_id: str, text: str) -> asyncio.Task[Any]:
        """Add another text of the person's message as a branch beside it, and start the answer."""
        if self.is_answering(opened.id):
            raise ValueError("this conversation is being answered already")
        question = _question(text, opened.tree[message_id].parent)
        self._conversations.add_message(opened, question)
        return self.answer(opened, question.id)

    def edit_answer(self, opened: OpenConversation, message_id: str, text: str) -> Message:
        """Add another text of an answer as a version beside it, marked as edited by the person, and
        return it. The model is not asked. Raises LibraryError."""
        if self.is_answering(opened.id):
            raise ValueError("this conversation is being answered already")
        before = opened.tree[message_id]
        # Reasoning, figures and the provider's own id belong to the text that the model wrote.
        version = Message(
            id=new_id(),
            parent=before.parent,
            role=Role.ASSISTANT,
            text=mend(text),
            created=time.time(),
            provider=before.provider,
            model=before.model,
            edited=True,
        )
        self._conversations.add_message(opened, version)
        return version

    def regenerate(self, opened: OpenConversation, message_id: str) -> asyncio.Task[Any]:
        """Start another answer to the same question, as a branch beside the answer `message_id`."""
        parent = opened.tree[message_id].parent
        if parent is None:
            raise ValueError("a message without a question cannot be regenerated")
        return self.answer(opened, parent)

    def answer(self, opened: OpenConversation, question_id: str) -> asyncio.Task[Any]:
        """Start an answer to a message and return its task; the answer is in the tree at once."""
        if self.is_answering(opened.id):
            raise ValueError("this conversation is being answered already")
        provider = self._providers.get(opened.conversation.provider)
        model = self._providers.model(provider, opened.conversation.model)
        message = Message(
            id=new_id(),
            parent=question_id,
            role=Role.ASSISTANT,
            text="",
            created=time.time(),
            status=Status.STREAMING,
            provider=provider.id,
            model=model.id,
        )
        return self._begin(opened, _Work(opened, Reply(message), provider, model))

    def answer_calls(
        self, opened: OpenConversation, message_id: str, results: tuple[ToolResult, ...]
    ) -> asyncio.Task[Any]:
        """Add the results of all tool calls of a message, durably, and start the next answer."""
        if self.is_answering(opened.id):
            raise ValueError("this conversation is being answered already")
        answered = Message(
            id=new_id(),
            parent=message_id,
            role=Role.TOOL,
            text="",
            created=time.time(),
            tool_results=results,
        )
        self._conversations.add_message(opened, answered)
        return self.answer(opened, answered.id)

    def go_on(self, opened: OpenConversation, message_id: str) -> asyncio.Task[Any]:
        """Continue an answer that was cut off. Its text is sent as the beginning of the answer,
        which most models continue."""
        if self.is_answering(opened.id):
            raise ValueError("this conversation is being answered already")
        before = opened.tree[message_id]
        if not before.can_go_on:
            raise ValueError("this answer did not end in the middle")
        provider = self._providers.get(opened.conversation.provider)
        model = self._providers.model(provider, opened.conversation.model)
        message = replace(
            before, provider=provider.id, model=model.id, note=without_verdict(before.note)
        )
        known = self._library.probabilities(message_id)
        reply = Reply(message, probabilities=known)
        return self._begin(opened, _Work(opened, reply, provider, model, before))

    def begin_branch(
        self, opened: OpenConversation, message_id: str, beginning: AnswerPrefix
    ) -> asyncio.Task[Any] | None:
        """Start an answer beside another one, with a given beginning. Nothing is requested, and
        None returned, if the beginning is a whole answer. See `Branching`."""
        if self.is_answering(opened.id):
            raise ValueError("this conversation is being answered already")
        before = opened.tree[message_id]
        provider = self._providers.get(opened.conversation.provider)
        model = self._providers.model(provider, opened.conversation.model)
        message = Message(
            id=new_id(),
            parent=before.parent,
            role=Role.ASSISTANT,
            text=beginning.text,
            created=time.time(),
            provider=provider.id,
            model=model.id,
        )
        if beginning.ended:
            self._conversations.add_branch(opened, message, beginning.probabilities)
            return None
        message = replace(message, status=Status.STREAMING)
        reply = Reply(message, probabilities=beginning.probabilities)
        return self._begin(opened, _Work(opened, reply, provider, model, message))

    def _begin(self, opened: OpenConversation, work: "_Work") -> asyncio.Task[Any]:
        placeholder = work.reply.message(Status.STREAMING)
        known = placeholder.id in opened.tree
        keeper = self._conversations.unsaved
        recording = Recording(
            self._library, opened.id, work.reply, self.unsaved, known=known, keeper=keeper
        )
        task = self._tasks.spawn(self._answer(work, recording), f"answer {placeholder.id}")
        self._answering[opened.id] = task
        self._conversations.begin_reply(opened, work.reply, placeholder)
        return task

    def stop(self, conversation_id: str) -> None:
        """Stop the answer that is under way and keep its text; does nothing if there is none."""
        if task := self._answering.get(conversation_id):
            # Not at once: a task that is cancelled before its first step runs no `finally`.
            asyncio.get_running_loop().call_soon(task.cancel)

    async def close(self) -> None:
        """Stop every answer and wait until its text is stored, for 2 seconds at most."""
        tasks = list(self._answering.values())
        for conversation_id in list(self._answering):
            self.stop(conversation_id)
        if tasks:
            await asyncio.wait(tasks, timeout=2)

    async def _be_ready(self, provider: Provider) -> None:
        await self._client.prepare(provider.base_url)
        if not provider.traits.embedded:
            # The keyring is found, but no key is read: that could open a dialog.
            await self._providers.keyring()

    async def _answer(self, work: "_Work", recording: Recording) -> None:
        opened, reply = work.opened, work.reply
        status, error = Status.FAILED, ""
        remedy: Remedy | UseValue = Remedy.NONE
        target: Target | None = None
        try:
            target = await self._providers.target(
                work.provider, work.model.id, lambda words: self.waiting.notify(opened.id, words)
            )
            self.waiting.notify(opened.id, "")
            await self._stream(work, target, recording)
            status = Status.COMPLETE
        except asyncio.CancelledError:
            # Stop is a way to finish; nothing is left to cancel after this.
            status = Status.STOPPED
            reply.apply(Finished(FinishReason.STOPPED))
        except LoquatError as failure:
            log.info("answer failed: %s (%s)", type(failure).__name__, failure.detail)
            error, remedy = str(failure), remedy_of(failure)
            status = Status.INTERRUPTED if reply.has_content else Status.FAILED
        except Exception:
            error = _("Something went wrong in Loquat. The answer so far is kept. See the log.")
            status = Status.INTERRUPTED if reply.has_content else Status.FAILED
            raise
        finally:
            self.waiting.notify(opened.id, "")
            ended = reply.message(status, error=error, remedy=remedy, price=work.model.price)
            self._finish(work, recording, ended)
            if target is not None:
                self._costs.ask(opened, reply, work.provider, target)

    async def _stream(self, work: "_Work", target: Target, recording: Recording) -> None:
        opened, reply, provider = work.opened, work.reply, work.provider
        refused = self._providers.refused(provider, work.model)
        parameters = opened.conversation.parameters
        request = ChatRequest(
            kind=provider.kind,
            base_url=target.base_url,
            model=replace(work.model, id=target.model),
            messages=(*opened.tree.path(opened.tree[reply.id].parent), *work.begun),
            system=opened.conversation.system,
            parameters={name: one for name, one in parameters.items() if name not in refused},
            conversation=opened.id,
            routing=opened.conversation.routing,
        )
        progress = Progress(
            waiting=lambda words: self.waiting.notify(opened.id, words),
            grew=lambda: self.grew.notify(opened.id),
            refused=lambda name, words: self._refuse(work, name, words),
        )
        await self._delivery.run(request, target.key, reply, recording, progress)

    def _refuse(self, work: "_Work", name: str, words: str) -> None:
        try:
            self._providers.remember_refusal(work.provider, work.model, name, words)
        except LibraryError as failure:
            self.unsaved.notify(failure)
        self.refused.notify(work.opened.id)

    def _finish(self, work: "_Work", recording: Recording, message: Message) -> None:
        opened = work.opened
        recording.finish(message)
        self._conversations.end_reply(opened, message)
        self._answering.pop(opened.id, None)
        self.finished.notify(opened.id, message)


@dataclass(frozen=True, slots=True)
class _Work:
    """An answer under way: its conversation, reply, provider and model."""

    opened: OpenConversation
    reply: Reply
    provider: Provider
    model: Model
    #: The answer that is continued, as it was.
    before: Message | None = None

    @property
    def begun(self) -> tuple[Message, ...]:
        """The last messages of the request if the answer has a beginning already: the answer
        itself."""
        return (self.before,) if self.before is not None else ()


def _question(text: str, parent: str | None) -> Message:
    # Line feeds at the end come with what is pasted, and say nothing to a model.
    words = mend(text).rstrip("\r\n")
    return Message(id=new_id(), parent=parent, role=Role.USER, text=words, created=time.time())
