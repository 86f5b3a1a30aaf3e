"""A streaming answer survives the end of its process, and nobody else's haste."""

from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from app.domain.chat.conversation import Status
from app.domain.errors import LibraryError
from app.store.library import Library
from tests.store.programs import running
from tests.store.values import REQUEST, URL, answer, question

STREAMS_FOR_EVER = """
library = Library.open(directory)
library.begin_answer("c", answer("so "), REQUEST, url=URL)
count = 0
while True:
    library.append_to_answer("a", f"{count};", f"{count}?")
    print(count, flush=True)
    count += 1
"""


def test_a_finished_answer_has_its_final_form_and_no_chunks(
    library: Library, directory: Path
) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.append_to_answer("a", "not ", "")
    library.append_to_answer("a", "this", "")
    final = answer("but that", Status.STOPPED)
    library.finish_answer(final, [], updated=8.0)
    assert library.messages("c") == [final]
    assert library.conversation("c").updated == 8.0
    with apsw.Connection(str(directory / "library.db")) as other:
        assert other.execute("SELECT count(*) FROM chunks").get == 0


def test_an_answer_is_current_from_its_beginning(library: Library) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    assert library.conversation("c").current == "a"


def test_what_came_of_a_streaming_answer_is_read_with_it(library: Library) -> None:
    library.begin_answer("c", answer("so "), REQUEST, url=URL)
    library.append_to_answer("a", "far", "th")
    library.append_to_answer("a", ", so good", "ought")
    (message,) = library.messages("c")
    assert (message.text, message.reasoning) == ("so far, so good", "thought")
    assert message.status is Status.STREAMING


def test_an_answer_that_is_begun_anew_goes_on_from_its_text(library: Library) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.finish_answer(answer("half", Status.INTERRUPTED), [], updated=1.0)
    library.add_message("c", question("later", name="l", parent="a"), updated=2.0)
    library.begin_answer("c", answer("half"), {"model": "m2", "messages": []}, url=URL)
    library.append_to_answer("a", " and half", "")
    assert [message.text for message in library.messages("c")] == ["half and half", "later"]
    assert library.request("a") == (URL, {"model": "m2", "messages": []})


def test_an_answer_that_is_begun_anew_loses_the_pieces_of_before(library: Library) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.append_to_answer("a", "old", "")
    library.begin_answer("c", answer("new"), REQUEST, url=URL)
    assert [message.text for message in library.messages("c")] == ["new"]


def test_an_answer_of_one_conversation_is_not_begun_in_another(library: Library) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.add_conversation(replace(library.conversation("c"), id="other"))
    with pytest.raises(LibraryError):
        library.begin_answer("other", answer("changed"), REQUEST, url=URL)
    assert [message.text for message in library.messages("c")] == [""]


def test_a_chunk_for_an_answer_that_does_not_stream_is_refused(library: Library) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.finish_answer(answer("done", Status.COMPLETE), [], updated=1.0)
    with pytest.raises(LibraryError, match="not saved"):
        library.append_to_answer("a", "more", "")


def test_finishing_an_answer_that_is_gone_is_refused(library: Library) -> None:
    with pytest.raises(LibraryError, match="not saved"):
        library.finish_answer(answer("done", Status.COMPLETE), [], updated=1.0)


def test_a_killed_process_leaves_every_chunk_that_it_acknowledged(
    library: Library, directory: Path
) -> None:
    library.close()
    with running(STREAMS_FOR_EVER, directory) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _count in range(200)]
        process.kill()
    reopened = Library.open(directory)
    (message,) = reopened.messages("c")
    reopened.close()
    assert reopened.report.interrupted == 1
    assert message.status is Status.INTERRUPTED
    assert message.error
    pieces = message.text.removeprefix("so ").removesuffix(";").split(";")
    assert pieces == [str(count) for count in range(len(pieces))]
    assert len(pieces) >= len(acknowledged)
    assert message.reasoning == "".join(f"{piece}?" for piece in pieces)


def test_an_answer_that_another_process_is_writing_is_left_alone_while_it_lives(
    library: Library, directory: Path
) -> None:
    with running(STREAMS_FOR_EVER, directory) as process:
        assert process.stdout is not None
        process.stdout.readline()
        second = Library.open(directory)
        (message,) = second.messages("c")
        assert (second.report.interrupted, message.status) == (0, Status.STREAMING)
        assert library.interrupt_abandoned() == 0
        seen = len(message.text)
        process.kill()
        process.wait()
        assert library.interrupt_abandoned() == 1
        (message,) = second.messages("c")
        second.close()
    assert message.status is Status.INTERRUPTED
    assert len(message.text) >= seen


def test_the_dead_leave_no_file_among_the_running(library: Library, directory: Path) -> None:
    with running(STREAMS_FOR_EVER, directory) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert len([*(directory / "running").iterdir()]) == 2
    library.interrupt_abandoned()
    assert len([*(directory / "running").iterdir()]) == 1
    library.close()
    assert [*(directory / "running").iterdir()] == []
