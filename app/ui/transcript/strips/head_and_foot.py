"""Strips above and below a message's own words: model and timings, reasoning, end, actions."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.endings import ending_of
from app.domain.chat.verdict_marks import MISSING, WRONG
from app.domain.providers.models import name_of
from app.domain.text import figures
from app.domain.text.translation import _
from app.ui.theme.icons import paint_glyph
from app.ui.transcript.actions import Button, Surroundings, can_retry, icons_of, links_of
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.strip import FormattedRange, Hit, Margins, Strip, TextStrip

#: Space above the person's words, including the bubble's padding, in pixels.
HEAD = 28

#: The time to the first token is shown from this number of seconds on.
NOTICED = 0.1


def user_head() -> list[Strip]:
    """Return the space above the person's words."""
    return [GapStrip(HEAD)]


def head_strips(message: Message, look: Look) -> list[Strip]:
    """Return the line above an answer: model, provider, time to first token, tokens, cost."""
    facts = [_("Tools") if message.role is Role.TOOL else name_of(message.model) or _("Assistant")]
    if message.served_by:
        facts.append(_("by {provider}").format(provider=message.served_by[:60]))
    if (first := message.timings.first_token) is not None and first >= NOTICED:
        facts.append(_("{time} to first token").format(time=figures.duration(first)))
    if message.usage is not None and (count := message.usage.completion_tokens):
        facts.append(figures.exact_tokens(count))
    if speed := speed_of(message):
        facts.append(figures.speed(speed))
    if message.cost:
        facts.append(figures.cost(message.cost, estimated=message.cost_estimated))
    label = " · ".join(facts).replace("\n", " ")
    return [
        TextStrip(
            look,
            label,
            look.small,
            margins=Margins(bottom=4),
            line=20,
            colour=look.muted,
            label=True,
        ),
    ]


def rest_strips(look: Look) -> list[Strip]:
    """Return the placeholder for the rest of a long message, which isn't parsed yet."""
    words, colour = _("The rest is being laid out…"), look.muted
    return [TextStrip(look, words, look.small, line=22, colour=colour, label=True)]


def foot_strips(message: Message, around: Surroundings, look: Look, *, begun: bool) -> list[Strip]:
    """Return the strips below a message: notes, how it ended if not well, and its actions.

    For a streaming message they say what is being waited for; `begun` says that some of its text
    is shown already.
    """
    strips: list[Strip] = []
    if message.status is Status.STREAMING:
        waiting = around.waiting or ("" if begun else _("Waiting for the first word…"))
        if waiting:
            strips.append(TextStrip(look, waiting, look.small, line=22, colour=look.muted))
        strips.append(GapStrip(34))
        return strips
    strips += _note_strips(message.note, look)
    if words := ending_of(message):
        strips.append(_ending(words, message, around, look))
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


class ActionsStrip(Strip):
    """Row of action buttons below a message, painted only for some messages.

    They are the message under the mouse, the current message of the keyboard, and the last one.
    """

    separator = ""
    HEIGHT = 32
    SIDE = 28

    def __init__(self, look: Look, actions: Sequence[Button], *, right: bool) -> None:
        self._look = look
        self.actions = tuple(actions)
        self._right = right
        self._width = 0

    def lay_out(self, width: int) -> int:
        self._width = width
        return self.HEIGHT

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        look = self._look
        painter.setFont(look.small)
        for action, box in self._boxes():
            inner = box.translated(place)
            if action.glyph:
                paint_glyph(painter, action.glyph, inner.adjusted(6, 6, -6, -6), look.muted)
            else:
                painter.setPen(look.muted)
                painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, action.name)

    def painted(self) -> list[tuple[str, QRectF]]:
        return [(f"button {action.name}", box) for action, box in self._boxes()]

    def hit(self, point: QPointF) -> Hit:
        for action, box in self._boxes():
            if box.contains(point):
                return Hit(0, action.href)
        return Hit(0)

    def name_at(self, href: str) -> str:
        """Return the name of the action with this address, for its tooltip; empty if none."""
        return next((action.name for action in self.actions if action.href == href), "")

    def _boxes(self) -> list[tuple[Button, QRectF]]:
        metrics = QFontMetrics(self._look.small)
        widths = [
            self.SIDE if action.glyph else metrics.horizontalAdvance(action.name) + 8
            for action in self.actions
        ]
        x = float(self._width - sum(widths) + 6 if self._right else -6)
        boxes = []
        for action, width in zip(self.actions, widths, strict=True):
            boxes.append((action, QRectF(x, 2, width, self.SIDE)))
            x += width
        return boxes


def _ending(words: str, message: Message, around: Surroundings, look: Look) -> Strip:
    ranges: tuple[FormattedRange, ...] = ()
    for link in links_of(message, around):
        # Two spaces, since two links that touch would look like one.
        words += "  " if ranges else " "
        ranges = (
            *ranges,
            FormattedRange(len(words), len(link.name), look.link_format(), link.href),
        )
        words += link.name
    colour = look.warning if can_retry(message) else look.muted
    return TextStrip(look, words, look.small, ranges, Margins(top=4), line=22, colour=colour)
