"""The diagnosis answers even where nothing works."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.services.program.diagnosis import diagnose


def ignore(_words: str) -> None:
    """Progress that nobody looks at."""


async def test_a_foreign_file_in_the_librarys_place_is_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "library.db")) as database:
        database.execute("CREATE TABLE theirs (it)")
        database.execute("PRAGMA application_id = 1")
    found = await diagnose(tmp_path, ignore)
    assert not found.ok
    assert "another program" in found.checks["library"].words
    assert "engine" not in found.checks
    assert found.checks["keyring"].words
    assert found.paths["library"] == str(tmp_path / "library.db")
    assert found.versions["Loquat"]


@pytest.mark.engine
async def test_a_whole_program_is_found_whole(tmp_path: Path) -> None:
    found = await diagnose(tmp_path, ignore)
    assert found.ok
    assert list(found.checks) == ["keyring", "input_method", "library", "engine"]


async def test_a_missing_model_is_found(tmp_path: Path) -> None:
    from app.store.library import Library

    library = Library.open(tmp_path)
    library.put_setting("engine_model", str(tmp_path / "none.gguf"))
    library.close()
    found = await diagnose(tmp_path, ignore)
    assert found.checks["library"].ok
    assert not found.checks["engine"].ok
    assert "none.gguf" in found.checks["engine"].words
