"""The models of each provider as they were listed last, so that they can be chosen offline."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from app.domain.providers.models import Model
from app.store.database import Database


def catalogue(db: Database, provider_id: str) -> tuple[float, list[Model]]:
    """When a provider's models were listed, in seconds since 1970, and which; 0 for never."""
    row = db.row("SELECT fetched, models FROM catalogues WHERE provider = ?", (provider_id,))
    if row is None:
        return 0.0, []
    decode, failure = _decoder()
    try:
        models: list[Model] = decode(row[1])
    except failure:
        # It is fetched again.
        return 0.0, []
    return row[0], models


def put_catalogue(db: Database, provider_id: str, fetched: float, models: Sequence[Model]) -> None:
    """Keep a provider's list in the place of the one before."""
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
    """Forget a provider's list."""
    db.run("DELETE FROM catalogues WHERE provider = ?", (provider_id,))


@cache
def _decoder() -> tuple[Any, type[Exception]]:
    # Late: the first frame shows no model, and the import takes 20 ms.
    import msgspec

    return msgspec.json.Decoder(list[Model]).decode, msgspec.MsgspecError
