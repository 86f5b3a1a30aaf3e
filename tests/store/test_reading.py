"""A library that is only looked at, and one that no file holds."""

from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation, Status
from app.domain.errors import LibraryReadOnly
from app.domain.providers.providers import STARTING_PROVIDERS
from app.store.library import Library
from tests.store.programs import running
from tests.store.test_answers import STREAMS_FOR_EVER
from tests.store.test_opening import ruin
from tests.store.values import REQUEST, URL, answer, empty_trash, question


def look(directory: Path) -> Library:
    """Open to read what is there."""
    library = Library.open_to_read(directory)
    assert library is not None
    return library


def test_looking_leaves_every_file_as_it_was(library: Library, directory: Path) -> None:
    library.add_message("c", question("seen"), updated=2.0)
    library.close()
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    reader = look(directory)
    assert [message.text for message in reader.messages("c")] == ["seen"]
    with pytest.raises(LibraryReadOnly):
        reader.put_setting("name", "value")
    with pytest.raises(LibraryReadOnly):
        reader.begin_answer("c", answer(), REQUEST, url=URL)
    assert reader.interrupt_abandoned() == 0
    reader.close()
    after = {path: path.read_bytes() for path in before}
    assert after == before


def test_looking_where_there_is_nothing_makes_nothing(directory: Path) -> None:
    assert Library.open_to_read(directory) is None
    assert not directory.exists()
    directory.mkdir()
    assert Library.open_to_read(directory) is None
    assert [*directory.iterdir()] == []


def test_a_looker_sees_what_streams_and_what_was_left_by_the_dead(
    library: Library, directory: Path
) -> None:
    with running(STREAMS_FOR_EVER, directory) as process:
        assert process.stdout is not None
        process.stdout.readline()
        reader = look(directory)
        assert [message.status for message in reader.messages("c")] == [Status.STREAMING]
        process.kill()
        process.wait()
        (message,) = reader.messages("c")
        assert (message.status, message.text[:5]) == (Status.INTERRUPTED, "so 0;")
        reader.close()


def test_a_library_in_memory_keeps_all_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    library = Library.in_memory()
    assert library.providers() == list(STARTING_PROVIDERS)
    library.add_conversation(Conversation("c", "", 1.0, 1.0))
    library.add_message("c", question(), updated=2.0)
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.append_to_answer("a", "piece", "")
    assert [message.text for message in library.messages("c")] == ["Why?", "piece"]
    library.finish_answer(answer("whole", Status.COMPLETE), [], updated=3.0)
    assert [message.text for message in library.messages("c")] == ["Why?", "whole"]
    assert library.request("a") == (URL, REQUEST)
    library.delete_conversation("c")
    empty_trash(library)
    assert library.interrupt_abandoned() == 0
    assert not library.changed_elsewhere()
    library.close()
    assert [*tmp_path.iterdir()] == []


def test_a_check_tells_whole_from_damaged(library: Library, directory: Path) -> None:
    for number in range(100):
        library.add_message("c", question("text " * 100, name=f"m{number}"), updated=2.0)
    assert library.is_whole()
    library.close()
    ruin(directory / "library.db", 20 * 4096)
    reader = look(directory)
    assert not reader.is_whole()
    reader.close()
