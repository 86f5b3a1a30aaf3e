"""A local command that answers the calls of one tool, its result, and its form in the settings."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Seconds that a command may have, and has where nothing else is said.
MOST_SECONDS = 3600.0


USUAL_SECONDS = 30.0


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
