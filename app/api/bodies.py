"""The body of a chat request: what the program means, in the words of one provider."""

import json
from collections.abc import Mapping
from typing import Any

from app.api.dialects import DIALECTS, Dialect, not_taken, spelled
from app.domain.conversation import Message, Role, ToolCall
from app.domain.request import ChatRequest
from app.domain.surrogates import mend

#: OpenRouter's bound for `session_id`.
MAX_SESSION = 256

#: A called tool must be answered before anybody speaks again, or the request is refused
#: (OpenAI, DeepSeek). The person's words follow as their own message.
_NO_RESULT = "This program runs no tools. The user may give the result in the next message."


def chat_url(base_url: str) -> str:
    """The address that a chat request is posted to."""
    return f"{base_url.rstrip('/')}/chat/completions"


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
    return body | spelled(request.kind, request.model, request.parameters)


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
    for message in request.messages:
        if message.role is Role.USER:
            if message.text:
                messages.append({"role": "user", "content": mend(message.text)})
        else:
            messages += _turn(message, dialect, takes_tools)
    return messages


def _turn(message: Message, dialect: Dialect, takes_tools: bool) -> list[dict[str, Any]]:
    """An assistant's turn: nothing where nothing came; with an answer for every tool it called."""
    calls = _whole_calls(message.tool_calls) if takes_tools else []
    if not message.text and not calls:
        return []
    turn: dict[str, Any] = {"role": "assistant", "content": mend(message.text)}
    if dialect.reasoning_field is not None and message.reasoning:
        turn[dialect.reasoning_field] = mend(message.reasoning)
    if not calls:
        return [turn]
    turn["tool_calls"] = calls
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": _NO_RESULT} for call in calls
    ]
    return [turn, *results]


def _whole_calls(calls: tuple[ToolCall, ...]) -> list[dict[str, Any]]:
    """Calls as they go back; one that was cut off in the middle would be refused."""
    whole = []
    for number, call in enumerate(calls):
        arguments = call.arguments.strip() or "{}"
        try:
            json.loads(arguments)
        except (ValueError, RecursionError):
            continue
        if call.name:
            function = {"name": mend(call.name), "arguments": mend(arguments)}
            id_ = mend(call.id) or f"call_{number}"
            whole.append({"id": id_, "type": "function", "function": function})
    return whole
