"""Answers that end before their end keep what came, and say why."""

import asyncio
import threading
from pathlib import Path

from app.domain.chat.conversation import Status
from app.domain.errors import LibraryError
from app.services.program.core import Core
from app.store.library import Library
from tests.servers import Connection, answer, chat, chunk, serving
from tests.services.talking import (
    PATIENCE,
    ask,
    conversation_at,
    says_then_stalls,
    text_so_far,
)
from tests.store.values import empty_trash


async def test_stop_keeps_the_text_that_came(core: Core) -> None:
    with serving(says_then_stalls) as server:
        held = conversation_at(core, server)
        task = core.chat.send(held, "Well?")
        await text_so_far(core, held, "So far")
        core.chat.stop(held.id)
        await asyncio.wait_for(task, PATIENCE)
        assert await asyncio.to_thread(server.left.wait, PATIENCE)
    message = held.path()[-1]
    assert (message.text, message.status) == ("So far", Status.STOPPED)
    assert message.finish_reason == "stopped"
    assert not message.error
    assert not core.chat.is_answering(held.id)
    assert core.library.messages(held.id)[-1] == message


async def test_stop_in_the_same_breath_as_send_leaves_nothing_open(core: Core) -> None:
    with serving(says_then_stalls) as server:
        held = conversation_at(core, server)
        task = core.chat.send(held, "Well?")
        core.chat.stop(held.id)
        await asyncio.wait_for(task, PATIENCE)
    assert held.path()[-1].status is Status.STOPPED
    assert held.reply is None
    assert not core.chat.is_answering(held.id)


async def test_closing_keeps_the_text_that_came(core: Core, tmp_path: Path) -> None:
    with serving(says_then_stalls) as server:
        held = conversation_at(core, server)
        core.chat.send(held, "Well?")
        await text_so_far(core, held, "So far")
        await core.close()
    again = Library.open(tmp_path)
    kept = again.messages(held.id)[-1]
    again.close()
    assert (kept.text, kept.status) == ("So far", Status.STOPPED)


async def test_a_reset_connection_keeps_the_text_as_interrupted(core: Core) -> None:
    seen = threading.Event()

    def breaks_off(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("So far"))
        connection.wait_for(seen)
        connection.reset()

    with serving(breaks_off) as server:
        held = conversation_at(core, server)
        task = core.chat.send(held, "Well?")
        await text_so_far(core, held, "So far")
        seen.set()
        await asyncio.wait_for(task, PATIENCE)
    message = held.path()[-1]
    assert (message.text, message.status) == ("So far", Status.INTERRUPTED)
    assert message.error
    assert core.library.messages(held.id)[-1] == message


async def test_an_end_without_a_finish_is_an_interruption(core: Core) -> None:
    with serving(answer(chunk("So far"))) as server:
        message = await ask(core, conversation_at(core, server))
    assert (message.text, message.status) == ("So far", Status.INTERRUPTED)
    assert message.error


async def test_a_library_that_fails_is_told_once_and_the_answer_goes_on(core: Core) -> None:
    failures: list[LibraryError] = []
    core.chat.unsaved.connect(failures.append)
    go_on = threading.Event()

    def waits(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("So "))
        connection.wait_for(go_on)
        connection.send(chat("far"))

    with serving(waits) as server:
        held = conversation_at(core, server)
        task = core.chat.send(held, "Well?")
        await text_so_far(core, held, "So ")
        core.library.delete_conversation(held.id)
        empty_trash(core.library)
        go_on.set()
        await asyncio.wait_for(task, PATIENCE)
    assert len(failures) == 1
    assert held.path()[-1].text == "So far"
