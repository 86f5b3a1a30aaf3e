"""How `loquat ask` ends when it is cut short, in a process of its own."""

import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.domain.chat.conversation import Message, Status
from app.store.library import Library
from tests.checkout import ROOT
from tests.cli.running import PATIENCE, environment, run, start
from tests.servers import Connection, chunk, serving

#: Seconds between two pieces of a dripping answer.
DRIP = 0.02
#: What a quarter of a second lets through, twice over: computers of CI are slow.
MOST_LOST = round(2 * 0.25 / DRIP)


def drips(connection: Connection) -> None:
    """Count, on a line for each number, until the other side goes away."""
    connection.head()
    for number in range(round(PATIENCE / DRIP)):
        connection.send(chunk(f"{number}\n"))
        threading.Event().wait(DRIP)


def says_then_stalls(connection: Connection) -> None:
    """Begin an answer and never go on."""
    connection.head()
    connection.send(chunk("So far\n"))
    connection.stall()


def kept_answer(directory: Path) -> Message:
    """The answer in the library, as the next start finds it."""
    library = Library.open(directory)
    (conversation,) = library.conversations()
    answer = library.messages(conversation.id)[-1]
    library.close()
    return answer


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_stops_the_answer_and_keeps_it(tmp_path: Path, name: str) -> None:
    with (
        serving(says_then_stalls) as server,
        start(tmp_path, "ask", "Well?", "--base-url", server.url) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "So far\n"
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=PATIENCE)
        assert server.left.wait(PATIENCE)
    assert (process.returncode, out, err) == (130, "", "")
    answer = kept_answer(tmp_path)
    assert (answer.text, answer.status) == ("So far\n", Status.STOPPED)


def test_a_reader_that_has_enough_stops_the_answer_quietly(tmp_path: Path) -> None:
    with (
        serving(drips) as server,
        start(tmp_path, "ask", "Well?", "--base-url", server.url) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(PATIENCE) == 0
    answer = kept_answer(tmp_path)
    assert answer.text.startswith("0\n")
    assert answer.status is Status.STOPPED


def test_a_list_that_nobody_reads_to_its_end_is_no_failure(tmp_path: Path) -> None:
    command = f"{sys.executable} -W error -m app conversations --json | true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        env=environment(LOQUAT_DATA_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_for_the_output_is_a_sentence(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with serving(drips) as server, open("/dev/full", "w") as full:  # noqa: PTH123 (a device)
        done = subprocess.run(
            [sys.executable, "-m", "app", "ask", "Well?", "--base-url", server.url],
            cwd=ROOT,
            env=environment(LOQUAT_DATA_DIR=str(tmp_path)),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert kept_answer(tmp_path).status is Status.STOPPED


def test_a_killed_process_loses_a_quarter_of_a_second_at_most(tmp_path: Path) -> None:
    with (
        serving(drips) as server,
        start(tmp_path, "ask", "Well?", "--base-url", server.url) as process,
    ):
        assert process.stdout is not None
        seen = [process.stdout.readline() for _number in range(100)]
        process.kill()
        process.wait(PATIENCE)
    answer = kept_answer(tmp_path)
    assert answer.status is Status.INTERRUPTED
    assert answer.error
    kept = answer.text.splitlines(keepends=True)
    assert kept == [f"{number}\n" for number in range(len(kept))]
    assert len(kept) >= len(seen) - MOST_LOST


def test_an_answer_that_another_process_writes_is_left_alone(tmp_path: Path) -> None:
    with (
        serving(says_then_stalls) as server,
        start(tmp_path, "ask", "Well?", "--base-url", server.url) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "So far\n"
        assert run(tmp_path, "conversations")[0] == 0
        library = Library.open(tmp_path)
        (conversation,) = library.conversations()
        assert library.messages(conversation.id)[-1].status is Status.STREAMING
        library.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    assert kept_answer(tmp_path).status is Status.STOPPED


def test_a_terminal_is_not_commanded_by_an_answer(tmp_path: Path) -> None:
    def rings(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("a\x1b]0;title\x07b", reasoning="\x1b[2JHm."))
        connection.send(chunk(finish="stop") + b"data: [DONE]\n\n")

    ours, theirs = pty.openpty()
    with serving(rings) as server:
        done = subprocess.run(
            [sys.executable, "-m", "app", "ask", "Well?", "--base-url", server.url],
            cwd=ROOT,
            env=environment(LOQUAT_DATA_DIR=str(tmp_path)),
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
            timeout=PATIENCE,
        )
    os.close(theirs)
    shown = os.read(ours, 10_000)
    os.close(ours)
    assert (done.returncode, done.stderr) == (0, b"")
    assert shown.decode() == "a␛]0;title␇b\r\n"
    assert kept_answer(tmp_path).text == "a\x1b]0;title\x07b"


def test_the_key_is_in_no_argument_of_any_process(tmp_path: Path) -> None:
    canary = "sk-canary-0123456789"
    processes = Path("/proc")
    if not processes.exists():
        pytest.skip("this system has no /proc")
    with (
        serving(says_then_stalls) as server,
        start(tmp_path, "ask", "Well?", "--base-url", server.url, LOQUAT_API_KEY=canary) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "So far\n"
        arguments = (processes / str(process.pid) / "cmdline").read_bytes()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    assert server.requests[0].headers["authorization"] == f"Bearer {canary}"
    assert b"ask" in arguments
    assert canary.encode() not in arguments
