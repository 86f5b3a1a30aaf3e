"""Commands that the person set up to answer the calls of tools: which there are, and running one.

What the model wrote reaches a command on its standard input alone, so it can't become an option.
"""

from dataclasses import replace
from typing import Protocol

from app.domain.chat.conversation import ToolCall
from app.domain.chat.tool_command import CommandResult, ToolCommand, _problem
from app.domain.errors import CommandError, NotFoundError
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Seconds to wait for a cancelled command to be gone.
LAST_SECONDS = 2.0


class Storage(Protocol):
    """Where the commands are kept: the settings."""

    @property
    def tool_commands(self) -> tuple[ToolCommand, ...]:
        """All commands."""

    @tool_commands.setter
    def tool_commands(self, value: tuple[ToolCommand, ...]) -> None: ...


class Commands:
    """The commands by the name of their tool, of which each has one at most."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def all(self) -> tuple[ToolCommand, ...]:
        """Every command, in the order in which they were put."""
        return self._storage.tool_commands

    def find(self, tool: str) -> ToolCommand | None:
        """The command for a tool."""
        return next((one for one in self.all() if one.tool == tool), None)

    def put(self, command: ToolCommand) -> None:
        """Keep a command, instead of the one that its tool had. Raises CommandError."""
        if problem := _problem(command):
            raise CommandError(problem)
        kept = {one.tool: one for one in self.all()}
        kept[command.tool] = command
        self._storage.tool_commands = tuple(kept.values())

    def remove(self, tool: str) -> None:
        """Forget the command of a tool, if it has one."""
        self._storage.tool_commands = tuple(one for one in self.all() if one.tool != tool)

    def allow_always(self, tool: str) -> None:
        """Run the tool's command without asking from now on. Raises NotFoundError."""
        found = self.find(tool)
        if found is None:
            raise NotFoundError(
                _("There is no command for the tool {tool}. Set one up first.").format(
                    tool=tool[:80]
                )
            )
        self.put(replace(found, always=True))


async def run_command(command: ToolCommand, call: ToolCall) -> CommandResult:
    """Have a command answer a call: its arguments, JSON as the model wrote it, are the input.

    It runs in the person's home, without their keys, in a process group that is ended with it, at
    its time-out, when this is cancelled, and with the program however that ends. Raises
    CommandError where it can't be started; that it fails is a result.
    """
    import asyncio

    from app.services.tools.command_output import result
    from app.services.tools.command_process import CommandProcess

    if problem := _problem(command):
        raise CommandError(problem)
    given = mend(call.arguments) or "{}"
    process = CommandProcess(command.arguments, command.tool, given.encode(), command.seconds)
    ended = asyncio.wrap_future(process.start())
    try:
        return result(await asyncio.shield(ended), command.seconds)
    except asyncio.CancelledError:
        process.stop()
        await asyncio.wait([ended], timeout=LAST_SECONDS)
        raise
