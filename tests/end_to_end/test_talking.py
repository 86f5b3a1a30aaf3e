"""The main job, with the embedded model: type, send, read the answer, stop, come back."""

from pathlib import Path

import pytest

from app.domain.chat.conversation import Status
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import is_running, stored
from tests.end_to_end.screen import wait_until

pytestmark = [pytest.mark.screen, pytest.mark.engine]

#: At temperature 0 the model goes on about it for more than 1,500 tokens.
LONG = "Tell me a long story about a loquat tree"


def test_an_answer_grows_and_stop_keeps_what_came(start: Start, directory: Path) -> None:
    program = start()
    program.show_panel()
    program.parameter("text", "Temperature").type("0")
    program.send(LONG)
    program.conversation.wait_for(lambda names: len(names) == 2, "the question and its answer")
    first = program.conversation.wait_for(
        lambda names: len(names[1].partition(": ")[2]) > 10, "the answer begins"
    )
    program.conversation.wait_for(
        lambda names: len(names[1]) > len(first[1]) + 20 and names[1].startswith(first[1][:20]),
        "the answer grows",
    )
    program.stop_answer()
    program.conversation.wait_for_end()
    kept = program.conversation.names()
    assert kept[0] == f"You: {LONG}"
    assert program.titles() == [LONG]
    assert program.end() == 0
    [(conversation, messages)] = stored(directory)
    assert conversation.title == LONG
    assert [message.status for message in messages] == [Status.COMPLETE, Status.STOPPED]
    assert messages[1].text.strip() in kept[1]


def test_what_was_said_is_there_when_the_program_is_opened_again(start: Start) -> None:
    program = start()
    program.show_panel()
    program.parameter("text", "Max tokens").type("16")
    program.send("Say a word")
    program.conversation.wait_for(lambda names: len(names) == 2, "the question and its answer")
    program.conversation.wait_for_end()
    names = program.conversation.names()
    program.keys("alt+F4")
    assert program.process.wait(30) == 0

    again = start()
    assert again.conversation.wait_for(lambda now: len(now) == 2, "both messages") == names
    assert again.titles() == ["Say a word"]


def test_the_engine_ends_with_the_program(start: Start) -> None:
    program = start()
    program.send(LONG)
    program.wait(lambda: bool(program.engines()), "the engine's process")
    [engine] = program.engines()
    program.conversation.wait_for(lambda names: len(names) == 2, "the answer's place")
    program.kill()
    wait_until(lambda: not is_running(engine), "the engine ends")
