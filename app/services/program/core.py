"""The program without a user interface: builds every service once and connects them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from app.api.http.client import Client
from app.domain.providers.proxies import normal_proxy
from app.engine.engine import Engine
from app.services.chat.branching import Branching
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations
from app.services.chat.queue import MessageQueue
from app.services.chat.schema_verdicts import Verdicts
from app.services.chat.trash import Trash
from app.services.library.drafts import Drafts
from app.services.library.open_library import sentences
from app.services.library.presets import Presets
from app.services.library.reading_places import ReadingPlaces
from app.services.library.settings import Settings
from app.services.program.first_frame import StartupLibrary
from app.services.program.maintenance import maintain
from app.services.providers.providers import Providers
from app.services.providers.server_facts import ServerFacts
from app.services.providers.tokenizing import Tokenizing
from app.services.sweep.sweeps import Sweeping
from app.services.tasks import Tasks
from app.services.tools.commands import Commands
from app.services.tools.pending_calls import Tooling
from app.store.keys import Keys
from app.store.library import Library

#: Time limits in seconds for the three steps of closing: what streams is stored; background tasks
#: end; connections and the engine end. Together they leave the process time to end within 2 s.
STORING, CANCELLING, DISCONNECTING = 0.7, 0.2, 0.6

log = logging.getLogger(__name__)


class Core:
    """All services that the window and the command line share.

    Building it uses neither the network nor the keyring, and doesn't start the engine.
    """

    def __init__(
        self,
        directory: Path,
        report: Callable[[BaseException], None] | None = None,
        library: Library | None = None,
    ) -> None:
        """Open the library in `directory`, or use `library`, which `close` then closes.

        `report` is called with each exception that a background task didn't catch. Raises
        LibraryError.
        """
        self.directory = directory
        self.library = library or Library.open(directory)
        self.settings = Settings(self.library)
        self.drafts = Drafts(self.library)
        self.places = ReadingPlaces(self.library)
        self.tasks = Tasks(report)
        self.keys = Keys()
        self.engine = Engine(self.settings.engine_model)
        self.client = Client()
        self.client.use_proxy(self.settings.proxy)
        self.providers = Providers(self.library, self.keys, self.engine, self.settings, self.client)
        self.conversations = Conversations(self.library)
        self.trash = Trash(self.library, self.conversations)
        self.presets = Presets(self.library)
        self.chat = Chat(self.library, self.conversations, self.providers, self.client, self.tasks)
        self.branching = Branching(self.chat, self.providers)
        self.sweeping = Sweeping(
            self.library,
            self.conversations,
            self.settings,
            providers=self.providers,
            chat=self.chat,
            branching=self.branching,
            client=self.client,
            tasks=self.tasks,
        )
        self.lore = ServerFacts(self.providers, self.client)
        self.tokenizing = Tokenizing(self.providers, self.settings, self.client)
        self.tooling = Tooling(self.chat, self.conversations, Commands(self.settings), self.tasks)
        self.queue = MessageQueue(self.drafts, self.conversations, self.chat, self.providers)

    @classmethod
    def after(cls, beginning: StartupLibrary, report: Callable[[BaseException], None]) -> "Core":
        """Build the services on the library that the window's first frame was made of."""
        return cls(beginning.directory, report, Library(beginning.opened, beginning.paths))

    def watch(self) -> None:
        """Turn on the automatic work of the window: tool commands that may always run, and the
        validation of answers against their schema. The command line does neither."""
        if self.tooling.automatic:
            # Already on. A second Verdicts would validate each answer twice.
            return
        self.tooling.automatic = True
        Verdicts(self.chat, self.library, self.conversations, self.tasks)

    async def use_engine_model(self, path: Path | None) -> None:
        """Use another GGUF file from the next request on; None is the model that comes with Loquat.

        Ends a running engine. Raises LibraryError if the setting can't be stored.
        """
        await self.engine.choose(path)
        self.settings.engine_model = path

    def use_proxy(self, text: str) -> str:
        """Use another proxy from the next request on, and return its address in normal form.

        Answers that are streaming continue over the former connection. Raises AddressError,
        LibraryError.
        """
        proxy = normal_proxy(text)
        self.settings.proxy = proxy
        self.client.use_proxy(proxy)
        self.tasks.spawn(self.client.settle(), "proxy: close the former way")
        return proxy

    def notices(self) -> list[str]:
        """Return sentences about the opening of the library, such as a restored copy; not that it
        is read-only, which is a lasting state."""
        return sentences(replace(self.library.report, read_only=False))

    async def upkeep(self) -> None:
        """Empty the trash and back up the library, now and daily, until cancelled.

        Returns at once for a read-only library. Raises no LibraryError. Start it once.
        """
        if not self.library.report.read_only:
            await maintain(self.directory, self.trash)

    async def close(self) -> None:
        """Stop and store streaming answers, end the engine, close the library.

        This takes 1.5 seconds at most: what hangs is left to the end of the process.
        """
        try:
            await _at_most(STORING, self.chat.close(), self.sweeping.close())
            await self.tasks.close(CANCELLING)
            await _at_most(DISCONNECTING, self.client.aclose(), self.engine.close())
        finally:
            self.conversations.unsaved.close()
            self.library.close()


async def _at_most(seconds: float, *steps: Awaitable[None]) -> None:
    """Run steps together, and give up those that have not ended after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(*steps)
    except TimeoutError:
        log.warning("closing took longer than %s s", seconds)
