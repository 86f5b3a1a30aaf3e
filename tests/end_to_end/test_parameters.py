"""The panel: all nineteen parameters by their labels, and that they reach the request."""

from pathlib import Path

import pytest

from app.domain.parameters.kinds import ParameterGroup
from app.domain.parameters.table import BY_NAME, PARAMETERS
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import opened, stored, use_server
from tests.servers import answer, chat, serving

pytestmark = pytest.mark.screen

#: Labels of the parameters that the model on this computer does not support.
NOT_SUPPORTED = {"Reasoning", "Include reasoning", "Structured outputs", "Tools", "Tool choice"}
#: Roles of controls in AT-SPI; a label is none.
CONTROLS = {"text", "combo box", "slider", "check box", "spin button"}


def test_every_parameter_is_found_by_its_label(start: Start) -> None:
    program = start()
    program.show_panel()
    for group in ParameterGroup:
        program.group(group.label).press("Toggle")
    program.wait(lambda: program.is_shown("combo box", "Log probabilities"), "the last group")
    names = [found.name for found in program.top.walk() if found.role in CONTROLS]
    assert len(PARAMETERS) == 19
    missing = {one.label for one in PARAMETERS if one.label not in names}
    # In their place is the reason why the model on this computer does not support them.
    assert missing == NOT_SUPPORTED
    assert all(program.is_shown("label", label) for label in missing)


@pytest.mark.engine
def test_values_set_by_accessibility_are_sent_and_kept(start: Start, directory: Path) -> None:
    program = start()
    program.show_panel()
    program.parameter("text", "Temperature").type("0")
    program.parameter("text", "Max tokens").type("8")
    program.send("Count to one hundred")
    program.conversation.wait_for(lambda names: len(names) == 2, "the answer")
    program.conversation.wait_for_end()
    [(conversation, messages)] = stored(directory)
    assert conversation.parameters == {"temperature": 0, "max_tokens": 8}
    with opened(directory) as library:
        sent = library.request(messages[1].id)
    assert sent is not None
    assert sent[1]["temperature"] == 0
    assert 8 in (sent[1].get("max_tokens"), sent[1].get("max_completion_tokens"))
    assert messages[1].usage is not None
    assert messages[1].usage.completion_tokens == 8


def test_a_slider_and_a_choice_are_set_by_accessibility(start: Start, directory: Path) -> None:
    with serving(answer(chat("Yes."))) as server:
        use_server(directory, server.url)
        program = start()
        program.show_panel()
        slider = program.parameter("slider", "Temperature slider")
        slider.set("Value", "CurrentValue", 10.0)
        program.parameter("combo box", "Log probabilities").choose("On")
        program.send("Well?")
        program.conversation.wait_for(lambda names: "Yes." in (names or [""])[-1], "the answer")
        body = server.requests[-1].json
    assert body["temperature"] == 0.5
    assert body["logprobs"] is True


def test_what_is_not_valid_is_said_and_not_sent(start: Start, directory: Path) -> None:
    with serving(answer(chat("Yes."))) as server:
        use_server(directory, server.url)
        program = start()
        program.show_panel()
        program.parameter("text", "Temperature").type("9")
        words = "Not sent: must be 0 to 2."
        program.wait(lambda: program.is_shown("label", words), "that it isn't sent")
        program.send("Well?")
        program.conversation.wait_for(lambda names: "Yes." in (names or [""])[-1], "the answer")
        assert "temperature" not in server.requests[-1].json


def test_an_explanation_opens_and_escape_closes_it(start: Start) -> None:
    program = start()
    program.show_panel()
    program.parameter("text", "Min P")
    info = program.top.find("push button", "About Min P")
    words = BY_NAME["min_p"].help
    info.focus()
    program.keys("Return")
    program.wait(lambda: program.is_shown("label", words), "the explanation")
    program.screen.press("Escape")
    program.wait(lambda: not program.is_shown("label", words), "no explanation")
    # A second press of its button closes it as well, and does not open it again.
    program.screen.click(*info.middle)
    program.wait(lambda: program.is_shown("label", words), "the explanation")
    program.screen.click(*info.middle)
    program.wait(lambda: not program.is_shown("label", words), "no explanation")
    program.keys("Escape")
    assert not program.is_shown("label", words)
