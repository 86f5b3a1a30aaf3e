"""Where the data lies, and who may read it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.backups import back_up
from app.store.library import Library
from app.store.locks.instance import WindowLock
from app.store.paths import data_directory, private_file


@pytest.fixture
def careless_umask() -> Iterator[None]:
    """A process that lets everybody read the files that it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_an_explicit_directory_comes_before_the_environment(tmp_path: Path) -> None:
    environment = {"LOQUAT_DATA_DIR": str(tmp_path / "named")}
    assert data_directory(tmp_path / "given", environment) == tmp_path / "given"
    assert data_directory(None, environment) == tmp_path / "named"


def test_without_either_it_is_the_systems_usual_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_directory(None, {}) == tmp_path / "loquat"


def test_nobody_else_may_read_anything(directory: Path, careless_umask: None) -> None:
    library = Library.open(directory)
    library.put_setting("name", "value")
    lock = WindowLock.acquire(directory)
    back_up(directory)
    made = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*")}
    assert {"library.db", "library.db-wal", "library.db-shm"} <= made.keys()
    modes = {name: stat.S_IMODE(path.stat().st_mode) for name, path in made.items()}
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {mode for name, mode in modes.items() if made[name].is_file()} == {0o600}
    assert {mode for name, mode in modes.items() if made[name].is_dir()} == {0o700}
    library.close()
    assert lock is not None
    lock.release()


def test_a_library_that_others_could_read_is_closed_to_them(
    library: Library, directory: Path
) -> None:
    library.close()
    (directory / "library.db").chmod(0o644)
    again = Library.open(directory)
    again.put_setting("name", "value")
    assert stat.S_IMODE((directory / "library.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((directory / "library.db-wal").stat().st_mode) == 0o600
    again.close()


def test_a_directory_that_exists_keeps_its_permissions(directory: Path) -> None:
    directory.mkdir(mode=0o755)
    Library.open(directory).close()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o755


def test_a_private_file_keeps_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("before")
    private_file(tmp_path / "log")
    assert (tmp_path / "log").read_text() == "before"


def test_a_directory_may_have_any_name(tmp_path: Path) -> None:
    directory = tmp_path / "a?b#c %20 ünïcode's"
    library = Library.open(directory)
    library.put_setting("name", "value")
    library.close()
    assert back_up(directory) is not None
    again = Library.open(directory)
    assert again.setting("name") == "value"
    again.close()
