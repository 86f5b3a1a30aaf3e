"""Sentences about tool calls that must not run by themselves."""

import json
from typing import assert_never

from app.domain.chat.conversation import ToolCall
from app.domain.events import CallDoubt
from app.domain.text.translation import _

#: Finish reasons after which a call without arguments has none.
_WHOLE_ENDS = {"tool_calls", "stop"}


def doubt_about(call: ToolCall, finish_reason: str) -> str:
    """Return why a call must not run without the person; empty if its meaning is certain."""
    match call.doubt:
        case CallDoubt.MIXED:
            return _("It isn't clear which arguments belong to which call.")
        case CallDoubt.LATE:
            return _("Part of this call came after the end of the answer.")
        case CallDoubt.LOST:
            return _("Part of the answer was lost, and these arguments may be incomplete.")
        case CallDoubt.SEVERAL:
            return _("The server sent several answers at once. This call is from the first.")
        case CallDoubt.NONE:
            return _doubt_about_arguments(call.arguments.strip(), finish_reason)
        case _:
            assert_never(call.doubt)


def _doubt_about_arguments(arguments: str, finish_reason: str) -> str:
    if not arguments:
        if finish_reason in _WHOLE_ENDS:
            return ""
        return _("The answer ended before the arguments of this call came.")
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        value = None
    return "" if isinstance(value, dict) else _("The arguments of this call aren't a JSON object.")
