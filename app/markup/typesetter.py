"""Main program of the child process that typesets formulas.

`python -P -m app.markup.typesetter` reads JSON lines from its standard input until it ends, each a
FormulaRequest (`{"latex": …, "display": …}`). It answers each with one JSON line on its standard
output: a Formula, or `null` if the formula can't be typeset. The parent process is responsible for
killing it when a formula takes too long.
"""

import sys

import msgspec

from app.markup.typesetting import Formula, FormulaRequest, TypesettingError, typeset

#: Limit of the process's address space, in bytes. No formula that a person reads needs more.
MEMORY = 1_500_000_000
#: Seconds for one formula, after which the process ends itself, in case its parent has died.
SECONDS = 20


def answer(line: bytes) -> Formula | None:
    """Typeset the formula that a JSON line requests; None if it can't be typeset.

    Raises msgspec.DecodeError if the line is not a FormulaRequest.
    """
    wanted = msgspec.json.decode(line, type=FormulaRequest)
    try:
        return typeset(wanted.latex, display=wanted.display)
    except TypesettingError:
        return None


def main() -> None:
    """Read formula requests from the standard input until it ends, and write an answer to each.

    The process's memory is limited to MEMORY bytes, and it ends itself if a formula takes more
    than SECONDS (except on Windows).
    """
    _limit()
    for line in sys.stdin.buffer:
        _alarm(SECONDS)
        sys.stdout.buffer.write(msgspec.json.encode(answer(line)) + b"\n")
        sys.stdout.buffer.flush()
        _alarm(0)


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _alarm(seconds: int) -> None:
    if sys.platform != "win32":
        import signal

        signal.alarm(seconds)


if __name__ == "__main__":
    main()
