"""A day's use by the keyboard alone: real keys, and what a screen reader has of the window."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, stored, use_server
from tests.end_to_end.reading import State
from tests.servers import Connection, chat, chunk, serving

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


class Slow:
    """A server with two models. It numbers its answers; one to "slow" waits for `go_on`."""

    def __init__(self) -> None:
        self.go_on = Event()
        self._numbers = count(1)

    def script(self, connection: Connection) -> None:
        """Answer one request."""
        if connection.request.method == "GET":
            connection.head(content_type="application/json")
            connection.send(b'{"data": [{"id": "m"}, {"id": "second"}]}')
            return
        slow = connection.request.json["messages"][-1]["content"] == "slow"
        connection.head()
        if slow:
            connection.send(chunk("Slowly "))
            connection.wait_for(self.go_on)
        connection.send(chat(f"answer number {next(self._numbers)}"))


@pytest.fixture
def slow(directory: Path) -> Iterator[Slow]:
    """The server that new conversations start with."""
    scripted = Slow()
    with serving(scripted.script) as server:
        use_server(directory, server.url)
        yield scripted
        scripted.go_on.set()


def tab_to(program: Program, role: str, name: str) -> None:
    """Press Tab until something of this role and name has the focus."""
    for _press in range(60):
        found = [one for one in program.top.look_for(role) if one.name.partition(",")[0] == name]
        if any(State.FOCUSED in one.states for one in found):
            return
        program.keys("Tab")
    raise AssertionError(f"Tab does not reach the {role} {name!r}\n{program.top.picture()}")


def switch_versions(program: Program) -> None:
    program.keys("ctrl+r")
    last_answer(program, 2)
    program.keys("alt+Left")
    last_answer(program, 1)
    program.keys("alt+Right")
    last_answer(program, 2)


def edit_in_place(program: Program) -> None:
    program.keys("alt+Up", "alt+Up")
    tab_to(program, "push button", "Edit")
    program.keys("Return")
    field = program.top.find("text", "Edit message")
    program.wait(lambda: State.FOCUSED in field.states, "the question can be edited")
    type_text(program, " again")
    program.wait(lambda: field.text == "one again", "its text")
    program.keys("Return")
    last_answer(program, 3)
    program.wait(lambda: has_focus(program), "the message field has the focus")


def rename(program: Program) -> None:
    program.keys("F2")
    field = program.top.find("text", "Title")
    program.wait(lambda: State.FOCUSED in field.states, "the title can be edited")
    program.keys(*"day", "Return")
    program.wait(lambda: program.is_shown("push button", "day"), "the new title")
    program.wait(lambda: has_focus(program), "the message field has the focus")


def set_the_temperature(program: Program) -> None:
    program.keys("ctrl+period")
    program.wait(lambda: program.is_shown("text", "System prompt"), "the panel")
    tab_to(program, "check box", "Sampling")
    program.keys("space")
    tab_to(program, "slider", "Temperature slider")
    program.keys("Right")
    field = program.top.find("text", "Temperature")
    program.wait(lambda: field.text != "", "a temperature")
    program.keys("ctrl+period")
    program.wait(lambda: not program.is_shown("text", "System prompt"), "the panel is gone")
    program.wait(lambda: has_focus(program), "the message field has the focus")


def choose_a_model(program: Program) -> None:
    program.keys("ctrl+m")
    field = program.top.find("text", "Search models")
    program.wait(lambda: State.FOCUSED in field.states, "words can be typed at once")
    type_text(program, "second")
    program.keys("Return")
    program.wait(
        lambda: program.is_shown("push button", "Model: second, Scripted"), "the other model"
    )
    program.wait(lambda: has_focus(program), "the message field has the focus")


def queue(program: Program, go_on: Event) -> None:
    type_text(program, "slow")
    program.keys("Return")
    program.conversation.wait_for(lambda names: names[-1].endswith("Slowly "), "its first word")
    type_text(program, "next")
    program.keys("Return")
    program.wait(lambda: program.message.text == "", "the message is queued")
    assert len(program.conversation.names()) == 4
    go_on.set()
    last_answer(program, 5)
    assert program.conversation.names()[-2] == "You: next"


def delete_and_undo(program: Program) -> None:
    before = program.conversation.names()
    program.keys("ctrl+shift+BackSpace")
    program.conversation.wait_for(lambda names: not names, "the empty page")
    program.keys("ctrl+z")
    program.conversation.wait_for(lambda names: names == before, "the conversation is back")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (480, 720)])
def test_everything_of_a_day_by_the_keyboard_alone(
    start: Start, directory: Path, slow: Slow, width: int, height: int
) -> None:
    program = start()
    program.wait(program.is_active, "the window has the keyboard")
    program.screen.resize("Loquat", width, height)
    program.wait(lambda: program.top.children()[0].size == (width, height), "its size")
    type_text(program, "one")
    program.keys("Return")
    last_answer(program, 1)
    switch_versions(program)
    edit_in_place(program)
    rename(program)
    set_the_temperature(program)
    choose_a_model(program)
    queue(program, slow.go_on)
    delete_and_undo(program)
    program.keys("ctrl+q")
    assert program.process.wait(30) == 0
    [(conversation, messages)] = stored(directory)
    assert (conversation.title, conversation.model) == ("day", "second")
    assert list(conversation.parameters) == ["temperature"]
    # Two answers to the first version of the question; then three questions and answers.
    assert len(messages) == 3 + 2 + 4


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
