"""Calls of tools are answered by hand or by a command, and the conversation goes on."""

import asyncio
import json
import sys
from typing import Any

import pytest

from app.domain.chat.conversation import Role, Status, ToolResult
from app.domain.chat.tool_call_doubts import doubt_about
from app.domain.chat.tool_command import ToolCommand
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.tools.pending_calls import MOST_ROUNDS, message_with_pending_calls
from tests.servers import DONE, Script, answer, chat, chunk, event, serving
from tests.services.talking import PATIENCE, ask, conversation_at, next_time

ECHO = (sys.executable, "-c", "import sys; print('got ' + sys.stdin.read())")


def calls(*named: tuple[str, str, str]) -> Script:
    """An answer that calls tools, each by id, name and arguments."""
    listed = [
        {"index": place, "id": id_, "function": {"name": name, "arguments": arguments}}
        for place, (id_, name, arguments) in enumerate(named)
    ]
    return answer(chunk(tool_calls=listed) + chunk(finish="tool_calls") + DONE)


WEATHER = ("c1", "weather", '{"city": "Rome"}')
TIME = ("c2", "clock", "{}")


@pytest.fixture(autouse=True)
def _somebody_is_there(core: Core) -> None:
    core.tooling.automatic = True


async def settled(core: Core, held: OpenConversation) -> None:
    """Wait until no answer and no command is on its way."""
    async with asyncio.timeout(PATIENCE):
        while core.chat.is_answering(held.id) or any(
            one.running for one in core.tooling.waiting(held)
        ):
            finished = next_time(core.chat.finished)
            changed = next_time(core.tooling.changed)
            await asyncio.wait([finished, changed], return_when=asyncio.FIRST_COMPLETED)


def sent_results(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (one["tool_call_id"], one["content"]) for one in body["messages"] if one["role"] == "tool"
    ]


async def test_answers_by_hand_go_back_together_once_all_are_given(core: Core) -> None:
    with serving(calls(WEATHER, TIME), answer(chat("Sunny"))) as server:
        held = conversation_at(core, server)
        called = await ask(core, held)
        assert [one.call.name for one in core.tooling.waiting(held)] == ["weather", "clock"]
        core.tooling.answer(held, 1, "noon")
        assert len(server.requests) == 1
        core.tooling.answer(held, 0, "22 degrees")
        await settled(core, held)
        assert sent_results(server.requests[1].json) == [("c1", "22 degrees"), ("c2", "noon")]
    question, turn, results, said = held.path()
    assert (question.role, turn.id, results.role) == (Role.USER, called.id, Role.TOOL)
    assert results.tool_results == (
        ToolResult("c1", "weather", "22 degrees", "entered by you"),
        ToolResult("c2", "clock", "noon", "entered by you"),
    )
    assert (said.text, said.status) == ("Sunny", Status.COMPLETE)
    assert core.library.messages(held.id) == held.path()
    assert core.tooling.waiting(held) == ()


async def test_an_answer_can_be_taken_back_before_the_last_one(core: Core) -> None:
    with serving(calls(WEATHER, TIME), answer(chat("a"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        core.tooling.answer(held, 0, "wrong")
        core.tooling.take_back(held, 0)
        core.tooling.answer(held, 1, "noon")
        assert len(server.requests) == 1
        core.tooling.answer(held, 0, "right")
        await settled(core, held)
        assert dict(sent_results(server.requests[1].json))["c1"] == "right"


async def test_a_command_is_run_when_it_is_asked_for(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO))
    with serving(calls(WEATHER), answer(chat("a"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        assert len(server.requests) == 1
        core.tooling.run(held, 0)
        assert core.tooling.waiting(held)[0].running
        await settled(core, held)
        assert sent_results(server.requests[1].json) == [("c1", 'got {"city": "Rome"}\n')]
    assert held.path()[2].tool_results[0].source == "from a command"


async def test_a_command_that_always_runs_needs_nobody(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO, always=True))
    with serving(calls(WEATHER), answer(chat("Done"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        await settled(core, held)
        assert len(server.requests) == 2
    assert held.path()[-1].text == "Done"


async def test_without_a_window_nothing_runs_by_itself(core: Core) -> None:
    core.tooling.automatic = False
    core.tooling.commands.put(ToolCommand("weather", ECHO, always=True))
    with serving(calls(WEATHER)) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        assert [one.running for one in core.tooling.waiting(held)] == [False]
        assert len(server.requests) == 1


async def test_a_model_that_calls_for_ever_is_stopped(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO, always=True))
    with serving(calls(WEATHER)) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        while len(server.requests) <= MOST_ROUNDS:
            await next_time(core.chat.finished)
        await settled(core, held)
        assert len(server.requests) == MOST_ROUNDS + 1
        assert [one.running for one in core.tooling.waiting(held)] == [False]


async def test_a_command_that_can_not_be_started_leaves_the_call_open(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ("/no/such/program",)))
    with serving(calls(WEATHER)) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        core.tooling.run(held, 0)
        await settled(core, held)
        assert len(server.requests) == 1
    (one,) = core.tooling.waiting(held)
    assert one.failure
    assert one.result is None


async def test_stop_ends_a_command(core: Core) -> None:
    forever = (sys.executable, "-c", "import time; time.sleep(60)")
    core.tooling.commands.put(ToolCommand("weather", forever))
    with serving(calls(WEATHER)) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        core.tooling.run(held, 0)
        changed = next_time(core.tooling.changed)
        await asyncio.sleep(0)
        assert core.tooling.stop(held)
        await asyncio.wait_for(changed, PATIENCE)
        await settled(core, held)
    assert "stopped" in core.tooling.waiting(held)[0].failure


async def test_calls_are_answered_otherwise_on_a_branch(core: Core) -> None:
    with serving(calls(WEATHER), answer(chat("One")), answer(chat("Two"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        core.tooling.answer(held, 0, "rain")
        await settled(core, held)
        first = held.path()[2]
        core.tooling.reopen(held, first.id)
        assert message_with_pending_calls(held) is not None
        core.tooling.answer(held, 0, "snow")
        await settled(core, held)
        assert sent_results(server.requests[2].json) == [("c1", "snow")]
    second = held.path()[2]
    assert held.tree.siblings(second.id) == (first.id, second.id)
    assert held.path()[-1].text == "Two"


async def test_who_writes_instead_leaves_the_calls_without_an_answer(core: Core) -> None:
    with serving(calls(WEATHER), answer(chat("Fine"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        await ask(core, held, "Never mind.")
        ((_id, content),) = sent_results(server.requests[1].json)
    assert "did not answer" in content
    assert core.tooling.waiting(held) == ()


async def test_a_turn_cut_off_in_the_middle_waits_for_nothing(core: Core) -> None:
    half = chunk(tool_calls=[{"index": 0, "id": "c", "function": {"name": "f", "arguments": "{"}}])
    with serving(answer(half)) as server:
        held = conversation_at(core, server)
        message = await ask(core, held)
    assert message.status is Status.INTERRUPTED
    assert core.tooling.waiting(held) == ()


async def test_what_a_command_was_given_is_what_the_model_wrote(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO, always=True))
    ugly = json.dumps({"city": "'; rm -rf ~; echo $(HOME) --option\n\u2028😀"}, ensure_ascii=False)
    with serving(calls(("c1", "weather", ugly)), answer(chat("a"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        await settled(core, held)
        assert dict(sent_results(server.requests[1].json))["c1"].startswith(f"got {ugly}"[:20])


async def test_a_call_that_was_cut_off_is_answered_by_nobody(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO, always=True))
    call = {"index": 0, "id": "c", "function": {"name": "weather", "arguments": '{"city": "Ro'}}
    cut = answer(chunk(tool_calls=[call]) + chunk(finish="length") + DONE)
    with serving(cut) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        assert core.tooling.waiting(held) == ()
        assert len(server.requests) == 1


async def test_a_command_of_a_deleted_conversation_sends_nothing(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO))
    with serving(calls(WEATHER)) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        core.tooling.run(held, 0)
        (task,) = [one for one in asyncio.all_tasks() if one.get_name() == "tool weather"]
        core.conversations.delete(held.id)
        await asyncio.wait_for(task, PATIENCE)
        assert len(server.requests) == 1


async def test_a_command_goes_on_where_its_conversation_was_opened_again(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO))
    with serving(calls(WEATHER), answer(chat("Done"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        core.tooling.run(held, 0)
        core.conversations.release(held.id)
        again = core.conversations.open(held.id)
        assert again is not held
        assert core.tooling.waiting(again)[0].running
        await settled(core, again)
        assert len(server.requests) == 2
    assert again.path()[-1].text == "Done"


async def test_a_command_set_up_after_the_call_is_offered(core: Core) -> None:
    with serving(calls(WEATHER)) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        assert core.tooling.waiting(held)[0].command is None
        core.tooling.commands.put(ToolCommand("weather", ECHO))
        assert core.tooling.waiting(held)[0].command is not None
        core.tooling.commands.remove("weather")
        assert core.tooling.waiting(held)[0].command is None


async def test_a_command_stopped_at_once_leaves_the_call_open(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO))
    with serving(calls(WEATHER), answer(chat("a"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        core.tooling.run(held, 0)
        core.tooling.stop(held)
        await settled(core, held)
        core.tooling.answer(held, 0, "entered by you")
        core.tooling.answer(held, 0, "a second click")
        await settled(core, held)
        assert sent_results(server.requests[1].json) == [("c1", "entered by you")]


def pieces(*tool_calls: dict[str, Any], reason: str = "tool_calls", end: bytes = DONE) -> Script:
    """An answer whose calls come in pieces, one in each event."""
    return answer(
        b"".join(chunk(tool_calls=[one]) for one in tool_calls) + chunk(finish=reason) + end
    )


def part(index: int | None, id_: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    given = {"index": index, "id": id_, "function": {"name": name, "arguments": arguments}}
    return {field: value for field, value in given.items() if value is not None}


MIXED = pieces(
    part(0, "c1", "weather", ""),
    part(0, "c2", "clock", ""),
    part(0, None, None, '{"path":'),
    part(0, None, None, '"old"}'),
)
BROKEN = b'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arg\n\n'


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (MIXED, "to which call"),
        (pieces(part(None, None, "weather", "{}")), "to which call"),
        (pieces(part(0, "c1", "weather", "[]")), "aren't a JSON object"),
        (pieces(part(0, "c1", "weather", '"{}"')), "aren't a JSON object"),
        (pieces(part(0, "c1", "weather", ""), reason="length"), "ended before"),
        (
            answer(
                chunk(tool_calls=[part(0, "c1", "weather", "{}")])
                + BROKEN
                + chunk(finish="tool_calls")
                + DONE
            ),
            "was lost",
        ),
        (
            answer(
                chunk(tool_calls=[part(0, "c1", "weather", "")])
                + chunk(finish="tool_calls")
                + chunk(tool_calls=[part(0, "c1", None, "{}")])
                + DONE
            ),
            "after the end",
        ),
        (
            answer(
                chunk(tool_calls=[part(0, "c1", "weather", "{}")])
                + event({"choices": [{"index": 1, "delta": {"content": "Or not."}}]})
                + chunk(finish="tool_calls")
                + DONE
            ),
            "several answers",
        ),
        (
            answer(chunk(function_call={"name": "weather", "arguments": "{}"}) + chat()),
            "which call",
        ),
    ],
    ids=range(9),
)
async def test_a_doubtful_call_says_why_and_waits_for_the_person(
    core: Core, script: Script, words: str
) -> None:
    for name in ("weather", "clock"):
        core.tooling.commands.put(ToolCommand(name, ECHO, always=True))
    with serving(script, answer(chat("Done"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        waiting = core.tooling.waiting(held)
        assert waiting
        assert [(one.running, words in one.doubt) for one in waiting] == [(False, True)] * len(
            waiting
        )
        for place in range(len(waiting)):
            core.tooling.run(held, place)
        await settled(core, held)
        assert len(server.requests) == 2
    assert core.library.messages(held.id)[1].tool_calls == held.path()[1].tool_calls


@pytest.mark.parametrize("arguments", ["", "{}", ' {"a": 1} '])
async def test_a_certain_call_runs_by_itself(core: Core, arguments: str) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO, always=True))
    with serving(pieces(part(0, "c1", "weather", arguments)), answer(chat("Done"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        await settled(core, held)
        assert len(server.requests) == 2


async def test_a_call_whose_arguments_are_no_json_is_not_run(core: Core) -> None:
    core.tooling.commands.put(ToolCommand("weather", ECHO, always=True))
    with serving(pieces(part(0, "c1", "weather", '{"a":'))) as server:
        held = conversation_at(core, server)
        message = await ask(core, held)
        assert len(server.requests) == 1
    assert "aren't a JSON object" in doubt_about(message.tool_calls[0], message.finish_reason)
    assert core.tooling.waiting(held) == ()
