"""After a power cut at any point the library opens, with all that was acknowledged as durable.

The suite tries each point with one of the ways in which unflushed bytes can be lost. With
LOQUAT_POWER_CUTS=5 in the environment each point is tried with all of them, five times.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from app.domain.chat.conversation import Conversation, Status
from app.store.backups import back_up, copies
from app.store.damage.read_check import is_sound
from app.store.library import Library
from app.store.paths import Paths
from tests.store.recorded_disk import Disk, Event, Left, recording
from tests.store.test_schema import old_library
from tests.store.values import REQUEST, URL, answer, question

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/fd")

ROUNDS = int(os.environ.get("LOQUAT_POWER_CUTS", "0"))
WAYS = (Left.NOTHING, Left.SECTORS, Left.ZEROS, Left.ALL)
#: The texts of a library by conversation, and its setting `s`.
State = tuple[tuple[str, str, tuple[str, ...]], ...]
#: State of a new library. One is made where opening had not ended.
NEW: State = (("setting", "None", ()),)


def state_of(library: Library) -> State:
    """Return the parts of a library that the steps of these tests change."""
    state = [
        (one.id, one.title, tuple(message.text for message in library.messages(one.id)))
        for one in sorted(library.conversations(), key=lambda one: one.id)
    ]
    return (*state, ("setting", str(library.setting("s")), ()))


@dataclass
class Run:
    """A recorded run: its events, and the library's state after each step that was acknowledged."""

    events: list[Event]
    states: list[State] = field(default_factory=lambda: [NEW])

    def acknowledge(self, library: Library, *, durable: bool) -> None:
        """Note that a step returned to its caller."""
        self.states.append(state_of(library))
        self.events.append(Event("durable" if durable else "done", offset=len(self.states) - 1))


def converse(run: Run, directory: Path) -> None:
    """Do everything that changes a library."""
    library = Library.open(directory)
    run.acknowledge(library, durable=False)
    done = answer("Half and half, whole", Status.COMPLETE, name="a1")
    chat = Conversation("chat", "", 1.0, 1.0)
    steps: list[tuple[bool, Callable[[], object]]] = [
        (False, lambda: library.add_conversation(chat)),
        (True, lambda: library.add_message("chat", question("Why?", name="q1"), updated=2.0)),
        (
            True,
            lambda: library.begin_answer("chat", answer(name="a1", parent="q1"), REQUEST, url=URL),
        ),
        (False, lambda: library.append_to_answer("a1", "Half ", "")),
        (False, lambda: library.append_to_answer("a1", "and half, ", "thought")),
        (True, lambda: library.finish_answer(done, [], updated=3.0)),
        (False, lambda: library.update_conversation(replace(chat, title="Renamed"))),
        (True, lambda: library.delete_messages(["a1"], "q1")),
        (True, lambda: library.restore_messages(["a1"], "a1")),
        (False, lambda: library.put_setting("s", "x" * 9000)),
        (False, lambda: back_up(directory)),
        (False, lambda: library.add_conversation(Conversation("gone", "Gone", 1.0, 1.0))),
        (True, lambda: library.add_message("gone", question("Bye", name="q2"), updated=2.0)),
        (False, lambda: library.delete_conversation("gone")),
        (False, lambda: library.trash.mark(1.0)),
        (False, lambda: library.trash.empty(9e9)),
        (True, lambda: library.add_message("chat", question("More", name="q3"), updated=4.0)),
    ]
    for durable, step in steps:
        step()
        run.acknowledge(library, durable=durable)
    last = state_of(library)
    library.close()
    run.states.append(last)
    # The last close copies the log into the file.
    run.events.append(Event("done", offset=len(run.states) - 1))


def migrate(run: Run, directory: Path) -> None:
    """Bring an old library to the present version, and add to it."""
    library = Library.open(directory)
    run.states[0] = state_of(library)
    run.acknowledge(library, durable=False)
    library.add_message("c", question("New", name="new"), updated=9.0)
    run.acknowledge(library, durable=True)
    library.close()


def cuts(events: list[Event], start: dict[str, bytes]) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Yield the files after a power cut at each point, by number of events before it."""
    seen = set()
    for round_ in range(max(1, ROUNDS)):
        disk = Disk(start)
        for number in range(len(events) + 1):
            ways = WAYS if ROUNDS else (WAYS[number % len(WAYS)],)
            for way in ways:
                files = disk.after_power_cut(way, Random(f"{round_} {number}"))
                mark = sha256(repr((sorted(files.items()), _certain(events, number))).encode())
                if mark.digest() not in seen:
                    seen.add(mark.digest())
                    yield number, files
            if number < len(events):
                disk.apply(events[number])


def _certain(events: list[Event], number: int) -> int:
    """Return the number of the last state that was durable before an event."""
    return max((one.offset for one in events[:number] if one.kind == "durable"), default=0)


def check(run: Run, number: int, directory: Path) -> None:
    """Open the library after a power cut; raises AssertionError for anything that is lost."""
    paths = Paths(directory)
    assert all(is_sound(copy) for copy in copies(paths)), number
    library = Library.open(directory)
    try:
        assert library.report.set_aside is None, (number, run.events[max(0, number - 3) : number])
        assert not library.report.read_only, number
        assert library.is_whole(), number
        assert state_of(library) in [*_possible(run, number)], (number, state_of(library))
        library.put_setting("writable", True)
    finally:
        library.close()


def _possible(run: Run, number: int) -> Iterator[State]:
    begun = max((one.offset for one in run.events[:number] if not one.path), default=0) + 2
    yield from run.states[_certain(run.events, number) : begun]


@pytest.mark.parametrize("scenario", [converse, migrate])
def test_a_power_cut_loses_nothing_that_was_durable(
    tmp_path: Path, scenario: Callable[[Run, Path], None]
) -> None:
    directory = tmp_path / "data"
    start = {}
    if scenario is migrate:
        old_library(directory, 3)
        start = {str(path): path.read_bytes() for path in directory.glob("library.db")}
    with recording() as events:
        run = Run(events)
        scenario(run, directory)
    tried = 0
    for number, files in cuts(run.events, start):
        after = tmp_path / f"cut-{tried}"
        after.mkdir()
        made = [Path(one.path) for one in run.events[:number] if one.kind == "folder"]
        if directory / "backups" in made:
            (after / "backups").mkdir()
        for path, content in files.items():
            (after / Path(path).relative_to(directory)).write_bytes(content)
        # The checks are recorded, too, since a recorded disk is not flushed: ten times as fast.
        with recording():
            check(run, number, after)
        tried += 1
    assert tried > 40
