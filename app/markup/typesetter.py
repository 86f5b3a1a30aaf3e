"""The process that sets formulas: one line in, one line out, until its input ends.

`python -P -m app.markup.typesetter` reads `{"latex": …, "display": …}` and answers with a
Formula, or with `null` for what can't be set. It takes a formula to its end, however long that
is: whoever asked ends it when that is too long.
"""

import sys

import msgspec

from app.markup.typesetting import Formula, FormulaRequest, TypesettingError, typeset

#: Bytes of memory; more is not needed for any formula that a person reads.
MEMORY = 1_500_000_000
#: Seconds for one formula, should nobody be left to end it.
SECONDS = 20


def answer(line: bytes) -> Formula | None:
    """Set the formula that a line asks for."""
    wanted = msgspec.json.decode(line, type=FormulaRequest)
    try:
        return typeset(wanted.latex, display=wanted.display)
    except TypesettingError:
        return None


def main() -> None:
    """Answer every line."""
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
