"""An answer that was to be JSON says whether it is, with the exact places."""

import asyncio
from typing import Any

from app.domain.chat.conversation import Message
from app.services.program.core import Core
from tests.servers import answer, chat, serving
from tests.services.talking import PATIENCE, ask, conversation_at, next_time

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name", "age"],
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}


async def judged(core: Core, text: str, form: Any) -> Message:
    core.watch()
    with serving(answer(chat(text))) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"response_format": form})
        told = next_time(core.conversations.amended)
        await ask(core, held)
        await asyncio.wait_for(told, PATIENCE)
    assert core.library.messages(held.id) == held.path()
    return held.path()[-1]


async def test_what_fits_is_said_to_fit(core: Core) -> None:
    message = await judged(core, '{"name": "Ada", "age": 36}', FORMAT)
    assert message.note == "✓ The answer matches the schema."


async def test_what_does_not_fit_is_said_with_every_place(core: Core) -> None:
    message = await judged(core, '{"name": 7}', FORMAT)
    assert message.note.startswith("✗ The answer doesn't match the requested format in 2 places:")
    assert "$.name" in message.note
    assert "age" in message.note


async def test_plain_json_has_to_be_json(core: Core) -> None:
    assert (await judged(core, "[] and more", {"type": "json_object"})).note.startswith("✗")
    assert (await judged(core, "{}", {"type": "json_object"})).note == "✓ Valid JSON."


async def test_text_is_not_judged(core: Core) -> None:
    core.watch()
    told: list[str] = []
    core.conversations.amended.connect(lambda id_, _message: told.append(id_))
    with serving(answer(chat("{"))) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"response_format": {"type": "text"}})
        message = await ask(core, held)
    await core.tasks.close()
    assert (message.note, told) == ("", [])
