"""Stored providers.

A library starts without rows of providers: until the first one is changed, the starting providers
of the domain stand for them. So a new library is opened without reading the domain's tables, for
which the first frame would wait.
"""

from app.domain.providers.providers import STARTING_PROVIDERS, Provider, ProviderKind
from app.domain.text.surrogates import mend
from app.store.cells import as_text
from app.store.database import Database

_KINDS = {kind.value: kind for kind in ProviderKind}


def providers(db: Database) -> list[Provider]:
    """Return all providers, in the order in which they were added."""
    stored = [
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
    return stored or list(STARTING_PROVIDERS)


def put_provider(db: Database, provider: Provider) -> None:
    """Add a provider, or change the provider with the same id."""
    with db.transaction():
        _put_starting_providers(db)
        _put(db, provider)


def remove_provider(db: Database, provider_id: str) -> None:
    """Delete a provider. A missing provider is no error."""
    with db.transaction():
        _put_starting_providers(db)
        db.run("DELETE FROM providers WHERE id = ?", (provider_id,))


def _put_starting_providers(db: Database) -> None:
    if not db.value("SELECT count(*) FROM providers"):
        for provider in STARTING_PROVIDERS:
            _put(db, provider)


def _put(db: Database, provider: Provider) -> None:
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
