"""The way to the internet is a choice of the person's, and kept."""

import asyncio

from app.domain.providers.proxies import NONE, SYSTEM
from app.services.program.core import Core
from tests.api.http.exchanges import ask, wires
from tests.servers import chat, keep_alive, serving


async def test_the_choice_is_kept(core: Core) -> None:
    assert core.settings.proxy == SYSTEM
    assert core.use_proxy("proxy.example:3128") == "http://proxy.example:3128"
    assert core.settings.proxy == "http://proxy.example:3128"


async def test_another_choice_closes_the_former_way(core: Core) -> None:
    before = wires()
    with serving(keep_alive(chat("a"))) as proxy:
        core.use_proxy(proxy.url)
        url = "http://loquat-test.invalid/v1"
        assert (await ask(url, client=core.client, close=False)).text == "a"
        (wire,) = wires() - before
        core.use_proxy(NONE)
        await asyncio.to_thread(wire.join, 20)
        assert not wire.is_alive()
