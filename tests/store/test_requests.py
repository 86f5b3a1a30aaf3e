"""The exact request of every answer, however the conversation branched, and what it costs."""

import json
from pathlib import Path
from typing import Any

import apsw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.chat.conversation import Conversation, Status
from app.domain.ids import new_id
from app.store.library import Library
from app.store.requests import LINKS
from tests.store import values
from tests.store.values import URL, answer, question

# Few and alike, so that requests share beginnings; 1, 1.0 and True are equal and not the same.
contents = st.sampled_from(["a", "b", "line\nbreak", "\0", 1, 1.0, True, {"x": 1, "y": 2}]) | (
    values.json_values
)
sent = st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": contents})
# Which earlier request this one follows, how much of it stays, what is new.
turns = st.tuples(st.integers(0, 9), st.integers(0, 9), st.lists(sent, max_size=3))
bodies = st.dictionaries(st.sampled_from("abc"), values.json_values, max_size=3)


def exact(value: Any) -> str:
    """Tell apart what `==` doesn't: key order, 1 and 1.0 and true."""
    return json.dumps(value)


@given(turns=st.lists(st.tuples(turns, bodies, bodies), min_size=1, max_size=8))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_every_request_of_a_branched_and_edited_conversation_comes_back(
    library: Library, turns: list[tuple[tuple[int, int, list[Any]], dict[str, Any], dict[str, Any]]]
) -> None:
    conversation = Conversation(new_id(), "", 1.0, 1.0)
    library.add_conversation(conversation)
    written: list[tuple[str, dict[str, Any]]] = []
    for (earlier, stays, new), before, after in turns:
        parent, history = None, []
        if written:
            parent, body = written[earlier % len(written)]
            history = body["messages"][:stays]
        question_id, answer_id = new_id(), new_id()
        asked = question(name=question_id, parent=parent)
        library.add_message(conversation.id, asked, updated=1.0)
        body = {**before, "messages": [*history, *new], **after}
        begun = answer(name=answer_id, parent=question_id)
        library.begin_answer(conversation.id, begun, body, url=URL)
        written.append((answer_id, body))
    for answer_id, body in written:
        request = library.request(answer_id)
        assert request is not None
        assert (request[0], exact(request[1])) == (URL, exact(body))


@given(body=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), values.json_values))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
def test_a_body_without_messages_comes_back_too(library: Library, body: dict[str, Any]) -> None:
    begun = answer(name=new_id())
    library.begin_answer("c", begun, body, url=URL)
    request = library.request(begun.id)
    assert request is not None
    assert exact(request[1]) == exact(body)


def test_an_answer_without_a_request_has_none(library: Library) -> None:
    library.add_message("c", answer("", Status.COMPLETE), updated=1.0)
    assert library.request("a") is None
    assert library.request("missing") is None


def converse(library: Library, count: int) -> list[dict[str, Any]]:
    """Ask so many questions in a row, as a provider sees them; return the last request."""
    history: list[dict[str, Any]] = []
    parent = None
    for number in range(count):
        asked = question(f"question {number} " * 20, name=f"q{number}", parent=parent)
        library.add_message("c", asked, updated=1.0)
        history.append({"role": "user", "content": asked.text})
        answered = answer(f"answer {number} " * 20, name=f"a{number}", parent=asked.id)
        body = {"model": "m", "messages": history, "stream": True}
        library.begin_answer("c", answered, body, url=URL)
        history.append({"role": "assistant", "content": answered.text})
        parent = answered.id
    return history[:-1]


def test_a_long_conversation_is_not_kept_once_per_answer(library: Library, directory: Path) -> None:
    count = LINKS + 20
    last = converse(library, count)
    request = library.request(f"a{count - 1}")
    assert request == (URL, {"model": "m", "messages": last, "stream": True})
    with apsw.Connection(str(directory / "library.db")) as other:
        kept, deepest = other.execute("SELECT sum(length(rest)), max(depth) FROM requests").get
    assert deepest == LINKS
    assert kept < 2.5 * len(json.dumps(last))


def said(*words: str) -> dict[str, Any]:
    """A request with so many messages, each of a thousand characters."""
    return {"messages": [{"role": "user", "content": word.ljust(1000)} for word in words]}


def kept_lengths(directory: Path) -> list[int]:
    """How many characters each request keeps of its own messages."""
    with apsw.Connection(str(directory / "library.db")) as other:
        rows: list[Any] = other.execute("SELECT length(rest) FROM requests").fetchall()
    return [length for (length,) in rows]


def test_asking_the_same_again_keeps_nothing_twice(library: Library, directory: Path) -> None:
    library.add_message("c", question(), updated=1.0)
    for name in ("first", "again", "and again"):
        library.begin_answer("c", answer(name=name), said("q"), url=URL)
    first, *others = kept_lengths(directory)
    assert first > 1000
    assert others == [0, 0]


def test_going_to_and_fro_between_branches_keeps_only_what_is_new(
    library: Library, directory: Path
) -> None:
    branches = ("left", "right")
    ends: dict[str, str | None] = dict.fromkeys(branches)
    words: dict[str, list[str]] = {branch: [] for branch in branches}
    for number in range(10):
        for branch in branches:
            asked = question(name=f"{branch} q{number}", parent=ends[branch])
            library.add_message("c", asked, updated=1.0)
            words[branch] += [f"{branch} {number}", f"{branch} answer {number}"]
            begun = answer(name=f"{branch} a{number}", parent=asked.id)
            library.begin_answer("c", begun, said(*words[branch]), url=URL)
            ends[branch] = begun.id
    assert max(kept_lengths(directory)) < 2200


def test_a_lost_base_costs_only_the_requests_that_are_built_on_it(
    library: Library, directory: Path
) -> None:
    converse(library, 3)
    with apsw.Connection(str(directory / "library.db")) as other:
        other.execute("DELETE FROM requests WHERE sequence = 2")
    assert library.request("a0") is not None
    assert library.request("a2") is None
    # The next one can't be built on a broken chain, and is whole again.
    begun = answer(name="next", parent="q2")
    body = {"messages": [{"role": "user", "content": "question 0 " * 20}]}
    library.begin_answer("c", begun, body, url=URL)
    assert library.request("next") == (URL, body)


def test_a_chain_that_bites_its_tail_is_no_request(library: Library, directory: Path) -> None:
    converse(library, 2)
    with apsw.Connection(str(directory / "library.db")) as other:
        other.execute("UPDATE requests SET base = 2 WHERE sequence = 1")
    assert library.request("a1") is None
