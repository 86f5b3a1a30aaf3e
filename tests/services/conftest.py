"""A whole program without a face, on a library of its own and with no key from outside."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.services.program.core import Core


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENROUTER_API_KEY", "LOQUAT_API_KEY", "LOQUAT_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    # The keyring of whoever runs the tests is none of theirs.
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    """The services on a new library."""
    made = Core(tmp_path)
    yield made
    await made.close()
