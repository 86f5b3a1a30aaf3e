"""Local commands that answer tool calls: the command, its result, its JSON in the settings."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Longest and default time limit of a command, in seconds.
MOST_SECONDS = 3600.0
USUAL_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ToolCommand:
    """The local command that answers the calls of the tool named `tool`."""

    tool: str
    #: The program and its arguments, passed without a shell. Not in `repr`: they can hold a key.
    arguments: tuple[str, ...] = field(repr=False)
    #: True if the command runs without asking the person each time.
    always: bool = False
    #: Time limit in seconds; the command is ended after it.
    seconds: float = USUAL_SECONDS


@dataclass(frozen=True, slots=True)
class CommandResult:
    """A command's output; `text` also says in words if the command failed."""

    text: str
    #: Exit code; a negative number is the signal that ended the command.
    status: int
    #: True if the output was longer than the part that is kept.
    cut: bool
    timed_out: bool


def as_json(command: ToolCommand) -> dict[str, Any]:
    """Return a command as the JSON object that the settings store."""
    return {
        "tool": command.tool,
        "arguments": list(command.arguments),
        "always": command.always,
        "seconds": command.seconds,
    }


def commands_from(value: Any) -> tuple[ToolCommand, ...]:
    """Read the commands of a stored setting.

    Invalid entries are left out; if a tool has several commands, the first is used.
    """
    commands: dict[str, ToolCommand] = {}
    for entry in value if isinstance(value, list) else []:
        command = _command(entry)
        if command is not None:
            commands.setdefault(command.tool, command)
    return tuple(commands.values())


def _command(entry: Any) -> ToolCommand | None:
    if not isinstance(entry, dict):
        return None
    tool, arguments = entry.get("tool"), entry.get("arguments")
    seconds = entry.get("seconds", USUAL_SECONDS)
    if not isinstance(tool, str) or not isinstance(arguments, list):
        return None
    if not all(isinstance(argument, str) for argument in arguments):
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    # Only a true boolean counts: nothing may run unasked because of a misread setting.
    always = entry.get("always") is True
    command = ToolCommand(tool, tuple(arguments), always, seconds)
    return None if _problem(command) else command


def _problem(command: ToolCommand) -> str:
    """Return a sentence that says why a command can't be used, or an empty text."""
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
