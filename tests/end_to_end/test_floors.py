"""What is done often takes few clicks or keys from the main window; typing is not counted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, stored, use_server
from tests.end_to_end.reading import Element, State
from tests.servers import Connection, chat, serving

pytestmark = pytest.mark.screen


class Person:
    """Uses the program, and counts the keys and clicks."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.presses = 0

    def key(self, key: str) -> None:
        """Press a key, or a combination."""
        self.presses += 1
        self.program.keys(key)

    def click(self, element: Element, across: float = 0.5) -> None:
        """Click something, at a share of its width from the left."""
        self.presses += 1
        (left, middle), (width, _height) = element.middle, element.size
        self.program.screen.click(round(left + (across - 0.5) * width), middle)

    def press(self, element: Element) -> None:
        """Press a button of a message: a click at a place that the tree doesn't tell."""
        self.presses += 1
        element.press()


def begin_a_chat(person: Person) -> None:
    person.key("ctrl+n")
    person.program.conversation.wait_for(lambda names: not names, "the empty page")


def switch_the_model(person: Person) -> None:
    person.key("ctrl+m")
    field = person.program.top.find("text", "Search models")
    person.program.wait(lambda: State.FOCUSED in field.states, "words can be typed at once")
    person.key("Return")
    person.program.wait(
        lambda: not person.program.is_shown("text", "Search models"), "the model is chosen"
    )


def edit_the_question(person: Person) -> None:
    (shown,) = person.program.top.look_for("list", "Messages")
    question = shown.element.look_for("list item")[0].element
    person.press(next(button for button in question.children() if button.name.startswith("Edit")))
    person.program.wait(
        lambda: any(
            found.element.text == "a question"
            for found in person.program.top.look_for("text")
            if State.FOCUSED in found.states
        ),
        "the question can be edited",
    )


def rename(person: Person) -> None:
    person.key("F2")
    person.program.screen.press(*"new", "Return")
    person.program.wait(lambda: person.program.titles() == ["new"], "the new title")


def find(person: Person) -> None:
    person.key("ctrl+f")
    field = person.program.top.find("text", "Find")
    person.program.wait(lambda: State.FOCUSED in field.states, "words can be typed at once")


def regenerate(person: Person) -> None:
    person.key("ctrl+r")
    person.program.wait(
        lambda: [len(messages) for _talk, messages in stored(person.program.directory)] == [3],
        "another answer",
    )


def delete(person: Person) -> None:
    person.key("ctrl+shift+BackSpace")
    person.program.wait(lambda: person.program.titles() == [], "it is gone")


def delete_in_the_list(person: Person) -> None:
    person.program.top.find("list", "Chats").focus()
    person.key("Delete")
    person.program.wait(lambda: person.program.titles() == [], "it is gone")


def change_the_temperature(person: Person) -> None:
    top = person.program.top
    person.key("ctrl+period")
    person.click(person.program.group("Sampling"))
    field = top.find("text", "Temperature")
    before = field.text
    person.click(top.find("slider", "Temperature slider"), across=0.2)
    person.program.wait(lambda: field.text != before, "another temperature")


#: Tasks and the most keys and clicks that each may take.
FLOORS: dict[Callable[[Person], None], int] = {
    begin_a_chat: 1,
    switch_the_model: 2,
    edit_the_question: 1,
    rename: 1,
    delete: 1,
    delete_in_the_list: 1,
    find: 1,
    regenerate: 1,
    change_the_temperature: 3,
}


def reply(connection: Connection) -> None:
    """Answer a question; there is no list of models."""
    if connection.request.method == "GET":
        connection.head(404)
        return
    connection.head()
    connection.send(chat("an answer"))


@pytest.mark.parametrize("task", FLOORS, ids=lambda task: task.__name__)
def test_a_task_takes_few_presses(
    start: Start, directory: Path, task: Callable[[Person], None]
) -> None:
    with serving(reply) as server:
        use_server(directory, server.url)
        program = start()
        program.send("a question")
        program.conversation.wait_for(lambda names: "an answer" in "".join(names), "the answer")
        program.conversation.wait_for_end()
        person = Person(program)
        task(person)
        assert person.presses <= FLOORS[task]
        program.kill()
