"""Tool calls and tool results: a line each, and a card below it that is painted like a code
block."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.chat.call_arguments import arguments_line
from app.domain.chat.conversation import Message, Status
from app.domain.chat.tool_call_doubts import doubt_about
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.code import code_strips
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.strip import FormattedRange, Strip, TextStrip

#: Pseudo-number of a block in `Folds` for the first card; those below have the numbers below.
CARDS = -2
#: Arguments with more characters are not reformatted.
LONGEST = 200_000
#: Names of tools are cut to this number of characters.
LONGEST_NAME = 100
#: Characters of arguments or of a result on a line.
LONGEST_LINE = 80


class CardLine(TextStrip):
    """Line above the card of a call or a result. A click on it opens or folds the card with this
    pseudo-number in `Folds`."""

    def __init__(self, look: Look, words: str, number: int, *, opened: bool) -> None:
        # Copied with the message, without the arrow.
        shown = f"{words} {'▾' if opened else '▸'}"
        href = Folds.CLOSE if opened else Folds.OPEN
        ranges = (FormattedRange(0, len(shown), look.quiet_format(), href),)
        super().__init__(look, f"{words}  ", look.small, ranges, line=28, shown=shown)
        self.number = number


def card_strips(message: Message, look: Look, folds: Folds, *, last: bool) -> list[Strip]:
    """Return the strips of a message's tool calls (with arguments) and tool results, in order.

    Each is one line, with a card below it if the person opened it, or if a call that waits for its
    answer (the message is the `last`) has arguments that the line doesn't show whole: nobody should
    let a command run on arguments that they can't see.
    """
    strips: list[Strip] = []
    for place, card in enumerate([*_calls(message, last=last), *_results(message)]):
        strips += _strips_of(card, CARDS - place, look, folds)
    return strips


@dataclass(frozen=True, slots=True)
class _Card:
    """Name and summary, which a line shows, and the text of the card with its language and whether
    it is open at first."""

    name: str
    summary: str
    text: str
    language: str
    opened: bool = False
    #: Why the call must not run by itself; else empty.
    doubt: str = ""


def _calls(message: Message, *, last: bool) -> Iterator[_Card]:
    whole = message.status is Status.COMPLETE
    for call in message.tool_calls:
        line = arguments_line(call.arguments, LONGEST_LINE)
        doubt = doubt_about(call, message.finish_reason) if whole else ""
        hidden = last and line.endswith("…")
        yield _Card(_shown(call.name), line, readable(call.arguments), "json", hidden, doubt)


def _results(message: Message) -> Iterator[_Card]:
    for result in message.tool_results:
        text = readable(result.text)
        language = "json" if text.lstrip()[:1] in {"{", "["} else ""
        name = _("Result of {name}, {source}").format(
            name=_shown(result.name), source=_shown(result.source)
        )
        yield _Card(name, arguments_line(result.text, LONGEST_LINE), text, language)


def _strips_of(card: _Card, number: int, look: Look, folds: Folds) -> list[Strip]:
    folds.begin(number)
    opened = folds.is_card_open(card.opened)
    summary = f" · {card.summary}" if card.summary and not opened else ""
    strips: list[Strip] = [CardLine(look, card.name + summary, number, opened=opened)]
    if opened:
        block = folds.next(card.language)
        block.colours.show_text(card.text, complete=True)
        strips += code_strips(card.text, block, look, 0, 4)
    if card.doubt:
        strips.append(TextStrip(look, card.doubt, look.small, line=22, colour=look.warning))
    return strips


def _shown(name: str) -> str:
    return mark_invisible(" ".join(name.split())[:LONGEST_NAME])


def readable(arguments: str) -> str:
    """Return JSON with indents and line breaks; text that isn't JSON unchanged."""
    if len(arguments) > LONGEST:
        return arguments
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments
