"""A library opens whatever happened to it, and nothing of it is ever deleted."""

import os
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from app.domain.chat.conversation import Conversation
from app.domain.errors import LibraryBusy, LibraryError, LibraryReadOnly
from app.store.backups import back_up
from app.store.library import Library
from app.store.locks import owners
from app.store.locks.owners import opening
from app.store.paths import Paths
from tests.store.programs import READ_ONLY, on_a_disk
from tests.store.values import REQUEST, URL, answer, question

TRIES_EVERYTHING = """
library = Library.open(directory)
print(library.report.read_only, library.report.reason != "")
print(*[message.text for message in library.messages("c")])
print(*[message.status.value for message in library.messages("c")])
for write in (
    lambda: library.put_setting("name", "value"),
    lambda: library.add_message("c", question("more", name="more"), updated=1.0),
    lambda: library.begin_answer("c", answer(name="more"), REQUEST, url=URL),
    lambda: library.delete_conversation("c"),
):
    try:
        write()
    except LibraryReadOnly:
        print("refused")
library.close()
"""
REFUSED = "refused\n" * 4


def ruin(file: Path, offset: int = 0, length: int = 4096) -> None:
    """Write noise over a part of a file."""
    with file.open("r+b") as opened:
        opened.seek(offset)
        opened.write(b"\xa5" * length)


def fill(library: Library, count: int = 200) -> None:
    """Write so much that there are pages in the middle of the file."""
    for number in range(count):
        library.add_message("c", question("text " * 100, name=f"m{number}"), updated=2.0)


@pytest.mark.parametrize(("offset", "length"), [(0, 4096), (0, 16), (16, 20)])
def test_a_file_that_is_no_database_is_set_aside_and_said(
    library: Library, directory: Path, offset: int, length: int
) -> None:
    library.close()
    ruin(directory / "library.db", offset, length)
    ruined = (directory / "library.db").read_bytes()
    again = Library.open(directory)
    aside = again.report.set_aside
    assert aside is not None
    assert aside.read_bytes() == ruined
    assert aside.name.startswith("library-damaged-20")
    assert again.report.restored_from is None
    assert again.conversations() == []
    again.add_conversation(Conversation("new", "", 1.0, 1.0))
    again.close()


def test_a_damaged_library_is_replaced_by_its_newest_copy(
    library: Library, directory: Path
) -> None:
    library.put_setting("kept", True)
    copy = back_up(directory)
    library.put_setting("lost", True)
    library.close()
    ruin(directory / "library.db")
    again = Library.open(directory)
    assert again.report.restored_from == copy
    assert again.setting("kept") is True
    assert again.setting("lost") is None
    again.put_setting("works", True)
    again.close()
    assert copy is not None
    assert copy.exists()


def test_a_copy_that_is_damaged_itself_is_passed_over(library: Library, directory: Path) -> None:
    good = back_up(directory)
    library.close()
    assert good is not None
    bad = good.with_name("library-daily-2999-01-01-000000.db")
    bad.write_bytes(good.read_bytes())
    ruin(bad, offset=4096)
    ruin(directory / "library.db")
    again = Library.open(directory)
    assert again.report.restored_from == good
    again.close()


def test_a_truncated_library_is_set_aside_with_its_log(library: Library, directory: Path) -> None:
    fill(library)
    library.close()
    connection = apsw.Connection(str(directory / "library.db"))
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.execute("DELETE FROM settings; INSERT INTO settings VALUES ('a', '1')")
    connection.close()
    log = (directory / "library.db-wal").read_bytes()
    ruin(directory / "library.db", length=100)
    again = Library.open(directory)
    aside = again.report.set_aside
    assert aside is not None
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == log
    again.close()


def test_an_empty_file_where_a_library_was_is_a_loss(library: Library, directory: Path) -> None:
    copy = back_up(directory)
    library.close()
    os.truncate(directory / "library.db", 0)
    again = Library.open(directory)
    assert again.report.set_aside is not None
    assert again.report.restored_from == copy
    assert [conversation.id for conversation in again.conversations()] == ["c"]
    again.close()


def test_an_empty_file_where_nothing_was_is_a_new_library(directory: Path) -> None:
    directory.mkdir()
    (directory / "library.db").touch()
    library = Library.open(directory)
    assert library.report.set_aside is None
    library.close()


def test_a_library_that_was_taken_away_is_not_brought_back(
    library: Library, directory: Path
) -> None:
    back_up(directory)
    library.close()
    (directory / "library.db").unlink()
    again = Library.open(directory)
    assert again.report.restored_from is None
    assert again.conversations() == []
    again.close()


def pages_of(file: Path, table: str) -> list[int]:
    """The pages, from 0, of a file in which the rows of a table lie."""
    connection = apsw.Connection(str(file))
    query = "SELECT pageno - 1 FROM dbstat WHERE name = ? AND pagetype = 'leaf'"
    pages = [page for (page,) in connection.execute(query, (table,))]
    connection.close()
    return pages


def test_damage_that_is_met_later_is_healed_at_the_next_start(
    library: Library, directory: Path
) -> None:
    fill(library)
    copy = back_up(directory)
    library.close()
    for page in pages_of(directory / "library.db", "messages"):
        ruin(directory / "library.db", page * 4096)
    again = Library.open(directory)
    assert again.report.set_aside is None
    with pytest.raises(LibraryError, match="Nothing in it was deleted"):
        again.messages("c")
    again.close()
    healed = Library.open(directory)
    assert (healed.report.set_aside is not None, healed.report.restored_from) == (True, copy)
    assert len(healed.messages("c")) == 200
    healed.close()
    # Checked once, not at every start from now on.
    assert not Paths(directory).suspect.exists()


def test_a_damaged_library_that_another_process_holds_is_not_moved_away(
    library: Library, directory: Path
) -> None:
    # The log has the first page, too, until it is copied into the file.
    library._db.checkpoint()
    ruin(directory / "library.db")
    with pytest.raises(LibraryBusy, match="Close that one"):
        Library.open(directory)
    assert [path.name for path in directory.glob("library-damaged*")] == []


@pytest.mark.parametrize("left", ["whole", "log", "log and index"])
def test_a_library_on_a_read_only_disk_can_be_read(
    library: Library, directory: Path, tmp_path: Path, left: str
) -> None:
    library.add_message("c", question("old"), updated=2.0)
    library.begin_answer("c", answer("half"), REQUEST, url=URL)
    if left == "whole":
        library.close()
    # A copy of the open files is what a power cut leaves.
    here = tmp_path / "what? 100% #here"
    here.mkdir()
    names = {"whole": ("",), "log": ("", "-wal"), "log and index": ("", "-wal", "-shm")}
    for suffix in names[left]:
        part = f"library.db{suffix}"
        (here / part).write_bytes((directory / part).read_bytes())
    said = on_a_disk(READ_ONLY, TRIES_EVERYTHING, here)
    assert said == f"True True\nold half\ncomplete interrupted\n{REFUSED}"


def test_a_library_file_that_can_not_be_written_can_be_read(
    library: Library, directory: Path
) -> None:
    library.add_message("c", question("old"), updated=2.0)
    library.close()
    (directory / "backups").rmdir()
    mount = 'mount --bind "$1/library.db" "$1/library.db"\nmount -o remount,ro,bind "$1/library.db"'
    said = on_a_disk(mount, TRIES_EVERYTHING, directory)
    assert said == f"True True\nold\ncomplete\n{REFUSED}"


def test_a_read_only_disk_without_a_library_is_said(directory: Path) -> None:
    directory.mkdir()
    code = """
try:
    Library.open(directory)
except LibraryReadOnly as failure:
    print(failure)
"""
    assert "LOQUAT_DATA_DIR" in on_a_disk(READ_ONLY, code, directory)


@pytest.mark.parametrize("below", ["", "below", "below/it"])
def test_a_directory_that_is_a_file_is_said(tmp_path: Path, below: str) -> None:
    file = tmp_path / "file"
    file.write_text("a letter")
    with pytest.raises(LibraryReadOnly, match=rf"^{file} is a file.*LOQUAT_DATA_DIR"):
        Library.open(file / below)
    assert file.read_text() == "a letter"


def test_two_processes_do_not_open_at_once(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owners, "OPENING_SECONDS", 0.0)
    directory.mkdir()
    with opening(Paths(directory)), pytest.raises(LibraryBusy):
        Library.open(directory)
    Library.open(directory).close()


@pytest.mark.parametrize("kind", ["folder", "FIFO"])
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_what_is_no_file_in_the_place_of_one_is_said_and_left(
    directory: Path, suffix: str, kind: str
) -> None:
    directory.mkdir()
    place = directory / f"library.db{suffix}"
    if kind == "folder":
        place.mkdir()
    else:
        os.mkfifo(place)
    with pytest.raises(LibraryError, match=rf"^{place} is not a file"):
        Library.open(directory)
    with pytest.raises(LibraryError, match=rf"^{place} is not a file"):
        Library.open_to_read(directory)
    assert place.exists()


@pytest.mark.parametrize(
    ("folders", "words"),
    [
        (b"x" * 300, "too long for the disk"),
        (b"/".join([b"y" * 100] * 6), "at most 430"),
        (b"/".join([b"y" * 200] * 30), "at most 430"),
        (b"\xff\xfe", "not in UTF-8"),
    ],
)
def test_a_path_that_can_not_hold_a_library_is_said(
    tmp_path: Path, folders: bytes, words: str
) -> None:
    directory = tmp_path / os.fsdecode(folders)
    with pytest.raises(LibraryError, match=words):
        Library.open(directory)
    with pytest.raises(LibraryError, match=words):
        Library.open_to_read(directory)


def test_another_version_can_be_looked_at_in_a_read_only_library(
    library: Library, directory: Path
) -> None:
    library.add_message("c", question("one", name="one"), updated=2.0)
    library.add_message("c", question("two", name="two"), updated=2.0)
    library.close()
    reader = Library.open_to_read(directory)
    assert reader is not None
    kept = reader.conversation("c")
    assert kept.current == "two"
    reader.update_conversation(replace(kept, current="one", model="also chosen"))
    assert reader.conversation("c") == replace(kept, current="one")
    with pytest.raises(LibraryReadOnly):
        reader.update_conversation(replace(kept, current="one", title="Other"))
    reader.close()


def test_copies_that_a_power_cut_left_are_removed_at_the_next_opening(directory: Path) -> None:
    Library.open(directory).close()
    for name in ("check-ab12_xyz", "repair-ab12_xyz"):
        (directory / name).mkdir()
        (directory / name / "library.db").write_text("a copy")
    (directory / "library.partial").write_text("a copy")
    mine = [directory / "check-list", directory / "repair-manual-2026", directory / "check-mine.db"]
    for path in mine:
        path.mkdir()
    Library.open(directory).close()
    left = sorted(path.name for path in directory.iterdir())
    assert not [name for name in left if "ab12" in name or "partial" in name]
    assert all(path.exists() for path in mine)
