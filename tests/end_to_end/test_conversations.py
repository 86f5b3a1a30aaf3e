"""Several conversations at once, and everything that the keyboard does."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, stored, use_server
from tests.end_to_end.reading import State
from tests.servers import Connection, chat, chunk, serving

pytestmark = pytest.mark.screen


class Held:
    """A server whose answers about "slow" things wait in their middle until `go_on` is set."""

    def __init__(self) -> None:
        self.go_on = Event()

    def script(self, connection: Connection) -> None:
        """Answer one request."""
        question = connection.request.json["messages"][-1]["content"]
        connection.head()
        if "slow" in question:
            connection.send(chunk("Slowly "))
            connection.wait_for(self.go_on)
        connection.send(chat(f"answered: {question}"))


@pytest.fixture
def held(directory: Path) -> Iterator[Held]:
    """The server that new conversations start with."""
    scripted = Held()
    with serving(scripted.script) as server:
        use_server(directory, server.url)
        yield scripted
        scripted.go_on.set()


def ask(program: Program, text: str) -> None:
    """Ask in a conversation of its own, and wait for the beginning of the answer."""
    program.keys("ctrl+n")
    program.conversation.wait_for(lambda names: not names, "the empty page")
    program.send(text)
    program.conversation.wait_for(
        lambda names: names[0] == f"You: {text}" and len(names[-1]) > 4 if names else False,
        "the answer begins",
    )


def test_an_answer_goes_on_while_another_conversation_is_in_view(
    start: Start, held: Held, directory: Path
) -> None:
    program = start()
    ask(program, "slow one")
    program.conversation.wait_for(lambda names: "Slowly" in names[-1], "its first word")
    ask(program, "quick one")
    program.conversation.wait_for(lambda names: "answered: quick one" in names[-1], "its answer")
    assert program.titles() == ["quick one", "slow one, answering"]
    held.go_on.set()
    ended = ["slow one, new answer", "quick one"]
    program.wait(lambda: program.titles() == ended, "the slow one ends")
    program.choose_conversation("slow one, new answer")
    program.conversation.wait_for(
        lambda names: "Slowly answered: slow one" in names[-1], "its whole answer"
    )
    assert len(stored(directory)) == 2


def test_a_deleted_conversation_comes_back_with_undo(start: Start, held: Held) -> None:
    program = start()
    ask(program, "first")
    ask(program, "second")
    program.conversation.wait_for_end()
    before = program.conversation.names()
    program.top.find("list", "Chats").focus()
    program.keys("Delete")
    program.wait(lambda: program.titles() == ["first"], "it is gone")
    program.conversation.wait_for(lambda names: names[0] == "You: first", "the other is shown")
    program.press("Undo")
    program.wait(lambda: program.titles() == ["second", "first"], "it is back")
    program.conversation.wait_for(lambda names: names == before, "its messages")


def test_f2_renames(start: Start, held: Held, directory: Path) -> None:
    program = start()
    ask(program, "old name")
    program.conversation.wait_for_end()
    program.keys("F2")
    field = program.top.find("text", "Title")
    program.wait(lambda: State.FOCUSED in field.states, "the title can be edited")
    program.screen.press(*"new", "Return")
    program.wait(lambda: program.titles() == ["new"], "the new title in the list")
    program.wait(lambda: program.is_shown("push button", "new"), "and over the conversation")
    # From the list its row has the keyboard: Qt doesn't list the editor in the tree.
    program.top.find("list", "Chats").focus()
    program.keys("F2")
    row = program.top.find("list item", "new")
    program.wait(lambda: State.FOCUSED in row.states, "the title can be edited in the list")
    program.screen.press(*"newer", "Return")
    program.wait(lambda: program.titles() == ["newer"], "the new title in the list")
    assert [conversation.title for conversation, _ in stored(directory)] == ["newer"]


def test_enter_sends_shift_enter_breaks_the_line_and_escape_stops(start: Start, held: Held) -> None:
    program = start()
    program.message.focus()
    program.keys(*"slow", "shift+Return", "a")
    program.wait(lambda: program.message.text == "slow\na", "two lines")
    program.keys("Return")
    names = program.conversation.wait_for(
        lambda names: len(names) == 2 and "Slowly" in names[1], "question and answer"
    )
    assert names[0] == "You: slow\na"
    program.wait(lambda: program.message.text == "", "the field is empty")
    program.keys("Escape")
    program.conversation.wait_for_end()
    assert "Slowly" in program.conversation.last()


def test_panes_fold_by_key_and_stay_folded(start: Start, held: Held) -> None:
    program = start()
    assert not program.is_shown("text", "System prompt")
    program.keys("ctrl+b")
    program.wait(lambda: not program.is_shown("list", "Chats"), "no sidebar")
    program.keys("ctrl+period")
    program.wait(lambda: program.is_shown("text", "System prompt"), "the panel")
    assert program.end() == 0
    again = start()
    again.wait(lambda: again.is_shown("text", "System prompt"), "the panel")
    assert not again.is_shown("list", "Chats")
    again.keys("ctrl+b", "ctrl+period")
    again.wait(lambda: again.is_shown("list", "Chats"), "the sidebar")
    again.wait(lambda: not again.is_shown("text", "System prompt"), "no panel")


def test_ctrl_n_begins_another_conversation(start: Start, held: Held) -> None:
    program = start()
    ask(program, "one")
    program.conversation.wait_for_end()
    program.keys("ctrl+n")
    program.conversation.wait_for(lambda names: not names, "the empty page")
    program.wait(lambda: State.FOCUSED in program.message.states, "the field has the keyboard")
    assert program.titles() == ["one"]
