"""The stored model list of each provider, so that models can be chosen offline."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from app.domain.providers.models import Model
from app.store.cells import as_number
from app.store.database import Database


def catalogue(db: Database, provider_id: str) -> tuple[float, list[Model]]:
    """Return the time of a provider's stored model list (seconds since 1970, 0 for never) and
    its models. A damaged list reads as none."""
    row = db.row("SELECT fetched, models FROM catalogues WHERE provider = ?", (provider_id,))
    if row is None:
        return 0.0, []
    decode, failure = _decoder()
    try:
        models: list[Model] = decode(row[1])
    except (failure, TypeError):
        # The list is fetched again.
        return 0.0, []
    return as_number(row[0]), models


def put_catalogue(db: Database, provider_id: str, fetched: float, models: Sequence[Model]) -> None:
    """Store a provider's model list, replacing the previous list."""
    import msgspec

    db.run(
        """
        INSERT INTO catalogues (provider, fetched, models) VALUES (?, ?, ?)
        ON CONFLICT (provider) DO UPDATE SET
            fetched = excluded.fetched, models = excluded.models
        """,
        (provider_id, fetched, msgspec.json.encode(list(models)).decode()),
    )


def remove_catalogue(db: Database, provider_id: str) -> None:
    """Delete a provider's model list."""
    db.run("DELETE FROM catalogues WHERE provider = ?", (provider_id,))


@cache
def _decoder() -> tuple[Any, type[Exception]]:
    # Imported late: the first frame shows no model, and importing msgspec takes 20 ms.
    import msgspec

    return msgspec.json.Decoder(list[Model]).decode, msgspec.MsgspecError
