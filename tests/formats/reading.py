"""Reads Loquat's JSON back into values of the domain, to prove that nothing was lost."""

import json
from decimal import Decimal
from typing import Any

from app.domain.chat.conversation import (
    Conversation,
    Message,
    Role,
    Status,
    Timings,
    ToolCall,
    ToolResult,
)
from app.domain.errors import Remedy, UseValue
from app.domain.events import Candidate, TokenProbabilities, Usage
from app.formats.full_message import FullMessage

Read = list[tuple[Conversation, list[FullMessage]]]


def read(data: bytes) -> Read:
    """Read a whole file."""
    file = json.loads(data, parse_float=Decimal)
    assert file.keys() == {"format", "version", "conversations"}
    assert (file["format"], file["version"]) == ("loquat", 1)
    return [_conversation(record) for record in file["conversations"]]


def _conversation(record: dict[str, Any]) -> tuple[Conversation, list[FullMessage]]:
    messages = [_message(one) for one in record.pop("messages")]
    return Conversation(**_plain(record)), messages


def _message(record: dict[str, Any]) -> FullMessage:
    cost, usage = record.pop("cost"), record.pop("usage")
    probabilities = [_probabilities(one) for one in record.pop("probabilities")]
    provider_name, provider_id = record.pop("provider"), record.pop("provider_id")
    request = _plain(record.pop("request"))
    plain = _plain(record)
    message = Message(
        **{
            **plain,
            "provider": provider_id,
            "role": Role(plain["role"]),
            "status": Status(plain["status"]),
            "timings": Timings(**plain["timings"]),
            "tool_calls": tuple(ToolCall(**call) for call in plain["tool_calls"]),
            "tool_results": tuple(ToolResult(**one) for one in plain["tool_results"]),
            "reasoning_details": _text(plain["reasoning_details"]),
            "remedy": _remedy(plain["remedy"]),
            "cost": _amount(cost),
            "usage": usage and Usage(**{**_plain(usage), "cost": _amount(usage["cost"])}),
        }
    )
    sent = request and (request["url"], request["body"])
    return FullMessage(message, sent, probabilities, provider_name)


def _probabilities(record: dict[str, Any]) -> TokenProbabilities:
    alternatives = tuple(_candidate(one) for one in record.pop("alternatives"))
    reasoning = record.pop("in_reasoning")
    return TokenProbabilities(_candidate(record), alternatives, reasoning)


def _candidate(record: dict[str, Any]) -> Candidate:
    logprob, raw = record["logprob"], record["bytes"]
    return Candidate(
        token=record["token"],
        logprob=float("-inf") if logprob is None else float(logprob),
        bytes=None if raw is None else bytes(raw),
        id=record["id"],
    )


def _remedy(value: Any) -> Remedy | UseValue:
    return UseValue(**value) if isinstance(value, dict) else Remedy(value)


def _text(entries: list[Any]) -> str:
    return json.dumps(entries, ensure_ascii=False) if entries else ""


def _amount(number: Decimal | int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case _:
            return value
