"""A library with a row in every table, single damaged cells in it, and a walk over all of it."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw

from app.domain.chat.conversation import Conversation, Status
from app.domain.errors import InputError
from app.domain.events import Candidate, TokenProbabilities
from app.domain.parameters.presets import Preset
from app.domain.providers.models import Model
from app.domain.sweep.plan import Plan
from app.domain.tokens.token_table import TokenTable
from app.store.library import Library
from app.store.sweeps import KeptCell, KeptSweep
from tests.store.values import REQUEST, URL, answer, question

TOKEN = TokenProbabilities(Candidate("token", -1.25, b"token", 1234), ())


def fill_every_table(library: Library) -> None:
    """Add a row of every kind to a library, with the conversations `c`, unless it has that, and
    `other`."""
    if not library.conversations():
        library.add_conversation(Conversation("c", "Title", 1.0, 1.0))
    library.add_conversation(Conversation("other", "Other", 1.0, 1.0))
    library.add_message("other", question(name="o"), updated=2.0)
    library.add_message("c", question(), updated=2.0)
    done = answer("Because.", Status.COMPLETE)
    library.add_answer("c", done, [TOKEN], request=(URL, REQUEST), updated=3.0)
    library.put_setting("theme", "dark")
    library.put_setting("draft ", "unsent")
    library.put_catalogue("openrouter", 1.0, [Model("m", "Model")])
    for preset_id in ("p1", "p2"):
        library.put_preset(Preset(preset_id, "Name", "about", {"temperature": 0.5}))
    for sweep_id in ("s1", "s2"):
        library.sweeps.add(KeptSweep(sweep_id, "c", 1.0, Plan("q", "openrouter", "m")))
        cell = KeptCell(0, answer("Cell", Status.COMPLETE), (URL, REQUEST), -1.0)
        library.sweeps.finish_cells(sweep_id, [(cell, TokenTable.of([TOKEN]))])
        library.sweeps.release(sweep_id)
    library.begin_answer("c", answer(name="b", parent="a"), REQUEST, url=URL)
    library.append_to_answer("b", "Half", "thought")


def columns(file: Path) -> list[tuple[str, str, str]]:
    """Return table, column and type of every column except the row numbers."""
    with apsw.Connection(str(file)) as connection:
        found: list[Any] = connection.execute(
            """
            SELECT t.name, c.name, c.type
            FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
            WHERE NOT (c.pk AND c.type = 'INTEGER')
            AND t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'
            """
        ).fetchall()
    connection.close()
    return found


def damage(file: Path, table: str, column: str, sql: str) -> None:
    """Set a column of a table's first row to an expression, past the checks of its type."""
    keys = {"settings": "name", "catalogues": "provider"}
    key = keys.get(table, "rowid")
    change = "UPDATE sqlite_schema SET sql ="
    changes = (
        f"{change} replace(sql, ') STRICT', ') /*$*/') WHERE name = '{table}'",
        f"UPDATE {table} SET {column} = {sql} WHERE {key} = (SELECT min({key}) FROM {table})",
        f"{change} replace(sql, '/*$*/', 'STRICT') WHERE name = '{table}'",
    )
    for statement in changes:
        connection = apsw.Connection(str(file))
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)
        connection.close()


def read_all(library: Library) -> dict[str, Any]:
    """Read everything that a library can give; its number of things of each kind."""
    found = library.conversations()
    messages = [one for kept in found for one in library.messages(kept.id)]
    for message in messages:
        library.request(message.id)
        library.request_head(message.id)
        library.probabilities(message.id)
    sweeps = [one for kept in found for one in library.sweeps.of(kept.id)]
    cells = 0
    for sweep in sweeps:
        cells += len(library.sweeps.cells(sweep.id))
        library.sweeps.request(sweep.id, 0)
        library.sweeps.probabilities(sweep.id, 0)
    with suppress(InputError):
        library.sweeps.get("s1")
    texts = [
        *(text for one in found for text in (one.id, one.title, one.provider, one.model)),
        *(text for one in messages for text in (one.id, one.text, one.reasoning, one.error)),
        *(one.name for one in library.providers()),
        *(one.name for one in library.presets()),
        *library.settings_named(""),
    ]
    assert all(isinstance(text, str) for text in texts)
    assert all(isinstance(one.updated + one.created, float) for one in found)
    for provider in library.providers():
        library.catalogue(provider.id)
    library.setting("theme")
    return {
        "conversations": len(found),
        "messages": len(messages),
        "sweeps": len(sweeps),
        "cells": cells,
        "providers": len(library.providers()),
        "presets": len(library.presets()),
        "settings": len(library.settings_named("")),
    }
