"""Drafts are kept on the disk, and in memory where the disk can't take them."""

from pathlib import Path

import pytest

from app.domain.errors import LibraryError
from app.services.library.drafts import Drafts
from app.store.library import Library
from tests.store.values import limit_pages


def test_drafts_of_conversations_and_rewrites_of_messages_are_kept_apart(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    drafts = Drafts(library)
    drafts.put_text("c", "a question")
    drafts.put_rewrite("c", "a rewrite")
    drafts.put_edited_message("c", "m")
    again = Drafts(library)
    assert (again.text("c"), again.rewrite("c"), again.edited_message("c")) == (
        "a question",
        "a rewrite",
        "m",
    )
    drafts.put_text("c", "")
    drafts.put_rewrite("c", None)
    drafts.put_edited_message("c", "")
    assert (again.text("c"), again.rewrite("c"), again.edited_message("c")) == ("", None, "")
    library.close()


def test_a_rewrite_may_be_empty(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    Drafts(library).put_rewrite("m", "")
    assert Drafts(library).rewrite("m") == ""
    library.close()


def test_a_draft_for_which_there_is_no_room_waits_in_memory(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    drafts = Drafts(library)
    limit_pages(library)
    words = "long " * 20_000
    with pytest.raises(LibraryError):
        drafts.put_text("c", words)
    assert drafts.text("c") == words
    assert Drafts(library).text("c") == ""
    limit_pages(library, 1_000_000)
    drafts.put_text("other", "short")
    assert Drafts(library).text("c") == words
    library.close()
