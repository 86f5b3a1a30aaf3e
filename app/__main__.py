"""Where the program starts: a command goes to the command line, everything else to the window."""

import gc
import sys
from collections.abc import Sequence

from app.cli.arguments import parse
from app.domain.errors import LoquatError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments, or the process's own; return its exit status."""
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
        print(f"loquat: {failure}", file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
