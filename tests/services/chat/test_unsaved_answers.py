"""An answer for which the disk has no room is kept until it is written."""

import asyncio
from pathlib import Path

import pytest

from app.domain.chat.conversation import Status
from app.services.chat import unsaved_answers
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.store.library import Library
from tests.servers import answer, chat, serving
from tests.services.talking import (
    PATIENCE,
    ask,
    conversation_at,
    next_time,
    provider_at,
    says_then_stalls,
    text_so_far,
)
from tests.store.values import limit_pages

LONG = "a long answer " * 20_000


async def with_unsaved_answer(core: Core) -> OpenConversation:
    """A conversation whose answer found no room on the disk."""
    with serving(answer(chat(LONG))) as server:
        held = conversation_at(core, server)
        limit_pages(core.library)
        await ask(core, held)
    assert [one.message.text for one in core.conversations.unsaved.all()] == [LONG]
    return held


def make_room(core: Core) -> None:
    limit_pages(core.library, 1_000_000)


def on_disk(held: OpenConversation, directory: Path) -> str:
    library = Library.open(directory)
    text = library.messages(held.id)[-1].text
    library.close()
    return text


async def test_the_answer_is_there_after_another_conversation_was_looked_at(core: Core) -> None:
    held = await with_unsaved_answer(core)
    core.conversations.release(held.id)
    assert core.conversations.open(held.id).path()[-1].text == LONG


async def test_the_answer_outlives_a_deletion_and_its_undo(core: Core) -> None:
    held = await with_unsaved_answer(core)
    core.conversations.delete(held.id)
    core.conversations.restore(held.id)
    again = core.conversations.open(held.id).path()[-1]
    assert (again.text, again.status) == (LONG, Status.COMPLETE)


async def test_it_is_written_again_by_itself_once_there_is_room(
    core: Core, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(unsaved_answers, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(core.conversations.unsaved, "_pause", 0.02)
    held = await with_unsaved_answer(core)
    make_room(core)
    await asyncio.wait_for(next_time(core.conversations.unsaved.changed), PATIENCE)
    assert core.conversations.unsaved.all() == []
    assert on_disk(held, tmp_path) == LONG


async def test_the_next_message_brings_it_to_the_disk_before_itself(
    core: Core, tmp_path: Path
) -> None:
    held = await with_unsaved_answer(core)
    make_room(core)
    with serving(answer(chat("short"))) as server:
        core.conversations.choose(held, provider=provider_at(core, server.url).id)
        await ask(core, held, "And then?")
    texts = [message.text for message in core.library.messages(held.id)]
    assert texts == ["Well?", LONG, "And then?", "short"]


async def test_closing_the_program_writes_it(core: Core, tmp_path: Path) -> None:
    held = await with_unsaved_answer(core)
    make_room(core)
    await core.close()
    assert on_disk(held, tmp_path) == LONG


async def test_an_answer_that_can_not_be_written_at_its_beginning_is_written_while_it_grows(
    core: Core,
) -> None:
    with serving(says_then_stalls) as server:
        held = conversation_at(core, server)
        task = core.chat.send(held, "Well?")
        core.library._db.run("PRAGMA query_only = ON")
        await text_so_far(core, held, "So far")
        assert core.conversations.unsaved.conversations() == [held.id]
        core.library._db.run("PRAGMA query_only = OFF")
        await asyncio.wait_for(next_time(core.conversations.unsaved.changed), PATIENCE)
        assert core.conversations.unsaved.conversations() == []
        assert core.library.messages(held.id)[-1].text == "So far"
        core.chat.stop(held.id)
        await asyncio.wait_for(task, PATIENCE)


async def test_what_can_never_be_written_holds_nothing_else_back(core: Core) -> None:
    held = await with_unsaved_answer(core)
    make_room(core)
    core.library._db.run("DELETE FROM conversations WHERE id = ?", (held.id,))
    with serving(answer(chat("fine"))) as server:
        other = conversation_at(core, server)
        await ask(core, other)
    assert [message.text for message in core.library.messages(other.id)] == ["Well?", "fine"]
    core.conversations.forget(held.id)
    assert core.conversations.unsaved.all() == []
