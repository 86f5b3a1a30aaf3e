"""One screen for all tests of a worker; each test starts programs of its own on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.program import Program
from tests.end_to_end.reading import Reader
from tests.end_to_end.screen import Screen, shown_screen

Start = Callable[..., Program]


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A display with a window manager and an accessibility bus."""
    with shown_screen(tmp_path_factory.mktemp("screen")) as shown:
        yield shown


@pytest.fixture
def reader(screen: Screen) -> Iterator[Reader]:
    """Who reads that screen."""
    reading = Reader(screen.accessibility)
    yield reading
    reading.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The data directory of the test's programs, which is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def start(screen: Screen, reader: Reader, directory: Path) -> Iterator[Start]:
    """Start the program; in the end nothing runs and nothing was complained of."""
    programs: list[Program] = []

    def begin(*through: str) -> Program:
        programs.append(Program(screen, reader, directory, through))
        return programs[-1]

    yield begin
    for program in programs:
        if program.process.poll() is None:
            program.kill()
    for program in programs[:1]:
        assert program.said() == "", "it complained"
