"""Messages that are deleted and come back, and answers that go on where they were cut off."""

import asyncio
from decimal import Decimal
from pathlib import Path

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.events import Usage
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.store.library import Library
from tests.servers import Connection, answer, chat, chunk, serving
from tests.services.talking import (
    PATIENCE,
    ask,
    conversation_at,
    next_time,
    says_then_stalls,
    text_so_far,
)
from tests.store.values import empty_trash


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def on_disk(held: OpenConversation, directory: Path) -> list[str]:
    library = Library.open(directory)
    found = texts(library.messages(held.id))
    library.close()
    return found


async def test_a_deleted_message_goes_with_all_that_follows_and_comes_back(
    core: Core, tmp_path: Path
) -> None:
    with serving(*[answer(chat(text)) for text in ("One", "Two")]) as server:
        held = conversation_at(core, server)
        first = await ask(core, held, "a")
        await ask(core, held, "b")
    before = held.path()
    deleted = core.conversations.delete_message(held, before[2].id)
    assert texts(held.path()) == ["a", "One"]
    assert held.conversation.current == first.id
    assert [one.text for one in deleted.messages] == ["b", "Two"]
    core.conversations.restore_message(held, deleted)
    assert held.path() == before
    core.conversations.delete_message(held, before[0].id)
    assert held.path() == []
    await core.close()
    assert on_disk(held, tmp_path) == []


async def test_beside_a_deleted_branch_the_nearest_one_is_shown(core: Core) -> None:
    with serving(*[answer(chat(text)) for text in ("One", "Two", "Three")]) as server:
        held = conversation_at(core, server)
        first = await ask(core, held, "a")
        for _again in range(2):
            await asyncio.wait_for(core.chat.regenerate(held, first.id), PATIENCE)
    last = held.path()[-1]
    deleted = core.conversations.delete_message(held, last.id)
    assert texts(held.path()) == ["a", "Two"]
    core.conversations.delete_message(held, first.id)
    assert texts(held.path()) == ["a", "Two"]
    core.conversations.restore_message(held, deleted)
    assert texts(held.path()) == ["a", "Three"]
    assert len(held.tree.siblings(last.id)) == 2


async def test_what_is_deleted_is_not_sent_and_its_request_can_still_be_built_on(
    core: Core,
) -> None:
    with serving(*[answer(chat(text)) for text in ("One", "Two", "Three")]) as server:
        held = conversation_at(core, server)
        await ask(core, held, "a")
        second = await ask(core, held, "b")
        # The request of the third builds on that of the second, which goes.
        await asyncio.wait_for(core.chat.regenerate(held, second.id), PATIENCE)
        third = held.path()[-1]
        core.conversations.delete_message(held, second.id)
        empty_trash(core.library)
        sent = server.requests[2].json["messages"]
    assert core.conversations.request(second.id) is None
    request = core.conversations.request(third.id)
    assert request is not None
    assert request[1]["messages"] == sent
    assert texts(core.library.messages(held.id)) == ["a", "One", "b", "Three"]


async def test_a_stopped_answer_goes_on_where_it_ended(core: Core, tmp_path: Path) -> None:
    with serving(says_then_stalls, answer(chat("and more."))) as server:
        held = conversation_at(core, server)
        core.chat.send(held, "Well?")
        await text_so_far(core, held, "So far")
        finished = next_time(core.chat.finished)
        core.chat.stop(held.id)
        await finished
        cut = held.path()[-1]
        assert cut.can_go_on
        await asyncio.wait_for(core.chat.go_on(held, cut.id), PATIENCE)
        sent = server.requests[1].json["messages"]
    assert sent[-1] == {"role": "assistant", "content": "So far"}
    whole = held.path()[-1]
    assert (whole.id, whole.text, whole.status) == (cut.id, "So farand more.", Status.COMPLETE)
    assert not whole.can_go_on
    await core.close()
    assert on_disk(held, tmp_path) == ["Well?", "So farand more."]


async def test_an_answer_that_cannot_go_on_keeps_what_it_had(core: Core, tmp_path: Path) -> None:
    def fails(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("more"))
        connection.reset()

    with serving(says_then_stalls, fails) as server:
        held = conversation_at(core, server)
        core.chat.send(held, "Well?")
        await text_so_far(core, held, "So far")
        finished = next_time(core.chat.finished)
        core.chat.stop(held.id)
        await finished
        cut = held.path()[-1]
        await asyncio.wait_for(core.chat.go_on(held, cut.id), PATIENCE)
    again = held.path()[-1]
    assert again.status is Status.INTERRUPTED
    assert again.text.startswith("So far")
    await core.close()
    assert on_disk(held, tmp_path) == ["Well?", again.text]


async def test_a_long_answer_that_reached_its_limit_goes_on(core: Core) -> None:
    with serving(answer(chat("One ", finish="length")), answer(chat("two."))) as server:
        held = conversation_at(core, server)
        cut = await ask(core, held, "a")
        await asyncio.wait_for(core.chat.go_on(held, cut.id), PATIENCE)
    assert texts(held.path()) == ["a", "One two."]


def test_both_halves_of_an_answer_cost() -> None:
    before = Message("a", "q", Role.ASSISTANT, "One", 0.0, cost=Decimal("0.25"))
    half = Reply(before)
    half.apply(Usage(1, 1, cost=Decimal("0.5")))
    assert half.message(Status.COMPLETE).cost == Decimal("0.75")
