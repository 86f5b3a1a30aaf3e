"""Talking, against a real library and a real server on this computer."""

import asyncio
import threading
from pathlib import Path

import pytest

from app.domain.chat.conversation import Message, Role, Status
from app.services.program.core import Core
from app.store.library import Library
from tests.servers import Connection, answer, chat, chunk, serving
from tests.services.talking import (
    PATIENCE,
    ask,
    conversation_at,
    next_time,
    provider_at,
    says_then_stalls,
    text_so_far,
)


async def test_an_answer_is_in_the_library_when_it_is_done(core: Core, tmp_path: Path) -> None:
    with serving(answer(chat("Hel", "lo"))) as server:
        held = conversation_at(core, server)
        message = await ask(core, held, "Say hello")
        sent = (f"{server.url}/chat/completions", server.requests[0].json)
    assert (message.text, message.status) == ("Hello", Status.COMPLETE)
    await core.close()
    again = Library.open(tmp_path)
    assert again.messages(held.id) == held.path()
    assert again.conversation(held.id).current == message.id
    assert again.conversation(held.id).title == "Say hello"
    assert again.request(message.id) == sent
    again.close()


async def test_what_was_said_before_is_sent_along(core: Core) -> None:
    with serving(answer(chat("One")), answer(chat("Two"))) as server:
        held = conversation_at(core, server)
        await ask(core, held, "First")
        await ask(core, held, "Second")
    said = [message["content"] for message in server.requests[1].json["messages"]]
    assert said == ["First", "One", "Second"]


async def test_a_refused_key_fails_with_a_sentence(core: Core) -> None:
    refusal = answer('{"error": {"message": "No."}}', status=401, content_type="application/json")
    with serving(refusal) as server:
        held = conversation_at(core, server)
        message = await ask(core, held, "Is it kept?")
    assert (message.text, message.status) == ("", Status.FAILED)
    assert "key" in message.error
    assert held.path()[0].text == "Is it kept?"
    assert core.library.messages(held.id) == held.path()


async def test_a_provider_without_its_key_is_not_asked(core: Core) -> None:
    openrouter = core.providers.named("OpenRouter")
    held = core.conversations.create(provider=openrouter.id, model=openrouter.model)
    message = await ask(core, held)
    assert message.status is Status.FAILED
    assert "key" in message.error


async def test_regenerating_makes_a_branch_beside_the_first(core: Core) -> None:
    with serving(answer(chat("One")), answer(chat("Two"))) as server:
        held = conversation_at(core, server)
        first = await ask(core, held)
        rearranged = next_time(core.conversations.rearranged)
        await asyncio.wait_for(core.chat.regenerate(held, first.id), PATIENCE)
    assert rearranged.done()
    second = held.path()[-1]
    assert (first.text, second.text) == ("One", "Two")
    assert held.tree.siblings(second.id) == (first.id, second.id)
    core.conversations.select_branch(held, first.id)
    assert core.library.conversation(held.id).current == first.id


async def test_editing_says_it_otherwise_in_a_branch_of_its_own(core: Core) -> None:
    with serving(answer(chat("One")), answer(chat("Two"))) as server:
        held = conversation_at(core, server)
        await ask(core, held, "First wording")
        first = held.path()[0]
        rearranged = next_time(core.conversations.rearranged)
        await asyncio.wait_for(core.chat.edit(held, first.id, "Second wording"), PATIENCE)
    assert rearranged.done()
    assert [message.text for message in held.path()] == ["Second wording", "Two"]
    assert server.requests[1].json["messages"] == [{"role": "user", "content": "Second wording"}]
    assert len(held.tree.siblings(first.id)) == 2
    assert held.tree[first.id].text == "First wording"


async def test_an_edited_answer_is_a_version_that_the_conversation_goes_on_from(core: Core) -> None:
    with serving(answer(chat("One")), answer(chat("Two"))) as server:
        held = conversation_at(core, server)
        first = await ask(core, held, "a")
        edited = core.chat.edit_answer(held, first.id, "One, said better")
        assert not core.chat.is_answering(held.id)
        assert [message.text for message in held.path()] == ["a", "One, said better"]
        assert held.tree[first.id].text == "One"
        assert (first.edited, edited.edited) == (False, True)
        assert (edited.model, edited.parent, edited.status) == (
            first.model,
            first.parent,
            Status.COMPLETE,
        )
        await ask(core, held, "b")
    assert [message["content"] for message in server.requests[1].json["messages"]] == [
        "a",
        "One, said better",
        "b",
    ]
    assert [one.edited for one in core.library.messages(held.id)] == [
        False,
        False,
        True,
        False,
        False,
    ]


async def test_what_is_said_after_going_back_is_a_branch(core: Core) -> None:
    with serving(*[answer(chat(text)) for text in ("One", "Two", "Three")]) as server:
        held = conversation_at(core, server)
        first = await ask(core, held, "a")
        await ask(core, held, "b")
        core.conversations.end_path_at(held, first.id)
        assert [message.text for message in held.path()] == ["a", "One"]
        await ask(core, held, "c")
    assert [message.text for message in held.path()] == ["a", "One", "c", "Three"]
    assert len(held.tree.children(first.id)) == 2


async def test_the_request_of_an_answer_can_be_read(core: Core) -> None:
    with serving(answer(chat("One"))) as server:
        held = conversation_at(core, server)
        message = await ask(core, held, "a")
    request = core.conversations.request(message.id)
    assert request is not None
    assert request[0].endswith("/chat/completions")
    assert request[1]["messages"] == [{"role": "user", "content": "a"}]


async def test_two_conversations_are_answered_at_the_same_time(core: Core) -> None:
    go_on = threading.Event()

    def waits(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("So "))
        connection.wait_for(go_on)
        connection.send(chat("far"))

    with serving(waits) as server:
        both = [conversation_at(core, server) for _number in range(2)]
        tasks = [core.chat.send(held, "Well?") for held in both]
        for held in both:
            await text_so_far(core, held, "So ")
        assert all(core.chat.is_answering(held.id) for held in both)
        go_on.set()
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)
    assert [held.path()[-1].text for held in both] == ["So far", "So far"]


async def test_one_conversation_has_one_answer_at_a_time(core: Core) -> None:
    with serving(says_then_stalls) as server:
        held = conversation_at(core, server)
        core.chat.send(held, "Well?")
        with pytest.raises(ValueError, match="being answered"):
            core.chat.answer(held, held.path()[0].id)
        await core.chat.close()


async def test_a_conversation_out_of_view_goes_on_streaming(core: Core) -> None:
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
        core.conversations.release(held.id)
        assert core.conversations.open(held.id) is held
        go_on.set()
        await asyncio.wait_for(task, PATIENCE)
    core.conversations.release(held.id)
    assert core.conversations.open(held.id).path()[-1].text == "So far"


async def test_deleting_while_it_streams_loses_nothing(core: Core) -> None:
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
        core.conversations.delete(held.id)
        go_on.set()
        await asyncio.wait_for(task, PATIENCE)
    assert core.conversations.all() == []
    core.conversations.restore(held.id)
    assert core.conversations.open(held.id).path()[-1].text == "So far"


async def test_what_no_text_can_hold_is_mended_in_the_question(core: Core) -> None:
    with serving(answer(chat("One"))) as server:
        held = conversation_at(core, server)
        await ask(core, held, "a\ud800b\0c")
    assert server.requests[0].json["messages"][0]["content"] == "a\ufffdb\ufffdc"


async def test_a_question_is_kept_before_it_is_sent(core: Core) -> None:
    kept: list[Message] = []

    def looks(connection: Connection) -> None:
        connection.head()
        connection.send(chat("One"))

    with serving(looks) as server:
        held = conversation_at(core, server)
        task = core.chat.send(held, "Well?")
        kept = core.library.messages(held.id)
        assert server.requests == []
        await asyncio.wait_for(task, PATIENCE)
    assert [(one.role, one.text) for one in kept] == [(Role.USER, "Well?")]


async def test_a_gone_provider_reads_as_the_one_on_this_computer(core: Core) -> None:
    gone = provider_at(core, "http://127.0.0.1:9")
    held = core.conversations.create(provider=gone.id, model="m")
    await core.providers.remove(gone)
    assert core.providers.get(held.conversation.provider).id == "embedded"
