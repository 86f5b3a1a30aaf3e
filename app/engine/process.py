"""One run of the child process, seen from the parent: its pipes, its log, its end."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import IO, Any

from app import ROOT
from app.engine.child import Order

#: How much of llama.cpp's log is kept, in bytes.
LOG_KEPT = 4096

#: What the child gets of the environment: no API keys, no proxies, nothing of the person's.
# fmt: off
PASSED_ON = frozenset((
    "PATH", "HOME", "USERPROFILE", "LANG", "LC_ALL", "TMPDIR",
    "TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Ready:
    """What the child says once it serves."""

    port: int
    #: Tokens that one answer and what it answers may have together.
    context: int


class NotReady(Exception):
    """The child ended without serving: its exit code, and what it said, if it could."""

    def __init__(self, exit_code: int, refusal: str | None) -> None:
        super().__init__(f"exit code {exit_code}: {refusal}")
        self.exit_code = exit_code
        self.refusal = refusal


class ServerProcess:
    """A started child. Both futures are completed by its reading threads."""

    def __init__(self, order: Order) -> None:
        #: Completed with Ready, or with NotReady.
        self.ready: Future[Ready] = Future()
        #: Completed with the exit code, after `ready`.
        self.ended: Future[int] = Future()
        # Running futures can't be cancelled, so a waiter that gives up leaves them to the others.
        self.ready.set_running_or_notify_cancel()
        self.ended.set_running_or_notify_cancel()
        self._log = bytearray()
        self._popen = _popen()
        self._drain = threading.Thread(target=self._keep_log, name="engine log", daemon=True)
        self._watch = threading.Thread(target=self._follow, name="engine", daemon=True)
        self._drain.start()
        self._watch.start()
        self._send(order)

    @property
    def id(self) -> int:
        """The process id."""
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._popen.poll() is None

    @property
    def log(self) -> str:
        """The end of llama.cpp's log."""
        return bytes(self._log).decode(errors="replace")

    def hang_up(self) -> None:
        """Close the child's stdin, at which it ends by itself unless it is loading."""
        _pipe(self._popen.stdin).close()

    def kill(self) -> None:
        """End the child by force."""
        self._popen.kill()

    def _send(self, order: Mapping[str, object]) -> None:
        try:
            _pipe(self._popen.stdin).write(json.dumps(order).encode() + b"\n")
        except OSError:
            # It is gone already; `ready` says so.
            self.hang_up()

    def _keep_log(self) -> None:
        # Read all the time: the child would stand still at a full pipe.
        with _pipe(self._popen.stderr) as log:
            while piece := log.read(LOG_KEPT):
                self._log += piece
                del self._log[:-LOG_KEPT]

    def _follow(self) -> None:
        with _pipe(self._popen.stdout) as said:
            answer = _json(said.readline())
            if "port" in answer:
                self.ready.set_result(Ready(int(answer["port"]), int(answer["context"])))
            said.read()
        exit_code = self._popen.wait()
        # The last lines of the log tell why.
        self._drain.join()
        self.hang_up()
        if not self.ready.done():
            self.ready.set_exception(NotReady(exit_code, answer.get("refused")))
        self.ended.set_result(exit_code)


def _popen() -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name.upper() in PASSED_ON}
    # Where `app` lies, then what helped the parent to find the rest.
    paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    # OpenMP's waiting threads spin otherwise: 47 tokens/s became 3 beside one busy process.
    environment["OMP_WAIT_POLICY"] = "passive"
    return subprocess.Popen(
        # -P: a folder named app in the working directory is not ours.
        [sys.executable, "-P", "-m", "app.engine.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd=ROOT,
        env=environment,
        # Ctrl+C in a terminal is for the parent, which ends the child in its own order.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
        | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("started with three pipes")
    return pipe


def _json(line: bytes) -> dict[str, Any]:
    # A child that crashed said nothing, or half a line.
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return answer
