"""Tool calls that wait for their results, typed by the person or made by local commands.

When the last call of a message has its result, all results are sent together and the model
answers.
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
from app.domain.chat.tool_call_doubts import doubt_about
from app.domain.chat.tool_command import ToolCommand
from app.domain.errors import CommandError, LibraryError, LoquatError
from app.domain.text.translation import _
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.observers import Observers
from app.services.tasks import Tasks
from app.services.tools.commands import Commands, run_command

#: Greatest number of messages in a row whose calls are answered without the person: otherwise a
#: model that keeps calling tools would never end, and cost money.
MOST_ROUNDS = 10


@dataclass(slots=True)
class PendingCall:
    """A tool call that waits for its result, or has one that is not sent yet."""

    call: ToolCall
    id: str
    #: The local command that can answer it, if the person set one up.
    command: ToolCommand | None = None
    result: ToolResult | None = None
    #: True while its command is running.
    running: bool = False
    #: A sentence that says why the command gave no result; else empty.
    failure: str = ""
    #: A sentence that says why the command must not run by itself; else empty.
    doubt: str = ""


@dataclass(slots=True)
class _ToolTurn:
    """The pending calls of one message, and the tasks that run their commands."""

    calls: list[PendingCall]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


class Tooling:
    """The pending tool calls of all open conversations."""

    def __init__(
        self, chat: Chat, conversations: Conversations, commands: Commands, tasks: Tasks
    ) -> None:
        self._chat = chat
        self._conversations = conversations
        self._tasks = tasks
        self.commands = commands
        #: True if commands that may always run are started without asking: in the window only,
        #: where the person sees it.
        self.automatic = False
        self._turns: dict[str, _ToolTurn] = {}
        self._rounds: dict[str, int] = {}
        #: Called with a conversation's id when its pending calls have changed.
        self.changed: Observers[[str]] = Observers()
        #: Called when results could not be stored; they were not sent.
        self.failed: Observers[[LibraryError]] = Observers()
        chat.finished.connect(self._start_allowed_commands)

    def waiting(self, opened: OpenConversation) -> Sequence[PendingCall]:
        """Return the calls of a conversation's last message; none if they are not pending."""
        message = message_with_pending_calls(opened)
        if message is None or self._chat.is_answering(opened.id):
            return ()
        if message.id not in self._turns:
            ids = call_ids(message.tool_calls)
            pending = [
                PendingCall(call, id_, doubt=doubt_about(call, message.finish_reason))
                for call, id_ in zip(message.tool_calls, ids, strict=True)
            ]
            self._turns[message.id] = _ToolTurn(pending)
        calls = self._turns[message.id].calls
        for pending_call in calls:
            if not pending_call.running:
                # The person may have set up, changed or removed the command since.
                pending_call.command = self.commands.find(pending_call.call.name)
        return calls

    def answer(self, opened: OpenConversation, place: int, text: str) -> None:
        """Set the result of call number `place` (from 0); all are sent when the last has one."""
        pending = self._call(opened, place)
        if pending is not None and not pending.running:
            pending.result = ToolResult(pending.id, pending.call.name, text, _("entered by you"))
            self._rounds.pop(opened.id, None)
            self._send_if_complete(opened)

    def take_back(self, opened: OpenConversation, place: int) -> None:
        """Remove the result of call number `place`, so that it is pending again."""
        pending = self._call(opened, place)
        if pending is not None:
            pending.result = None
            self.changed.notify(opened.id)

    def run(self, opened: OpenConversation, place: int, *, always: bool = False) -> None:
        """Start the command of call number `place`; with `always`, later calls run unasked."""
        pending = self._call(opened, place)
        if pending is None or pending.command is None or pending.running:
            return
        if always:
            self.commands.allow_always(pending.call.name)
        self._rounds.pop(opened.id, None)
        self._start(opened, pending)

    def stop(self, opened: OpenConversation) -> bool:
        """Stop the running commands of a conversation; returns whether there were any."""
        message = message_with_pending_calls(opened)
        turn = self._turns.get(message.id) if message is not None else None
        running = [task for task in turn.tasks if not task.done()] if turn is not None else []
        for task in running:
            # call_soon, as a task that is cancelled before its first step runs no `finally`.
            asyncio.get_running_loop().call_soon(task.cancel)
        return bool(running)

    def send(self, opened: OpenConversation) -> None:
        """Send the results if every call has one; the last may have come while out of view."""
        calls = self.waiting(opened)
        if calls and all(pending.result is not None for pending in calls):
            self._send_if_complete(opened)

    def _call(self, opened: OpenConversation, place: int) -> PendingCall | None:
        calls = self.waiting(opened)
        return calls[place] if place < len(calls) else None

    def _start_allowed_commands(self, conversation_id: str, message: Message) -> None:
        """Start the commands that may always run for the calls of a new answer.

        A doubtful call waits for the person, whatever its command.
        """
        opened = self._conversations.opened(conversation_id)
        if opened is None:
            return
        if message.status is not Status.COMPLETE or not message.tool_calls:
            self._rounds.pop(conversation_id, None)
            return
        rounds = self._rounds.get(conversation_id, 0)
        for pending in self.waiting(opened) if self.automatic and rounds < MOST_ROUNDS else ():
            if pending.command is not None and pending.command.always and not pending.doubt:
                self._rounds[conversation_id] = rounds + 1
                self._start(opened, pending)
        self.changed.notify(conversation_id)

    def _start(self, opened: OpenConversation, pending: PendingCall) -> None:
        message = message_with_pending_calls(opened)
        if message is None or pending.command is None:
            return
        pending.running, pending.failure = True, ""
        work = self._run(opened, pending, pending.command)
        task = self._tasks.spawn(work, f"tool {pending.call.name[:40]}")
        self._turns[message.id].tasks.append(task)
        self.changed.notify(opened.id)

    async def _run(
        self, opened: OpenConversation, pending: PendingCall, command: ToolCommand
    ) -> None:
        try:
            done = await run_command(command, pending.call)
            # A failed command has a result too, which the model can use.
            pending.result = ToolResult(
                pending.id, pending.call.name, done.text, _("from a command")
            )
        except CommandError as failure:
            pending.failure = str(failure)
        except asyncio.CancelledError:
            pending.failure = _("The command was stopped.")
        finally:
            pending.running = False
        try:
            # The conversation may have been closed and opened again (another object) or deleted.
            opened = self._conversations.open(opened.id)
        except LoquatError:
            return
        self._send_if_complete(opened)

    def _send_if_complete(self, opened: OpenConversation) -> None:
        """Send the results if every call has one, and announce the change."""
        calls = self.waiting(opened)
        if not calls or any(pending.result is None for pending in calls):
            self.changed.notify(opened.id)
            return
        message = message_with_pending_calls(opened)
        if message is None:
            return
        results = tuple(pending.result for pending in calls if pending.result is not None)
        try:
            self._chat.answer_calls(opened, message.id, results)
        except LibraryError as failure:
            self.failed.notify(failure)
            return
        self._turns.pop(message.id, None)
        self.changed.notify(opened.id)

    def reopen(self, opened: OpenConversation, message_id: str) -> None:
        """Make the calls of a message of results pending again, with those results to be edited.

        Sending them begins a new branch. Does nothing while the conversation is being answered.
        """
        answered = opened.tree[message_id]
        parent = answered.parent
        if answered.role is not Role.TOOL or parent is None or self._chat.is_answering(opened.id):
            return
        self._turns.pop(parent, None)
        self._conversations.end_path_at(opened, parent)
        earlier = {result.call: result for result in answered.tool_results}
        for pending in self.waiting(opened):
            pending.result = earlier.get(pending.id)
        if calls := self.waiting(opened):
            # The last call stays pending; otherwise the old results would be sent at once.
            last = calls[-1]
            last.failure, last.result = "", None
        self.changed.notify(opened.id)


def message_with_pending_calls(opened: OpenConversation) -> Message | None:
    """Return a conversation's last message if it has complete tool calls that are pending."""
    current = opened.conversation.current
    if current is None or current not in opened.tree:
        return None
    message = opened.tree[current]
    waits = message.role is Role.ASSISTANT and message.status is Status.COMPLETE
    whole = bool(message.tool_calls) and all(map(is_whole, message.tool_calls))
    return message if waits and whole else None
