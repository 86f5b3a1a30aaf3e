"""Pieces of calls find the call they belong to, however a provider numbers them."""

from typing import Any

import pytest

from app.api.stream.chunks import Function, ToolCallChunk
from app.api.stream.tool_call_pieces import ToolCalls
from app.domain.events import ToolCallDelta


def piece(
    index: int | None = None, id_: str | None = None, name: str | None = None, arguments: Any = None
) -> ToolCallChunk:
    return ToolCallChunk(index, id_, Function(name, arguments))


def joined(*pieces: ToolCallChunk) -> dict[int, tuple[str, str, str]]:
    """Each call as it is put together by adding up its pieces."""
    calls: dict[int, tuple[str, str, str]] = {}
    numbering = ToolCalls()
    for one in map(numbering.delta, pieces):
        id_, name, arguments = calls.get(one.index, ("", "", ""))
        calls[one.index] = (id_ + one.id, name + one.name, arguments + one.arguments)
    return calls


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
    delta = ToolCalls().delta(piece(0, "x", "f", {"city": "Zürich"}))
    assert delta == ToolCallDelta(0, "x", "f", '{"city": "Zürich"}')


def test_a_call_without_anything_is_still_a_call() -> None:
    assert ToolCalls().delta(ToolCallChunk()) == ToolCallDelta(0, "", "", "")


def test_two_calls_with_one_id_are_told_apart_by_their_index() -> None:
    calls = ToolCalls()
    first = calls.delta(ToolCallChunk(0, "same", Function("f", "{}")))
    second = calls.delta(ToolCallChunk(1, "same", Function("g", "{}")))
    assert (first.index, second.index) == (0, 1)
