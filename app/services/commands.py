"""Commands that the person set up to answer the calls of tools: which there are, and running one.

What the model wrote reaches a command on its standard input alone, so it can't become an option.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from app.domain.conversation import ToolCall
from app.domain.errors import CommandError, NotFoundError
from app.domain.surrogates import mend
from app.domain.texts import _

#: Seconds that a command may have, and has where nothing else is said.
MOST_SECONDS = 3600.0
USUAL_SECONDS = 30.0
#: Seconds to wait for a cancelled command to be gone.
LAST_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ToolCommand:
    """What answers the calls of the tool with this name."""

    tool: str
    #: The program, then its arguments, as they are: no shell reads them. They can hold a key.
    arguments: tuple[str, ...] = field(repr=False)
    #: Whether it runs without the person being asked each time.
    always: bool = False
    #: After so many it is ended.
    seconds: float = USUAL_SECONDS


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command answered; `text` also says in words what went wrong with it."""

    text: str
    #: What it ended with; negative: the signal that ended it.
    status: int
    #: Whether it wrote more than is kept.
    cut: bool
    timed_out: bool


class Storage(Protocol):
    """Where the commands are kept: the settings."""

    @property
    def tool_commands(self) -> tuple[ToolCommand, ...]:
        """All commands."""

    @tool_commands.setter
    def tool_commands(self, value: Iterable[ToolCommand]) -> None: ...


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

    from app.services.command_process import CommandProcess
    from app.services.command_words import result

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


def as_json(command: ToolCommand) -> dict[str, Any]:
    """A command as the settings keep it."""
    return {
        "tool": command.tool,
        "arguments": list(command.arguments),
        "always": command.always,
        "seconds": command.seconds,
    }


def commands_from(value: Any) -> tuple[ToolCommand, ...]:
    """The commands of a setting, without what is no command; of two for a tool the first."""
    found: dict[str, ToolCommand] = {}
    for entry in value if isinstance(value, list) else []:
        command = _command(entry)
        if command is not None:
            found.setdefault(command.tool, command)
    return tuple(found.values())


def _command(entry: Any) -> ToolCommand | None:
    if not isinstance(entry, dict):
        return None
    tool, arguments = entry.get("tool"), entry.get("arguments")
    seconds = entry.get("seconds", USUAL_SECONDS)
    if not isinstance(tool, str) or not isinstance(arguments, list):
        return None
    if not all(isinstance(one, str) for one in arguments):
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    # Only what is surely meant runs without being asked for.
    always = entry.get("always") is True
    command = ToolCommand(tool, tuple(arguments), always, seconds)
    return None if _problem(command) else command


def _problem(command: ToolCommand) -> str:
    """Why a command can't be used, as a sentence, or nothing."""
    if not command.tool:
        return _("The command has no tool. Name the tool whose calls it answers.")
    if not command.arguments or not command.arguments[0]:
        return _("There is no command. Write a program's name or path, then its arguments.")
    if any(mend(text) != text for text in (command.tool, *command.arguments)):
        return _("The command has characters that no command can have. Write it anew.")
    if not 0 < command.seconds <= MOST_SECONDS:
        return _("A command may take from 0 to {most} seconds. Choose a time between.").format(
            most=f"{MOST_SECONDS:.0f}"
        )
    return ""
