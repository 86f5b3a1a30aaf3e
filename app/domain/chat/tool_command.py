"""Local commands that answer tool calls: the command, its result, its JSON in the settings."""

import re
from dataclasses import dataclass, field
from typing import Any

from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Longest and default time limit of a command, in seconds.
MOST_SECONDS = 3600.0
USUAL_SECONDS = 30.0

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(=[^\0\n]*)?")


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
    #: Environment variables beside the usual ones: `NAME` is passed on from Loquat's environment,
    #: `NAME=VALUE` is set. Not in `repr`: values can be passwords.
    environment: tuple[str, ...] = field(default=(), repr=False)


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
        "environment": list(command.environment),
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
    tool, arguments = entry.get("tool"), _texts(entry.get("arguments"))
    seconds = entry.get("seconds", USUAL_SECONDS)
    environment = _texts(entry.get("environment", []))
    if not isinstance(tool, str) or arguments is None or environment is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    # Only a true boolean counts: nothing may run unasked because of a misread setting.
    always = entry.get("always") is True
    command = ToolCommand(tool, arguments, always, seconds, environment)
    return None if _problem(command) else command


def _texts(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        return None
    return tuple(value)


def _problem(command: ToolCommand) -> str:
    """Return a sentence that says why a command can't be used, or an empty text."""
    if not command.tool:
        return _("The tool is missing. Enter the name of the tool that this command runs for.")
    if not command.arguments or not command.arguments[0]:
        return _("The command is missing. Enter a program's name or path, then its arguments.")
    if any(mend(text) != text for text in (command.tool, *command.arguments)):
        return _("The command has characters that aren't allowed. Enter it again.")
    for line in command.environment:
        if not _VARIABLE.fullmatch(line) or mend(line) != line:
            # Without the value, which can be a password.
            return _(
                "“{name}” isn't an environment variable. Enter NAME or NAME=VALUE, one per line."
            ).format(name=line.partition("=")[0][:80])
    if not 0 < command.seconds <= MOST_SECONDS:
        return _("The time must be 0 to {most} seconds.").format(most=f"{MOST_SECONDS:.0f}")
    return ""
