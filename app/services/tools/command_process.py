"""The run of a local command: its process group, pipes, time limit and end, on its own thread.

Not asyncio's subprocesses, which need a child watcher that Qt's event loop (qasync) doesn't have.
Not a thread of the loop's pool either, which has four threads: a command may take an hour.
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
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.domain.errors import CommandError
from app.domain.text.translation import _

#: Bytes kept of stdout, from its beginning, and of stderr, from its end.
OUTPUT_KEPT = 64 * 1024
ERRORS_KEPT = 4 * 1024
#: Bytes that are read or written at once: Linux's default pipe capacity.
PIECE = 64 * 1024
#: Bytes that are still read of each pipe after the command's end: a pipe's greatest capacity.
LEFT_OVER = 1024 * 1024
#: Seconds between two checks whether the command has ended or is to be stopped.
GLANCE = 0.05
#: Seconds between two reads of output that isn't kept, so that a command that writes for ever
#: doesn't keep two processors busy.
PACE = 0.002
#: Seconds to wait for the end of a killed process; a process that runs as root can't be killed.
LAST_SECONDS = 1.0

WATCH = Path(__file__).with_name("process_group_watch.py")


@dataclass(frozen=True, slots=True)
class ProcessOutput:
    """A command's output on stdout (`text`) and stderr (`errors`), and how it ended."""

    text: bytes
    #: Number of bytes of stdout that were not kept.
    dropped: int
    errors: bytes
    #: Exit code; a negative number is the signal that ended the command.
    status: int
    timed_out: bool


class CommandProcess:
    """The run of a command. Call `start` once; `stop` from any thread.

    `given` is written to the command's stdin; `seconds` is its time limit.
    """

    def __init__(
        self,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        given: bytes,
        seconds: float,
    ) -> None:
        self._arguments = arguments
        self._environment = environment
        self._given = memoryview(given)
        self._seconds = seconds
        self._stopped = threading.Event()
        self._output, self._errors = bytearray(), bytearray()
        self._dropped = 0

    def start(self) -> Future[ProcessOutput]:
        """Start the command on a new thread; returns a future of its output or CommandError."""
        future: Future[ProcessOutput] = Future()
        # A running future can't be cancelled; a caller that gives up calls `stop`.
        future.set_running_or_notify_cancel()
        # A daemon thread: the program may end meanwhile, and the watch then ends the command.
        threading.Thread(
            target=self._complete, args=(future,), name="tool command", daemon=True
        ).start()
        return future

    def stop(self) -> None:
        """Ask for the end of the command's process group; returns at once."""
        self._stopped.set()

    def _complete(self, future: Future[ProcessOutput]) -> None:
        try:
            future.set_result(self._run())
        except BaseException as failure:
            # Bugs too, or the waiter would wait for ever.
            future.set_exception(failure)

    def _run(self) -> ProcessOutput:
        popen = _start_process(self._arguments, self._environment)
        try:
            with _watched(popen.pid), selectors.DefaultSelector() as selector:
                in_time = self._exchange(popen, selector)
                # Before reading the rest: processes that the command left behind can write on.
                _end(popen)
                for _turn in range(LEFT_OVER // PIECE):
                    if not _serve_pipes(selector, 0):
                        break
        finally:
            _end(popen)
            for pipe in (popen.stdin, popen.stdout, popen.stderr):
                _pipe(pipe).close()
        # A process that runs as root could not be killed, and has no exit code.
        status = -signal.SIGKILL if popen.returncode is None else popen.returncode
        return ProcessOutput(
            bytes(self._output), self._dropped, bytes(self._errors), status, not in_time
        )

    def _exchange(self, popen: subprocess.Popen[bytes], selector: selectors.BaseSelector) -> bool:
        """Write stdin and read the outputs until the command ends or is stopped.

        Returns False if its time limit was reached.
        """
        for end, event, use in (
            (popen.stdin, selectors.EVENT_WRITE, self._write),
            (popen.stdout, selectors.EVENT_READ, self._read_output),
            (popen.stderr, selectors.EVENT_READ, self._read_errors),
        ):
            os.set_blocking(_pipe(end).fileno(), False)
            selector.register(_pipe(end), event, (use, _pipe(end)))
        deadline = time.monotonic() + self._seconds
        while not self._stopped.is_set() and not _has_ended(popen):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            _serve_pipes(selector, min(left, GLANCE))
        return True

    def _write(self, pipe: IO[bytes]) -> bool:
        """Write a piece of stdin; returns False if all is written or the command closed it."""
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


def _start_process(
    arguments: tuple[str, ...], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    if not hasattr(os, "waitid"):
        # Windows, and macOS before Python 3.13.
        raise CommandError(_("Commands can't be run on this system. Enter the result yourself."))
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
            env=environment,
            # A process group of its own, so that its child processes can be ended too.
            start_new_session=True,
        )
    except (OSError, ValueError, RuntimeError) as failure:
        # The type only: the message can hold the arguments, and those can hold a key.
        raise CommandError(_could_not(arguments[0], failure), type(failure).__name__) from failure


def _could_not(program: str, failure: Exception) -> str:
    name = program[:80]
    if isinstance(failure, FileNotFoundError):
        sentence = _("The command {name} was not found. Correct it, or give its full path.")
    elif isinstance(failure, PermissionError):
        sentence = _("The command {name} can't be run. Make it executable, or choose another.")
    elif isinstance(failure, OSError) and failure.errno == errno.ENOEXEC:
        sentence = _("{name} is not a program. A script needs a first line such as #!/bin/sh.")
    else:
        sentence = _("The command {name} could not be started: {reason}. Try it in a terminal.")
    reason = getattr(failure, "strerror", None) or type(failure).__name__
    return sentence.format(name=name, reason=reason)


@contextlib.contextmanager
def _watched(group: int) -> Iterator[None]:
    """Context manager: a watching process kills the group if this program ends, even by a crash."""
    try:
        watch = subprocess.Popen(
            [sys.executable, "-I", "-S", str(WATCH), str(group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            # Its own group: a signal to the program's group must not end the watch.
            start_new_session=True,
        )
    except OSError as failure:
        raise CommandError(_could_not(sys.executable, failure), repr(failure)) from failure
    with watch:
        try:
            yield
        finally:
            # Before its pipe is closed, as it kills the group when its pipe closes.
            watch.kill()


def _serve_pipes(selector: selectors.BaseSelector, wait: float) -> bool:
    """Wait up to `wait` seconds for pipes, and read or write each ready pipe once.

    Returns False if none was ready.
    """
    ready = selector.select(wait)
    for key, _events in ready:
        use, pipe = key.data
        try:
            more = use(pipe)
        except BlockingIOError:
            # Linux sometimes reports a pipe as ready that isn't (select(2), "Bugs").
            continue
        if not more:
            selector.unregister(pipe)
            pipe.close()
    return bool(ready)


def _has_ended(popen: subprocess.Popen[bytes]) -> bool:
    # WNOWAIT: until the process is reaped, no other process can get the number of its group.
    try:
        ended = os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        # The system has reaped it: this program was started with SIGCHLD ignored.
        return True
    return ended is not None


def _end(popen: subprocess.Popen[bytes]) -> None:
    """Kill the whole process group and reap the command; a second call does nothing."""
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
