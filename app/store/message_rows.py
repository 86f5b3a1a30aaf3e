"""The stored columns of a message."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from app.domain.chat.conversation import Message, Role, Status, ToolCall, ToolResult
from app.domain.errors import Remedy, UseValue
from app.domain.events import Usage
from app.domain.text.surrogates import mend
from app.store.cells import to_decimal
from app.store.columns import Column, Columns, member, rare_text, text

_REMEDIES = {remedy.value: remedy for remedy in Remedy}


def _usage_cell(usage: Usage | None) -> str | None:
    return None if usage is None else _encoded(usage)


def _usage(cell: str) -> Usage | None:
    usage: Usage | None = _decoded(cell, Usage, None)
    return usage


def _calls_cell(calls: Sequence[ToolCall]) -> str | None:
    mended = [
        ToolCall(mend(call.id), mend(call.name), mend(call.arguments), call.doubt) for call in calls
    ]
    return _encoded(mended) if mended else None


def _calls(cell: str) -> tuple[ToolCall, ...]:
    calls: tuple[ToolCall, ...] = _decoded(cell, tuple[ToolCall, ...], ())
    return calls


def _results_cell(results: Sequence[ToolResult]) -> str | None:
    mended = [
        ToolResult(mend(result.call), mend(result.name), mend(result.text), mend(result.source))
        for result in results
    ]
    return _encoded(mended) if mended else None


def _results(cell: str) -> tuple[ToolResult, ...]:
    results: tuple[ToolResult, ...] = _decoded(cell, tuple[ToolResult, ...], ())
    return results


def _remedy_cell(remedy: Remedy | UseValue) -> str | None:
    return _encoded(remedy) if isinstance(remedy, UseValue) else str(remedy) or None


def _remedy(cell: str) -> Remedy | UseValue:
    if str(cell).startswith("{"):
        use: Remedy | UseValue = _decoded(cell, UseValue, Remedy.NONE)
        return use
    return _REMEDIES.get(cell, Remedy.NONE)


def _encoded(value: Any) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()


def _decoded(cell: str, kind: Any, fallback: Any) -> Any:
    decode, failure = _decoder(kind)
    try:
        return decode(cell)
    except (failure, TypeError):
        return fallback


@cache
def _decoder(kind: Any) -> tuple[Callable[[str], Any], type[Exception]]:
    # Imported late: the first frame reads no message, and importing msgspec takes 20 ms.
    import msgspec

    return msgspec.json.Decoder(kind).decode, msgspec.MsgspecError


#: A cell that can't be read costs only its own field.
MESSAGES: Columns[Message] = Columns(
    Message,
    (
        Column("id", required=True, fixed=True),
        Column("parent", fixed=True),
        member("role", Role, Role.ASSISTANT, fixed=True),
        text("text"),
        Column("created", required=True, fixed=True, kind=float),
        member("status", Status, Status.INTERRUPTED),
        text("reasoning"),
        text("provider"),
        text("model"),
        text("served_by"),
        text("finish_reason"),
        text("error"),
        Column("usage", write=_usage_cell, read=_usage),
        Column("cost", write=lambda cost: None if cost is None else str(cost), read=to_decimal),
        Column("cost_estimated", write=int, read=bool, empty=False, required=True),
        Column("first_token", "timings.first_token", kind=float),
        Column("total", "timings.total", kind=float),
        Column("reasoning_time", "timings.reasoning", kind=float),
        Column("tool_calls", write=_calls_cell, read=_calls, empty=()),
        Column("tool_results", write=_results_cell, read=_results, empty=()),
        rare_text("reasoning_details"),
        rare_text("generation"),
        rare_text("note"),
        Column("remedy", write=_remedy_cell, read=_remedy, empty=Remedy.NONE),
    ),
)
