"""What nobody is meant to do and somebody does: the window answers, and says nothing to stderr."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, stored, use_server
from tests.servers import Connection, chat, chunk, serving

pytestmark = pytest.mark.screen

UGLY = {
    "a long line": "x" * 1_000_000,
    "both directions": "abc \u202eאבג\u202c שלום \u2067دنيا\u2069 " * 2000,
    "NUL and controls": "a\x00b\x01c\x1b[31md\x7fe\ufeff\ufffe",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈👍🏽" * 2000,
    "marks": "e" + "\u0301" * 20_000,
    "line separators": "one\u2028two\u2029three\u0085four\r\nfive\rsix",
    "brackets": "[" * 20_000 + "*" * 20_000 + "> " * 2000,
    "markup": "<script>alert(1)</script><img src=file:///etc/passwd>" * 200,
}


class Talking:
    """A server that says one text, then waits before it ends."""

    def __init__(self) -> None:
        self.text = "Yes."
        self.go_on = Event()
        self.go_on.set()

    def script(self, connection: Connection) -> None:
        """Answer one request in pieces of a network's size."""
        connection.head()
        for start in range(0, len(self.text), 4000):
            connection.send(chunk(self.text[start : start + 4000]))
        connection.wait_for(self.go_on)
        connection.send(chat())


@pytest.fixture
def talking(directory: Path) -> Iterator[Talking]:
    """The server that new conversations start with."""
    scripted = Talking()
    with serving(scripted.script) as server:
        use_server(directory, server.url)
        yield scripted
        scripted.go_on.set()


@pytest.mark.parametrize("kind", UGLY)
def test_any_text_can_be_sent_and_answered(
    kind: str, start: Start, talking: Talking, directory: Path
) -> None:
    talking.text = UGLY[kind]
    program = start()
    # D-Bus takes no NUL.
    program.send(UGLY[kind].replace("\0", ""))
    program.conversation.wait_for(lambda names: len(names) == 2, "question and answer")
    program.conversation.wait_for_end()
    program.write("still here")
    assert program.message.text == "still here"
    [(_conversation, messages)] = stored(directory)
    # No file or screen takes a NUL either.
    assert messages[1].text == UGLY[kind].replace("\0", "\ufffd")


def test_the_window_is_resized_while_an_answer_comes(start: Start, talking: Talking) -> None:
    talking.text = "# Head\n\nSome *words* and `code`.\n\n" * 500
    talking.go_on.clear()
    program = start()
    program.send("Go")
    program.conversation.wait_for(
        lambda names: len(names) == 2 and len(names[1]) > 1000, "much of the answer"
    )
    for width, height in ((500, 420), (1500, 900), (720, 500), (1000, 700)):
        program.screen.resize("Go — Loquat", width, height)
        program.wait(
            lambda size=(width, height): program.top.find("frame", "Go — Loquat").size == size,  # type: ignore[misc]
            f"{width} by {height}",
        )
    talking.go_on.set()
    program.conversation.wait_for_end()
    assert program.end() == 0
    again = start()
    window = again.top.find("frame", "Go — Loquat")
    again.wait(lambda: window.size == (1000, 700), "the last size")


def has_size(program: Program, width: int, height: int) -> None:
    """Wait until the window has this size at least."""

    def look() -> bool:
        now = program.top.find("frame", "Loquat").size
        return now[0] >= width and now[1] >= height

    program.wait(look, f"{width} by {height}")


def click_title_bar(program: Program) -> None:
    """Double-click the title bar, which maximises the window or gives it its size again."""
    window = program.top.find("frame", "Loquat")
    (x, y), height = window.middle, window.size[1]
    program.screen.double_click(x, y - height // 2 - 10)


def test_a_maximised_window_is_so_again_and_knows_its_normal_size(start: Start) -> None:
    program = start()
    program.screen.resize("Loquat", 700, 500)
    program.wait(lambda: program.top.find("frame", "Loquat").size == (700, 500), "its size")
    click_title_bar(program)
    has_size(program, 1000, 600)
    assert program.end() == 0
    again = start()
    has_size(again, 1000, 600)
    click_title_bar(again)
    again.wait(lambda: again.top.find("frame", "Loquat").size == (700, 500), "its size again")
