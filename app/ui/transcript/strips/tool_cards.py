"""Cards for tool calls and tool results, painted like code blocks."""

import json

from app.domain.chat.conversation import Message, Status
from app.domain.chat.tool_call_doubts import doubt_about
from app.domain.text.translation import _
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.code import code_strips
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.strip import Strip, TextStrip

#: Pseudo-number of a block in `Folds` for the cards.
CARDS = -2
#: Arguments with more characters are not reformatted.
LONGEST = 200_000
#: Names of tools are cut to this number of characters.
LONGEST_NAME = 100


def card_strips(message: Message, look: Look, folds: Folds) -> list[Strip]:
    """Return the strips of a message's tool calls (with arguments) and tool results, in order."""
    strips: list[Strip] = []
    folds.begin(CARDS)
    for call in message.tool_calls:
        label = _("Wants to call {name}").format(name=_shown(call.name))
        strips += _card(readable(call.arguments), "json", label, look, folds)
        whole = message.status is Status.COMPLETE
        if whole and (doubt := doubt_about(call, message.finish_reason)):
            strips.append(TextStrip(look, doubt, look.small, line=22, colour=look.warning))
    for result in message.tool_results:
        label = _("Result of {name}, {source}").format(
            name=_shown(result.name), source=_shown(result.source)
        )
        text = readable(result.text)
        language = "json" if text.lstrip()[:1] in {"{", "["} else ""
        strips += _card(text, language, label, look, folds)
    return strips


def _card(text: str, language: str, label: str, look: Look, folds: Folds) -> list[Strip]:
    block = folds.next(language)
    block.colours.show_text(text, complete=True)
    return code_strips(text, block, look, 0, 4, label=label)


def _shown(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME]


def readable(arguments: str) -> str:
    """Return JSON with indents and line breaks; text that isn't JSON unchanged."""
    if len(arguments) > LONGEST:
        return arguments
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments
