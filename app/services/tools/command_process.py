"""One run of a command: its group of processes, its pipes and its end, on a thread of its own.

Not asyncio's subprocesses: on Qt's loop they need a watcher of children that there isn't. Not a
thread of the loop's pool either: of those there are four, and a command may hold one for long.
"""

import contextlib
import errno
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.domain.errors import CommandError
from app.domain.text.translation import _

#: Bytes of the output that are kept, from its beginning, and of the errors, from their end.
OUTPUT_KEPT = 64 * 1024
ERRORS_KEPT = 4 * 1024
#: Bytes that are read or written at once: what a pipe holds.
PIECE = 64 * 1024
#: Bytes that are still read of each pipe when the command has ended: what a pipe can hold at most.
LEFT_OVER = 1024 * 1024
#: Seconds between two looks at whether the command has ended or is to be stopped.
GLANCE = 0.05
#: Seconds between two reads of what isn't kept: a command that writes forever shall not keep two
#: processors busy.
PACE = 0.002
#: Seconds for a process to be gone after it was killed; one that runs as root never is.
LAST_SECONDS = 1.0

#: What no command gets to see of the environment: the names of keys end like this.
SECRET_ENDS = ("_KEY", "APIKEY", "_TOKEN", "_SECRET", "_PASSWORD")
OURS = "LOQUAT_"

WATCH = Path(__file__).with_name("process_group_watch.py")


@dataclass(frozen=True, slots=True)
class ProcessOutput:
    """What a command wrote, and how it ended."""

    text: bytes
    #: Bytes of its output that were not kept.
    dropped: int
    errors: bytes
    #: What it ended with; negative: the signal that ended it.
    status: int
    timed_out: bool


class CommandProcess:
    """One run. `start` it once; `stop` it from any thread."""

    def __init__(self, arguments: tuple[str, ...], tool: str, given: bytes, seconds: float) -> None:
        self._arguments = arguments
        self._tool = tool
        self._given = memoryview(given)
        self._seconds = seconds
        self._stopped = threading.Event()
        self._output, self._errors = bytearray(), bytearray()
        self._dropped = 0

    def start(self) -> Future[ProcessOutput]:
        """Run on a thread of its own; the future has the output, or CommandError."""
        future: Future[ProcessOutput] = Future()
        # A running future can't be cancelled: who gives up calls `stop`.
        future.set_running_or_notify_cancel()
        # A daemon: the program may end meanwhile, and the watch sees to the command.
        threading.Thread(
            target=self._complete, args=(future,), name="tool command", daemon=True
        ).start()
        return future

    def stop(self) -> None:
        """End the command and all that it started, soon."""
        self._stopped.set()

    def _complete(self, future: Future[ProcessOutput]) -> None:
        try:
            future.set_result(self._run())
        except BaseException as failure:
            # Also a bug has to reach whoever waits.
            future.set_exception(failure)

    def _run(self) -> ProcessOutput:
        popen = _started(self._arguments, self._tool)
        try:
            with _watched(popen.pid), selectors.DefaultSelector() as selector:
                in_time = self._exchange(popen, selector)
                # Before the rest is read: what the command left running can write forever.
                _end(popen)
                for _turn in range(LEFT_OVER // PIECE):
                    if not _turn_once(selector, 0):
                        break
        finally:
            _end(popen)
            for pipe in (popen.stdin, popen.stdout, popen.stderr):
                _pipe(pipe).close()
        # One that runs as root is let go.
        status = -signal.SIGKILL if popen.returncode is None else popen.returncode
        return ProcessOutput(
            bytes(self._output), self._dropped, bytes(self._errors), status, not in_time
        )

    def _exchange(self, popen: subprocess.Popen[bytes], selector: selectors.BaseSelector) -> bool:
        """Write and read until the command ends; False where its time was over before."""
        for end, event, use in (
            (popen.stdin, selectors.EVENT_WRITE, self._write),
            (popen.stdout, selectors.EVENT_READ, self._read_output),
            (popen.stderr, selectors.EVENT_READ, self._read_errors),
        ):
            os.set_blocking(_pipe(end).fileno(), False)
            selector.register(_pipe(end), event, (use, _pipe(end)))
        over = time.monotonic() + self._seconds
        while not self._stopped.is_set() and not _has_ended(popen):
            left = over - time.monotonic()
            if left <= 0:
                return False
            _turn_once(selector, min(left, GLANCE))
        return True

    def _write(self, pipe: IO[bytes]) -> bool:
        """Give the command some of its input; False where it has all, or wants no more."""
        try:
            self._given = self._given[os.write(pipe.fileno(), self._given[:PIECE]) :]
        except BrokenPipeError:
            return False
        return bool(self._given)

    def _read_output(self, pipe: IO[bytes]) -> bool:
        piece = os.read(pipe.fileno(), PIECE)
        room = OUTPUT_KEPT - len(self._output)
        self._output += piece[:room]
        self._dropped += len(piece[room:])
        if not room:
            self._stopped.wait(PACE)
        return bool(piece)

    def _read_errors(self, pipe: IO[bytes]) -> bool:
        piece = os.read(pipe.fileno(), PIECE)
        self._errors += piece
        del self._errors[:-ERRORS_KEPT]
        return bool(piece)


def environment_for(tool: str) -> dict[str, str]:
    """What a command sees of the program's environment: neither keys nor what is ours."""
    names = (
        name
        for name in os.environ
        if not name.upper().startswith(OURS) and not name.upper().endswith(SECRET_ENDS)
    )
    return {name: os.environ[name] for name in names} | {f"{OURS}TOOL": tool}


def _started(arguments: tuple[str, ...], tool: str) -> subprocess.Popen[bytes]:
    if not hasattr(os, "waitid"):
        # Windows, and macOS before Python 3.13.
        raise CommandError(_("No command can be run on this system. Write the answer yourself."))
    program, *rest = arguments
    try:
        home = Path.home()
        if program.startswith("~/"):
            program = str(home / program[2:])
        return subprocess.Popen(
            [program, *rest],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=home if home.is_dir() else "/",
            env=environment_for(tool),
            # Its own group, so that all of it can be ended.
            start_new_session=True,
        )
    except (OSError, ValueError, RuntimeError) as failure:
        # Not its words: they can hold the arguments, and those a key.
        raise CommandError(_could_not(arguments[0], failure), type(failure).__name__) from failure


def _could_not(program: str, failure: Exception) -> str:
    name = program[:80]
    if isinstance(failure, FileNotFoundError):
        said = _("The command {name} was not found. Correct it, or give its full path.")
    elif isinstance(failure, PermissionError):
        said = _("The command {name} may not be run. Make it executable, or choose another.")
    elif isinstance(failure, OSError) and failure.errno == errno.ENOEXEC:
        said = _("{name} is not a program. A script needs a first line such as #!/bin/sh.")
    else:
        said = _("The command {name} could not be started: {reason}. Try it in a terminal.")
    reason = getattr(failure, "strerror", None) or type(failure).__name__
    return said.format(name=name, reason=reason)


@contextlib.contextmanager
def _watched(group: int) -> Iterator[None]:
    """Have a small process end the group should the program be gone, however it went."""
    try:
        watch = subprocess.Popen(
            [sys.executable, "-I", "-S", str(WATCH), str(group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            # What ends the program's group shall not end its watch.
            start_new_session=True,
        )
    except OSError as failure:
        raise CommandError(_could_not(sys.executable, failure), repr(failure)) from failure
    with watch:
        try:
            yield
        finally:
            # Before its pipe is closed, at which it would do its work.
            watch.kill()


def _turn_once(selector: selectors.BaseSelector, wait: float) -> bool:
    """Use the pipes that are ready, within so many seconds; False where none was."""
    ready = selector.select(wait)
    for key, _events in ready:
        use, pipe = key.data
        try:
            more = use(pipe)
        except BlockingIOError:
            # Linux says now and then that a pipe is ready when it isn't.
            continue
        if not more:
            selector.unregister(pipe)
            pipe.close()
    return bool(ready)


def _has_ended(popen: subprocess.Popen[bytes]) -> bool:
    # Left to be waited for: until then nobody else can have the number of its group.
    try:
        ended = os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        # The program was started by one that lets the system bury children.
        return True
    return ended is not None


def _end(popen: subprocess.Popen[bytes]) -> None:
    """End the whole group; a second time is nothing."""
    if popen.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        popen.wait(LAST_SECONDS)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("started with three pipes")
    return pipe
