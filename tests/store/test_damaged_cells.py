"""A damaged cell, of any column, costs that cell: everything else is read and written."""

from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation
from app.store.database import Database
from app.store.library import Library
from tests.store.damage import columns, damage, fill_every_table, read_all

#: Cells by kind of damage: a bad byte, a text, a number and bytes in columns of other types.
CELLS = {
    "bad byte": "CAST(x'5b2261ff62' AS TEXT)",
    "text": "'{\"no JSON'",
    "number": "7.5",
    "bytes": "x'ff0041'",
}
#: Things that are gone if a cell that says where they belong is damaged.
BELONGINGS = {
    ("conversations", "id"),
    ("conversations", "trashed"),
    ("messages", "conversation"),
    ("messages", "trashed"),
    ("sweeps", "id"),
    ("sweeps", "conversation"),
    ("sweeps", "trashed"),
    ("cells", "sweep"),
}
ALLOWED: list[dict[str, int]] = [{}, {"sweeps": 1, "cells": 1}, {"cells": 1}, {"settings": 1}]


@pytest.fixture
def filled(library: Library, directory: Path) -> Path:
    """The file of a closed library with a row in every table."""
    fill_every_table(library)
    library.close()
    return directory / "library.db"


def restored(file: Path, before: dict[str, bytes]) -> None:
    for path in file.parent.glob("library*"):
        path.unlink()
    for name, content in before.items():
        (file.parent / name).write_bytes(content)


@pytest.mark.parametrize("kind", CELLS)
def test_a_damaged_cell_of_any_column_costs_that_cell(filled: Path, kind: str) -> None:
    library = Library.open(filled.parent)
    whole = read_all(library)
    library.close()
    before = {path.name: path.read_bytes() for path in filled.parent.glob("library*")}
    for table, column, type_ in columns(filled):
        restored(filled, before)
        if type_ == "INTEGER" and kind == "bad byte":
            continue
        damage(filled, table, column, CELLS[kind])
        library = Library.open(filled.parent)
        assert library.report.set_aside is None, (table, column)
        found = read_all(library)
        if (table, column) not in BELONGINGS:
            lost = {name: whole[name] - found[name] for name in whole if whole[name] != found[name]}
            # A sweep without a readable plan, a cell without its answer and a setting without
            # its name are nothing.
            assert lost in ALLOWED, (table, column)
        library.add_conversation(Conversation("new", "", 1.0, 1.0))
        library.put_setting("theme", "light")
        assert library.setting("theme") == "light"
        library.close()


def test_a_query_is_read_with_replacement_in_its_order() -> None:
    db = Database.new_in_memory()
    db.run("CREATE TABLE t (n INTEGER, s TEXT, b BLOB)")
    for number in (2, 3, 1):
        db.run("INSERT INTO t VALUES (?, CAST(? AS TEXT), ?)", (number, b"a\xffb", b"\xff"))
    db.run("INSERT INTO t VALUES (4, 'good', NULL)")
    assert db.rows("SELECT n, s, b FROM t WHERE n > :least ORDER BY n DESC", {"least": 1}) == [
        (4, "good", None),
        (3, "a�b", b"\xff"),
        (2, "a�b", b"\xff"),
    ]
    assert db.value("SELECT s FROM t WHERE n = ?", (1,)) == "a�b"
    db.close()
