"""Opening of the library for the window's first frame, before the rest of the core is imported.

Apart from `Core`, whose imports (HTTP client, engine, keys, the whole domain) take longer than the
first frame.
"""

from pathlib import Path

from app.services.library.settings import Settings
from app.store.conversation_list import ConversationList
from app.store.opening import open_library
from app.store.paths import Paths
from app.store.schema import STEPS
from app.store.settings import StoredSettings


class StartupLibrary:
    """Opens the library and reads what the first frame shows: settings and the list.

    Afterwards a `Library` is made of `opened` and `paths`, which `Core` takes over.
    """

    def __init__(self, directory: Path) -> None:
        """Open the library in `directory`. Raises LibraryError."""
        self.directory = directory
        self.paths = Paths(directory)
        self.opened = open_library(self.paths, STEPS)
        self.settings = Settings(StoredSettings(self.opened.database))
        #: The list of conversations, read by rows.
        self.listing = ConversationList(self.opened.database)

    def close(self) -> None:
        """Close the library; a second call does nothing."""
        self.opened.close()
