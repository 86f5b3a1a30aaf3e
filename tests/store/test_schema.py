"""Old libraries are brought to the newest version, after a copy, wholly or not at all."""

import stat
from pathlib import Path

import apsw
import pytest

from app.domain.chat.conversation import Status
from app.domain.errors import LibraryBusy, LibraryError, LibraryNewer
from app.store.database import Database
from app.store.library import Library
from app.store.schema import APPLICATION_ID, STEPS
from tests.store.programs import READ_ONLY, on_a_disk
from tests.store.values import REQUEST, URL, question

SHAPES = Path(__file__).parent / "shapes"


def add_mood(db: Database) -> None:
    """A step that only these tests know."""
    db.run("ALTER TABLE conversations ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")


def fail_halfway(db: Database) -> None:
    """A step that changes something and then can't go on."""
    add_mood(db)
    db.run("SELECT * FROM a_table_that_is_missing")


def old_library(directory: Path, version: int) -> None:
    """Make a library as the program of that version left it."""
    directory.mkdir()
    with apsw.Connection(str(directory / "library.db")) as connection:
        connection.execute((SHAPES / f"{version}.sql").read_text())
    connection.close()


def ask(path: Path, query: str) -> object:
    """Ask a library's file something, from outside."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return connection.execute(query).get
    finally:
        connection.close()


def test_every_version_has_a_library_that_it_left() -> None:
    left = {path.stem for path in SHAPES.glob("*.sql")}
    assert left == {str(n + 1) for n in range(len(STEPS))}


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_a_library_of_every_version_opens_with_all_that_is_in_it(
    directory: Path, version: int
) -> None:
    old_library(directory, version)
    library = Library.open(directory)
    assert [conversation.title for conversation in library.conversations()] == ["A title"]
    asked, answered, interrupted = library.messages("c")
    assert (asked.text, answered.text, interrupted.text) == ("Why?", "Because.", "Half")
    assert interrupted.status is Status.INTERRUPTED
    assert library.request("a") == (URL, REQUEST)
    more = {"role": "assistant", "content": "Because."}
    assert library.request("b") == (URL, {"model": "m", "messages": [*REQUEST["messages"], more]})
    assert [token.chosen.token for token in library.probabilities("a")] == ["Because"]
    assert library.setting("theme") == "dark"
    assert len(library.providers()) == 2
    library.close()
    assert ask(directory / "library.db", "PRAGMA user_version") == len(STEPS)


def test_the_shapes_are_what_the_steps_make(directory: Path, tmp_path: Path) -> None:
    Library.open(directory).close()
    old_library(tmp_path / "shape", len(STEPS))
    tables = "SELECT group_concat(name || ' ' || type, x'0a' ORDER BY name) FROM sqlite_schema"
    assert ask(directory / "library.db", tables) == ask(tmp_path / "shape" / "library.db", tables)


def test_the_file_says_whose_it_is_and_how_far_it_came(library: Library, directory: Path) -> None:
    library.close()
    assert ask(directory / "library.db", "PRAGMA application_id") == APPLICATION_ID
    assert ask(directory / "library.db", "PRAGMA user_version") == len(STEPS)
    assert ask(directory / "library.db", "PRAGMA journal_mode") == "wal"


def test_a_step_comes_after_a_copy_of_the_file(library: Library, directory: Path) -> None:
    library.add_message("c", question("before"), updated=2.0)
    library.close()
    upgraded = Library.open(directory, (*STEPS, add_mood))
    assert [message.text for message in upgraded.messages("c")] == ["before"]
    upgraded.close()
    assert ask(directory / "library.db", "SELECT mood FROM conversations") == "calm"
    assert ask(directory / "library.db", "PRAGMA user_version") == len(STEPS) + 1
    (copy,) = (directory / "backups").iterdir()
    assert ask(copy, "SELECT text FROM messages") == "before"
    assert ask(copy, "PRAGMA user_version") == len(STEPS)
    assert ask(copy, "PRAGMA application_id") == APPLICATION_ID


def test_a_library_that_is_new_or_up_to_date_is_not_copied(
    library: Library, directory: Path
) -> None:
    library.close()
    Library.open(directory).close()
    assert [*(directory / "backups").iterdir()] == []


def test_steps_that_fail_leave_the_library_as_it_was(library: Library, directory: Path) -> None:
    library.close()
    before = ask(directory / "library.db", "SELECT group_concat(sql) FROM sqlite_schema")
    with pytest.raises(LibraryError):
        Library.open(directory, (*STEPS, add_mood, fail_halfway))
    assert ask(directory / "library.db", "PRAGMA user_version") == len(STEPS)
    after = ask(directory / "library.db", "SELECT group_concat(sql) FROM sqlite_schema")
    assert after == before
    again = Library.open(directory)
    assert [conversation.id for conversation in again.conversations()] == ["c"]
    again.close()


def test_no_step_is_taken_under_the_feet_of_another_process(
    library: Library, directory: Path
) -> None:
    with pytest.raises(LibraryBusy, match="Close that one"):
        Library.open(directory, (*STEPS, add_mood))
    library.close()
    Library.open(directory, (*STEPS, add_mood)).close()


@pytest.mark.parametrize("in_the_log", [False, True], ids=["in the file", "in its log alone"])
def test_a_newer_library_is_left_byte_for_byte(
    library: Library, directory: Path, in_the_log: bool
) -> None:
    library.close()
    file, log = directory / "library.db", directory / "library.db-wal"
    newer = apsw.Connection(str(file))
    newer.execute("PRAGMA user_version = 99")
    if in_the_log:
        newer.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    newer.close()
    file.chmod(0o640)
    before = {path.name: path.read_bytes() for path in (file, log) if path.exists()}
    assert len(before) == 1 + in_the_log
    with pytest.raises(LibraryNewer, match="99"):
        Library.open(directory)
    after = {path.name: path.read_bytes() for path in directory.glob("library*")}
    if in_the_log:
        # Only SQLite can read it there, and it makes an index beside it.
        after.pop("library.db-shm")
    assert after == before


@pytest.mark.parametrize("application_id", [0, 0x0F055112], ids=["unnamed", "fossil"])
def test_the_file_of_another_program_is_left_byte_for_byte(
    directory: Path, application_id: int
) -> None:
    directory.mkdir()
    file = directory / "library.db"
    with apsw.Connection(str(file)) as foreign:
        foreign.execute(f"CREATE TABLE theirs (x); PRAGMA application_id = {application_id}")
    foreign.close()
    file.chmod(0o640)
    before = file.read_bytes()
    with pytest.raises(LibraryError, match="another program"):
        Library.open(directory)
    assert file.read_bytes() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert ask(file, "PRAGMA journal_mode") == "delete"


def test_a_database_with_nothing_in_it_becomes_ours_and_private(directory: Path) -> None:
    directory.mkdir()
    file = directory / "library.db"
    with apsw.Connection(str(file)) as connection:
        connection.execute("PRAGMA user_version = 0; CREATE TABLE t (x); DROP TABLE t")
    connection.close()
    file.chmod(0o644)
    library = Library.open(directory)
    assert len(library.providers()) == 2
    modes = {stat.S_IMODE(path.stat().st_mode) for path in directory.glob("library.db*")}
    assert modes == {0o600}
    library.close()


def test_an_old_library_on_a_read_only_disk_is_brought_up_in_memory(
    library: Library, directory: Path
) -> None:
    library.close()
    code = """
from app.store.schema import STEPS
from tests.store.test_schema import add_mood
library = Library.open(directory, (*STEPS, add_mood))
print(library.report.read_only, library.conversations()[0].title)
try:
    library.put_setting("name", "value")
except LibraryReadOnly:
    print("refused")
"""
    assert on_a_disk(READ_ONLY, code, directory) == "True Title\nrefused\n"
    assert ask(directory / "library.db", "PRAGMA user_version") == len(STEPS)


def test_a_library_that_can_not_be_copied_first_is_brought_up_in_memory(
    library: Library, directory: Path
) -> None:
    library.close()
    (directory / "backups").rmdir()
    (directory / "backups").touch()
    upgraded = Library.open(directory, (*STEPS, add_mood))
    assert upgraded.report.read_only
    assert [conversation.id for conversation in upgraded.conversations()] == ["c"]
    upgraded.close()
    assert ask(directory / "library.db", "PRAGMA user_version") == len(STEPS)


def test_a_crash_in_the_middle_of_making_a_library_is_made_up_for(directory: Path) -> None:
    directory.mkdir()
    connection = apsw.Connection(str(directory / "library.db"))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.close()
    library = Library.open(directory)
    assert library.report.set_aside is None
    assert len(library.providers()) == 2
    library.close()
