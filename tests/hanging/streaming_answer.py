"""A test that fails while a server is streaming an answer, and closes nothing."""

from pathlib import Path

from app.services.program.core import Core
from tests.servers import serving
from tests.services.talking import conversation_at, says_then_stalls, text_so_far


async def test_fails_in_the_middle_of_an_answer(tmp_path: Path) -> None:
    core = Core(tmp_path)
    with serving(says_then_stalls) as server:
        conversation = conversation_at(core, server)
        sending = core.chat.send(conversation, "A story")
        await text_so_far(core, conversation, "So far")
        assert sending.done()


def test_comes_next() -> None:
    pass
