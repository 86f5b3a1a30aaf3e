"""A line of text that fades out at its end where there is no room for the rest."""

import unicodedata

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

#: Width of the fade, in pixels.
FADE = 24
#: Characters at the beginning of a line that decide its direction.
_LOOKED_AT = 200


def paint_fading(painter: QPainter, place: QRect, text: str) -> bool:
    """Draw a line of text in the middle of a place, in the painter's font and pen.

    A line whose first letter is of a right-to-left script stands at the right, is put in order from
    there, and fades at the left. Return whether the line was too long.
    """
    rtl = is_right_to_left(text)
    too_long = painter.fontMetrics().horizontalAdvance(text) > place.width()
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.save()
    # A widget's painter has the direction of the window, in which the words and the full stop of a
    # mixed line would stand in the wrong order.
    painter.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
    )
    flags |= Qt.TextFlag.TextSingleLine
    if too_long:
        whole = place.adjusted(FADE, 0, 0, 0) if rtl else place.adjusted(0, 0, -FADE, 0)
        fade = QRect(place.left() if rtl else whole.right() + 1, place.top(), FADE, place.height())
        painter.save()
        painter.setClipRect(whole, Qt.ClipOperation.IntersectClip)
        painter.drawText(place, flags, text)
        painter.restore()
        # Only the fade has a gradient for a pen: Qt draws letters heavier with it, since it leaves
        # out the gamma correction that it has for plain colours. Chinese looked bold.
        painter.setClipRect(fade, Qt.ClipOperation.IntersectClip)
        painter.setPen(_fading_pen(painter.pen().color(), place, rtl=rtl))
    painter.drawText(place, flags, text)
    painter.restore()
    return too_long


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is one of a right-to-left script."""
    for character in text[:_LOOKED_AT]:
        if (direction := unicodedata.bidirectional(character)) in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _fading_pen(colour: QColor, place: QRect, *, rtl: bool) -> QPen:
    # Imported late: the first frame seldom needs it, and loading the classes takes 2 ms.
    from PySide6.QtGui import QBrush, QLinearGradient

    clear = QColor(colour)
    clear.setAlpha(0)
    edge, inner = (
        (place.left(), place.left() + FADE) if rtl else (place.right(), place.right() - FADE)
    )
    gradient = QLinearGradient(QPointF(inner, 0), QPointF(edge, 0))
    gradient.setColorAt(0, colour)
    gradient.setColorAt(1, clear)
    return QPen(QBrush(gradient), 1)
