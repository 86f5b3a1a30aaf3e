"""Runs a command and returns its exit status. Only the module of that command is imported."""

import argparse
import signal
from collections.abc import Callable
from pathlib import Path

from app.cli.output import Output, ReaderGone
from app.cli.status import DONE, FAILED, INTERRUPTED, WRONG_USAGE
from app.domain.errors import AddressError, LoquatError, ParameterError
from app.domain.text.translation import _
from app.services.program.log_file import keep_log, log_bug

Command = Callable[[Path, argparse.Namespace, Output], int]


def run(directory: Path, arguments: argparse.Namespace) -> int:
    """Run the command with the library in `directory`; return the exit status.

    A failure is printed as one sentence on standard error.
    """
    output = Output()
    try:
        with keep_log(directory):
            command = _command(arguments.command)
            if arguments.command != "ask":
                # From here on there may be files to remove. `ask` sees to signals by itself.
                signal.signal(signal.SIGINT, signal.default_int_handler)
            status = command(directory, arguments, output)
            output.finish()
    except ReaderGone:
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except LoquatError as failure:
        output.note(str(failure))
        # Both errors come from wrong arguments that were only noticed when they were used.
        return WRONG_USAGE if isinstance(failure, ParameterError | AddressError) else FAILED
    except Exception as bug:
        output.note(
            _("Something went wrong in Loquat ({kind}). Details: {where}.").format(
                kind=type(bug).__name__, where=log_bug(bug, directory)
            )
        )
        return FAILED
    return status


def _command(name: str) -> Command:
    match name:
        case "ask":
            from app.cli.ask import ask

            return ask
        case "chats" | "conversations":
            from app.cli.conversations import list_conversations

            return list_conversations
        case "export":
            from app.cli.export import export

            return export
        case "doctor":
            from app.cli.doctor import doctor

            return doctor
        case _:
            raise ValueError(name)
