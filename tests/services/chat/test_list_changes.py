"""Conversations tells of every change of the list by row."""

from collections.abc import Iterator

import pytest

from app.domain.chat.conversation import Conversation, Message, Role, Status
from app.domain.chat.conversation_list import ConversationEntry, ListChange
from app.domain.chat.reply import Reply
from app.domain.ids import new_id
from app.services.chat.conversations import Conversations
from app.store.library import Library


class Mirror:
    """The list as those see it who are told of its changes."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.entries = self.stored()
        self.changes: list[ListChange] = []

    def stored(self) -> set[ConversationEntry]:
        return set(self.library.listing.entries(0, 100, 100))

    def take(self, change: ListChange) -> None:
        self.changes.append(change)
        if change.before is not None:
            self.entries.remove(change.before)
        if change.after is not None:
            self.entries.add(change.after)


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library.in_memory()
    for number in range(3):
        library.add_conversation(Conversation(f"c{number}", f"T{number}", 1.0, 10.0 + number))
    yield library
    library.close()


@pytest.fixture
def conversations(library: Library) -> Conversations:
    return Conversations(library)


@pytest.fixture
def mirror(library: Library, conversations: Conversations) -> Mirror:
    mirror = Mirror(library)
    conversations.listed.connect(mirror.take)
    return mirror


def question() -> Message:
    return Message(new_id(), None, Role.USER, "How?", 1.0)


def test_every_change_of_the_list_is_told(conversations: Conversations, mirror: Mirror) -> None:
    made = conversations.create(provider="p", model="m")
    assert mirror.changes[-1].before is None
    conversations.add_message(made, question())
    conversations.rename("c0", "Another title")
    conversations.delete("c1")
    assert mirror.changes[-1].after is None
    conversations.delete("c2")
    conversations.restore("c2")
    assert mirror.changes[-1].before is None
    conversations.add_message(conversations.open("c2"), question())
    assert mirror.entries == mirror.stored()
    titles = [one.title for one in sorted(mirror.entries, key=lambda one: one.key, reverse=True)]
    assert titles == ["T2", "How?", "Another title"]


def test_an_answer_moves_its_conversation_to_the_time_of_the_library(
    conversations: Conversations, library: Library, mirror: Mirror
) -> None:
    opened = conversations.open("c0")
    asked = question()
    conversations.add_message(opened, asked)
    answer = Message(new_id(), asked.id, Role.ASSISTANT, "", 1.0, Status.STREAMING)
    conversations.begin_reply(opened, Reply(answer), answer)
    library.add_message("c0", answer, updated=2e9)
    conversations.end_reply(opened, answer)
    assert opened.conversation.updated == 2e9
    assert mirror.entries == mirror.stored()


def test_what_the_list_does_not_show_is_not_told(
    conversations: Conversations, mirror: Mirror
) -> None:
    conversations.choose(conversations.open("c0"), model="another")
    conversations.rename("c1", "T1")
    conversations.delete("missing")
    assert mirror.changes == []


def instructions(count: int) -> int:
    """How many instructions SQLite runs to begin, send, rename and delete among conversations."""
    library = Library.in_memory()
    with library._db.transaction():
        for number in range(count):
            library.add_conversation(Conversation(f"c{number}", "Title", 1.0, 10.0 + number))
    conversations, ran = Conversations(library), 0

    def count_one() -> bool:
        nonlocal ran
        ran += 1
        return False

    library._db._connection.set_progress_handler(count_one, 1)
    conversations.add_message(conversations.create(provider="p", model="m"), question())
    conversations.add_message(conversations.open("c7"), question())
    conversations.rename("c8", "Another title")
    conversations.delete("c9")
    conversations.restore("c9")
    library._db._connection.set_progress_handler(None)
    library.close()
    return ran


def test_a_change_costs_the_same_however_many_conversations_there_are() -> None:
    assert instructions(20) == instructions(2000)
