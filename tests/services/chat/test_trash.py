"""The trash is emptied after a month of use, whatever the wall clock says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation
from app.services.chat.conversations import Conversations
from app.services.chat.trash import TRASH_DAYS, Trash, UseClock
from app.store.library import Library
from tests.store.values import question

DAY = 24 * 3600.0
YEAR = 365 * DAY


class Machine:
    """A computer's two clocks, which a test sets."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.wall = 1.8e9
        self.uptime = 0.0

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.uptime += seconds

    def start(self) -> Trash:
        """Start the program, which looks after the trash at once."""
        clock = UseClock(self._library, lambda: self.wall, lambda: self.uptime)
        trash = Trash(self._library, Conversations(self._library), clock)
        trash.empty()
        return trash


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with a deleted conversation, and one with a deleted message."""
    made = Library.open(tmp_path)
    for name in ("gone", "kept"):
        made.add_conversation(Conversation(name, name, 1.0, 1.0))
    made.add_message("kept", question(), updated=1.0)
    made.delete_messages(["q"], None)
    made.delete_conversation("gone")
    yield made
    made.close()


def test_after_a_month_of_days_the_trash_is_empty(library: Library) -> None:
    machine = Machine(library)
    trash = machine.start()
    for _day in range(TRASH_DAYS):
        machine.pass_time(DAY)
        trash = machine.start()
    assert len(trash.items()) == 2
    machine.pass_time(DAY)
    assert machine.start().items() == []


def test_a_window_that_is_never_closed_empties_it_as_well(library: Library) -> None:
    machine = Machine(library)
    trash = machine.start()
    machine.pass_time((TRASH_DAYS + 1) * DAY)
    trash.empty()
    assert trash.items() == []


@pytest.mark.parametrize("days", [0, 29])
def test_a_clock_that_jumps_a_year_ahead_empties_nothing(library: Library, days: int) -> None:
    machine = Machine(library)
    trash = machine.start()
    for _day in range(days):
        machine.pass_time(DAY)
        trash = machine.start()
    machine.wall += YEAR
    trash.empty()
    trash = machine.start()
    assert len(trash.items()) == 2
    for _start in range(100):
        machine.pass_time(1.0)
        trash = machine.start()
    assert len(trash.items()) == 2


def test_a_clock_that_goes_to_and_fro_empties_nothing(library: Library) -> None:
    machine = Machine(library)
    true = machine.wall
    for _start in range(100):
        machine.wall = 0.0
        machine.start()
        machine.wall = true
        trash = machine.start()
    assert len(trash.items()) == 2


def test_a_restored_item_begins_its_month_anew(library: Library) -> None:
    machine = Machine(library)
    trash = machine.start()
    machine.pass_time(20 * DAY)
    trash.empty()
    for item in trash.items():
        trash.restore(item)
    library.delete_conversation("gone")
    machine.pass_time(20 * DAY)
    trash.empty()
    assert [item.id for item in trash.items()] == ["gone"]
