"""Loquat's own format loses nothing, and is JSON whatever is in it."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.chat.conversation import Conversation, Message, Role, Status, Timings, ToolCall
from app.domain.events import Candidate, TokenProbabilities, Usage
from app.formats.full_message import FullMessage
from app.formats.loquat_json import encode, line, pieces, pretty
from tests.formats.reading import read

# What a library can hold: no half surrogate pairs, no NUL.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
seconds = st.floats(0, 1e11)
counts = st.none() | st.integers(0, 10**9)
amounts = st.none() | st.decimals(0, 1000, places=12)
values: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(texts, values, max_size=3)

conversations = st.builds(
    Conversation,
    id=texts,
    title=texts,
    created=seconds,
    updated=seconds,
    current=st.none() | texts,
    provider=texts,
    model=texts,
    system=texts,
    parameters=objects,
)
candidates = st.builds(
    Candidate,
    token=texts,
    logprob=st.floats(-1e6, 0) | st.just(float("-inf")),
    bytes=st.none() | st.binary(max_size=4),
    id=counts,
)
messages = st.builds(
    Message,
    id=texts,
    parent=st.none() | texts,
    role=st.sampled_from(Role),
    text=texts,
    created=seconds,
    status=st.sampled_from(Status),
    reasoning=texts,
    provider=texts,
    model=texts,
    served_by=texts,
    finish_reason=texts,
    error=texts,
    usage=st.none() | st.builds(Usage, counts, counts, counts, counts, amounts),
    cost=amounts,
    cost_estimated=st.booleans(),
    timings=st.builds(Timings, st.none() | seconds, st.none() | seconds),
    tool_calls=st.lists(st.builds(ToolCall, texts, texts, texts), max_size=2).map(tuple),
)
full_messages = st.builds(
    FullMessage,
    message=messages,
    request=st.none() | st.tuples(texts, objects),
    probabilities=st.lists(
        st.builds(
            TokenProbabilities,
            candidates,
            st.lists(candidates, max_size=2).map(tuple),
            st.booleans(),
        ),
        max_size=2,
    ),
    provider_name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9),
)
libraries = st.lists(st.tuples(conversations, st.lists(full_messages, max_size=3)), max_size=3)


@settings(max_examples=60)
@given(libraries)
def test_what_is_written_is_read_back_identical(
    library: list[tuple[Conversation, list[FullMessage]]],
) -> None:
    assert read(b"".join(pieces(library))) == library


def test_each_message_has_a_line_of_its_own() -> None:
    message = FullMessage(Message("a", None, Role.USER, "One\nTwo", 1.0))
    conversation = Conversation("c", "", 1.0, 2.0)
    lines = b"".join(pieces([(conversation, [message, message])])).splitlines()
    assert [line[:9] for line in lines] == [
        b'{"format"',
        b'{"id":"c"',
        b'{"id":"a"',
        b'{"id":"a"',
        b"]}",
        b"]}",
    ]


def test_no_conversations_are_an_empty_list() -> None:
    assert json.loads(b"".join(pieces([]))) == {
        "format": "loquat",
        "version": 1,
        "conversations": [],
    }


def test_an_amount_keeps_all_its_digits() -> None:
    assert encode(Decimal("0.00000123456789012345")) == b"0.00000123456789012345"


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert json.loads(encode({"a": ["\ud800b"], "\udfff": 1})) == {"a": ["\ufffdb"], "\ufffd": 1}


def test_a_pair_in_two_halves_becomes_its_character() -> None:
    assert json.loads(encode(["\ud83d\ude00"])) == ["😀"]


def test_a_line_is_one_line() -> None:
    assert line({"a": "1\n2", "b": "\u2028"}) == '{"a":"1\\n2","b":"\u2028"}\n'


def test_pretty_is_the_same_value() -> None:
    value = {"a": [1, {"b": "ü\n"}], "c": {}}
    assert json.loads(pretty(value)) == value
    assert pretty(value).count("\n") > 3
