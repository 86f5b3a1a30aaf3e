"""The way to the internet is a choice of the person's, and kept."""

from app.domain.proxies import SYSTEM
from app.services.core import Core


async def test_the_choice_is_kept(core: Core) -> None:
    assert core.settings.proxy == SYSTEM
    assert core.use_proxy("proxy.example:3128") == "http://proxy.example:3128"
    assert core.settings.proxy == "http://proxy.example:3128"
