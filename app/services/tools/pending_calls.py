"""Answering the calls of tools: by hand, or by the commands that the person set up for them.

A turn of calls is answered whole: when the last one has its answer, all of them go back together
and the conversation goes on.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.chat.conversation import (
    Message,
    Role,
    Status,
    ToolCall,
    ToolResult,
    call_ids,
    is_whole,
)
from app.domain.chat.tool_command import ToolCommand
from app.domain.errors import CommandError, LibraryError, LoquatError
from app.domain.text.translation import _
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.observers import News
from app.services.tasks import Tasks
from app.services.tools.commands import Commands, run_command

#: So many turns of calls may be answered one after the other without the person: a model that
#: calls again and again would go on for ever, and cost money.
MOST_ROUNDS = 10


@dataclass(slots=True)
class PendingCall:
    """A call on its way to an answer."""

    call: ToolCall
    id: str
    #: What may answer it, where the person set that up.
    command: ToolCommand | None = None
    result: ToolResult | None = None
    #: A command is running.
    running: bool = False
    #: Why a command didn't answer, as a sentence.
    failure: str = ""


@dataclass(slots=True)
class _Turn:
    calls: list[PendingCall]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


class Tooling:
    """The calls that wait for answers, in every conversation that is open."""

    def __init__(
        self, chat: Chat, conversations: Conversations, commands: Commands, tasks: Tasks
    ) -> None:
        self._chat = chat
        self._conversations = conversations
        self._tasks = tasks
        self.commands = commands
        #: Whether commands that may always run do so by themselves: somebody has to be there
        #: to see it.
        self.automatic = False
        self._turns: dict[str, _Turn] = {}
        self._rounds: dict[str, int] = {}
        #: The calls that wait in a conversation, or how far one is, have changed.
        self.changed: News[[str]] = News()
        #: Answers could not be kept, and were not sent.
        self.failed: News[[LibraryError]] = News()
        chat.finished.connect(self._take_answer)

    def waiting(self, held: OpenConversation) -> Sequence[PendingCall]:
        """The calls at the end of a conversation that have not all been answered."""
        message = calling(held)
        if message is None or self._chat.is_answering(held.id):
            return ()
        if message.id not in self._turns:
            ids = call_ids(message.tool_calls)
            made = [PendingCall(*pair) for pair in zip(message.tool_calls, ids, strict=True)]
            self._turns[message.id] = _Turn(made)
        calls = self._turns[message.id].calls
        for one in calls:
            if not one.running:
                # It may have been set up, changed or removed since.
                one.command = self.commands.find(one.call.name)
        return calls

    def answer(self, held: OpenConversation, place: int, text: str) -> None:
        """Answer a call by hand; the last answer has all of them sent."""
        one = self._call(held, place)
        if one is not None and not one.running:
            one.result = ToolResult(one.id, one.call.name, text, _("by hand"))
            self._rounds.pop(held.id, None)
            self._go_on(held)

    def take_back(self, held: OpenConversation, place: int) -> None:
        """Have a call wait for its answer again."""
        one = self._call(held, place)
        if one is not None:
            one.result = None
            self.changed.tell(held.id)

    def run(self, held: OpenConversation, place: int, *, always: bool = False) -> None:
        """Have the person's command answer a call, and from now on without asking if `always`."""
        one = self._call(held, place)
        if one is None or one.command is None or one.running:
            return
        if always:
            self.commands.allow_always(one.call.name)
        self._rounds.pop(held.id, None)
        self._start(held, one)

    def stop(self, held: OpenConversation) -> bool:
        """End the commands that run in a conversation; say whether there were any."""
        message = calling(held)
        turn = self._turns.get(message.id) if message is not None else None
        running = [task for task in turn.tasks if not task.done()] if turn is not None else []
        for task in running:
            # Not at once: a task that is cancelled before its first step runs no `finally`.
            asyncio.get_running_loop().call_soon(task.cancel)
        return bool(running)

    def send(self, held: OpenConversation) -> None:
        """Send the answers of calls that all have one: the last may have come out of sight."""
        calls = self.waiting(held)
        if calls and all(one.result is not None for one in calls):
            self._go_on(held)

    def _call(self, held: OpenConversation, place: int) -> PendingCall | None:
        calls = self.waiting(held)
        return calls[place] if place < len(calls) else None

    def _take_answer(self, conversation_id: str, message: Message) -> None:
        """An answer has come: have its calls answered where that needs nobody."""
        held = self._conversations.opened(conversation_id)
        if held is None:
            return
        if message.status is not Status.COMPLETE or not message.tool_calls:
            self._rounds.pop(conversation_id, None)
            return
        rounds = self._rounds.get(conversation_id, 0)
        for one in self.waiting(held) if self.automatic and rounds < MOST_ROUNDS else ():
            if one.command is not None and one.command.always:
                self._rounds[conversation_id] = rounds + 1
                self._start(held, one)
        self.changed.tell(conversation_id)

    def _start(self, held: OpenConversation, one: PendingCall) -> None:
        message = calling(held)
        if message is None or one.command is None:
            return
        one.running, one.failure = True, ""
        work = self._run(held, one, one.command)
        task = self._tasks.spawn(work, f"tool {one.call.name[:40]}")
        self._turns[message.id].tasks.append(task)
        self.changed.tell(held.id)

    async def _run(self, held: OpenConversation, one: PendingCall, command: ToolCommand) -> None:
        try:
            done = await run_command(command, one.call)
            # That it failed is an answer too: the model may make something of it.
            one.result = ToolResult(one.id, one.call.name, done.text, _("by a command"))
        except CommandError as failure:
            one.failure = str(failure)
        except asyncio.CancelledError:
            one.failure = _("The command was stopped.")
        finally:
            one.running = False
        try:
            # Closed and opened since, it is another one; deleted, it gets nothing more.
            held = self._conversations.open(held.id)
        except LoquatError:
            return
        self._go_on(held)

    def _go_on(self, held: OpenConversation) -> None:
        calls = self.waiting(held)
        if not calls or any(one.result is None for one in calls):
            self.changed.tell(held.id)
            return
        message = calling(held)
        if message is None:
            return
        results = tuple(one.result for one in calls if one.result is not None)
        try:
            self._chat.answer_calls(held, message.id, results)
        except LibraryError as failure:
            self.failed.tell(failure)
            return
        self._turns.pop(message.id, None)
        self.changed.tell(held.id)

    def reopen(self, held: OpenConversation, message_id: str) -> None:
        """Answer calls otherwise that were answered before: what is sent is a branch beside it.

        The earlier answers stand there, to be changed.
        """
        answered = held.tree[message_id]
        parent = answered.parent
        if answered.role is not Role.TOOL or parent is None or self._chat.is_answering(held.id):
            return
        self._turns.pop(parent, None)
        self._conversations.end_path_at(held, parent)
        given = {one.call: one for one in answered.tool_results}
        for one in self.waiting(held):
            one.result = given.get(one.id)
        if calls := self.waiting(held):
            # The last one waits, or all would go as they were.
            last = calls[-1]
            last.failure, last.result = "", None
        self.changed.tell(held.id)


def calling(held: OpenConversation) -> Message | None:
    """The message at the end of a conversation whose calls wait for their answers."""
    current = held.conversation.current
    if current is None or current not in held.tree:
        return None
    message = held.tree[current]
    waits = message.role is Role.ASSISTANT and message.status is Status.COMPLETE
    whole = bool(message.tool_calls) and all(map(is_whole, message.tool_calls))
    return message if waits and whole else None
