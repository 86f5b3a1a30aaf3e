"""Builds the URL and the JSON body of a chat request in the dialect of its provider kind."""

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

#: Longest `session_id` that OpenRouter accepts, in characters.
MAX_SESSION = 256

#: The result that is sent for a tool call without one. OpenAI and DeepSeek refuse a request in
#: which a call has no result before the next message.
_NO_RESULT = "The user did not answer this call. The next message may say why."


def chat_url(base_url: str) -> str:
    """Return the address that chat requests for a base address are posted to."""
    return f"{base_url.rstrip('/')}/chat/completions"


def url_of(request: ChatRequest) -> str:
    """Return the address that this request is posted to, which prefill may change."""
    base = request.base_url
    return chat_url(prefill_base(request.kind, base) if goes_on(request) else base)


def chat_body(request: ChatRequest) -> dict[str, Any]:
    """Return the exact body of a chat request. A parameter that is not set is not sent."""
    dialect = DIALECTS[request.kind]
    # A server with one model may refuse any name but its own, and needs none.
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
    """Return whether the last message is a begun answer that the model should continue."""
    last = request.messages[-1] if request.messages else None
    return last is not None and last.role is Role.ASSISTANT and bool(last.text)


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return a body as the UTF-8 JSON that is sent.

    Half a surrogate pair is sent as an escape. Raises ValueError for NaN and infinity.
    """
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        # UTF-8 can't encode half a surrogate pair, as a tool's description may contain.
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
            # The results of calls come before any other message.
            messages += _results(calls, following)
    return messages


def _turn(message: Message, calls: list[dict[str, Any]], dialect: Dialect) -> dict[str, Any]:
    """Return an assistant's message, with its reasoning if the dialect sends it back."""
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
    """Return a message for the result of every call, or for its absence."""
    given: dict[str, ToolResult] = {}
    if following is not None and following.role is Role.TOOL:
        given = {mend(result.call): result for result in following.tool_results}
    return [
        {
            "role": "tool",
            "tool_call_id": call["id"],
            "content": mend(given[call["id"]].text) if call["id"] in given else _NO_RESULT,
        }
        for call in calls
    ]


def _whole_calls(message: Message) -> list[dict[str, Any]]:
    """Return the complete calls as they are sent back; providers refuse one that was cut off."""
    whole = []
    ids = call_ids(message.tool_calls)
    for id_, call in zip(ids, message.tool_calls, strict=True):
        if is_whole(call):
            arguments = call.arguments.strip() or "{}"
            function = {"name": mend(call.name), "arguments": mend(arguments)}
            whole.append({"id": mend(id_), "type": "function", "function": function})
    return whole
