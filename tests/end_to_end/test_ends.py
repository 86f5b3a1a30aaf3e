"""How the program ends, and begins again: by signal, by force, a second time."""

import signal
import subprocess
from pathlib import Path
from threading import Event

import pytest

from app.domain.chat.conversation import Status
from tests.end_to_end import program as running
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import is_running, stored, use_server
from tests.end_to_end.reading import State
from tests.end_to_end.screen import PATIENCE, Screen, wait_until
from tests.servers import Connection, chunk, serving

pytestmark = pytest.mark.screen

#: Seconds between two words of a dripping server, and how many may be lost by a kill: those of
#: 250 ms, and two that are on their way.
PACE = 0.02
LOST = 0.25 / PACE + 2


class Dripping:
    """A server that says numbers until it is left; `sent` is how many it has said."""

    def __init__(self) -> None:
        self.sent = 0
        self.over = Event()

    def script(self, connection: Connection) -> None:
        """Answer one request."""
        connection.head()
        while not self.over.wait(PACE):
            connection.send(chunk(f"{self.sent + 1} "))
            self.sent += 1


def numbers(text: str) -> int:
    """How many numbers have come, which must be all from 1 on."""
    words = text.split()
    assert words == [str(number + 1) for number in range(len(words))]
    return len(words)


def test_a_kill_in_mid_stream_loses_a_quarter_of_a_second_at_most(
    start: Start, directory: Path
) -> None:
    dripping = Dripping()
    with serving(dripping.script) as server:
        use_server(directory, server.url)
        program = start()
        program.send("Count")
        program.conversation.wait_for(lambda names: " 40" in names[-1] if names else False, "40")
        shown = numbers(program.conversation.last().partition(": ")[2].partition("\n")[0])
        program.kill()
    again = start()
    names = again.conversation.wait_for(lambda names: len(names) == 2, "question and answer")
    [(_conversation, messages)] = stored(directory)
    assert messages[1].status is Status.INTERRUPTED
    assert numbers(messages[1].text) >= shown - LOST
    assert messages[1].text.strip() in names[1]


@pytest.mark.parametrize(
    ("by", "status"), [(signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGINT, 130)]
)
def test_a_signal_in_mid_stream_keeps_all_that_came(
    start: Start, directory: Path, by: signal.Signals, status: int
) -> None:
    dripping = Dripping()
    with serving(dripping.script) as server:
        use_server(directory, server.url)
        program = start()
        program.send("Count")
        program.conversation.wait_for(lambda names: " 20" in names[-1] if names else False, "20")
        shown = numbers(program.conversation.last().partition(": ")[2].partition("\n")[0])
        assert program.end(by) == status
    [(_conversation, messages)] = stored(directory)
    assert messages[1].status is Status.STOPPED
    assert numbers(messages[1].text) >= shown


@pytest.mark.engine
@pytest.mark.parametrize("by_force", [False, True])
def test_the_engine_ends_with_the_program(start: Start, by_force: bool) -> None:
    program = start()
    program.send("Tell me a long story")
    program.conversation.wait_for(
        lambda names: len(names[-1].partition(": ")[2]) > 5 if names else False, "an answer"
    )
    [engine] = program.engines()
    if by_force:
        program.kill()
    else:
        assert program.end() == 0
    wait_until(lambda: not is_running(engine), "the engine ends")


def test_a_second_start_brings_the_first_window_forward(
    start: Start, screen: Screen, directory: Path, tmp_path: Path
) -> None:
    program = start()
    window = program.top.find("frame", "Loquat")
    program.wait(lambda: State.ACTIVE in window.states, "the window is active")
    with other_window(screen):
        program.wait(lambda: State.ACTIVE not in window.states, "another window is active")
        second = running.start(screen, directory, tmp_path / "second")
        assert second.wait(PATIENCE) == 0
        program.wait(lambda: State.ACTIVE in window.states, "the window came forward")
    assert (tmp_path / "second").read_text() == ""


class other_window:  # noqa: N801 (reads as what it is in a with statement)
    """Some other program's window."""

    def __init__(self, screen: Screen) -> None:
        self._process = subprocess.Popen(
            ["xev", "-name", "other"], env=screen.environment, stdout=subprocess.DEVNULL
        )

    def __enter__(self) -> None:
        pass

    def __exit__(self, *failure: object) -> None:
        self._process.terminate()
        self._process.wait()
