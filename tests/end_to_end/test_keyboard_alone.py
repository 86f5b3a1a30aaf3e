"""A day's use by the keyboard alone: real keys, and what a screen reader has of the window."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, stored, use_server
from tests.end_to_end.reading import State
from tests.servers import Connection, chat, serving

pytestmark = pytest.mark.screen

#: Characters that xdotool knows by a name.
NAMES = {" ": "space", "?": "question"}


@pytest.fixture
def answers(directory: Path) -> Iterator[None]:
    """A server that numbers its answers."""
    numbers = count(1)

    def script(connection: Connection) -> None:
        if connection.request.method == "GET":
            # The list of models, which the picker asks for.
            connection.head(404)
            return
        connection.head()
        connection.send(chat(f"answer number {next(numbers)}"))

    with serving(script) as server:
        use_server(directory, server.url)
        yield


def type_text(program: Program, text: str) -> None:
    """Type a text with real keys."""
    program.keys(*(NAMES.get(sign, sign) for sign in text))


def has_focus(program: Program) -> bool:
    """Whether the message field has the focus."""
    return State.FOCUSED in program.message.states


def last_answer(program: Program, number: int) -> None:
    """Wait for an answer to be the last message, and for its end."""
    program.conversation.wait_for(
        lambda names: bool(names) and names[-1].endswith(f"answer number {number}"),
        f"answer {number}",
    )
    program.conversation.wait_for_end()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (480, 720)])
def test_a_days_use_by_the_keyboard_alone(
    start: Start, directory: Path, answers: None, width: int, height: int
) -> None:
    program = start()
    program.wait(program.is_active, "the window has the keyboard")
    program.screen.resize("Loquat", width, height)
    program.wait(lambda: program.top.children()[0].size == (width, height), "its size")
    # Write at once: the message field has the focus.
    type_text(program, "first question")
    program.keys("Return")
    last_answer(program, 1)
    # Regenerate: one key.
    program.keys("ctrl+r")
    last_answer(program, 2)
    # Go to the messages, and write on without going back first.
    program.keys("alt+Up")
    program.wait(lambda: not has_focus(program), "the focus is among the messages")
    type_text(program, "second question?")
    program.wait(lambda: program.message.text == "second question?", "the text")
    assert has_focus(program)
    program.keys("Return")
    last_answer(program, 3)
    # Find: one key; Esc closes the bar and the focus comes back.
    program.keys("ctrl+f")
    type_text(program, "number")
    program.wait(lambda: program.top.find("text", "Find").text == "number", "the words to find")
    program.keys("Escape")
    program.wait(lambda: not program.is_shown("text", "Find"), "the bar closes")
    program.wait(lambda: has_focus(program), "the field has the focus again")
    # Look at the models: one key; Esc gives the focus back.
    program.keys("ctrl+m")
    program.wait(lambda: program.is_shown("text", "Search models"), "the models")
    program.keys("Escape")
    program.wait(lambda: not program.is_shown("text", "Search models"), "they are gone")
    program.wait(lambda: has_focus(program), "the field has the focus again")
    # The settings, and what is typed after them.
    program.keys("ctrl+comma")
    program.wait(lambda: program.is_shown("dialog", "Settings — Loquat"), "the settings")
    program.keys("Escape")
    program.wait(lambda: not program.is_shown("dialog", "Settings — Loquat"), "they are gone")
    program.wait(lambda: has_focus(program), "the field has the focus again")
    # Another conversation: one key.
    program.keys("ctrl+n")
    program.conversation.wait_for(lambda names: not names, "the empty page")
    type_text(program, "third")
    program.keys("Return")
    last_answer(program, 4)
    program.keys("ctrl+q")
    assert program.process.wait(30) == 0
    told = {conversation.title: len(messages) for conversation, messages in stored(directory)}
    assert told == {"first question": 5, "third": 2}


def test_after_a_click_on_settings_space_is_typed(start: Start) -> None:
    program = start()
    program.wait(program.is_active, "the window has the keyboard")
    program.screen.click(*program.top.find("push button", "Settings").middle)
    program.wait(lambda: program.is_shown("dialog", "Settings — Loquat"), "the settings")
    program.keys("Escape")
    program.wait(lambda: not program.is_shown("dialog", "Settings — Loquat"), "they are gone")
    program.wait(lambda: has_focus(program), "the field has the focus again")
    program.keys("space", "a")
    program.wait(lambda: program.message.text == " a", "both are typed")
