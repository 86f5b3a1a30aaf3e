"""The local commands that the person set up to answer tool calls, and running them.

The model's arguments go to the command's standard input only, so they can't become options.
"""

from dataclasses import replace
from typing import Protocol

from app.domain.chat.conversation import ToolCall
from app.domain.chat.tool_command import CommandResult, ToolCommand, _problem
from app.domain.errors import CommandError, NotFoundError
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Seconds to wait for the end of a cancelled command.
LAST_SECONDS = 0.5


class Storage(Protocol):
    """The part of the settings that stores the commands."""

    @property
    def tool_commands(self) -> tuple[ToolCommand, ...]:
        """All stored commands."""

    @tool_commands.setter
    def tool_commands(self, value: tuple[ToolCommand, ...]) -> None: ...


class Commands:
    """The stored commands, at most one for each tool name."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def all(self) -> tuple[ToolCommand, ...]:
        """Return every command, in the order in which they were stored."""
        return self._storage.tool_commands

    def find(self, tool: str) -> ToolCommand | None:
        """Return the command for a tool, or None."""
        return next((command for command in self.all() if command.tool == tool), None)

    def put(self, command: ToolCommand) -> None:
        """Store a command in place of its tool's former one. Raises CommandError if not valid."""
        if problem := _problem(command):
            raise CommandError(problem)
        by_tool = {known.tool: known for known in self.all()}
        by_tool[command.tool] = command
        self._storage.tool_commands = tuple(by_tool.values())

    def remove(self, tool: str) -> None:
        """Remove the command of a tool, if it has one."""
        self._storage.tool_commands = tuple(
            command for command in self.all() if command.tool != tool
        )

    def allow_always(self, tool: str) -> None:
        """Let the tool's command run without asking from now on. Raises NotFoundError."""
        command = self.find(tool)
        if command is None:
            raise NotFoundError(
                _("There is no command for the tool {tool}. Set one up first.").format(
                    tool=tool[:80]
                )
            )
        self.put(replace(command, always=True))


async def run_command(command: ToolCommand, call: ToolCall) -> CommandResult:
    """Run a command with a call's arguments (JSON as the model wrote it) on its standard input.

    The command runs in the person's home directory, with an allow-listed environment. Its
    process group is killed at its end, at its time limit, when this coroutine is cancelled, and
    when the program ends or crashes. Raises CommandError if it can't be started; a failing command
    is a result.
    """
    import asyncio

    from app.services.tools.command_environment import environment_for
    from app.services.tools.command_output import result
    from app.services.tools.command_process import CommandProcess

    if problem := _problem(command):
        raise CommandError(problem)
    given = mend(call.arguments) or "{}"
    environment = environment_for(command.tool, command.environment)
    process = CommandProcess(command.arguments, environment, given.encode(), command.seconds)
    ended = asyncio.wrap_future(process.start())
    try:
        return result(await asyncio.shield(ended), command.seconds)
    except asyncio.CancelledError:
        process.stop()
        await asyncio.wait([ended], timeout=LAST_SECONDS)
        raise
