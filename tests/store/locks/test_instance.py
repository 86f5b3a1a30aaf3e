"""One window a data directory."""

from pathlib import Path

from app.store.locks.instance import WindowLock
from tests.store.programs import READ_ONLY, on_a_disk, running

HOLDS = """
from app.store.locks.instance import WindowLock
lock = WindowLock.acquire(directory)
print(lock is not None, flush=True)
sys.stdin.readline()
"""


def test_a_second_window_does_not_get_the_lock(directory: Path) -> None:
    first = WindowLock.acquire(directory)
    assert first is not None
    assert WindowLock.acquire(directory) is None
    first.release()
    first.release()
    second = WindowLock.acquire(directory)
    assert second is not None
    second.release()


def test_a_killed_window_gives_the_lock_back(directory: Path) -> None:
    with running(HOLDS, directory) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        assert WindowLock.acquire(directory) is None
        process.kill()
        process.wait()
        lock = WindowLock.acquire(directory)
        assert lock is not None
        lock.release()


def test_a_read_only_disk_still_has_one_window_where_the_lock_file_is_there(
    directory: Path,
) -> None:
    lock = WindowLock.acquire(directory)
    assert lock is not None
    lock.release()
    code = """
from app.store.locks.instance import WindowLock
locks = WindowLock.acquire(directory), WindowLock.acquire(directory)
print(*[lock is not None for lock in locks])
"""
    assert on_a_disk(READ_ONLY, code, directory) == "True False\n"


def test_a_window_opens_where_nothing_can_be_written(directory: Path) -> None:
    directory.mkdir()
    code = HOLDS.replace("sys.stdin.readline()", "lock.release()")
    assert on_a_disk(READ_ONLY, code, directory) == "True\n"
