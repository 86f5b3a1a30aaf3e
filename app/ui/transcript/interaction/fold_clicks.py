"""Clicks on the words and buttons that fold, open and wrap parts of a message."""

from collections.abc import Callable

from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.strips.code import CodeHead
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.strip import Strip


def fold_change(item: MessageItem, href: str, strip: Strip | None) -> Callable[[], None] | None:
    """Return the function that folds, opens or wraps what a click on `strip` at the address `href`
    asks for; None if the address is another one."""
    if strip is None:
        return None
    changes: dict[str, Callable[[], None]] = {
        Folds.REASONING: lambda: item.fold(not item.folded),
        Folds.OPEN: lambda: item.open_block(strip),
        Folds.CLOSE: lambda: item.close_block(strip),
        CodeHead.FOLD: lambda: item.fold_code(strip),
        CodeHead.WRAP: lambda: item.wrap_code(strip),
    }
    return changes.get(href)
