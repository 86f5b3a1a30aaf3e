"""What was deleted is listed, comes back, and is deleted for good."""

import re
from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation
from app.domain.chat.unsent import QueuedMessage
from app.domain.errors import NotFoundError
from app.services.library.drafts import Drafts
from app.store.library import Library
from app.store.trash import DeletedKind
from tests.store.values import question


def talk(library: Library, *names: str) -> None:
    """Add a path of messages to the conversation `c`."""
    parent = None
    for name in names:
        library.add_message("c", question(f"text of {name}", name=name, parent=parent), updated=2.0)
        parent = name


def test_deleted_conversations_and_messages_are_listed_with_the_latest_first(
    library: Library,
) -> None:
    talk(library, "a", "b", "d")
    library.delete_messages(["b", "d"], "a")
    library.add_conversation(Conversation("other", "Another", 1.0, 1.0))
    library.delete_conversation("other")
    other, messages = library.trash.items()
    assert (other.kind, other.id, other.title) == (DeletedKind.CONVERSATION, "other", "Another")
    assert (messages.kind, messages.id, messages.conversation) == (DeletedKind.MESSAGES, "b", "c")
    assert (messages.title, messages.words, messages.count) == ("Title", "text of b", 2)


def test_messages_of_a_deleted_conversation_wait_until_it_is_back(library: Library) -> None:
    talk(library, "a", "b")
    library.delete_messages(["b"], "a")
    library.delete_conversation("c")
    assert [(item.id, item.count) for item in library.trash.items()] == [("c", 1)]
    library.restore_conversation("c")
    assert [item.id for item in library.trash.items()] == ["b"]


def test_a_message_comes_back_with_the_deleted_ones_that_it_answers(library: Library) -> None:
    talk(library, "a", "b", "d")
    library.delete_messages(["d"], "b")
    library.delete_messages(["b"], "a")
    ids, newest = library.trash.messages_to_restore("d")
    assert (sorted(ids), newest) == (["b", "d"], "d")
    with pytest.raises(NotFoundError):
        library.trash.messages_to_restore("a")


def test_only_what_was_marked_before_is_emptied(library: Library) -> None:
    library.delete_conversation("c")
    library.trash.empty(float("inf"))
    library.trash.mark(100.0)
    library.trash.empty(100.0)
    library.restore_conversation("c")
    library.delete_conversation("c")
    library.trash.mark(200.0)
    library.trash.empty(150.0)
    library.restore_conversation("c")


def test_an_item_that_is_deleted_for_good_leaves_no_trace(
    library: Library, directory: Path
) -> None:
    secret = "unforgettable-" * 400
    talk(library, "a")
    library.add_message("c", question(secret, name="b", parent="a"), updated=2.0)
    drafts = Drafts(library)
    drafts.put_text("c", secret, [(0, 20)])
    drafts.put_queue("c", [QueuedMessage("d", secret)])
    drafts.put_rewrite("a", secret)
    drafts.put_rewrite("b", secret)
    drafts.put_edited_message("c", "a")
    library.delete_messages(["b"], "a")
    library.trash.erase(library.trash.items()[0])
    assert drafts.rewrite("b") is None
    assert drafts.rewrite("a") == secret
    assert [message.id for message in library.messages("c")] == ["a"]
    library.delete_conversation("c")
    library.trash.erase(library.trash.items()[0])
    assert library.trash.items() == []
    assert not any(library.settings_named(kind) for kind in ("draft", "folds", "queue", "edit"))
    kept = b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())
    assert not re.search(rb"unforgettable-", kept)


def test_what_was_restored_is_not_deleted_for_good(library: Library) -> None:
    talk(library, "a")
    library.delete_conversation("c")
    (item,) = library.trash.items()
    library.restore_conversation("c")
    library.trash.erase(item)
    assert [message.id for message in library.messages("c")] == ["a"]
