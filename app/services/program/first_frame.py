"""The library and the little that the first frame shows of it; the rest of the core comes later.

It stands apart from `Core`, whose imports (client, engine, keys) take longer than that frame.
"""

from pathlib import Path

from app.domain.chat.conversation import Conversation
from app.domain.errors import LibraryError
from app.services.chat.conversations import Conversations
from app.services.library.settings import Settings
from app.store.library import Library


class Beginning:
    """An open library, to be handed to `Core`."""

    def __init__(self, directory: Path) -> None:
        """Open the library in `directory`. Raises LibraryError."""
        self.directory = directory
        self.library = Library.open(directory)
        self.settings = Settings(self.library)

    def conversations(self) -> list[Conversation]:
        """The conversations by recency; none where they can't be read, which is said later."""
        try:
            return Conversations(self.library).all()
        except LibraryError:
            return []

    def close(self) -> None:
        """Close the library; twice is once."""
        self.library.close()
