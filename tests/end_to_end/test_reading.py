"""The conversation as a screen reader has it: read while it comes, by its words, and acted on."""

from pathlib import Path
from threading import Event

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, use_server
from tests.end_to_end.reading import Element
from tests.end_to_end.screen import wait_until
from tests.servers import DONE, Connection, chunk, serving

pytestmark = pytest.mark.screen

#: AT-SPI's granularity.
LINE = 3
FIRST = "# A tree\n\nThe *loquat* 🌳 bears"
THEN = " fruit in spring.\n\n```python\nharvest(tree)\n```\n"


def messages(program: Program) -> list[Element]:
    (conversation,) = program.top.look_for("list", "Messages")
    return [found.element for found in conversation.element.look_for("list item")]


def words(element: Element, start: int, end: int) -> str:
    return str(element.call("Text", "GetText", "ii", start, end))


def test_an_answer_is_read_while_it_comes(start: Start, directory: Path) -> None:
    go_on = Event()

    def script(connection: Connection) -> None:
        connection.head()
        connection.send(chunk(FIRST))
        connection.wait_for(go_on)
        connection.send(chunk(THEN, finish="stop") + DONE)

    with serving(script) as server:
        use_server(directory, f"{server.url}/v1")
        program = start()
        program.send("Which tree bears fruit in spring?")
        program.wait(lambda: "bears" in program.conversation.last(), "the first words")
        question, answer = messages(program)
        assert question.text.strip() == "Which tree bears fruit in spring?"
        wait_until(lambda: "bears" in answer.text, "its words")
        # Read as it is shown: without marks, an emoji as one character of what is read.
        assert answer.text.strip().splitlines()[-1] == "The loquat 🌳 bears"
        before = answer.get("Text", "CharacterCount")
        go_on.set()
        program.conversation.wait_for_end()
        wait_until(lambda: "harvest(tree)" in answer.text, "the rest of it")
        assert answer.get("Text", "CharacterCount") > before
        text = answer.text
        place = len(text[: text.index("fruit")].encode("utf-16-le")) // 2
        assert words(answer, place, place + 5) == "fruit"
        line, start_of_line, _end = answer.call_all("Text", "GetStringAtOffset", "iu", place, LINE)
        assert line.strip() == "The loquat 🌳 bears fruit in spring."
        assert words(answer, start_of_line, start_of_line + 3) == "The"
        # Where a word stands is on the screen, right of the word before it.
        left, top, width, height = answer.call_all("Text", "GetCharacterExtents", "iu", place, 0)
        assert answer.call("Text", "GetOffsetAtPoint", "iiu", left + 1, top + 5, 0) == place
        before_it = answer.call_all("Text", "GetCharacterExtents", "iu", place - 3, 0)
        assert before_it[0] < left
        assert min(width, height) > 0
        # What is selected there is what is copied.
        answer.call("Text", "AddSelection", "ii", place, place + 5)
        assert answer.get("Text", "CaretOffset") == place + 5
        assert question.get("Text", "CaretOffset") == -1
        assert program.end() == 0
