"""A library is opened for a command, or only looked at and then thrown away."""

from pathlib import Path

import pytest

from app.domain.chat.conversation import Conversation, Message, Role
from app.domain.errors import InputError, NotFoundError
from app.domain.ids import new_id
from app.domain.providers.providers import Provider, ProviderKind
from app.services.library.find_conversation import find_conversation
from app.services.library.open_library import opened_library, sentences, throwaway_library
from app.store.library import Library
from app.store.opening import OpenReport


def with_conversation(directory: Path, conversation_id: str) -> Library:
    """A library with one conversation of one message."""
    library = Library.open(directory)
    library.add_conversation(
        Conversation(conversation_id, "A title", 1.0, 2.0, provider="p", model="m")
    )
    message = Message(new_id(), None, Role.USER, "Well?", 3.0)
    library.add_message(conversation_id, message, updated=4.0)
    return library


def test_a_throwaway_library_makes_no_file(tmp_path: Path) -> None:
    library = throwaway_library(tmp_path / "none")
    assert [one.id for one in library.providers()] == ["embedded", "openrouter"]
    library.close()
    assert list(tmp_path.iterdir()) == []


def test_a_throwaway_library_knows_what_the_real_one_does(tmp_path: Path) -> None:
    provider = Provider("p", "P", ProviderKind.LLAMA_CPP, "http://127.0.0.1:1", "m")
    real = with_conversation(tmp_path, "abcdef0123")
    real.put_provider(provider)
    real.put_setting("default_provider", "p")
    copy = throwaway_library(tmp_path, "abcdef")
    assert provider in copy.providers()
    assert copy.setting("default_provider") == "p"
    assert copy.conversations() == real.conversations()
    assert copy.messages("abcdef0123") == real.messages("abcdef0123")
    copy.delete_conversation("abcdef0123")
    assert real.conversations()
    copy.close()
    real.close()


def test_a_throwaway_library_finds_no_conversation_where_there_is_no_library(
    tmp_path: Path,
) -> None:
    with pytest.raises(NotFoundError):
        throwaway_library(tmp_path, "abcdef")


def test_the_library_is_closed_when_a_command_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), opened_library(tmp_path):
        raise ZeroDivisionError
    assert not list((tmp_path / "running").iterdir())


def test_a_conversation_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    with opened_library(tmp_path) as library:
        for conversation_id in ("abcdef01", "abcdef02", "012345ff"):
            library.add_conversation(Conversation(conversation_id, "", 1.0, 2.0))
        assert find_conversation(library, "abcdef01").id == "abcdef01"
        assert find_conversation(library, " abcdef02").id == "abcdef02"
        assert find_conversation(library, "012345").id == "012345ff"
        with pytest.raises(InputError, match="2 chats"):
            find_conversation(library, "abcdef")
        with pytest.raises(NotFoundError):
            find_conversation(library, "01234")
        with pytest.raises(NotFoundError):
            find_conversation(library, "")


def test_a_damaged_library_is_told_of() -> None:
    assert sentences(OpenReport()) == []
    (told,) = sentences(OpenReport(set_aside=Path("/a/aside.db"), restored_from=Path("/a/copy.db")))
    assert "/a/aside.db" in told
    assert "copy.db" in told
    assert "loquat doctor --repair" in told
    (told,) = sentences(OpenReport(set_aside=Path("/a/aside.db")))
    assert "new library was created" in told
    assert "loquat doctor --repair" in told


def test_a_library_that_is_only_read_is_told_of() -> None:
    (told,) = sentences(OpenReport(read_only=True, reason="No room."))
    assert "can't be saved" in told
