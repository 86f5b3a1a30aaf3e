"""The program without a face: builds every service once and hands them down."""

from collections.abc import Callable
from pathlib import Path

from app.api.http.client import Client
from app.domain.providers.proxies import normal_proxy
from app.engine.engine import Engine
from app.services.chat.branching import Branching
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations
from app.services.chat.schema_verdicts import Verdicts
from app.services.library.open_library import sentences
from app.services.library.presets import Presets
from app.services.library.settings import Settings
from app.services.program.maintenance import keep_up
from app.services.providers.providers import Providers
from app.services.providers.server_facts import ServerFacts
from app.services.providers.tokenizing import Tokenizing
from app.services.sweep.sweeps import Sweeping
from app.services.tasks import Tasks
from app.services.tools.commands import Commands
from app.services.tools.pending_calls import Tooling
from app.store.keys import Keys
from app.store.library import Library


class Core:
    """Everything that the window and the command line share. Nothing here reaches the network,
    the keyring or the engine before it is asked to."""

    def __init__(
        self,
        directory: Path,
        report: Callable[[BaseException], None] | None = None,
        library: Library | None = None,
    ) -> None:
        """Open the library in `directory`, or take over another one. Raises LibraryError."""
        self.directory = directory
        self.library = library or Library.open(directory)
        self.settings = Settings(self.library)
        self.tasks = Tasks(report)
        self.keys = Keys()
        self.engine = Engine(self.settings.engine_model)
        self.client = Client()
        self.client.use_proxy(self.settings.proxy)
        self.providers = Providers(self.library, self.keys, self.engine, self.settings, self.client)
        self.conversations = Conversations(self.library)
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

    def watch(self) -> None:
        """Somebody is there to see it: let commands run that always may, and check answers
        against their form. Without it nothing is done that was not asked for."""
        if self.tooling.automatic:
            # Watched already: each answer is judged once.
            return
        self.tooling.automatic = True
        Verdicts(self.chat, self.library, self.conversations, self.tasks)

    async def use_engine_model(self, path: Path | None) -> None:
        """Run another GGUF file from the next question on; None is the program's own.

        Raises EngineMissing where it isn't one.
        """
        await self.engine.choose(path)
        self.settings.engine_model = path

    def use_proxy(self, text: str) -> str:
        """Reach the internet in another way from the next question on; return it in its normal
        form. Answers on their way go on. Raises AddressError, LibraryError."""
        proxy = normal_proxy(text)
        self.settings.proxy = proxy
        self.client.use_proxy(proxy)
        self.tasks.spawn(self.client.settle(), "proxy: close the former way")
        return proxy

    def notices(self) -> list[str]:
        """What the person should know of how the library was found, each a sentence."""
        return sentences(self.library.report)

    async def upkeep(self) -> None:
        """Empty the trash and copy the library, now and daily, until cancelled. Raises nothing
        of the library's: spawn it once, when everything else works."""
        if not self.library.report.read_only:
            await keep_up(self.directory, self.conversations)

    async def close(self) -> None:
        """Keep what is streaming, end the engine, close the library. Takes two seconds at most."""
        await self.chat.close()
        await self.sweeping.close()
        await self.tasks.close()
        await self.client.aclose()
        await self.engine.close()
        self.library.close()
