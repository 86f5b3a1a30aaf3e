"""The parent's side of the child process: starting it, reading its pipes and log, its end."""

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
from app.engine.child import LaunchOptions

#: Bytes of llama.cpp's log that are kept, from its end.
LOG_KEPT = 4096

#: Environment variables that the child gets: no API keys, no proxies, nothing personal.
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
    """The child's report that it serves, and on which port of 127.0.0.1."""

    port: int
    #: Context size in tokens: prompt and answer together.
    context: int


class NotReady(Exception):
    """The child ended without serving: its exit code, and its reason if it gave one."""

    def __init__(self, exit_code: int, refusal: str | None) -> None:
        super().__init__(f"exit code {exit_code}: {refusal}")
        self.exit_code = exit_code
        self.refusal = refusal


class ServerProcess:
    """A started child process. Both futures are completed on its reading threads."""

    def __init__(self, order: LaunchOptions) -> None:
        #: Completed with Ready, or fails with NotReady.
        self.ready: Future[Ready] = Future()
        #: Completed with the exit code, after `ready`.
        self.ended: Future[int] = Future()
        # Running futures can't be cancelled, so a waiter that is cancelled doesn't affect others.
        self.ready.set_running_or_notify_cancel()
        self.ended.set_running_or_notify_cancel()
        self._log = bytearray()
        self._popen = _popen()
        self._drain = threading.Thread(target=self._keep_log, name="engine log", daemon=True)
        self._watch = threading.Thread(target=self._read_answer, name="engine", daemon=True)
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
        """The last LOG_KEPT bytes of llama.cpp's log."""
        return bytes(self._log).decode(errors="replace")

    def hang_up(self) -> None:
        """Close the child's stdin: it then ends by itself, unless it is loading a model."""
        _pipe(self._popen.stdin).close()

    def kill(self) -> None:
        """End the child by force."""
        self._popen.kill()

    def _send(self, order: Mapping[str, object]) -> None:
        try:
            _pipe(self._popen.stdin).write(json.dumps(order).encode() + b"\n")
        except OSError:
            # The child has ended already; `ready` fails with NotReady.
            self.hang_up()

    def _keep_log(self) -> None:
        # Read continuously: the child would block on a full pipe.
        with _pipe(self._popen.stderr) as log:
            while piece := log.read(LOG_KEPT):
                self._log += piece
                del self._log[:-LOG_KEPT]

    def _read_answer(self) -> None:
        with _pipe(self._popen.stdout) as stdout:
            answer = _json(stdout.readline())
            if "port" in answer:
                self.ready.set_result(Ready(int(answer["port"]), int(answer["context"])))
            stdout.read()
        exit_code = self._popen.wait()
        # Wait for the log's last lines, which say why it ended.
        self._drain.join()
        self.hang_up()
        if not self.ready.done():
            self.ready.set_exception(NotReady(exit_code, answer.get("refused")))
        self.ended.set_result(exit_code)


def _popen() -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name.upper() in PASSED_ON}
    # The directory of the `app` package, then the parent's own search path.
    paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    # By default OpenMP's waiting threads spin: 47 tokens/s became 3 beside one busy process.
    environment["OMP_WAIT_POLICY"] = "passive"
    return subprocess.Popen(
        # -P: don't import a folder named `app` from the working directory.
        [sys.executable, "-P", "-m", "app.engine.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd=ROOT,
        env=environment,
        # Ctrl+C in a terminal must reach the parent only, which then ends the child.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
        | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("started with three pipes")
    return pipe


def _json(line: bytes) -> dict[str, Any]:
    # A child that crashed has written nothing, or half a line.
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return answer
