"""Stored presets of parameters."""

from app.domain.parameters.presets import Preset, accepted_values
from app.domain.text.surrogates import mend
from app.store.cells import as_text, from_json, to_json
from app.store.database import Database


def presets(db: Database) -> list[Preset]:
    """Return the person's own presets, in the order in which they were made. Damaged values of a
    preset are left out."""
    found = []
    for id_, name, about, cell in db.rows(
        "SELECT id, name, about, parameters FROM presets ORDER BY position"
    ):
        values = from_json(cell, {})
        good, _wrong = accepted_values(values) if isinstance(values, dict) else ({}, [])
        found.append(Preset(as_text(id_), as_text(name), as_text(about), good))
    return found


def put_preset(db: Database, preset: Preset) -> None:
    """Add a preset, or change the preset with the same id."""
    db.run(
        """
        INSERT INTO presets (id, name, about, parameters) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, about = excluded.about, parameters = excluded.parameters
        """,
        (preset.id, mend(preset.name), mend(preset.about), to_json(dict(preset.parameters))),
    )


def remove_preset(db: Database, preset_id: str) -> None:
    """Delete a preset. A missing preset is no error."""
    db.run("DELETE FROM presets WHERE id = ?", (preset_id,))
