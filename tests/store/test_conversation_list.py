"""The list of conversations in windows of rows, against the whole list read at once."""

import pytest

from app.domain.chat.conversation import Conversation
from app.store.library import Library

TITLES = ("Alpha", "beta", "Ärger", "100 %", "ALPHABET", "", "100_000", "日本語", "مرحبا")


@pytest.fixture
def many(library: Library) -> Library:
    """A library of 40 conversations of which some were updated at the same time."""
    for number in range(39):
        title = TITLES[number % len(TITLES)]
        library.add_conversation(Conversation(f"c{number}", title, 1.0, float(number // 3)))
    library.delete_conversation("c5")
    return library


def test_every_window_is_a_part_of_the_whole_list(many: Library) -> None:
    whole = [conversation.id for conversation in many.conversations()]
    total = len(whole)
    for row in range(total):
        for limit in (1, 7, 64):
            window = many.listing.entries(row, limit, total)
            assert [entry.id for entry in window] == whole[row : row + limit]
    assert many.listing.entries(total, 5, total) == []


def test_an_entry_knows_its_row(many: Library) -> None:
    for row, conversation in enumerate(many.conversations()):
        entry = many.listing.entry(conversation.id)
        assert entry is not None
        assert entry.title == conversation.title
        assert many.listing.row_of(entry) == row
    assert many.listing.entry("c5") is None
    assert many.listing.entry("missing") is None


def test_rows_are_counted_by_time(many: Library) -> None:
    times = [conversation.updated for conversation in many.conversations()]
    assert many.listing.count(4.0) == sum(time >= 4 for time in times)
    assert many.listing.count(4.0, 6.0) == sum(4 <= time < 6 for time in times)
    assert many.listing.latest_before(4.0) == 3.0
    assert many.listing.latest_before(0.0) is None


def instructions(library: Library, count: int) -> int:
    """How many instructions SQLite runs to read a first window, an entry and a deletion."""
    with library._db.transaction():
        for number in range(count):
            library.add_conversation(Conversation(f"n{number}", "Title", 1.0, 10.0 + number))
    ran = 0

    def count_one() -> bool:
        nonlocal ran
        ran += 1
        return False

    library._db._connection.set_progress_handler(count_one, 1)
    library.listing.entries(0, 64, count)
    library.listing.entry("n7")
    library.delete_conversation("n7")
    library._db._connection.set_progress_handler(None)
    return ran


def test_reading_a_window_costs_the_same_however_long_the_list_is() -> None:
    few, many = Library.in_memory(), Library.in_memory()
    assert instructions(few, 100) == instructions(many, 3000)
