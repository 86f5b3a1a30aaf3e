"""The bubble with the person's words, in which nothing is Markdown."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.domain.text.translation import _
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.compose import plain_strips
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.head_and_foot import HEAD
from app.ui.transcript.strips.show_more import more_strip, size
from app.ui.transcript.strips.strip import GapStrip, Strip

#: Space around the text in the bubble, and how much of the column it takes at most.
BUBBLE = 12
WIDEST = 0.86
#: Words past which they are folded, and what is shown of them then, in characters and in lines;
#: more than a screen in any case.
LONG_WORDS = 20_000
LONG_LINES = 400
SHOWN_WORDS = 8_000
SHOWN_LINES = 100


def bubble_strips(text: str, look: Look, column: int, *, whole: bool) -> tuple[list[Strip], int]:
    """The strips of the words, and how wide their bubble is in a column; `whole` shows all."""
    long = len(text) > LONG_WORDS or text.count("\n") > LONG_LINES
    folded = long and not whole
    shown = "\n".join(text[:SHOWN_WORDS].split("\n")[:SHOWN_LINES]) if folded else text
    words = plain_strips(shown, look, look.body, line=look.line)
    bubble = widest = int(column * WIDEST)
    if not long:
        for strip in words:
            strip.lay_out(widest - 2 * BUBBLE)
        bubble = min(widest, max(strip.natural_width() for strip in words) + 2 * BUBBLE)
    strips: list[Strip] = [*words]
    if folded:
        strips.append(more_strip(_("Show all") + f" · {size(len(text))}", look, Folds.OPEN))
    return [*strips, GapStrip(BUBBLE)], bubble


def bubble_box(place: QPointF, column: int, bubble: int, bottom: int) -> QRectF:
    """The ground of the words, of a message at `place` whose words end at `bottom`."""
    left = place.x() + column - bubble
    return QRectF(left, place.y() + HEAD - BUBBLE, bubble, bottom - HEAD + BUBBLE)


def paint_bubble(painter: QPainter, box: QRectF, look: Look) -> None:
    """Draw the ground of the words."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.bubble)
    painter.setBrush(look.bubble)
    painter.drawRoundedRect(box, 12, 12)
    painter.restore()
