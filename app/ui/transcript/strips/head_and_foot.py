"""What stands around a message's own words: who speaks, how it ended, what can be done."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.verdict_marks import WRONG
from app.domain.providers.models import name_of
from app.domain.text.translation import _, ngettext
from app.ui.theme.icons import paint_glyph
from app.ui.transcript.actions import Button, Surroundings, can_retry, icons_of, links_of
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.compose import plain_strips
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.strip import Frame, GapStrip, Hit, Range, Strip, TextStrip

#: Room above the person's words, the bubble's own edge included.
HEAD = 28

#: Seconds to the first token from which on they are worth mentioning.
NOTICED = 0.1


def user_head() -> list[Strip]:
    """Room above the person's words."""
    return [GapStrip(HEAD)]


def head_strips(message: Message, look: Look) -> list[Strip]:
    """The model, and what the answer took."""
    facts = [_("Tools") if message.role is Role.TOOL else name_of(message.model) or _("Assistant")]
    if message.served_by:
        facts.append(_("by {provider}").format(provider=message.served_by[:60]))
    if (first := message.timings.first_token) is not None and first >= NOTICED:
        facts.append(_("{n} s to begin").format(n=f"{first:.1f}"))
    if message.usage is not None and (count := message.usage.completion_tokens):
        facts.append(ngettext("{n} token", "{n} tokens", count).format(n=f"{count:,}"))
    if speed := speed_of(message):
        facts.append(_("{n} tok/s").format(n=f"{speed:.0f}"))
    if message.cost:
        facts.append(money(message.cost, estimated=message.cost_estimated))
    label = " · ".join(facts).replace("\n", " ")
    return [
        TextStrip(
            look, label, look.small, frame=Frame(bottom=4), line=20, colour=look.muted, label=True
        ),
    ]


def _reasoning_head(look: Look, *, live: bool, folded: bool, seconds: float | None) -> list[Strip]:
    # The line that folds the reasoning, with how long it took.
    if live:
        words = _("Thinking…")
    elif seconds is not None:
        words = _("Thought for {n} s").format(n=max(1, round(seconds)))
    else:
        words = _("Thoughts")
    if not live:
        words = f"{words} {'▸' if folded else '▾'}"
    ranges = () if live else (Range(0, len(words), look.quiet_format(), Folds.REASONING),)
    frame, colour = Frame(bottom=4), look.muted
    return [TextStrip(look, words, look.small, ranges, frame, line=22, colour=colour, label=True)]


def reasoning_strips(
    reasoning: str,
    look: Look,
    *,
    live: bool,
    folded: bool,
    seconds: float | None,
    before: Sequence[Strip],
) -> list[Strip]:
    """What the model thought, which took so many seconds; strips of `before`, as it was, stay."""
    strips = _reasoning_head(look, live=live, folded=folded, seconds=seconds)
    if live or not folded:
        font, line = look.small, look.small_line
        strips += plain_strips(
            reasoning, look, font, line=line, muted=True, left=16, before=before[1:]
        )
        strips.append(GapStrip(10))
    return strips


def rest_strips(look: Look) -> list[Strip]:
    """What stands for the rest of a long message that is still being laid out."""
    words, colour = _("The rest is being laid out…"), look.muted
    return [TextStrip(look, words, look.small, line=22, colour=colour, label=True)]


def foot_strips(message: Message, around: Surroundings, look: Look, *, begun: bool) -> list[Strip]:
    """How the message ended, if not well, and what can be done with it.

    `begun` says that something of it can be read already.
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
    """How it was asked for, and whether it is what was asked for; from a cross on it is not."""
    strips: list[Strip] = []
    colour = look.muted
    for line in note.split("\n") if note else ():
        if line.startswith(WRONG):
            colour = look.warning
        strips.append(TextStrip(look, line, look.small, line=22, colour=colour))
    return strips


def ending_of(message: Message) -> str:
    """How an answer ended, in words; nothing where it is simply complete."""
    match message.status:
        case Status.STOPPED:
            return _("Stopped.")
        case Status.INTERRUPTED:
            return message.error or _("Interrupted: this is what came before Loquat was closed.")
        case Status.FAILED:
            return message.error or _("This answer failed.")
        case _:
            pass
    match message.finish_reason:
        case "length":
            return _("The answer reached its length limit.")
        case "content_filter":
            return _("The provider's content filter ended the answer.")
        case _:
            return ""


def speed_of(message: Message) -> float | None:
    """Tokens per second after the first token."""
    timings, usage = message.timings, message.usage
    if usage is None or not usage.completion_tokens or timings.total is None:
        return None
    seconds = timings.total - (timings.first_token or 0)
    # A whole answer in one network read says nothing about speed.
    return usage.completion_tokens / seconds if seconds > 0.1 else None


def money(amount: Decimal, *, estimated: bool) -> str:
    """US dollars with as many digits as mean something."""
    digits = 2 if amount >= 1 else 4 if amount >= Decimal("0.01") else 6
    sign = "≈ $" if estimated else "$"
    return f"{sign}{amount:.{digits}f}"


class ActionsStrip(Strip):
    """A row of icons; the view paints it under the mouse and under the keyboard's message."""

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

    def hit(self, point: QPointF) -> Hit:
        for action, box in self._boxes():
            if box.contains(point):
                return Hit(0, action.href)
        return Hit(0)

    def name_at(self, href: str) -> str:
        """What an action is called, for its tooltip."""
        return next((one.name for one in self.actions if one.href == href), "")

    def _boxes(self) -> list[tuple[Button, QRectF]]:
        metrics = QFontMetrics(self._look.small)
        widths = [
            self.SIDE if one.glyph else metrics.horizontalAdvance(one.name) + 8
            for one in self.actions
        ]
        x = float(self._width - sum(widths) + 6 if self._right else -6)
        boxes = []
        for action, width in zip(self.actions, widths, strict=True):
            boxes.append((action, QRectF(x, 2, width, self.SIDE)))
            x += width
        return boxes


def _ending(words: str, message: Message, around: Surroundings, look: Look) -> Strip:
    ranges: tuple[Range, ...] = ()
    for link in links_of(message, around):
        # Two links that touch read as one.
        words += "  " if ranges else " "
        ranges = (*ranges, Range(len(words), len(link.name), look.link_format(), link.href))
        words += link.name
    colour = look.warning if can_retry(message) else look.muted
    return TextStrip(look, words, look.small, ranges, Frame(top=4), line=22, colour=colour)
