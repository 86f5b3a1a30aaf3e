"""Sentences for the person on the end of an answer."""

import re
from dataclasses import dataclass

from app.domain.chat.conversation import Message, Status
from app.domain.text.server_words import without_server_words
from app.domain.text.translation import _

#: The end of a sentence. A period in an address has no space behind it.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class EndingParts:
    """The sentences on a failed answer: what happened, what was kept or can be done (empty if
    nothing), and the server's own message (empty if none)."""

    title: str
    advice: str
    details: str


def parts_of_ending(message: Message) -> EndingParts:
    """Return in parts how an answer ended. The title has no period at its end."""
    sentences, details = without_server_words(ending_of(message))
    title, *more = _SENTENCE_END.split(sentences, maxsplit=1)
    return EndingParts(title.removesuffix(".").removesuffix("。"), "".join(more), details)


def ending_of(message: Message) -> str:
    """Return in words how an answer ended; empty if it is complete, or still streaming."""
    match message.status:
        case Status.STOPPED:
            return _("Stopped.")
        case Status.INTERRUPTED:
            return message.error or _("Interrupted: Loquat was closed. The answer so far is kept.")
        case Status.FAILED:
            return message.error or _("The answer failed. Try again.")
        case _:
            pass
    if message.is_empty:
        return _empty(message)
    match message.finish_reason:
        case "length":
            return _("Stopped at the length limit.")
        case "content_filter":
            return _("Stopped by the provider's content filter.")
        case _:
            return ""


def _empty(message: Message) -> str:
    match message.finish_reason:
        case "length" if message.reasoning:
            return _(
                "No answer: the length limit was used up by reasoning. Raise the limit, then try "
                "again."
            )
        case "length":
            return _("No answer: the length limit is too low. Raise it, then try again.")
        case "content_filter":
            return _("No answer: stopped by the provider's content filter.")
        case "tool_calls":
            return _("No answer: the model announced a tool call but sent none.")
        case _ if message.reasoning:
            return _("No answer: the model stopped after reasoning.")
        case _:
            return _("No answer: the model sent nothing. Try again.")
