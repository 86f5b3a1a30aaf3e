"""Selected text of the conversation is pasted by a middle click."""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import use_server
from tests.servers import answer, chat, serving

pytestmark = pytest.mark.screen


def test_a_middle_click_pastes_what_is_selected(start: Start, directory: Path) -> None:
    with serving(answer(chat("The loquat bears fruit."))) as server:
        use_server(directory, server.url)
        program = start()
        program.send("Which tree?")
        program.conversation.wait_for(lambda names: "loquat" in "".join(names), "the answer")
        program.conversation.wait_for_end()
        (conversation,) = program.top.look_for("list", "Messages")
        last = conversation.element.look_for("list item")[-1].element
        begin = last.text.index("loquat")
        last.call("Text", "AddSelection", "ii", begin, begin + len("loquat"))

        def pasted() -> bool:
            if not program.message.text:
                program.screen.click(*program.message.middle, button=2)
            return program.message.text == "loquat"

        program.wait(pasted, "the word is pasted")
        # What was selected stays, though its conversation is out of view.
        program.write("")
        program.keys("ctrl+n")
        program.wait(pasted, "the word is pasted again")
        assert program.end() == 0
