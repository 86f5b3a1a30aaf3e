"""Messages that wait for the end of the answer that is under way, in each conversation.

A queue is kept with the drafts of the library. A queued message already has the id that it gets
when it is sent: a program that ends between sending a message and taking it off the queue finds
the id in the conversation, and doesn't send it twice.
"""

import asyncio
import logging
from dataclasses import dataclass
from enum import Enum, auto

from app.domain.chat.conversation import Message, Status
from app.domain.chat.endings import ending_of
from app.domain.chat.unsent import QueuedMessage
from app.domain.errors import LibraryError, LoquatError
from app.domain.ids import new_id
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.library.drafts import Drafts
from app.services.observers import Observers
from app.services.providers.providers import Providers

log = logging.getLogger(__name__)


class Pause(Enum):
    """Why a queue is not sent by itself. It goes on when the person says so."""

    #: The person stopped the answer.
    STOPPED = auto()
    #: The answer failed, broke off, or was cut off.
    FAILED = auto()
    #: The program ended while messages waited.
    RESTARTED = auto()
    #: The branch in view is not that of the answer that ended.
    ANOTHER_BRANCH = auto()
    #: The parameters conflict.
    CONFLICT = auto()
    #: The library could not be written.
    UNSAVED = auto()


@dataclass(slots=True)
class _Queue:
    messages: list[QueuedMessage]
    pause: Pause | None = None
    #: Whether the first message is sent however the answer ends, since the person stopped the
    #: answer for it.
    hurried: bool = False


class MessageQueue:
    """The queues of all conversations. Sends the next message when an answer has ended well."""

    def __init__(
        self, drafts: Drafts, conversations: Conversations, chat: Chat, providers: Providers
    ) -> None:
        self._drafts = drafts
        self._conversations = conversations
        self._chat = chat
        self._providers = providers
        self._queues: dict[str, _Queue] = {}
        #: The id of a conversation whose queue has changed.
        self.changed: Observers[[str]] = Observers()
        #: A queued message could not be sent, or the queue not be kept; it is in memory.
        self.failed: Observers[[LibraryError]] = Observers()
        chat.finished.connect(self._take_end)

    def messages(self, opened: OpenConversation) -> tuple[QueuedMessage, ...]:
        """Return the waiting messages of a conversation, the next one first."""
        return tuple(self._queue(opened).messages)

    def pause(self, opened: OpenConversation) -> Pause | None:
        """Return why the queue of a conversation doesn't go on by itself; None if it does, or is
        empty."""
        queue = self._queue(opened)
        return queue.pause if queue.messages else None

    def add(self, opened: OpenConversation, text: str) -> None:
        """Put a message at the end of the queue, in place of the draft of its conversation."""
        queue = self._queue(opened)
        if not queue.messages:
            queue.pause, queue.hurried = None, False
        queue.messages.append(QueuedMessage(new_id(), text))
        self._keep(opened.id, draft="")

    def put_back(self, opened: OpenConversation, place: int, message: QueuedMessage) -> None:
        """Put a message that was dropped back to its place, counted from 0."""
        queue = self._queue(opened)
        if not queue.messages:
            queue.pause = None if self._chat.is_answering(opened.id) else Pause.STOPPED
        queue.messages.insert(place, message)
        self._keep(opened.id)

    def take_off(
        self, opened: OpenConversation, message_id: str, draft: str | None = None
    ) -> tuple[int, QueuedMessage] | None:
        """Take a message off the queue, and keep `draft` as the conversation's draft if that is
        given. Return its place, from 0, and the message; None if it waits no longer."""
        queue = self._queue(opened)
        for place, message in enumerate(queue.messages):
            if message.id == message_id:
                del queue.messages[place]
                queue.hurried = queue.hurried and place > 0
                self._keep(opened.id, draft)
                return place, message
        return None

    def send_now(self, opened: OpenConversation, message_id: str) -> None:
        """Send a message before all others, and stop the answer that is under way for it."""
        queue = self._queue(opened)
        chosen = [message for message in queue.messages if message.id == message_id]
        if not chosen:
            return
        queue.messages = chosen + [one for one in queue.messages if one.id != message_id]
        queue.pause = None
        if self._chat.is_answering(opened.id):
            queue.hurried = True
            self._keep(opened.id)
            self._chat.stop(opened.id)
        else:
            self._send(opened, queue)

    def go_on(self, opened: OpenConversation) -> None:
        """End the pause: send the next message, or have it sent when the answer that is under way
        has ended."""
        queue = self._queue(opened)
        queue.pause = None
        if queue.messages and not self._chat.is_answering(opened.id):
            self._send(opened, queue)
        else:
            self.changed.notify(opened.id)

    def _queue(self, opened: OpenConversation) -> _Queue:
        if opened.id not in self._queues:
            waiting: list[QueuedMessage] = []
            try:
                waiting = self._drafts.queue(opened.id)
            except LibraryError as failure:
                log.info("a queue could not be read: %s", failure.detail)
            waiting = [message for message in waiting if message.id not in opened.tree]
            self._queues[opened.id] = _Queue(waiting, Pause.RESTARTED if waiting else None)
        return self._queues[opened.id]

    def _take_end(self, conversation_id: str, message: Message) -> None:
        queue = self._queues.get(conversation_id)
        if queue is None or not queue.messages or (queue.pause and not queue.hurried):
            return
        if not queue.hurried:
            if message.status is Status.COMPLETE and message.tool_calls:
                # The answers of the tools come next, and then another answer of the model.
                return
            if (pause := _pause_after(message)) is not None:
                self._pause(conversation_id, queue, pause)
                return
        # Later, so that whoever listens learns of the end of this answer first, and so that tools
        # and titles come before.
        asyncio.get_running_loop().call_soon(self._send_next, conversation_id, message.id)

    def _send_next(self, conversation_id: str, answer_id: str) -> None:
        """Send the first message after the answer `answer_id`, if nothing speaks against it."""
        queue = self._queues[conversation_id]
        hurried, queue.hurried = queue.hurried, False
        if not queue.messages or self._chat.is_answering(conversation_id):
            return
        try:
            opened = self._conversations.open(conversation_id)
        except LoquatError as failure:
            # It was deleted. If it is restored, the person decides.
            log.info("queued messages wait: %s", failure.detail)
            self._pause(conversation_id, queue, Pause.STOPPED)
            return
        if opened.conversation.current != answer_id:
            self._pause(conversation_id, queue, Pause.ANOTHER_BRANCH)
        elif not hurried and self._conflicts(opened):
            self._pause(conversation_id, queue, Pause.CONFLICT)
        else:
            self._send(opened, queue)

    def _conflicts(self, opened: OpenConversation) -> bool:
        conversation = opened.conversation
        provider = self._providers.get(conversation.provider)
        model = self._providers.model(provider, conversation.model)
        return bool(self._providers.conflicts(provider, model, dict(conversation.parameters)))

    def _send(self, opened: OpenConversation, queue: _Queue) -> None:
        message = queue.messages[0]
        try:
            if message.id not in opened.tree:
                self._chat.send(opened, message.text, message.id)
        except LibraryError as failure:
            self._pause(opened.id, queue, Pause.UNSAVED)
            self.failed.notify(failure)
            return
        del queue.messages[0]
        self._keep(opened.id)

    def _pause(self, conversation_id: str, queue: _Queue, pause: Pause) -> None:
        queue.pause = pause
        self.changed.notify(conversation_id)

    def _keep(self, conversation_id: str, draft: str | None = None) -> None:
        try:
            self._drafts.put_queue(conversation_id, self._queues[conversation_id].messages, draft)
        except LibraryError as failure:
            self.failed.notify(failure)
        self.changed.notify(conversation_id)


def _pause_after(message: Message) -> Pause | None:
    """Return why a queue pauses after an answer; None if the answer ended well."""
    if message.status is Status.STOPPED:
        return Pause.STOPPED
    ended_well = message.status is Status.COMPLETE and not ending_of(message)
    return None if ended_well else Pause.FAILED
