"""Pieces of calls find the call they belong to, however a provider numbers them."""

from typing import Any

import pytest

from app.api.stream.chunks import Function, ToolCallChunk
from app.api.stream.tool_call_pieces import ToolCalls
from app.domain.events import CallDoubt, ToolCallDelta, ToolCallDoubt


def piece(
    index: int | None = None, id_: str | None = None, name: str | None = None, arguments: Any = None
) -> ToolCallChunk:
    return ToolCallChunk(index, id_, Function(name, arguments))


def joined(*pieces: ToolCallChunk) -> dict[int, tuple[str, str, str]]:
    """Each call as it is put together by adding up its pieces."""
    calls: dict[int, tuple[str, str, str]] = {}
    for one in events(*pieces):
        if isinstance(one, ToolCallDelta):
            id_, name, arguments = calls.get(one.index, ("", "", ""))
            calls[one.index] = (id_ + one.id, name + one.name, arguments + one.arguments)
    return calls


def doubted(*pieces: ToolCallChunk) -> set[int]:
    """The calls that are doubtful."""
    return {one.index for one in events(*pieces) if isinstance(one, ToolCallDoubt)}


def events(*pieces: ToolCallChunk) -> list[ToolCallDelta | ToolCallDoubt]:
    calls = ToolCalls()
    return [event for one in pieces for event in calls.read(one)]


@pytest.mark.parametrize(
    "pieces",
    [
        [piece(0, "x", "f", '{"a'), piece(0, None, None, '":1}'), piece(1, "y", "g", "{}")],
        [piece(0, "x", "f", '{"a'), piece(1, "y", "g", "{}"), piece(0, "x", "f", '":1}')],
        [
            piece(None, "x", "f", '{"a'),
            piece(None, None, None, '":1}'),
            piece(None, "y", "g", "{}"),
        ],
        [piece(0, "x", "f", '{"a":1}'), piece(0, "y", "g", "{}")],
        [
            piece(0, "x"),
            piece(0, None, "f", '{"a":1}'),
            piece(1, "y", None, "{}"),
            piece(1, None, "g"),
        ],
    ],
    ids=["indexed", "interleaved, ids repeated", "not numbered", "all zero", "name later"],
)
def test_two_calls_are_put_together(pieces: list[ToolCallChunk]) -> None:
    assert joined(*pieces) == {0: ("x", "f", '{"a":1}'), 1: ("y", "g", "{}")}


def test_arguments_that_come_as_an_object_become_text() -> None:
    assert events(piece(0, "x", "f", {"city": "Zürich"})) == [
        ToolCallDelta(0, "x", "f", '{"city": "Zürich"}')
    ]


def test_a_call_without_anything_is_still_a_call() -> None:
    assert joined(ToolCallChunk()) == {0: ("", "", "")}


def test_two_calls_with_one_id_are_told_apart_by_their_index() -> None:
    pieces = [piece(0, "same", "f", "{}"), piece(1, "same", "g", "{}")]
    assert joined(*pieces) == {0: ("same", "f", "{}"), 1: ("same", "g", "{}")}
    assert doubted(*pieces) == set()


CERTAIN = {
    "indexed": [piece(0, "x", "f", '{"a'), piece(0, None, None, '":1}'), piece(1, "y", "g", "{}")],
    "indexed, no ids": [
        piece(0, None, "f", "{"),
        piece(0, None, None, "}"),
        piece(1, None, "g", "{}"),
    ],
    "ids in every piece": [
        piece(0, "x", "f", "{"),
        piece(0, "y", "g", "{}"),
        piece(0, "x", None, "}"),
    ],
    "ids alone": [
        piece(None, "x", "f", "{"),
        piece(None, "x", None, "}"),
        piece(None, "y", "g", "{}"),
    ],
    "whole calls, all with index 0": [piece(0, "x", "f", "{}"), piece(0, "y", "g", "{}")],
    "whole calls without an index": [piece(None, "x", "f", "{}"), piece(None, "y", "g", "{}")],
    "name in every piece": [
        piece(0, "x", "f", "{"),
        piece(0, None, "f", "}"),
        piece(1, "y", "g", "{}"),
    ],
    "a summary at the end": [
        piece(0, "x", "f", "{"),
        piece(0, None, None, "}"),
        piece(0, "x", "f", "{}"),
    ],
    "id later": [piece(0, None, "f", "{"), piece(0, "x", None, "}"), piece(1, "y", "g", "{}")],
}


@pytest.mark.parametrize("pieces", CERTAIN.values(), ids=CERTAIN)
def test_pieces_with_an_id_or_an_index_of_their_own_are_certain(
    pieces: list[ToolCallChunk],
) -> None:
    assert doubted(*pieces) == set()
    assert joined(*pieces)[0][1] == "f"
    assert "".join(joined(*pieces)[0][2].split()) in {"{}", '{"a":1}'}


#: Pieces whose calls are uncertain: the likeliest calls, and those that are doubtful.
UNCERTAIN: dict[str, tuple[list[ToolCallChunk], list[tuple[str, str]], set[int]]] = {
    "two calls with index 0, then pieces without an id": (
        [
            piece(0, "c1", "list_all", ""),
            piece(0, "c2", "delete", ""),
            piece(0, None, None, '{"path":'),
            piece(0, None, None, '"old"}'),
        ],
        [("list_all", ""), ("delete", '{"path":"old"}')],
        {0, 1},
    ),
    "three calls with index 0 in rounds": (
        [
            piece(0, "a", "f", "{}"),
            piece(0, "b", "g", ""),
            piece(0, None, None, '{"b":2}'),
            piece(0, "c", "f", ""),
            piece(0, None, None, '{"a":1}'),
        ],
        [("f", "{}"), ("g", '{"b":2}'), ("f", '{"a":1}')],
        {0, 1, 2},
    ),
    "a call joins an index whose pieces had no id": (
        [piece(0, "a", "f", ""), piece(0, None, None, "{}"), piece(0, "b", "g", "{}")],
        [("f", "{}"), ("g", "{}")],
        {0},
    ),
    "neither index nor id": (
        [piece(None, "x", "f", ""), piece(None, None, None, "{}")],
        [("f", "{}")],
        {0},
    ),
    "two whole calls, neither index nor id": (
        [piece(None, None, "f", '{"a":1}'), piece(None, None, "g", "{}")],
        [("f", '{"a":1}'), ("g", "{}")],
        {0, 1},
    ),
    "two whole calls with one index and no id": (
        [piece(0, None, "f", '{"a":1}'), piece(0, None, "f", '{"a":2}')],
        [("f", '{"a":1}'), ("f", '{"a":2}')],
        {0, 1},
    ),
    "another id in every piece": (
        [piece(0, "1", "f", ""), piece(0, "2", None, '{"a":'), piece(0, "3", None, "1}")],
        [("f", '{"a":1}')],
        {0},
    ),
    "another id in every piece, with the name": (
        [piece(0, "1", "f", '{"a":'), piece(0, "2", "f", "1}")],
        [("f", '{"a":1}')],
        {0},
    ),
    "an id changes case": (
        [piece(0, "Call", "f", "{"), piece(0, "call", None, "}")],
        [("f", "{}")],
        {0},
    ),
    "an id that two calls have, without an index": (
        [piece(0, "x", "f", ""), piece(1, "x", "g", ""), piece(None, "x", None, "{}")],
        [("f", ""), ("g", "{}")],
        {0, 1},
    ),
    "the id of one call, the index of another": (
        [piece(0, "x", "f", ""), piece(1, "y", "g", ""), piece(1, "x", None, "{}")],
        [("f", "{}"), ("g", "")],
        {0, 1},
    ),
    "an index missing for some": (
        [piece(0, "x", "f", ""), piece(1, "y", "g", ""), piece(None, None, None, "{}")],
        [("f", ""), ("g", "{}")],
        {0, 1},
    ),
    "arguments under another index": (
        [piece(0, "x", "f", ""), piece(1, None, None, '{"a":'), piece(2, None, None, "1}")],
        [("f", '{"a":1}')],
        {0},
    ),
    "a name that changes": (
        [piece(0, "x", "f", ""), piece(0, "x", "g", "{}")],
        [("f", "{}")],
        {0},
    ),
}


@pytest.mark.parametrize(("pieces", "calls", "doubtful"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_a_piece_that_may_belong_to_another_call_makes_them_doubtful(
    pieces: list[ToolCallChunk], calls: list[tuple[str, str]], doubtful: set[int]
) -> None:
    made = joined(*pieces)
    assert [made[number][1:] for number in sorted(made)] == calls
    assert doubted(*pieces) == doubtful


def test_a_piece_after_the_finish_makes_its_call_doubtful() -> None:
    calls = ToolCalls()
    calls.read(piece(0, "x", "f", ""))
    assert calls.read(piece(0, "x", None, "{}"), late=True) == [
        ToolCallDelta(0, "", "", "{}"),
        ToolCallDoubt(0, CallDoubt.LATE),
    ]
