"""Payloads of a stream that are no chat completion chunk: errors in other shapes, keep-alives."""

import json
import re
from typing import Any

from app.api.failures.provider import own_words

#: Fields that only an error has, whatever else is beside them.
_ERROR_FIELDS = ("detail", "errors", "error_message", "errorMessage", "error_msg")
#: A word that a server sends while it waits, such as "ping". A damaged piece of JSON has more.
_KEEP_ALIVE = re.compile(rb"\s*(?:[A-Za-z][\w .:-]{0,40}|\[\s*[Dd][Oo][Nn][Ee]\s*\]|null)\s*")


def reported_error(payload: bytes) -> tuple[Any, bool] | None:
    """Return the error that a payload reports without a field `error`, and whether it is sure.

    It is not sure if the payload has only a message, which may be about waiting in a queue.
    """
    try:
        value = json.loads(payload.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    if not isinstance(value, dict):
        return None
    if _is_error(value):
        inner = value.get("error")
        return (inner if inner and isinstance(inner, dict | str) else value), True
    return (value, False) if own_words(value) else None


def is_keep_alive(payload: bytes) -> bool:
    """Whether a payload that is not JSON carries nothing of an answer."""
    return _KEEP_ALIVE.fullmatch(payload) is not None


def may_be_of_answer(payload: bytes) -> bool:
    """Whether a damaged payload after the finish reason may have had a part of the answer. The
    usage, which usually comes there, is none."""
    if is_keep_alive(payload):
        return False
    return b'"usage"' not in payload or b'"content"' in payload


def says_nothing(error: Any) -> bool:
    """Whether an error object stands for no error, as `{"code": 0, "message": ""}` does."""
    return isinstance(error, dict) and not any(error.values())


def _is_error(value: dict[str, Any]) -> bool:
    if value.get("error") and not says_nothing(value["error"]):
        return True
    if "error" in {value.get("type"), value.get("object"), value.get("status")}:
        return True
    if any(value.get(name) for name in _ERROR_FIELDS) or value.get("success") is False:
        return True
    base = value.get("base_resp")
    if isinstance(base, dict) and base.get("status_code"):
        return True
    codes = (value.get("code"), value.get("status"), value.get("status_code"))
    return any(re.fullmatch(r"[45]\d\d", str(code)) is not None for code in codes)
