"""An export is whole or not there, and nobody else's to read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation, Message, Role, Status
from app.domain.errors import InputError, LibraryError, NotFoundError
from app.services.library import export as exporting
from app.store.library import Library
from tests.formats.reading import read


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three conversations, one of which has an answer and one of which is in the trash."""
    made = Library.open(tmp_path / "data")
    for name in ("aaaaaa1", "bbbbbb2", "cccccc3"):
        made.add_conversation(Conversation(name, name, 1.0, 2.0, parameters={"seed": 1}))
    question = Message("q", None, Role.USER, "Well?", 3.0)
    answer = Message("a", "q", Role.ASSISTANT, "", 4.0, Status.STREAMING)
    made.add_message("aaaaaa1", question, updated=3.0)
    made.begin_answer("aaaaaa1", answer, {"messages": ["Well?"]}, url="http://127.0.0.1/x")
    made.finish_answer(Message("a", "q", Role.ASSISTANT, "Ja — ü\u2028", 4.0), [], updated=5.0)
    made.delete_conversation("cccccc3")
    yield made
    made.close()


def test_the_file_says_everything_that_the_library_knows(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    exporting.write_file(library, exporting.chosen(library, None), path)
    found = {conversation.id: inside for conversation, inside in read(path.read_bytes())}
    assert found.keys() == {"aaaaaa1", "bbbbbb2"}
    assert [one.message for one in found["aaaaaa1"]] == library.messages("aaaaaa1")
    assert [one.request for one in found["aaaaaa1"]] == [
        None,
        ("http://127.0.0.1/x", {"messages": ["Well?"]}),
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] != []


def test_a_conversation_that_is_named_twice_is_written_once(library: Library) -> None:
    chosen = exporting.chosen(library, ["bbbbbb2", "bbbbbb", "aaaaaa1"])
    assert [one.id for one in chosen] == ["bbbbbb2", "aaaaaa1"]


def test_an_unknown_conversation_is_a_sentence(library: Library) -> None:
    with pytest.raises(NotFoundError):
        exporting.chosen(library, ["aaaaaa1", "nowhere"])


def test_a_file_that_is_there_is_overwritten_only_on_purpose(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "out.json"
    path.write_text("precious")
    with pytest.raises(InputError, match="already"):
        exporting.write_file(library, [], path)
    assert path.read_text() == "precious"
    exporting.write_file(library, [], path, overwrite=True)
    assert json.loads(path.read_bytes())["conversations"] == []


def test_a_folder_that_is_missing_is_a_sentence(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="could not be written"):
        exporting.write_file(library, [], tmp_path / "none" / "out.json")


def test_a_folder_is_no_file(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        exporting.write_file(library, [], tmp_path, overwrite=True)
    assert [one.name for one in tmp_path.iterdir()] == ["data"]


def test_an_export_that_fails_in_the_middle_leaves_nothing(
    library: Library, tmp_path: Path
) -> None:
    conversations = exporting.chosen(library, None)
    library.close()
    with pytest.raises(LibraryError):
        exporting.write_file(library, conversations, tmp_path / "out.json")
    assert [one.name for one in tmp_path.iterdir()] == ["data"]
