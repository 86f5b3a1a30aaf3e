"""The person's presets: a small table that is read whole."""

from app.domain.parameters.presets import Preset, accepted_values
from app.domain.text.surrogates import mend
from app.store.cells import from_json, to_json
from app.store.database import Database


def presets(db: Database) -> list[Preset]:
    """Every preset of the person's, in the order in which they were made; a damaged value of
    one costs only itself."""
    found = []
    for id_, name, about, cell in db.rows(
        "SELECT id, name, about, parameters FROM presets ORDER BY position"
    ):
        values = from_json(cell, {})
        good, _wrong = accepted_values(values) if isinstance(values, dict) else ({}, [])
        found.append(Preset(id_, name, about, good))
    return found


def put_preset(db: Database, preset: Preset) -> None:
    """Add a preset, or change the one with its id."""
    db.run(
        """
        INSERT INTO presets (id, name, about, parameters) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, about = excluded.about, parameters = excluded.parameters
        """,
        (preset.id, mend(preset.name), mend(preset.about), to_json(dict(preset.parameters))),
    )


def remove_preset(db: Database, preset_id: str) -> None:
    """Forget a preset; one that isn't there is gone already."""
    db.run("DELETE FROM presets WHERE id = ?", (preset_id,))
