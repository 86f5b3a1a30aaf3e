"""`repair` gets back every row that can be read, and keeps the old file."""

import random
from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation
from app.domain.errors import LibraryBusy, LibraryError, LibraryNewer
from app.store.backups import back_up
from app.store.damage.damaged_tables import damaged_cells
from app.store.damage.page_scan import rows_in_pages
from app.store.damage.repair import repair
from app.store.database import Database
from app.store.library import Library
from tests.store.damage import columns, damage, fill_every_table, read_all
from tests.store.test_opening import fill, pages_of, ruin
from tests.store.test_schema import old_library
from tests.store.values import question


@pytest.fixture
def filled(library: Library, directory: Path) -> Path:
    """The file of a closed library with a row in every table, and 80 messages more."""
    fill_every_table(library)
    fill(library, 80)
    library.close()
    return directory / "library.db"


def opened(file: Path) -> Library:
    """Open a library that must be healthy."""
    library = Library.open(file.parent)
    assert library.report.set_aside is None
    assert library.is_whole()
    assert [*damaged_cells(library._db)] == []
    return library


def test_a_healthy_library_is_left_alone(filled: Path) -> None:
    before = filled.read_bytes()
    assert repair(filled.parent) is None
    assert filled.read_bytes() == before
    assert repair(filled.parent / "nowhere") is None


def test_a_library_without_its_first_page_is_read_page_by_page(filled: Path) -> None:
    library = Library.open(filled.parent)
    whole, messages = read_all(library), library.messages("c")
    request, table = library.request("a"), len(library.probabilities("a"))
    library.close()
    ruin(filled)
    ruined = filled.read_bytes()
    done = repair(filled.parent)
    assert done is not None
    assert done.before is not None
    assert done.before.read_bytes() == ruined
    library = opened(filled)
    assert read_all(library) == whole
    assert library.messages("c") == messages
    assert (library.request("a"), len(library.probabilities("a"))) == (request, table)
    assert library.setting("theme") == "dark"
    assert library.sweeps.request("s1", 0) is not None
    library.close()


@pytest.mark.parametrize("seed", range(5))
def test_a_ruined_page_costs_its_rows_alone(filled: Path, seed: int) -> None:
    leaves = pages_of(filled, "messages")
    ruin(filled, random.Random(seed).choice(leaves) * 4096)
    done = repair(filled.parent)
    assert done is not None
    assert done.damaged == ("messages",)
    library = opened(filled)
    kept = len(library.messages("c"))
    # Seven messages of this length fill a page.
    assert 82 - 30 <= kept < 82 + 1
    library.add_message("c", question("more", name="more"), updated=9.0)
    library.close()


def test_messages_without_their_conversation_are_kept(filled: Path) -> None:
    for page in pages_of(filled, "conversations"):
        ruin(filled, page * 4096)
    repair(filled.parent)
    library = opened(filled)
    found = library.conversations()
    assert {kept.title for kept in found} == {"Recovered"}
    assert sorted(len(library.messages(kept.id)) for kept in found) == [1, 83]
    library.close()


def test_damaged_cells_are_listed_and_mended(filled: Path) -> None:
    damage(filled, "messages", "text", "CAST(x'61ff' AS TEXT)")
    damage(filled, "conversations", "created", "'yesterday'")
    damage(filled, "settings", "value", "'{\"half'")
    db = Database.open_to_write(filled)
    assert [*damaged_cells(db)] == [
        "settings 1, value",
        "conversations 1, created",
        "messages 1, text",
    ]
    db.close()
    done = repair(filled.parent)
    assert done is not None
    assert (done.cells, done.damaged) == (3, ())


def test_what_was_set_aside_is_added(library: Library, directory: Path) -> None:
    fill_every_table(library)
    back_up(directory)
    library.add_message("c", question("later", name="later", parent="q"), updated=9.0)
    library.add_conversation(Conversation("new", "New", 9.0, 9.0))
    library.add_message("new", question("also", name="also"), updated=9.0)
    library.close()
    ruin(directory / "library.db")
    again = Library.open(directory)
    assert again.report.restored_from is not None
    again.add_conversation(Conversation("since", "Since", 10.0, 10.0))
    with pytest.raises(LibraryBusy, match="Close Loquat"):
        repair(directory)
    again.close()
    done = repair(directory)
    assert done is not None
    assert done.aside == 1
    library = opened(directory / "library.db")
    assert {one.id for one in library.conversations()} == {"c", "other", "new", "since"}
    assert [one.id for one in library.messages("c")] == ["q", "a", "b", "later"]
    assert library.conversation("c").current == "later"
    assert [one.text for one in library.messages("new")] == ["also"]
    assert len(library.sweeps.of("c")) == 2
    library.close()
    assert repair(directory) is None


def test_pages_give_every_row_of_every_table(filled: Path) -> None:
    db = Database.open_to_write(filled)
    tables = {table for table, _column, _type in columns(filled)}
    rows = sum(db.value(f"SELECT count(*) FROM {table}") for table in tables)
    db.close()
    indexed = sum(number is None for number, _cells in rows_in_pages(filled))
    assert sum(1 for _row in rows_in_pages(filled)) >= rows
    assert indexed > 0


@pytest.mark.parametrize("version", [1, 3])
def test_an_old_library_keeps_its_version_until_it_is_opened(directory: Path, version: int) -> None:
    old_library(directory, version)
    damage(directory / "library.db", "messages", "text", "CAST(x'61ff' AS TEXT)")
    assert repair(directory) is not None
    library = opened(directory / "library.db")
    assert library.messages("c")[0].text == "a�"
    library.close()


def test_files_that_are_not_ours_are_left_alone(filled: Path) -> None:
    db = Database.open_to_write(filled)
    db.run("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(LibraryNewer):
        repair(filled.parent)
    db = Database.open_to_write(filled)
    db.run("PRAGMA application_id = 5")
    db.close()
    with pytest.raises(LibraryError, match="another program"):
        repair(filled.parent)
