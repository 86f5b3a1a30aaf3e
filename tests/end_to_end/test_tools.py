"""A model calls a tool, the person answers above the field, and the conversation goes on."""

import json
from pathlib import Path

import pytest

from app.domain.chat.conversation import Role
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import stored, use_server
from tests.servers import answer, chat, serving
from tests.services.tools.test_pending_calls import WEATHER, calls

pytestmark = pytest.mark.screen

TOOLS = [{"type": "function", "function": {"name": "weather"}}]


def test_a_call_is_answered_by_hand_through_the_window(start: Start, directory: Path) -> None:
    with serving(calls(WEATHER), answer(chat("It is sunny."))) as server:
        use_server(directory, server.url)
        program = start()
        program.show_panel()
        program.parameter("text", "Tools").type(json.dumps(TOOLS))
        program.send("How is the weather in Rome?")
        program.wait(lambda: program.is_shown("text", "Result of weather"), "the call")
        program.top.find("text", "Result of weather").type("22 degrees")
        program.press("Use result")
        program.conversation.wait_for(
            lambda names: "It is sunny." in (names or [""])[-1], "the answer"
        )
        assert server.requests[0].json["tools"] == TOOLS
        assert server.requests[1].json["messages"][-1]["content"] == "22 degrees"
    [(_conversation, messages)] = stored(directory)
    roles = [message.role for message in messages]
    assert roles == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT]
    assert messages[2].tool_results[0].text == "22 degrees"


def test_a_model_is_chosen_in_the_picker_by_keyboard(start: Start, directory: Path) -> None:
    listing = answer(
        json.dumps({"data": [{"id": "first"}, {"id": "second"}]}), content_type="application/json"
    )
    with serving(listing, answer(chat("From the second."))) as server:
        use_server(directory, server.url)
        program = start()
        program.press("Model: m, Scripted")
        program.wait(lambda: program.is_shown("text", "Search models"), "the picker")
        program.wait(lambda: len(server.requests) == 1, "the list is asked for")
        program.top.find("text", "Search models").type("second")
        program.press("Use model")
        program.send("Who are you?")
        program.conversation.wait_for(
            lambda names: "From the second." in (names or [""])[-1], "the answer"
        )
        assert server.requests[-1].json["model"] == "second"
