"""What was written is read back, field for field, in the order in which it came."""

from array import array
from dataclasses import fields, replace
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.chat.conversation import Conversation, Message, Status, ToolCall
from app.domain.errors import LibraryError
from app.domain.events import Candidate, TokenProbabilities, Usage
from app.domain.ids import new_id
from app.domain.tokens.token_table import TokenTable
from app.store.library import Library
from app.store.message_rows import MESSAGES
from tests.store import values
from tests.store.values import REQUEST, URL, answer, question

on_one_library = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


@given(messages=st.lists(values.messages, max_size=4))
@on_one_library
def test_every_field_of_a_message_comes_back(library: Library, messages: list[Message]) -> None:
    conversation = Conversation(new_id(), "", 1.0, 1.0)
    library.add_conversation(conversation)
    for message in messages:
        library.add_message(conversation.id, message, updated=2.0)
    assert library.messages(conversation.id) == messages


@given(
    message=values.messages,
    changed=values.messages,
    probabilities=st.lists(values.probabilities, max_size=3),
)
@on_one_library
def test_every_field_of_a_finished_answer_comes_back(
    library: Library,
    message: Message,
    changed: Message,
    probabilities: list[TokenProbabilities],
) -> None:
    begun = replace(message, status=Status.STREAMING)
    library.begin_answer("c", begun, REQUEST, url=URL)
    finished = replace(
        changed,
        id=begun.id,
        parent=begun.parent,
        role=begun.role,
        created=begun.created,
    )
    library.finish_answer(finished, probabilities, updated=2.0)
    assert library.messages("c")[-1] == finished
    assert_close(library.probabilities(finished.id), probabilities)


@given(message=values.messages)
def test_a_message_of_a_row_is_like_any_other(message: Message) -> None:
    # Rows fill the slots without the class's own __init__.
    read = MESSAGES.of_row(tuple(MESSAGES.cells_of(message).values()))
    assert (read, hash(read), repr(read)) == (message, hash(message), repr(message))
    assert {type(getattr(read, field.name)) for field in fields(Message)} == {
        type(getattr(message, field.name)) for field in fields(Message)
    }


def test_messages_are_in_order_of_arrival_whatever_the_clock_said(library: Library) -> None:
    for name, created in (("first", 9.0), ("second", 3.0), ("third", 5.0)):
        message = replace(question(name=name), created=created)
        library.add_message("c", message, updated=created)
    assert [message.id for message in library.messages("c")] == ["first", "second", "third"]


def test_a_new_message_is_the_current_one_of_its_conversation(library: Library) -> None:
    library.add_message("c", question(), updated=7.0)
    conversation = library.conversation("c")
    assert (conversation.current, conversation.updated) == ("q", 7.0)


def test_a_message_without_its_conversation_is_not_saved_and_says_so(library: Library) -> None:
    with pytest.raises(LibraryError, match="no longer in the library"):
        library.add_message("elsewhere", question(), updated=1.0)


def test_the_same_message_is_not_added_twice(library: Library) -> None:
    library.add_message("c", question("before"), updated=1.0)
    with pytest.raises(LibraryError):
        library.add_message("c", question("after"), updated=9.0)
    assert [message.text for message in library.messages("c")] == ["before"]
    assert library.conversation("c").updated == 1.0


def test_what_sqlite_can_not_hold_is_mended(library: Library) -> None:
    broken = replace(
        question("nul\0 half\ud83d pair\ud83d\ude00"),
        reasoning="\udc00",
        model="\0",
        error="\ud800",
        tool_calls=(ToolCall("\0", "\ud800", "\udfff"),),
    )
    library.add_message("c", broken, updated=1.0)
    (read,) = library.messages("c")
    assert read.text == "nul\ufffd half\ufffd pair😀"
    assert (read.reasoning, read.model, read.error) == ("\ufffd", "\ufffd", "\ufffd")
    assert read.tool_calls == (ToolCall("\ufffd", "\ufffd", "\ufffd"),)


@pytest.mark.parametrize("column", ["usage", "tool_calls", "cost", "role", "status"])
def test_a_damaged_cell_costs_only_itself(library: Library, directory: Path, column: str) -> None:
    message = replace(
        answer("text", Status.COMPLETE), usage=Usage(1, 2), tool_calls=(ToolCall("i", "n", "{}"),)
    )
    library.add_message("c", message, updated=1.0)
    with apsw.Connection(str(directory / "library.db")) as other:
        other.execute(f"UPDATE messages SET {column} = '{{['")
    (read,) = library.messages("c")
    assert read.text == "text"


def assert_close(found: TokenTable, kept: list[TokenProbabilities]) -> None:
    """Everything is the same but for what the packing says that it rounds."""
    assert len(found) == len(kept)
    for one, other in zip(found, kept, strict=True):
        assert one.reasoning == other.reasoning
        assert same_token(one.chosen, other.chosen)
        assert one.chosen.logprob == pytest.approx(as_single(other.chosen.logprob))
        assert len(one.alternatives) == len(other.alternatives)
        for candidate, before in zip(one.alternatives, other.alternatives, strict=True):
            assert same_token(candidate, before)
            expected = min(0.0, before.logprob) if before.logprob >= -32 else candidate.logprob
            assert candidate.logprob == pytest.approx(expected, abs=0.001)
            assert candidate.logprob <= max(before.logprob, -32) + 0.001


def as_single(number: float) -> float:
    return float(array("f", [number])[0])


def same_token(one: Candidate, other: Candidate) -> bool:
    return replace(one, logprob=0.0) == replace(other, logprob=0.0)


def test_damaged_probabilities_read_as_none(library: Library, directory: Path) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    library.finish_answer(answer("", Status.COMPLETE), [], updated=1.0)
    with apsw.Connection(str(directory / "library.db")) as other:
        other.execute("INSERT INTO probabilities VALUES (1, x'C1')")
    assert list(library.probabilities("a")) == []


def test_half_a_character_as_a_token_is_mended(library: Library) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    half = TokenProbabilities(Candidate("\ud83d", -0.5), (Candidate("\0", -1.5, b"\0"),))
    library.finish_answer(answer("text", Status.COMPLETE), [half], updated=1.0)
    mended = TokenProbabilities(Candidate("\ufffd", -0.5), (Candidate("\ufffd", -1.5, b"\0"),))
    assert_close(library.probabilities("a"), [mended])


@pytest.mark.parametrize("token_id", [-1, 2**64])
def test_a_token_id_that_can_not_be_costs_only_itself(library: Library, token_id: int) -> None:
    library.begin_answer("c", answer(), REQUEST, url=URL)
    token = TokenProbabilities(Candidate("t", -0.5, b"\xff", token_id), ())
    library.finish_answer(answer("text", Status.COMPLETE), [token], updated=1.0)
    expected = TokenProbabilities(Candidate("t", -0.5, b"\xff", None), ())
    assert list(library.probabilities("a")) == [expected]
