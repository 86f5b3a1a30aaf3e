"""Sentences for the person on the end of an answer."""

from app.domain.chat.conversation import Message, Status
from app.domain.text.translation import _


def ending_of(message: Message) -> str:
    """Return in words how an answer ended; empty if it is complete, or still streaming."""
    match message.status:
        case Status.STOPPED:
            return _("Stopped.")
        case Status.INTERRUPTED:
            return message.error or _("Interrupted: this is what came before Loquat was closed.")
        case Status.FAILED:
            return message.error or _("This answer failed.")
        case _:
            pass
    if message.is_empty:
        return _empty(message)
    match message.finish_reason:
        case "length":
            return _("The answer reached its length limit.")
        case "content_filter":
            return _("The provider's content filter ended the answer.")
        case _:
            return ""


def _empty(message: Message) -> str:
    match message.finish_reason:
        case "length" if message.reasoning:
            return _(
                "The answer is empty: the model reached its length limit while thinking. Raise the "
                "limit, then retry."
            )
        case "length":
            return _("The answer is empty: it reached its length limit. Raise it, then retry.")
        case "content_filter":
            return _("The answer is empty: the provider's content filter ended it.")
        case "tool_calls":
            return _("The answer is empty: the model announced a tool call and sent none.")
        case _ if message.reasoning:
            return _("The answer is empty: the model thought and then said nothing.")
        case _:
            return _("The answer is empty.")
