"""Libraries that can't be used: one sentence, nothing lost, and the window or a clean end."""

import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end import program as running
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import use_server
from tests.end_to_end.screen import PATIENCE, Screen

pytestmark = [pytest.mark.screen, pytest.mark.xdist_group("screen")]


@pytest.fixture
def library(directory: Path) -> Path:
    """The file of a library that was used and closed."""
    use_server(directory, "http://127.0.0.1:9")
    return directory / "library.db"


def test_a_damaged_library_is_set_aside_and_said_so(start: Start, library: Path) -> None:
    damaged = b"this is no database " * 500
    library.write_bytes(damaged)
    program = start()
    program.wait(lambda: "damaged" in notices(program), "a notice")
    kept = [path.read_bytes() for path in library.parent.rglob("*") if path.is_file()]
    assert damaged in kept
    program.write("It still works")


def test_a_newer_library_is_refused_and_left_alone(
    screen: Screen, library: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(library) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    before = library.read_bytes()
    process = running.start(screen, library.parent, tmp_path / "errors")
    assert process.wait(PATIENCE) == 1
    said = (tmp_path / "errors").read_text()
    assert said.startswith("loquat: ")
    assert "newer" in said
    assert len(said.splitlines()) == 1
    assert library.read_bytes() == before


def notices(program: running.Program) -> str:
    """What the window says by itself."""
    return "\n".join(found.name for found in program.top.look_for("label"))
