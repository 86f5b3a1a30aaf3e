"""The library as a whole: other processes, full disks, closing."""

import re
import shutil
import subprocess
from pathlib import Path

import apsw
import pytest

from app.domain.errors import LibraryBusy, LibraryError, LibraryFull, LibraryReadOnly
from app.store import database
from app.store.database import Database
from app.store.library import Library
from tests.checkout import ROOT
from tests.store.programs import SMALL, command, on_a_disk
from tests.store.values import REQUEST, URL, answer, question

FILLS_THE_DISK = """
library = Library.open(directory)
library.add_conversation(Conversation("c", "", 1.0, 1.0))
library.add_message("c", question("kept"), updated=2.0)
library.begin_answer("c", answer(), REQUEST, url=URL)
with open(directory / "ballast", "wb", buffering=0) as ballast:
    try:
        while ballast.write(b"x" * 4096):
            pass
    except OSError:
        pass
for write in (
    lambda: library.add_message("c", question("long " * 20000, name="long"), updated=3.0),
    lambda: library.append_to_answer("a", "long " * 20000, ""),
    lambda: library.finish_answer(answer("long " * 20000, Status.COMPLETE), [], updated=3.0),
):
    try:
        write()
    except LibraryFull:
        print("full")
print(*[message.text for message in library.messages("c")], library.conversation("c").updated)
(directory / "ballast").unlink()
library.finish_answer(answer("long " * 20000, Status.COMPLETE), [], updated=3.0)
print(len(library.messages("c")[1].text))
library.close()
"""
WRITES_ONE_OF_EACH = """
library = Library.open(directory)
library.add_conversation(Conversation("c", "", 1.0, 1.0))
print("after opening", flush=True)
library.put_setting("name", "value")
print("after setting", flush=True)
library.add_message("c", question(), updated=1.0)
print("after message", flush=True)
library.begin_answer("c", answer(), REQUEST, url=URL)
print("after beginning", flush=True)
library.append_to_answer("a", "text", "")
print("after chunk", flush=True)
library.finish_answer(answer("text", Status.COMPLETE), [], updated=1.0)
print("after finishing", flush=True)
library.close()
"""
OPENS_ON_A_FULL_DISK = """
library = Library.open(directory)
library.add_conversation(Conversation("c", "", 1.0, 1.0))
library.add_message("c", question("kept"), updated=2.0)
library.close()
with open(directory / "ballast", "wb", buffering=0) as ballast:
    try:
        while ballast.write(b"x" * 4096):
            pass
    except OSError:
        pass
library = Library.open(directory)
print(library.report.read_only, "room" in library.report.reason)
print(*[message.text for message in library.messages("c")])
library.close()
(directory / "ballast").unlink()
library = Library.open(directory)
print(library.report)
library.close()
"""


def test_a_full_disk_keeps_what_was_saved_and_takes_more_when_there_is_room(
    directory: Path,
) -> None:
    directory.mkdir()
    said = on_a_disk(SMALL, FILLS_THE_DISK, directory).splitlines()
    assert said == ["full", "full", "full", "kept  2.0", "100000"]


def test_a_library_on_a_full_disk_can_be_read(directory: Path) -> None:
    directory.mkdir()
    said = on_a_disk(SMALL, OPENS_ON_A_FULL_DISK, directory).splitlines()
    assert said[:2] == ["True True", "kept"]
    assert "read_only=False" in said[2]


def test_a_transaction_that_finds_no_room_is_undone(library: Library, directory: Path) -> None:
    other = Database.open_to_write(directory / "library.db")
    other.begin_writing()
    pages = other.value("PRAGMA page_count")
    other.run(f"PRAGMA max_page_count = {pages}")

    def write_too_much() -> None:
        with other.transaction():
            other.run("INSERT INTO settings VALUES ('small', '1')")
            other.run("INSERT INTO settings VALUES ('large', ?)", ("x" * 500_000,))

    with pytest.raises(LibraryFull, match="Free some space"):
        write_too_much()
    other.close()
    assert library.setting("small") is None


def test_a_library_that_stays_busy_is_said(
    library: Library, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 1)
    impatient = Library.open(directory)
    with apsw.Connection(str(directory / "library.db")) as holder:
        holder.execute("INSERT INTO settings VALUES ('name', '1')")
        with pytest.raises(LibraryBusy, match="Try again"):
            impatient.add_message("c", question(), updated=2.0)
    impatient.add_message("c", question(), updated=2.0)
    impatient.close()


def test_a_transaction_has_the_library_from_its_beginning(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else its first write could find that what it has read is out of date, and fail at once.
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 1)
    Library.open(directory).close()
    first = Database.open_to_write(directory / "library.db")
    second = Database.open_to_write(directory / "library.db")
    with first.transaction(), pytest.raises(LibraryBusy):
        second.run("DELETE FROM settings")
    first.close()
    second.close()


def test_a_file_that_can_not_be_opened_can_not_be_written(directory: Path) -> None:
    with pytest.raises(LibraryReadOnly):
        Database.open_to_write(directory / "missing.db")


def test_a_change_by_another_process_is_noticed_once(library: Library, directory: Path) -> None:
    assert not library.changed_elsewhere()
    library.put_setting("own", 1)
    assert not library.changed_elsewhere()
    other = Library.open(directory)
    other.put_setting("theirs", 1)
    assert library.changed_elsewhere()
    assert not library.changed_elsewhere()
    other.close()


def test_closing_leaves_one_file_and_may_be_done_twice(library: Library, directory: Path) -> None:
    library.put_setting("name", "value")
    library.close()
    library.close()
    assert sorted(path.name for path in directory.glob("library*")) == ["library.db"]


def test_a_closed_library_says_so_in_its_own_words(library: Library) -> None:
    library.close()
    with pytest.raises(LibraryError):
        library.conversations()


def test_what_must_survive_a_power_cut_is_synced_and_a_chunk_costs_no_sync(
    directory: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-o", str(trace), "-e", "trace=fdatasync,fsync,write"]
    if shutil.which("strace") is None or subprocess.call([*strace, "true"]):
        pytest.skip("strace can't be used here")
    Library.open(directory).close()
    subprocess.run(
        [*strace, *command(WRITES_ONE_OF_EACH, directory)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    syncs: dict[str, int] = {}
    after = ""
    for line in trace.read_text().splitlines():
        if mark := re.search(r'write\(1, "after (\w+)', line):
            after = mark[1]
            syncs[after] = 0
        elif after and "sync(" in line:
            syncs[after] += 1
    assert {after: count > 0 for after, count in syncs.items()} == {
        "opening": False,
        "setting": True,  # add_message
        "message": True,  # begin_answer
        "beginning": False,  # append_to_answer
        "chunk": True,  # finish_answer
        "finishing": True,  # closing
    }


def test_every_connection_is_careful(library: Library, directory: Path) -> None:
    wanted = {"foreign_keys": 1, "trusted_schema": 0, "cell_size_check": 1, "busy_timeout": 5000}
    for opened in (Database.open_to_write, Database.open_to_read):
        db = opened(directory / "library.db")
        assert {name: db.value(f"PRAGMA {name}") for name in wanted} == wanted
        db.close()


def test_an_answer_is_read_while_it_is_written_by_another(
    library: Library, directory: Path
) -> None:
    reader = Library.open(directory)
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.append_to_answer("a", "seen", "")
    assert [message.text for message in reader.messages("c")] == ["seen"]
    reader.close()
