"""A real library on the disk for every test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation
from app.store.library import Library


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A data directory that doesn't exist yet."""
    return tmp_path / "data"


@pytest.fixture
def library(directory: Path) -> Iterator[Library]:
    """A new library with one conversation, `c`."""
    library = Library.open(directory)
    library.add_conversation(Conversation("c", "Title", 1.0, 1.0))
    yield library
    library.close()
