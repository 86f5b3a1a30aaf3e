"""Connection test of a provider: reachable, key accepted, model answers; a sentence per step."""

import asyncio
from collections.abc import Callable

from app.domain.chat.conversation import Message, Role
from app.domain.chat.request import ChatRequest
from app.domain.errors import LoquatError
from app.domain.events import ReasoningDelta, TextDelta
from app.domain.ids import new_id
from app.domain.providers.addresses import is_loopback
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.translation import _, ngettext
from app.services.chat.delivery import prepare
from app.services.program.core import Core
from app.services.program.diagnosis import Check
from app.services.providers.providers import Target
from app.services.providers.sign_in import key_facts

#: Time limit in seconds for a short answer; the server may have to load the model first.
PATIENCE = 90.0


async def check_provider(
    core: Core,
    provider: Provider,
    report: Callable[[Check], None],
    progress: Callable[[str], None] | None = None,
) -> None:
    """Test a provider and call `report` with the result of each step.

    `progress` gets sentences about what is awaited: the keyring, or the embedded model.
    Nothing that costs money is sent: only a model on this computer is asked for an answer. Ends at
    the first step that fails; raises no LoquatError.
    """
    try:
        target = await core.providers.target(provider, provider.model, progress)
        listed = await core.providers.refresh(provider)
    except LoquatError as failure:
        report(Check(False, str(failure)))
        return
    count = len(listed)
    words = ngettext("Connected. {n} model.", "Connected. {n} models.", count).format(n=count)
    report(Check(True, words))
    if target.key and not provider.traits.embedded:
        report(Check(True, _("The key works.")))
        await _report_key_facts(core, provider, report)
    known = {model.id for model in listed}
    if provider.model and known and provider.model not in known:
        words = _("“{model}” isn't one of them.").format(model=provider.model)
        report(Check(False, words))
        return
    model = provider.model or next(iter(known), "")
    if is_loopback(target.base_url) and (model or provider.traits.embedded):
        await _try_answer(core, provider, target, model, report)


async def _report_key_facts(
    core: Core, provider: Provider, report: Callable[[Check], None]
) -> None:
    try:
        facts = await key_facts(core.providers, core.client, provider)
    except LoquatError:
        # Optional information: the key itself has already been accepted.
        return
    if facts is not None:
        report(Check(True, facts.sentence()))


async def _try_answer(
    core: Core, provider: Provider, target: Target, model: str, report: Callable[[Check], None]
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
    answered = False
    try:
        async with asyncio.timeout(PATIENCE):
            stream = core.client.stream(url, body, target.key, provider.kind)
            try:
                async for events in stream:
                    answered = answered or any(
                        isinstance(event, TextDelta | ReasoningDelta) for event in events
                    )
            finally:
                await stream.aclose()
    except LoquatError as failure:
        report(Check(False, str(failure)))
        return
    except TimeoutError:
        words = _("{model} didn't answer within {n} s.").format(
            model=chosen.name, n=round(PATIENCE)
        )
        report(Check(False, words))
        return
    answers = _("{model} answers.").format(model=chosen.name)
    silent = _("{model} sent an empty answer.").format(model=chosen.name)
    report(Check(answered, answers if answered else silent))
