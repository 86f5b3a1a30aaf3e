"""The library is kept in order beside everything else, and never at its cost."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from app.domain.errors import NotFoundError
from app.services.chat.trash import TRASH_SECONDS
from app.services.program import maintenance as upkeep
from app.services.program.core import Core
from app.services.program.maintenance import maintain
from app.store.backups import DAY_SECONDS
from app.store.library import Library

PATIENCE = 10


def copies(directory: Path) -> list[Path]:
    """The copies that are whole."""
    return [*(directory / "backups").glob("library-daily-*.db")]


def trashed(core: Core, ago: float) -> str:
    """Make a conversation that was deleted so many seconds of use ago; return its id."""
    held = core.conversations.create(provider="embedded", model="m", title="To be forgotten")
    core.conversations.delete(held.id)
    other = apsw.Connection(str(core.directory / "library.db"))
    other.execute("UPDATE conversations SET trash_age = ? WHERE id = ?", (-ago, held.id))
    other.close()
    return held.id


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "it never came about"
        await asyncio.sleep(0.001)


async def some_copies(directory: Path, count: int) -> list[Path]:
    """Wait until there are so many copies."""
    await until(lambda: len(copies(directory)) >= count)
    return copies(directory)


async def test_the_trash_is_emptied_and_then_copied(core: Core) -> None:
    old, young = trashed(core, TRASH_SECONDS + 60), trashed(core, 60)
    core.tasks.spawn(core.upkeep(), "upkeep")
    (copy,) = await some_copies(core.directory, 1)
    with apsw.Connection(str(copy)) as opened:
        assert opened.execute("SELECT id FROM conversations").get == young
    opened.close()
    core.conversations.restore(young)
    with pytest.raises(NotFoundError):
        core.conversations.restore(old)


async def test_a_window_open_for_days_makes_a_copy_each_day(core: Core) -> None:
    core.tasks.spawn(maintain(core.directory, core.trash, every=0.01), "upkeep")
    (copy,) = await some_copies(core.directory, 1)
    await asyncio.sleep(0.1)
    assert copies(core.directory) == [copy]
    yesterday = time.time() - DAY_SECONDS - 1
    os.utime(copy, (yesterday, yesterday))
    assert len(await some_copies(core.directory, 2)) == 2


async def test_what_can_not_be_done_is_logged_and_tried_again(
    core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    backups = core.directory / "backups"
    backups.rmdir()
    backups.touch()
    core.tasks.spawn(maintain(core.directory, core.trash, every=0.01), "upkeep")
    await until(lambda: "copy was not made" in caplog.text)
    backups.unlink()
    assert await some_copies(core.directory, 1)


async def test_closing_stops_a_copy(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def copy_until(_directory: Path, stop: Callable[[], bool]) -> None:
        begun.set()
        while not stop():
            time.sleep(0.001)

    # The real one may end by itself before anybody can stop it.
    monkeypatch.setattr(upkeep, "back_up", copy_until)
    core.tasks.spawn(core.upkeep(), "upkeep")
    await until(begun.is_set)
    await asyncio.wait_for(core.tasks.close(within=PATIENCE), PATIENCE / 2)


async def test_the_library_is_closed_after_its_copy_so_that_one_file_is_left(core: Core) -> None:
    other = apsw.Connection(str(core.directory / "library.db"))
    other.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000)"
        "INSERT INTO settings SELECT 'name ' || i, 'value' FROM n"
    )
    other.close()
    core.tasks.spawn(core.upkeep(), "upkeep")
    await until(lambda: any((core.directory / "backups").glob("*.partial")))
    await core.close()
    assert not [*(core.directory / "backups").glob("*.partial")]
    assert not (core.directory / "library.db-wal").exists()


async def test_a_library_that_is_only_read_is_left_alone(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    core = Core(tmp_path, library=Library.open_to_read(tmp_path))
    await asyncio.wait_for(core.upkeep(), PATIENCE)
    assert copies(tmp_path) == []
    await core.close()
