"""A message as a row of its table, and back: ten thousand of them are read at once."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any

from app.domain.chat.conversation import Message, Role, Status, Timings, ToolCall, ToolResult
from app.domain.errors import Remedy
from app.domain.events import Usage
from app.domain.text.surrogates import mend
from app.store.cells import to_decimal
from app.store.database import Row

#: Every field of a message in the order of its class; `timings` has two columns.
COLUMNS = (
    "id",
    "parent",
    "role",
    "text",
    "created",
    "status",
    "reasoning",
    "provider",
    "model",
    "served_by",
    "finish_reason",
    "error",
    "usage",
    "cost",
    "cost_estimated",
    "first_token",
    "total",
    "tool_calls",
    "tool_results",
    "reasoning_details",
    "generation",
    "note",
    "remedy",
)

_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in Status}
_REMEDIES = {remedy.value: remedy for remedy in Remedy}
_NO_TIMINGS = Timings()
# A frozen dataclass's own __init__ is more than half of the cost of reading a message (2.8 µs);
# setting its slots, in the order of its fields, takes 1.2.
(
    _set_id,
    _set_parent,
    _set_role,
    _set_text,
    _set_created,
    _set_status,
    _set_reasoning,
    _set_provider,
    _set_model,
    _set_served_by,
    _set_finish_reason,
    _set_error,
    _set_usage,
    _set_cost,
    _set_cost_estimated,
    _set_timings,
    _set_tool_calls,
    _set_tool_results,
    _set_reasoning_details,
    _set_generation,
    _set_note,
    _set_remedy,
) = (getattr(Message, field.name).__set__ for field in fields(Message))


def row_of(message: Message) -> Row:
    """The message's cells, in the order of COLUMNS."""
    return (
        message.id,
        message.parent,
        message.role.value,
        mend(message.text),
        message.created,
        message.status.value,
        mend(message.reasoning),
        mend(message.provider),
        mend(message.model),
        mend(message.served_by),
        mend(message.finish_reason),
        mend(message.error),
        None if message.usage is None else _written(message.usage),
        None if message.cost is None else str(message.cost),
        int(message.cost_estimated),
        message.timings.first_token,
        message.timings.total,
        _written([_mended(call) for call in message.tool_calls]) if message.tool_calls else None,
        _written([_mended_result(one) for one in message.tool_results])
        if message.tool_results
        else None,
        mend(message.reasoning_details) or None,
        mend(message.generation) or None,
        mend(message.note) or None,
        message.remedy.value or None,
    )


def message_of(row: Row) -> Message:
    """The message of a row. What makes no sense costs only the cell that it stands in."""
    usage, cost, first_token, total, calls = row[12], row[13], row[15], row[16], row[17]
    message = Message.__new__(Message)
    _set_id(message, row[0])
    _set_parent(message, row[1])
    _set_role(message, _ROLES.get(row[2], Role.ASSISTANT))
    _set_text(message, row[3])
    _set_created(message, row[4])
    _set_status(message, _STATUSES.get(row[5], Status.INTERRUPTED))
    _set_reasoning(message, row[6])
    _set_provider(message, row[7])
    _set_model(message, row[8])
    _set_served_by(message, row[9])
    _set_finish_reason(message, row[10])
    _set_error(message, row[11])
    _set_usage(message, None if usage is None else _usage(usage))
    _set_cost(message, None if cost is None else to_decimal(cost))
    _set_cost_estimated(message, row[14] != 0)
    known = first_token is not None or total is not None
    _set_timings(message, Timings(first_token, total) if known else _NO_TIMINGS)
    _set_tool_calls(message, () if calls is None else _calls(calls))
    results = row[18]
    _set_tool_results(message, () if results is None else _results(results))
    _set_reasoning_details(message, row[19] or "")
    _set_generation(message, row[20] or "")
    _set_note(message, row[21] or "")
    _set_remedy(message, _REMEDIES.get(row[22], Remedy.NONE))
    return message


def _written(value: Any) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()


def _mended(call: ToolCall) -> ToolCall:
    return ToolCall(mend(call.id), mend(call.name), mend(call.arguments))


def _mended_result(one: ToolResult) -> ToolResult:
    return ToolResult(mend(one.call), mend(one.name), mend(one.text), mend(one.source))


def _results(cell: str) -> tuple[ToolResult, ...]:
    results: tuple[ToolResult, ...] = _decoded(cell, tuple[ToolResult, ...], ())
    return results


def _usage(cell: str) -> Usage | None:
    usage: Usage | None = _decoded(cell, Usage, None)
    return usage


def _calls(cell: str) -> tuple[ToolCall, ...]:
    calls: tuple[ToolCall, ...] = _decoded(cell, tuple[ToolCall, ...], ())
    return calls


def _decoded(cell: str, kind: Any, fallback: Any) -> Any:
    decode, failure = _decoder(kind)
    try:
        return decode(cell)
    except failure:
        return fallback


@cache
def _decoder(kind: Any) -> tuple[Callable[[str], Any], type[Exception]]:
    # Late: the first frame reads no message, and the import takes 20 ms.
    import msgspec

    return msgspec.json.Decoder(kind).decode, msgspec.MsgspecError
