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
#: Text with more lines than this at the bubble's width is folded to so many lines.
SHOWN_LINES = 12
#: Characters among which the end of the shown lines is looked for.
LOOKED_AT = 4_000
#: Width is measured for texts with at most so many characters and lines. Longer ones have the
#: widest bubble.
MEASURED_WORDS = 20_000
MEASURED_LINES = 400


def bubble_strips(text: str, look: Look, column: int, *, opened: bool) -> tuple[list[Strip], int]:
    """Return the strips of the person's text, and the width of the bubble in pixels.

    `column` is the width of the column in pixels. `opened` shows a long text whole.
    """
    widest = int(column * WIDEST)
    end = _end_of_shown(text, look, widest - 2 * BUBBLE)
    shown = text if opened or end is None else text[:end]
    words = plain_strips(shown, look, look.body, line=look.line)
    bubble = widest
    if len(shown) <= MEASURED_WORDS and shown.count("\n") <= MEASURED_LINES:
        for strip in words:
            strip.lay_out(widest - 2 * BUBBLE)
        bubble = min(widest, max(strip.natural_width() for strip in words) + 2 * BUBBLE)
    strips: list[Strip] = [*words]
    if end is not None:
        size_words = f" · {size(len(text))}" if len(text) >= LOOKED_AT else ""
        more = _("Show less") if opened else _("Show all") + size_words
        line = more_strip(more, look, Folds.CLOSE if opened else Folds.OPEN)
        line.lay_out(widest - 2 * BUBBLE)
        bubble = max(bubble, min(widest, line.natural_width() + 2 * BUBBLE))
        strips.append(line)
    return [*strips, GapStrip(BUBBLE)], bubble


def _end_of_shown(text: str, look: Look, width: int) -> int | None:
    """Return the number of characters in the first SHOWN_LINES lines of a text that is laid out in
    `width` pixels; None if it has no more lines."""
    end = len(text)
    if text.count("\n", 0, LOOKED_AT) >= SHOWN_LINES:
        end = -1
        for _line in range(SHOWN_LINES):
            end = text.find("\n", end + 1)
    end = min(end, LOOKED_AT)
    if end <= SHOWN_LINES:
        return None if end == len(text) else end
    lines = 0
    start = 0
    for strip in plain_strips(text[:end], look, look.body, line=look.line):
        strip.lay_out(width)
        starts = strip.line_starts()
        if lines + len(starts) > SHOWN_LINES:
            return start + starts[SHOWN_LINES - lines]
        lines += len(starts)
        start += len(strip.text) + len(strip.separator)
    return None if end == len(text) else end


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
