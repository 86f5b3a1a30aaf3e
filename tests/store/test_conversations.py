"""The list of conversations, and the trash."""

import re
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings

from app.domain.chat.conversation import Conversation
from app.domain.chat.reading_place import ReadingPlace, TextSpot
from app.domain.errors import NotFoundError
from app.store.conversations import LISTING
from app.store.library import Library
from tests.store import values
from tests.store.values import empty_trash, question


@given(conversation=values.conversations, changed=values.conversations)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_field_of_a_conversation_comes_back(
    library: Library, conversation: Conversation, changed: Conversation
) -> None:
    library.add_conversation(conversation)
    assert library.conversation(conversation.id) == conversation
    changed = replace(changed, id=conversation.id, created=conversation.created)
    library.update_conversation(changed)
    assert library.conversation(conversation.id) == changed


def test_the_list_has_the_last_touched_first(library: Library) -> None:
    for name, updated in (("old", 0.5), ("new", 9.0), ("newer of the same", 9.0)):
        library.add_conversation(Conversation(name, "", 0.0, updated))
    listed = [conversation.id for conversation in library.conversations()]
    assert listed == ["newer of the same", "new", "c", "old"]


def test_the_list_is_one_walk_of_an_index(library: Library, directory: Path) -> None:
    connection = apsw.Connection(str(directory / "library.db"))
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {LISTING}")]
    connection.close()
    assert steps == ["SCAN conversations USING INDEX conversations_by_recency"]


def test_a_deleted_conversation_is_in_no_list_until_it_is_restored(library: Library) -> None:
    library.add_message("c", question(), updated=2.0)
    library.delete_conversation("c")
    assert library.conversations() == []
    with pytest.raises(NotFoundError):
        library.conversation("c")
    library.restore_conversation("c")
    assert [conversation.id for conversation in library.conversations()] == ["c"]
    assert [message.id for message in library.messages("c")] == ["q"]


def test_what_does_not_exist_is_not_found(library: Library) -> None:
    missing = Conversation("missing", "", 0.0, 0.0)
    with pytest.raises(NotFoundError):
        library.update_conversation(missing)
    with pytest.raises(NotFoundError):
        library.restore_conversation("missing")
    assert library.messages("missing") == []


def test_emptying_the_trash_leaves_no_trace_in_any_file(library: Library, directory: Path) -> None:
    secret = "unforgettable-" * 400
    library.add_message("c", question(secret), updated=2.0)
    library.delete_conversation("c")
    empty_trash(library)
    with pytest.raises(NotFoundError):
        library.restore_conversation("c")
    kept = b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())
    assert not re.search(rb"unforgettable-", kept)


def test_a_damaged_set_of_parameters_reads_as_empty(library: Library, directory: Path) -> None:
    with apsw.Connection(str(directory / "library.db")) as other:
        other.execute("UPDATE conversations SET parameters = '[1'")
    assert library.conversation("c") == Conversation("c", "Title", 1.0, 1.0)


PLACE = ReadingPlace("m", TextSpot(3, 120, -4), "seen")


def test_the_place_of_reading_comes_back_and_goes_with_the_end(library: Library) -> None:
    assert library.place("c") is None
    library.put_place("c", PLACE)
    assert library.place("c") == PLACE
    library.update_conversation(replace(library.conversation("c"), title="Another"))
    assert library.place("c") == PLACE
    library.put_place("c", None)
    assert library.place("c") is None


@pytest.mark.parametrize("cell", ["", "no JSON", "7", '["m"]', '["m", 1, 2, "3", ""]', "{}"])
def test_a_damaged_place_is_the_end(library: Library, cell: str) -> None:
    library._db.run("UPDATE conversations SET place = ? WHERE id = 'c'", (cell,))
    assert library.place("c") is None


def test_a_conversation_that_is_not_there_has_no_place(library: Library) -> None:
    library.put_place("missing", PLACE)
    assert library.place("missing") is None
