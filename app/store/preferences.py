"""Stored providers and settings."""

from collections.abc import Mapping
from typing import Any

from app.domain.providers.providers import Provider, ProviderKind
from app.domain.text.surrogates import mend
from app.store.cells import as_text, from_json, to_json
from app.store.database import Database

_KINDS = {kind.value: kind for kind in ProviderKind}


def providers(db: Database) -> list[Provider]:
    """Return all providers, in the order in which they were added."""
    return [
        Provider(
            as_text(id_),
            as_text(name),
            _KINDS.get(kind, ProviderKind.OPENAI_COMPATIBLE),
            as_text(base_url),
            as_text(model),
        )
        for id_, name, kind, base_url, model in db.rows(
            "SELECT id, name, kind, base_url, model FROM providers ORDER BY position"
        )
    ]


def put_provider(db: Database, provider: Provider) -> None:
    """Add a provider, or change the provider with the same id."""
    db.run(
        """
        INSERT INTO providers (id, name, kind, base_url, model) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, kind = excluded.kind,
            base_url = excluded.base_url, model = excluded.model
        """,
        (
            provider.id,
            mend(provider.name),
            provider.kind.value,
            mend(provider.base_url),
            mend(provider.model),
        ),
    )


def remove_provider(db: Database, provider_id: str) -> None:
    """Delete a provider. A missing provider is no error."""
    db.run("DELETE FROM providers WHERE id = ?", (provider_id,))


def setting(db: Database, name: str) -> Any:
    """Return the JSON value that is kept under a name; None if there is none."""
    cell = db.value("SELECT value FROM settings WHERE name = ?", (name,))
    return None if cell is None else from_json(cell, None)


def settings_named(db: Database, beginning: str) -> dict[str, Any]:
    """Return the values by name for all names that begin with `beginning`."""
    rows = db.rows(
        "SELECT name, value FROM settings WHERE substr(name, 1, ?) = ?", (len(beginning), beginning)
    )
    return {as_text(name): from_json(cell, None) for name, cell in rows}


def put_setting(db: Database, name: str, value: Any) -> None:
    """Store a JSON value under a name; None deletes what is there."""
    if value is None:
        db.run("DELETE FROM settings WHERE name = ?", (name,))
        return
    db.run(
        """
        INSERT INTO settings (name, value) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """,
        (name, to_json(value)),
    )


def put_settings(db: Database, values: Mapping[str, Any], *, durable: bool) -> None:
    """Store JSON values by name, all or none; None deletes what is there. Durable values survive a
    power cut."""
    with db.transaction(durable=durable):
        for name, value in values.items():
            put_setting(db, name, value)
