"""Start of the program: a command goes to the command line, everything else to the window.

Our modules are imported late, so that an interrupt during their import ends the program quietly.
"""

import gc
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments, or the process's own; return its exit status."""
    from app.cli.arguments import parse
    from app.domain.errors import LoquatError
    from app.domain.text.invisible_characters import mark_invisible

    try:
        arguments = parse(argv)
    except SystemExit as end:
        # argparse's way to end after --help, --version and wrong usage.
        return end.code if isinstance(end.code, int) else 0
    from app.store.paths import data_directory

    directory = data_directory(arguments.data_dir)
    if arguments.command:
        from app.cli.run import run as run_command

        return run_command(directory, arguments)
    # Collecting garbage while modules load finds none and costs a tenth of the start; when the
    # window works it sees to it itself.
    gc.disable()
    from app.ui.shell.application import run as run_window

    try:
        return run_window(directory, [])
    except LoquatError as failure:
        # There is no window yet to say it in.
        print(f"loquat: {mark_invisible(str(failure))}", file=sys.stderr)  # noqa: T201
        return 1


def start() -> int:
    """Run the program as the process's only work; return its exit status.

    Interrupts end the process at once until there is something to save. After the program's end
    no thread that hangs keeps the process for more than two seconds.
    """
    signal.signal(signal.SIGINT, _end_at_once)
    from app.services.program.ending import PATIENCE, SignalWatch, end_within

    SignalWatch()
    status = main()
    end_within(PATIENCE, status)
    return status


def _end_at_once(number: int, _frame: FrameType | None) -> None:
    # KeyboardInterrupt would print a traceback in the middle of an import.
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(start())
