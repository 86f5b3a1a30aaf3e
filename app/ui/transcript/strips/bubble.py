"""The bubble with the person's words, which are shown as plain text."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.domain.text.translation import _
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.compose import plain_strips
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.head_and_foot import HEAD
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.show_more import more_strip, size
from app.ui.transcript.strips.strip import Strip

#: Padding around the text in the bubble, in pixels.
BUBBLE = 12
#: Largest width of the bubble, as a share of the column.
WIDEST = 0.86
#: Text with more characters or lines than these is folded, and then shortened to SHOWN_WORDS
#: characters and SHOWN_LINES lines, which is more than a screen in any case.
LONG_WORDS = 20_000
LONG_LINES = 400
SHOWN_WORDS = 8_000
SHOWN_LINES = 100


def bubble_strips(text: str, look: Look, column: int, *, whole: bool) -> tuple[list[Strip], int]:
    """Return the strips of the person's text, and the width of the bubble in pixels.

    `column` is the width of the column in pixels. `whole` shows a long text without folding.
    """
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
    """Return the rectangle of the bubble, in the painter's pixels.

    `place` is the top left corner of the message, and `bottom` the end of its words below that.
    """
    left = place.x() + column - bubble
    return QRectF(left, place.y() + HEAD - BUBBLE, bubble, bottom - HEAD + BUBBLE)


def paint_bubble(painter: QPainter, box: QRectF, look: Look) -> None:
    """Draw the bubble's background."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.bubble)
    painter.setBrush(look.bubble)
    painter.drawRoundedRect(box, 12, 12)
    painter.restore()
