"""What tests of talking say again and again: a provider at an address, news waited for."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec

from app.domain.chat.conversation import Message
from app.domain.providers.providers import Provider, ProviderKind
from app.services.chat.conversations import OpenConversation
from app.services.observers import Observers
from app.services.program.core import Core
from tests.servers import Connection, Server, chunk

Facts = ParamSpec("Facts")

#: Seconds after which a test is stuck; nothing is measured by it.
PATIENCE = 10


def provider_at(
    core: Core, url: str, kind: ProviderKind = ProviderKind.OPENAI_COMPATIBLE
) -> Provider:
    """Add a provider at an address."""
    return core.providers.put(
        Provider(id=f"at {url}", name=f"at {url}", kind=kind, base_url=url, model="m")
    )


def conversation_at(core: Core, server: Server) -> OpenConversation:
    """A new conversation with a scripted server."""
    provider = provider_at(core, server.url)
    return core.conversations.create(provider=provider.id, model="m")


async def ask(core: Core, held: OpenConversation, text: str = "Well?") -> Message:
    """Send a text and wait for the answer's final form."""
    await asyncio.wait_for(core.chat.send(held, text), PATIENCE)
    return held.path()[-1]


def next_time(news: Observers[Facts]) -> asyncio.Future[None]:
    """A future of the next time that something is told."""
    told = asyncio.get_running_loop().create_future()

    def take(*_facts: Facts.args, **_named: Facts.kwargs) -> None:
        news.disconnect(take)
        if not told.done():
            told.set_result(None)

    news.connect(take)
    return told


async def text_so_far(core: Core, held: OpenConversation, wanted: str) -> None:
    """Wait until the streaming reply is this text."""
    async with asyncio.timeout(PATIENCE):
        while held.reply is None or held.reply.text != wanted:
            await next_time(core.chat.grew)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until a condition holds."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError("it never came about")
        await asyncio.sleep(0.005)


def says_then_stalls(connection: Connection) -> None:
    """Begin an answer and never go on."""
    connection.head()
    connection.send(chunk("So far"))
    connection.stall()
