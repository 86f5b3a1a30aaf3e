"""Strips above and below a message's own words: model and timings, reasoning, end, actions."""

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.endings import ending_of
from app.domain.chat.verdict_marks import MISSING, WRONG
from app.domain.providers.models import name_of
from app.domain.text import figures
from app.domain.text.translation import _
from app.ui.transcript.actions import Surroundings, can_retry, icons_of
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.action_buttons import ActionsStrip
from app.ui.transcript.strips.failure_card import failure_strips
from app.ui.transcript.strips.head import HeadStrip
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.strip import Margins, Strip, TextStrip

#: Space above the person's words, including the bubble's padding, in pixels.
HEAD = 28

#: The time to the first token is shown from this number of seconds on.
NOTICED = 0.1


def user_head() -> list[Strip]:
    """Return the space above the person's words."""
    return [GapStrip(HEAD)]


def head_strips(message: Message, look: Look) -> list[Strip]:
    """Return the line above an answer."""
    return [HeadStrip(look, label_of(message), figures_of(message))]


def label_of(message: Message) -> str:
    """Return who wrote an answer, on one line: the model, and the person if they changed it."""
    if message.role is Role.TOOL:
        return _("Tools")
    name = name_of(message.model).replace("\n", " ") or _("Assistant")
    return _("{model} · edited by you").format(model=name) if message.edited else name


def figures_of(message: Message) -> str:
    """Return the figures of an answer on one line: tokens, speed, cost, time to the first token and
    provider, as far as they are known."""
    facts = []
    if message.usage is not None and (count := message.usage.completion_tokens):
        facts.append(figures.exact_tokens(count))
    if speed := speed_of(message):
        facts.append(figures.speed(speed))
    if message.cost:
        facts.append(figures.cost(message.cost, estimated=message.cost_estimated))
    if (first := message.timings.first_token) is not None and first >= NOTICED:
        facts.append(_("{time} to first token").format(time=figures.duration(first)))
    if message.served_by:
        facts.append(_("by {provider}").format(provider=message.served_by[:60]))
    return " · ".join(facts).replace("\n", " ")


def rest_strips(look: Look) -> list[Strip]:
    """Return the placeholder for the rest of a long message, which isn't parsed yet."""
    words, colour = _("Loading the rest…"), look.muted
    return [TextStrip(look, words, look.small, line=22, colour=colour, label=True)]


def foot_strips(
    message: Message, around: Surroundings, look: Look, *, begun: bool, details: bool = False
) -> list[Strip]:
    """Return the strips below a message: notes, how it ended if not well, and its actions.

    For a streaming message they say what is being waited for; `begun` says that some of its text
    is shown already. `details` shows the server's own message on a failure.
    """
    strips: list[Strip] = []
    if message.status is Status.STREAMING:
        waiting = around.waiting or ("" if begun else _("Waiting for the answer…"))
        if waiting:
            strips.append(TextStrip(look, waiting, look.small, line=22, colour=look.muted))
    else:
        strips += _note_strips(message.note, look)
        if can_retry(message):
            strips += failure_strips(message, around, look, details=details)
        elif words := ending_of(message):
            margins, colour = Margins(top=4), look.muted
            strips.append(
                TextStrip(look, words, look.small, margins=margins, line=22, colour=colour)
            )
    user = message.role is Role.USER
    strips.append(ActionsStrip(look, icons_of(message, around), right=user))
    return strips


def _note_strips(note: str, look: Look) -> list[Strip]:
    """Return the lines of a message's note.

    A line about a missing piece is in the warning colour, as are all lines from the first that
    says that the answer has not the requested format.
    """
    strips: list[Strip] = []
    colour = look.muted
    for line in note.split("\n") if note else ():
        if line.startswith(WRONG):
            colour = look.warning
        shown = look.warning if line.startswith(MISSING) else colour
        strips.append(TextStrip(look, line, look.small, line=22, colour=shown))
    return strips


def speed_of(message: Message) -> float | None:
    """Return the tokens per second after the first token; None if unknown or too short to tell."""
    timings, usage = message.timings, message.usage
    if usage is None or not usage.completion_tokens or timings.total is None:
        return None
    seconds = timings.total - (timings.first_token or 0)
    # A whole answer in one network read says nothing about speed.
    return usage.completion_tokens / seconds if seconds > 0.1 else None
