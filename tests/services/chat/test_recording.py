"""A streaming answer is written down in time, and a library that fails is told of once."""

from pathlib import Path

import pytest

from app.api.http.wire_thread import DELIVERY
from app.domain.chat.conversation import Conversation, Status
from app.domain.chat.reply import Reply
from app.domain.errors import LibraryError
from app.domain.events import TextDelta
from app.services.chat.recording import FLUSH_CHARACTERS, FLUSH_SECONDS, Recording
from app.services.observers import Observers
from app.store.library import Library
from tests.store.values import REQUEST, URL, answer, empty_trash, question

CONVERSATION = "c"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with a conversation that ends in a question."""
    made = Library.open(tmp_path)
    made.add_conversation(Conversation(CONVERSATION, "Title", 1.0, 1.0))
    made.add_message(CONVERSATION, question(), updated=1.0)
    return made


def grow(recording: Recording, reply: Reply, characters: int) -> None:
    reply.apply(TextDelta("x" * characters))
    recording.note()


def length_on_disk(library: Library) -> int:
    return len(library.messages(CONVERSATION)[-1].text)


async def test_two_thousand_characters_are_written_without_waiting_for_the_timer(
    library: Library,
) -> None:
    reply = Reply(answer())
    recording = Recording(library, CONVERSATION, reply, Observers())
    recording.begin(URL, REQUEST)
    # Nothing is awaited from here on: no timer can ring.
    grow(recording, reply, 1)
    grow(recording, reply, FLUSH_CHARACTERS - 2)
    assert length_on_disk(library) == 0
    grow(recording, reply, 1)
    assert length_on_disk(library) == FLUSH_CHARACTERS
    recording.finish(reply.message(Status.STOPPED))
    library.close()


async def test_a_library_that_fails_at_every_write_is_told_of_once(library: Library) -> None:
    failures: list[LibraryError] = []
    unsaved: Observers[[LibraryError]] = Observers()
    unsaved.connect(failures.append)
    reply = Reply(answer())
    recording = Recording(library, CONVERSATION, reply, unsaved)
    recording.begin(URL, REQUEST)
    # From here on the answer is in no conversation: each piece and its final form fail.
    library.delete_conversation(CONVERSATION)
    empty_trash(library)
    for _piece in range(3):
        grow(recording, reply, 2 * FLUSH_CHARACTERS)
    assert len(failures) == 1
    recording.finish(reply.message(Status.COMPLETE))
    assert len(failures) == 1
    library.close()


def test_what_came_is_on_the_disk_a_fifth_of_a_second_later() -> None:
    # The time on the wire's thread, then the time until the recording writes.
    assert DELIVERY + FLUSH_SECONDS <= 0.2
