"""Background rectangles of marked ranges, worked out from a QTextLayout.

A FormatRange with a background would make Qt shape and draw the text of each range separately.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QTextCharFormat, QTextLayout, QTextLine

from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.painting.utf16_offsets import Utf16Offsets

#: Characters of scripts that run from right to left, and direction marks. With any of them in a
#: line, a range of characters may be several rectangles.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)

_FOREGROUND = QTextCharFormat.Property.ForegroundBrush
_BACKGROUND = QTextCharFormat.Property.BackgroundBrush

Box = tuple[QRectF, QColor]


class MarkBoxes(NamedTuple):
    """Cached background rectangles of `marks` in one layout.

    `plain` are the formats of coloured ranges that touch a mark: they are painted in the plain
    text colour, so that they stay readable on the background.
    """

    marks: Marks
    layout: QTextLayout
    boxes: list[Box]
    plain: list[QTextLayout.FormatRange]


def boxes_of(layout: QTextLayout, units: Utf16Offsets, marks: Marks) -> list[Box]:
    """Return a rectangle and colour for each line that a mark touches, in the layout's pixels.

    In lines with both directions, a mark may have several rectangles.
    """
    both_ways = _RIGHT_TO_LEFT.search(layout.text()) is not None
    boxes: list[Box] = []
    for mark in marks:
        start, end = units.to_qt(mark.start), units.to_qt(mark.end)
        line = layout.lineForTextPosition(start)
        while line.isValid() and line.textStart() < end:
            first = max(start, line.textStart())
            after = min(end, line.textStart() + line.textLength())
            pieces = _pieces(line, first, after) if both_ways else [_between(line, first, after)]
            number = line.lineNumber() + 1
            if number < layout.lineCount():
                # Exclude the invisible white space at the end of a wrapped line.
                seen = line.naturalTextRect()
                pieces = [box.intersected(seen) for box in pieces]
            boxes += ((box, mark.colour) for box in pieces if box.width() > 0)
            if number >= layout.lineCount():
                break
            line = layout.lineAt(number)
    return boxes


def plain_format(colour: QColor) -> QTextCharFormat:
    """Return a format with a text colour and no background, for words on a marked background."""
    made = QTextCharFormat()
    made.setForeground(colour)
    made.setBackground(QBrush(Qt.BrushStyle.NoBrush))
    return made


def has_own_colour(format_: QTextCharFormat) -> bool:
    """Return whether a format has a text or background colour of its own."""
    return format_.hasProperty(_FOREGROUND) or format_.hasProperty(_BACKGROUND)


def overlapping(marks: Marks, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the ranges that overlap with any mark. `ranges` are (start, end) in order."""
    result: list[tuple[int, int]] = []
    marks = tuple(sorted(marks, key=lambda mark: mark.start))
    number = 0
    for start, end in ranges:
        while number < len(marks) and marks[number].end <= start:
            number += 1
        if number < len(marks) and marks[number].start < end:
            result.append((start, end))
    return result


def _between(line: QTextLine, first: int, after: int) -> QRectF:
    left, right = _x(line, first), _x(line, after)
    return QRectF(min(left, right), line.y(), abs(right - left), line.height())


def _pieces(line: QTextLine, first: int, after: int) -> list[QRectF]:
    """Return a rectangle for each part of the range that runs in one direction."""
    boxes: list[QRectF] = []
    for place in range(first, after):
        start, end = _x(line, place), _x(line, place, QTextLine.Edge.Trailing)
        box = QRectF(min(start, end), line.y(), abs(end - start), line.height())
        if box.width() <= 0:
            continue
        if boxes and (
            abs(boxes[-1].right() - box.left()) < 0.5 or abs(box.right() - boxes[-1].left()) < 0.5
        ):
            boxes[-1] = boxes[-1].united(box)
        else:
            boxes.append(box)
    return boxes


def _x(line: QTextLine, place: int, edge: QTextLine.Edge = QTextLine.Edge.Leading) -> float:
    # PySide returns a tuple (x, offset), though its stub says float.
    return float(line.cursorToX(place, edge)[0])  # type: ignore[index]
