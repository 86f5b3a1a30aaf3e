"""Opening of the library for the window's first frame, before the rest of the core is imported.

Apart from `Core`, whose imports (HTTP client, engine, keys) take longer than the first frame.
"""

from pathlib import Path

from app.services.library.settings import Settings
from app.store.library import Library


class StartupLibrary:
    """Opens the library, whose list the first frame shows, without importing httpx, asyncio or the
    engine, so that the first frame does not wait for them. `Core` takes over the library."""

    def __init__(self, directory: Path) -> None:
        """Open the library in `directory`. Raises LibraryError."""
        self.directory = directory
        self.library = Library.open(directory)
        self.settings = Settings(self.library)

    def close(self) -> None:
        """Close the library; a second call does nothing."""
        self.library.close()
