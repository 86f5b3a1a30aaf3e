"""Processes that are interrupted while they start, or hang when they are to end."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.cli.running import PATIENCE, environment

#: Runs the program, and interrupts it when it imports the module that is named first.
INTERRUPTED = """
import os, signal, sys
module = sys.argv.pop(1)
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from app.__main__ import start
sys.exit(start())
"""
#: Hangs on the main thread, whatever the handlers of signals do.
HANGING = """
import signal, sys, threading
from app.services.program import ending
ending.PATIENCE = 0.01
for number in ending.signals_to_take():
    signal.signal(number, lambda number, frame: None)
watch = ending.SignalWatch()
print("ready", flush=True)
while True:
    threading.Event().wait()
"""
#: A thread that the interpreter waits for at exit.
ENDLESS_THREAD = """
import sys, threading
from app.services.program.ending import end_within
threading.Thread(target=threading.Event().wait).start()
end_within(0.01, 7)
"""
#: Work on a loop's default executor that never ends.
ENDLESS_WORK = """
import asyncio, threading
from app.services.tasks import use_daemon_threads
async def main():
    use_daemon_threads(asyncio.get_running_loop())
    work = asyncio.create_task(asyncio.to_thread(threading.Event().wait))
    print(await asyncio.to_thread(lambda: "worked"))
    work.cancel()
asyncio.run(main())
"""
#: Asks a question at a server whose name is never found.
ENDLESS_LOOKUP = """
import socket, sys, threading
def look_up(*_arguments, **_options):
    print("looking", flush=True)
    threading.Event().wait()
socket.getaddrinfo = look_up
from app.__main__ import start
sys.exit(start())
"""


def run(code: str, *arguments: str) -> tuple[int, str, str]:
    """Run code in a process of its own; return its exit status, its output and its errors."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "module",
    [
        "app.cli.arguments",
        "app.domain.errors",
        "app.ui.shell.application",
        "app.ui.theme.theme",
        "app.ui.shell.main_loop",
        "app.services.program.core",
        "app.ui.shell.main_window",
    ],
)
def test_an_interrupt_while_the_window_is_imported_ends_quietly(
    tmp_path: Path, module: str
) -> None:
    assert run(INTERRUPTED, module, "--data-dir", str(tmp_path)) == (130, "", "")


@pytest.mark.parametrize("module", ["app.cli.run", "app.cli.ask", "asyncio", "apsw", "httpx"])
def test_an_interrupt_while_a_question_is_prepared_ends_quietly(
    tmp_path: Path, module: str
) -> None:
    ask = ("ask", "Well?", "--base-url", "http://127.0.0.1:9", "--data-dir", str(tmp_path))
    assert run(INTERRUPTED, module, *ask) == (130, "", "")


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_process_whose_main_thread_hangs(by: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HANGING], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(by)
        assert process.wait(PATIENCE) == 128 + by


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_question_ends_although_a_name_server_gives_no_answer(
    tmp_path: Path, by: signal.Signals
) -> None:
    ask = ("ask", "Well?", "--base-url", "http://a.example", "--data-dir", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS_LOOKUP, *ask],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "looking\n"
        process.send_signal(by)
        _out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode in {130, 128 + by}, err) == (True, "")


def test_a_process_ends_although_a_thread_never_does() -> None:
    assert run(ENDLESS_THREAD) == (7, "", "")


def test_a_loop_is_closed_although_work_on_a_thread_never_ends() -> None:
    assert run(ENDLESS_WORK) == (0, "worked\n", "")
