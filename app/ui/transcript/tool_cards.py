"""Calls that a model wants to make, each as a card: what it would call, and with what."""

import json
from collections.abc import Sequence

from app.domain.conversation import ToolCall
from app.domain.texts import _
from app.ui.transcript.code import code_strips
from app.ui.transcript.folds import Folds
from app.ui.transcript.look import Look
from app.ui.transcript.strips import Strip

#: The number under which the cards are remembered among a message's blocks.
CARDS = -2
#: Longer arguments are shown as they came.
LONGEST = 200_000
LONGEST_NAME = 100


def card_strips(calls: Sequence[ToolCall], look: Look, folds: Folds) -> list[Strip]:
    """The cards of a message's calls."""
    strips: list[Strip] = []
    folds.begin(CARDS)
    for call in calls:
        text = readable(call.arguments)
        block = folds.next("json")
        block.colouring.show_text(text, complete=True)
        name = call.name.replace("\n", " ")[:LONGEST_NAME]
        label = _("Wants to call {name}").format(name=name)
        strips += code_strips(text, block, look, 0, 4, label=label)
    return strips


def readable(arguments: str) -> str:
    """JSON on lines of its own; what isn't JSON as it is."""
    if len(arguments) > LONGEST:
        return arguments
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments
