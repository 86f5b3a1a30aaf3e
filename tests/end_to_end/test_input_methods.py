"""Hangul is composed with a real IBus and a real Fcitx, and nothing of it is lost by sending."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.end_to_end.input_methods import choose_fcitx_hangul, choose_ibus_hangul, fcitx, ibus
from tests.end_to_end.program import Program, use_server
from tests.end_to_end.reading import Reader
from tests.end_to_end.screen import Screen
from tests.servers import Connection, chat, serving

pytestmark = pytest.mark.screen

Session = Callable[[Screen], AbstractContextManager[Screen]]
Choose = Callable[[Screen], None]


def echo(connection: Connection) -> None:
    """Answer with the question."""
    question = connection.request.json["messages"][-1]["content"]
    connection.head()
    connection.send(chat(f"heard: {question}"))


@pytest.fixture(
    params=[(ibus, choose_ibus_hangul), (fcitx, choose_fcitx_hangul)], ids=["ibus", "fcitx"]
)
def composing(
    request: pytest.FixtureRequest, screen: Screen, reader: Reader, directory: Path
) -> Iterator[Program]:
    """The program with hangul on and the focus in the message field."""
    session: Session
    choose: Choose
    session, choose = request.param
    with session(screen) as inside, serving(echo) as server:
        use_server(directory, server.url)
        program = Program(inside, reader, directory)
        try:
            program.message.focus()
            program.wait(program.is_active, "the window has the keyboard")
            choose(inside)
            yield program
            assert program.end() == 0
            assert program.said() == ""
        finally:
            program.kill()


def test_a_syllable_is_whole_when_enter_ends_it(composing: Program) -> None:
    composing.keys("g", "k", "s", "r", "m", "f", "Return")
    composing.conversation.wait_for(lambda names: names[:1] == ["You: 한글"], "the whole word")
    composing.conversation.wait_for(lambda names: "heard: 한글" in names[-1], "the answer")
    composing.wait(lambda: composing.message.text == "", "the field is empty")


def test_space_comes_after_the_syllable_that_it_ends(composing: Program) -> None:
    composing.keys("g", "k", "s", "space", "r", "m", "f", "space", "1")
    composing.wait(lambda: composing.message.text == "한 글 1", "both words")


def test_the_first_letter_typed_in_the_list_is_composed_in_the_field(composing: Program) -> None:
    composing.keys("g", "k", "Return")
    composing.conversation.wait_for(
        lambda names: "heard: 하" in names[-1] if names else False, "it"
    )
    composing.top.find("list", "Chats").focus()
    composing.keys("g", "k", "s", "Return")
    composing.conversation.wait_for(lambda names: "You: 한" in names, "the second question")
