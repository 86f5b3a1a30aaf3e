"""Libraries that can't be used: one sentence, nothing lost, and the window or a clean end."""

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation, Message, Role
from app.store.library import Library
from tests.end_to_end import program as running
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import use_server
from tests.end_to_end.reading import State
from tests.end_to_end.screen import PATIENCE, Screen

pytestmark = pytest.mark.screen


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


def test_on_a_read_only_disk_one_can_read(start: Start, library: Path) -> None:
    library_of_one(library.parent)
    program = start(*on_a_read_only_disk(library.parent))
    program.wait(lambda: "read-only" in notices(program).lower(), "a notice")
    program.choose_conversation("Kept")
    program.conversation.wait_for(lambda names: names == ["You: Well?"], "what is kept there")
    program.write("And now?")
    assert State.ENABLED not in program.top.find("push button", "Send").states
    assert program.message.text == "And now?"
    assert program.end() == 0


def library_of_one(directory: Path) -> None:
    """Put a conversation with one message into a library."""
    library = Library.open(directory)
    library.add_conversation(Conversation("c", "Kept", created=1.0, updated=1.0))
    question = Message("q", None, Role.USER, "Well?", created=1.0)
    library.add_message("c", question, updated=1.0)
    library.close()


def on_a_read_only_disk(directory: Path) -> list[str]:
    """The beginning of a command for which alone a directory can't be written."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-rm"]
    if subprocess.call([*unshare, "true"]):
        pytest.skip("mounting a disk for one process alone is not allowed here")
    script = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; shift; exec "$@"'
    return [*unshare, "sh", "-ec", script, "sh", str(directory)]


def notices(program: running.Program) -> str:
    """What the window says by itself."""
    return "\n".join(found.name for found in program.top.look_for("label"))
