"""The day's copy: made once, checked, private, a few of them kept."""

import os
from pathlib import Path

import apsw
import pytest

from app.domain.errors import LibraryError
from app.store.backups import DAY_SECONDS, KEPT, back_up
from app.store.library import Library
from tests.store.test_opening import fill, ruin
from tests.store.values import question


def age(directory: Path, seconds: float) -> None:
    """Let every copy be older than it is."""
    for copy in (directory / "backups").iterdir():
        times = copy.stat()
        os.utime(copy, (times.st_atime - seconds, times.st_mtime - seconds))


def test_a_copy_has_what_is_in_the_log_too(library: Library, directory: Path) -> None:
    library.add_message("c", question("just written"), updated=2.0)
    copy = back_up(directory)
    assert copy is not None
    with apsw.Connection(str(copy)) as opened:
        assert opened.execute("SELECT text FROM messages").get == "just written"
        assert opened.execute("PRAGMA quick_check").get == "ok"
    opened.close()


def test_there_is_one_copy_a_day(library: Library, directory: Path) -> None:
    assert back_up(directory) is not None
    assert back_up(directory) is None
    age(directory, DAY_SECONDS + 1)
    assert back_up(directory) is not None


def test_a_few_copies_are_kept_the_newest(library: Library, directory: Path) -> None:
    made = []
    for _day in range(KEPT + 2):
        made.append(back_up(directory))
        age(directory, DAY_SECONDS + 1)
    assert {*(directory / "backups").iterdir()} == {*made[-KEPT:]}


def test_a_damaged_library_replaces_no_good_copy(library: Library, directory: Path) -> None:
    fill(library)
    good = back_up(directory)
    age(directory, DAY_SECONDS + 1)
    library.close()
    for page in range(10, (directory / "library.db").stat().st_size // 4096):
        ruin(directory / "library.db", page * 4096)
    with pytest.raises(LibraryError, match="damaged"):
        back_up(directory)
    assert [*(directory / "backups").iterdir()] == [good]
    again = Library.open(directory)
    assert again.report.restored_from == good
    again.close()


def test_a_copy_that_proves_wrong_is_thrown_away(library: Library, directory: Path) -> None:
    strict, lax = "value TEXT NOT NULL", "value TEXT /*     */"
    changes = (
        f"UPDATE sqlite_schema SET sql = replace(sql, '{strict}', '{lax}')",
        "INSERT INTO settings VALUES ('name', NULL)",
        f"UPDATE sqlite_schema SET sql = replace(sql, '{lax}', '{strict}')",
    )
    for change in changes:
        other = apsw.Connection(str(directory / "library.db"))
        other.execute("PRAGMA writable_schema = ON")
        other.execute(change)
        other.close()
    # SQLite copies without checking, so it is the check of the copy that finds this.
    with pytest.raises(LibraryError, match="could not be read"):
        back_up(directory)
    assert [*(directory / "backups").iterdir()] == []


def test_a_copy_that_can_not_be_made_is_said(library: Library, directory: Path) -> None:
    (directory / "backups").rmdir()
    (directory / "backups").touch()
    with pytest.raises(LibraryError):
        back_up(directory)


def fill_with_settings(directory: Path) -> None:
    """Make a library so large that copying it takes some thousands of SQLite's steps."""
    other = apsw.Connection(str(directory / "library.db"))
    other.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000)"
        "INSERT INTO settings SELECT 'name ' || i, 'value' FROM n"
    )
    other.close()


def test_a_copy_that_is_stopped_leaves_nothing(library: Library, directory: Path) -> None:
    fill_with_settings(directory)
    with pytest.raises(LibraryError):
        back_up(directory, lambda: True)
    assert [*(directory / "backups").iterdir()] == []


def test_a_copy_can_be_stopped_while_it_is_written_and_while_it_is_checked(
    library: Library, directory: Path
) -> None:
    fill_with_settings(directory)
    sizes = set()

    def look() -> bool:
        (partial,) = (directory / "backups").glob("*.partial")
        sizes.add(partial.stat().st_size)
        return False

    copy = back_up(directory, look)
    assert copy is not None
    assert min(sizes) < copy.stat().st_size
    assert max(sizes) == copy.stat().st_size
