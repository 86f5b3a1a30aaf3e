"""Messages that wait for the end of an answer: sent in order, paused, kept, never lost."""

import threading
from pathlib import Path

import pytest

from app.domain.chat.conversation import Role, Status
from app.domain.chat.unsent import QueuedMessage
from app.services.chat.conversations import OpenConversation
from app.services.chat.queue import Pause
from app.services.program.core import Core
from tests.servers import DONE, Connection, Server, answer, chunk, serving
from tests.services.talking import conversation_at, says_then_stalls, text_so_far, until
from tests.store.values import limit_pages

WELL = answer(chunk("Well.") + chunk(finish="stop") + DONE)


class Held:
    """A scripted answer that ends when the test says so."""

    def __init__(self, end: bytes = chunk(finish="stop") + DONE) -> None:
        self.release = threading.Event()
        self._end = end

    def __call__(self, connection: Connection) -> None:
        connection.head()
        connection.send(chunk("So far"))
        connection.wait_for(self.release)
        connection.send(self._end)


def questions(held: OpenConversation) -> list[str]:
    return [message.text for message in held.path() if message.role is Role.USER]


def waiting(core: Core, held: OpenConversation) -> list[str]:
    return [message.text for message in core.queue.messages(held)]


async def under_way(core: Core, server: Server, *queued: str) -> OpenConversation:
    """A conversation whose answer stands still after its first words, with messages queued."""
    held = conversation_at(core, server)
    core.chat.send(held, "First")
    await text_so_far(core, held, "So far")
    for text in queued:
        core.queue.add(held, text)
    return held


async def settled(core: Core, held: OpenConversation) -> None:
    """Wait until nothing is answered and nothing more is sent by itself."""
    await until(
        lambda: (
            not core.chat.is_answering(held.id)
            and (core.queue.pause(held) is not None or not core.queue.messages(held))
        )
    )


async def test_queued_messages_are_sent_in_their_order_when_answers_end(core: Core) -> None:
    first = Held()
    with serving(first, WELL, WELL) as server:
        held = await under_way(core, server, "Second", "Third")
        assert questions(held) == ["First"]
        first.release.set()
        await settled(core, held)
        assert questions(held) == ["First", "Second", "Third"]
        assert [message.text for message in held.path()][1::2] == ["So far", "Well.", "Well."]
        assert core.drafts.queue(held.id) == []


async def test_each_conversation_has_its_own_queue(core: Core) -> None:
    first, other = Held(), Held()
    with serving(first, other, WELL) as server:
        held = await under_way(core, server, "Second")
        beside = conversation_at(core, server)
        core.chat.send(beside, "Another")
        await text_so_far(core, beside, "So far")
        assert waiting(core, beside) == []
        other.release.set()
        await until(lambda: not core.chat.is_answering(beside.id))
        assert (questions(beside), waiting(core, held)) == (["Another"], ["Second"])
        first.release.set()
        await settled(core, held)
        assert questions(held) == ["First", "Second"]


async def test_a_conversation_that_nobody_looks_at_goes_on(core: Core) -> None:
    first = Held()
    with serving(first, WELL) as server:
        held = await under_way(core, server, "Second")
        core.conversations.release(held.id)
        first.release.set()
        await settled(core, held)
        core.conversations.release(held.id)
        assert questions(core.conversations.open(held.id)) == ["First", "Second"]


async def test_stop_pauses_and_going_on_sends(core: Core) -> None:
    with serving(says_then_stalls, WELL) as server:
        held = await under_way(core, server, "Second")
        core.chat.stop(held.id)
        await settled(core, held)
        assert core.queue.pause(held) is Pause.STOPPED
        assert (questions(held), waiting(core, held)) == (["First"], ["Second"])
        core.queue.go_on(held)
        await settled(core, held)
        assert (questions(held), waiting(core, held)) == (["First", "Second"], [])


@pytest.mark.parametrize("end", [b"", chunk(finish="length") + DONE])
async def test_an_answer_that_breaks_off_or_is_cut_off_pauses(core: Core, end: bytes) -> None:
    first = Held(end)
    with serving(first) as server:
        held = await under_way(core, server, "Second")
        first.release.set()
        await settled(core, held)
        assert core.queue.pause(held) is Pause.FAILED
        assert waiting(core, held) == ["Second"]


async def test_send_now_stops_the_answer_and_goes_before_the_others(core: Core) -> None:
    with serving(says_then_stalls, WELL, WELL) as server:
        held = await under_way(core, server, "Second", "Third")
        core.queue.send_now(held, core.queue.messages(held)[1].id)
        await settled(core, held)
        assert questions(held) == ["First", "Third", "Second"]
        assert held.path()[1].status is Status.STOPPED


async def test_a_pause_lasts_until_the_person_ends_it(core: Core) -> None:
    again = Held()
    with serving(says_then_stalls, again, WELL) as server:
        held = await under_way(core, server, "Second")
        core.chat.stop(held.id)
        await settled(core, held)
        core.chat.regenerate(held, held.path()[-1].id)
        await text_so_far(core, held, "So far")
        again.release.set()
        await until(lambda: not core.chat.is_answering(held.id))
        assert waiting(core, held) == ["Second"]
        core.queue.go_on(held)
        await settled(core, held)
        assert questions(held) == ["First", "Second"]


async def test_another_branch_in_view_pauses(core: Core) -> None:
    second = Held()
    with serving(WELL, second) as server:
        held = conversation_at(core, server)
        await core.chat.send(held, "First")
        old = held.path()[-1].id
        core.chat.regenerate(held, old)
        await text_so_far(core, held, "So far")
        core.queue.add(held, "Second")
        core.conversations.select_branch(held, old)
        second.release.set()
        await settled(core, held)
        assert core.queue.pause(held) is Pause.ANOTHER_BRANCH
        assert questions(held) == ["First"]


async def test_conflicting_parameters_pause(core: Core) -> None:
    first = Held()
    with serving(first, WELL) as server:
        held = await under_way(core, server, "Second")
        core.conversations.choose(held, parameters={"top_logprobs": 5})
        first.release.set()
        await settled(core, held)
        assert core.queue.pause(held) is Pause.CONFLICT
        core.queue.go_on(held)
        await settled(core, held)
        assert questions(held) == ["First", "Second"]


async def test_the_queue_waits_for_the_answers_of_tools(core: Core) -> None:
    call = {"index": 0, "id": "1", "function": {"name": "look", "arguments": "{}"}}
    first = Held(chunk(tool_calls=[call]) + chunk(finish="tool_calls") + DONE)
    with serving(first, WELL, WELL) as server:
        held = await under_way(core, server, "Second")
        first.release.set()
        await until(lambda: bool(core.tooling.waiting(held)))
        assert (questions(held), core.queue.pause(held)) == (["First"], None)
        core.tooling.answer(held, 0, "nothing")
        await settled(core, held)
        assert questions(held) == ["First", "Second"]


async def test_a_dropped_message_comes_back_to_its_place(core: Core) -> None:
    with serving(says_then_stalls) as server:
        held = await under_way(core, server, "Second", "Third")
        taken = core.queue.take_off(held, core.queue.messages(held)[0].id)
        assert waiting(core, held) == ["Third"]
        assert taken is not None
        core.queue.put_back(held, *taken)
        assert waiting(core, held) == ["Second", "Third"]


async def test_a_queue_outlives_the_program_and_waits_for_the_person(tmp_path: Path) -> None:
    core = Core(tmp_path / "library")
    with serving(says_then_stalls, WELL, WELL) as server:
        held = await under_way(core, server, "Second", "Third")
        core.drafts.put_text(held.id, "a draft")
        # Nothing is closed, as after kill -9.
        again = Core(tmp_path / "library")
        reopened = again.conversations.open(held.id)
        assert waiting(again, reopened) == ["Second", "Third"]
        assert again.queue.pause(reopened) is Pause.RESTARTED
        again.queue.go_on(reopened)
        await settled(again, reopened)
        assert questions(reopened) == ["First", "Second", "Third"]
        await again.close()
        await core.close()


async def test_a_message_that_was_sent_before_the_program_ended_is_not_sent_twice(
    core: Core,
) -> None:
    with serving(WELL) as server:
        held = conversation_at(core, server)
        core.drafts.put_queue(held.id, [QueuedMessage("sent", "First"), QueuedMessage("x", "Then")])
        await core.chat.send(held, "First", "sent")
        assert waiting(core, held) == ["Then"]


async def test_a_message_is_in_the_queue_or_in_the_draft_at_any_time(core: Core) -> None:
    with serving(says_then_stalls) as server:
        held = await under_way(core, server)
        core.drafts.put_text(held.id, "Second")
        core.queue.add(held, "Second")
        assert core.drafts.text(held.id) == ""
        core.queue.take_off(held, core.queue.messages(held)[0].id, "Second")
        assert (core.drafts.text(held.id), core.drafts.queue(held.id)) == ("Second", [])


async def test_a_queue_for_which_there_is_no_room_works_in_memory(core: Core) -> None:
    failures: list[Exception] = []
    core.queue.failed.connect(failures.append)
    with serving(says_then_stalls) as server:
        held = await under_way(core, server)
        limit_pages(core.library)
        core.queue.add(held, "long " * 20_000)
        assert len(failures) == 1
        assert len(core.queue.messages(held)) == 1
        limit_pages(core.library, 1_000_000)
