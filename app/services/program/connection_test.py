"""Trying a provider out: what works of it and what doesn't, one sentence a step."""

import asyncio
from collections.abc import Callable

from app.domain.chat.conversation import Message, Role, new_id
from app.domain.chat.request import ChatRequest
from app.domain.errors import LoquatError
from app.domain.events import ReasoningDelta, TextDelta
from app.domain.providers.addresses import is_loopback
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.translation import _, ngettext
from app.services.chat.delivery import prepare
from app.services.program.core import Core
from app.services.program.diagnosis import Check
from app.services.providers.providers import Target
from app.services.providers.sign_in import key_facts

#: Seconds for an answer of one word: a model may have to be loaded first.
PATIENCE = 90.0


async def try_out(core: Core, provider: Provider, told: Callable[[Check], None]) -> None:
    """Tell each step as it is done. Nothing that costs money is asked for: a model answers only
    where it runs on this computer."""
    try:
        target = await core.providers.target(provider, provider.model)
        listed = await core.providers.refresh(provider)
    except LoquatError as failure:
        told(Check(False, str(failure)))
        return
    count = len(listed)
    words = ngettext("It works: {n} model.", "It works: {n} models.", count).format(n=count)
    told(Check(True, words))
    if target.key and not provider.traits.embedded:
        told(Check(True, _("The key is accepted.")))
        await _tell_facts(core, provider, told)
    known = {model.id for model in listed}
    if provider.model and known and provider.model not in known:
        words = _("“{model}” is not among them.").format(model=provider.model)
        told(Check(False, words))
        return
    model = provider.model or next(iter(known), "")
    if is_loopback(target.base_url) and (model or provider.traits.embedded):
        await _try_answer(core, provider, target, model, told)


async def _tell_facts(core: Core, provider: Provider, told: Callable[[Check], None]) -> None:
    try:
        facts = await key_facts(core.providers, core.client, provider)
    except LoquatError:
        # It is a nicety, and the key has been proved.
        return
    if facts is not None:
        told(Check(True, facts.sentence()))


async def _try_answer(
    core: Core, provider: Provider, target: Target, model: str, told: Callable[[Check], None]
) -> None:
    question = Message(id=new_id(), parent=None, role=Role.USER, text="Hi", created=0)
    chosen = core.providers.model(provider, model)
    request = ChatRequest(
        kind=provider.kind,
        base_url=target.base_url,
        model=Model(target.model or model, chosen.name),
        messages=(question,),
        system="",
        parameters={"max_tokens": 8},
    )
    url, body = prepare(request)
    came = False
    try:
        async with asyncio.timeout(PATIENCE):
            stream = core.client.stream(url, body, target.key, provider.kind)
            try:
                async for events in stream:
                    came = came or any(isinstance(e, TextDelta | ReasoningDelta) for e in events)
            finally:
                await stream.aclose()
    except LoquatError as failure:
        told(Check(False, str(failure)))
        return
    except TimeoutError:
        words = _("{model} has said nothing for {n} s.").format(
            model=chosen.name, n=round(PATIENCE)
        )
        told(Check(False, words))
        return
    answers = _("{model} answers.").format(model=chosen.name)
    silent = _("{model} answers with nothing.").format(model=chosen.name)
    told(Check(came, answers if came else silent))
