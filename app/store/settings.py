"""Stored settings: JSON values by name."""

from collections.abc import Mapping
from typing import Any

from app.store.cells import as_text, from_json, to_json
from app.store.database import Database


class StoredSettings:
    """The table of settings. Its methods raise LibraryError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def setting(self, name: str) -> Any:
        """Return the JSON value that is kept under a name; None if there is none."""
        cell = self._db.value("SELECT value FROM settings WHERE name = ?", (name,))
        return None if cell is None else from_json(cell, None)

    def settings_named(self, beginning: str) -> dict[str, Any]:
        """Return the values by name for all names that begin with `beginning`."""
        rows = self._db.rows(
            "SELECT name, value FROM settings WHERE substr(name, 1, ?) = ?",
            (len(beginning), beginning),
        )
        return {as_text(name): from_json(cell, None) for name, cell in rows}

    def put_setting(self, name: str, value: Any) -> None:
        """Store a JSON value under a name; None deletes what is there."""
        if value is None:
            self._db.run("DELETE FROM settings WHERE name = ?", (name,))
            return
        self._db.run(
            """
            INSERT INTO settings (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            (name, to_json(value)),
        )

    def put_settings(self, values: Mapping[str, Any], *, durable: bool) -> None:
        """Store JSON values by name, all or none; None deletes what is there. Durable values
        survive a power cut."""
        with self._db.transaction(durable=durable):
            for name, value in values.items():
                self.put_setting(name, value)
