"""A message as a row of its table, and back: ten thousand of them are read at once."""

from typing import Any

import msgspec

from app.domain.conversation import Message, Role, Status, Timings, ToolCall
from app.domain.events import Usage
from app.domain.surrogates import mend
from app.store.cells import to_decimal
from app.store.database import Row

#: Every field of a message, in the order of its class but for the two that are columns of two.
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
)

_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in Status}
_NO_TIMINGS = Timings()
_read_usage = msgspec.json.Decoder(Usage).decode
_read_calls = msgspec.json.Decoder(tuple[ToolCall, ...]).decode


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
    )


def message_of(row: Row) -> Message:
    """The message of a row. What makes no sense costs only the cell that it stands in."""
    usage, cost, first_token, total, calls = row[12], row[13], row[15], row[16], row[17]
    # By position: it is twice as fast as by name.
    return Message(
        row[0],
        row[1],
        _ROLES.get(row[2], Role.ASSISTANT),
        row[3],
        row[4],
        _STATUSES.get(row[5], Status.INTERRUPTED),
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        None if usage is None else _usage(usage),
        None if cost is None else to_decimal(cost),
        row[14] != 0,
        _NO_TIMINGS if first_token is None and total is None else Timings(first_token, total),
        () if calls is None else _calls(calls),
    )


def _written(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _mended(call: ToolCall) -> ToolCall:
    return ToolCall(mend(call.id), mend(call.name), mend(call.arguments))


def _usage(cell: str) -> Usage | None:
    try:
        return _read_usage(cell)
    except msgspec.MsgspecError:
        return None


def _calls(cell: str) -> tuple[ToolCall, ...]:
    try:
        return _read_calls(cell)
    except msgspec.MsgspecError:
        return ()
