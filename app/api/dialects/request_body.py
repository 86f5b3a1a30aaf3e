"""The body of a chat request: what the program means, in the words of one provider."""

import json
from collections.abc import Mapping
from typing import Any

from app.api.dialects.dialect import Dialect
from app.api.dialects.prefill import prefill_base, prefilled
from app.api.dialects.table import DIALECTS, not_taken, spelled
from app.domain.chat.conversation import Message, Role, ToolResult, call_ids, is_whole
from app.domain.chat.reasoning_details import details_of
from app.domain.chat.request import ChatRequest
from app.domain.text.surrogates import mend

#: OpenRouter's bound for `session_id`.
MAX_SESSION = 256

#: A called tool must be answered before anybody speaks again, or the request is refused
#: (OpenAI, DeepSeek). The person's words follow as their own message.
_NO_RESULT = "The user did not answer this call. The next message may say why."


def chat_url(base_url: str) -> str:
    """The address that a chat request is posted to."""
    return f"{base_url.rstrip('/')}/chat/completions"


def url_of(request: ChatRequest) -> str:
    """The address that this request is posted to."""
    base = request.base_url
    return chat_url(prefill_base(request.kind, base) if goes_on(request) else base)


def chat_body(request: ChatRequest) -> dict[str, Any]:
    """Build the exact body of a chat request. What is not set is not sent."""
    dialect = DIALECTS[request.kind]
    # A server with one model takes a request that names none, and no other name than its own.
    body: dict[str, Any] = {"model": request.model.id} if request.model.id else {}
    body |= {"messages": _messages(request, dialect), "stream": True}
    if dialect.asks_for_usage:
        body["stream_options"] = {"include_usage": True}
    body |= dialect.always
    if dialect.session_field is not None and request.conversation:
        body[dialect.session_field] = request.conversation[:MAX_SESSION]
    fields = spelled(request.kind, request.model, request.parameters)
    if dialect.routing_field is not None and request.routing:
        routing = {**request.routing, **fields.pop(dialect.routing_field, {})}
        fields[dialect.routing_field] = routing
    body |= fields
    return prefilled(request.kind, request.base_url, body) if goes_on(request) else body


def goes_on(request: ChatRequest) -> bool:
    """Whether the answer is begun already, so that the model is to continue it."""
    last = request.messages[-1] if request.messages else None
    return last is not None and last.role is Role.ASSISTANT and bool(last.text)


def encoded(body: Mapping[str, Any]) -> bytes:
    """Write a body as the bytes that are sent."""
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, in a tool's description for one, which UTF-8 can't write.
        return json.dumps(body, allow_nan=False).encode()


def _messages(request: ChatRequest, dialect: Dialect) -> list[dict[str, Any]]:
    takes_tools = "tools" not in not_taken(request.kind, request.model)
    messages: list[dict[str, Any]] = []
    if request.system.strip():
        messages.append({"role": "system", "content": mend(request.system)})
    answers = [*request.messages[1:], None]
    for message, following in zip(request.messages, answers, strict=True):
        if message.role is Role.USER:
            if message.text:
                messages.append({"role": "user", "content": mend(message.text)})
        elif message.role is Role.ASSISTANT:
            calls = _whole_calls(message) if takes_tools else []
            if message.text or calls:
                messages.append(_turn(message, calls, dialect))
            # A call is answered before anybody speaks again.
            messages += _results(calls, following)
    return messages


def _turn(message: Message, calls: list[dict[str, Any]], dialect: Dialect) -> dict[str, Any]:
    """An assistant's turn, with its thoughts where they go back."""
    turn: dict[str, Any] = {"role": "assistant", "content": mend(message.text)}
    if calls or not dialect.reasoning_with_calls_only:
        details = details_of(message.reasoning_details) if dialect.details_field else []
        if dialect.details_field is not None and details:
            turn[dialect.details_field] = details
        elif dialect.reasoning_field is not None and (
            message.reasoning or (calls and dialect.reasoning_required_with_calls)
        ):
            turn[dialect.reasoning_field] = mend(message.reasoning)
    if calls:
        turn["tool_calls"] = calls
    return turn


def _results(calls: list[dict[str, Any]], following: Message | None) -> list[dict[str, Any]]:
    """An answer for every call: the tools' own, or that there is none."""
    given: dict[str, ToolResult] = {}
    if following is not None and following.role is Role.TOOL:
        given = {mend(one.call): one for one in following.tool_results}
    return [
        {
            "role": "tool",
            "tool_call_id": call["id"],
            "content": mend(given[call["id"]].text) if call["id"] in given else _NO_RESULT,
        }
        for call in calls
    ]


def _whole_calls(message: Message) -> list[dict[str, Any]]:
    """Calls as they go back; one that was cut off in the middle would be refused."""
    whole = []
    ids = call_ids(message.tool_calls)
    for id_, call in zip(ids, message.tool_calls, strict=True):
        if is_whole(call):
            arguments = call.arguments.strip() or "{}"
            function = {"name": mend(call.name), "arguments": mend(arguments)}
            whole.append({"id": mend(id_), "type": "function", "function": function})
    return whole
