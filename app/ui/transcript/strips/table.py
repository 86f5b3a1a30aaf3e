"""Tables: one strip for each row, and the column widths that all rows share."""

from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks, within
from app.ui.transcript.strips.edge_fade import fade_sides
from app.ui.transcript.strips.formula import StyledText, text_strip
from app.ui.transcript.strips.sideways import SidewaysScroll
from app.ui.transcript.strips.strip import Hit, Strip

#: Number of rows from which column widths are worked out, so that they don't change while a long
#: table grows.
MEASURED_ROWS = 60
#: Space left and right of a cell's text, and the narrowest column, in pixels.
PADDING = 10
NARROWEST = 48
#: Characters of a cell that count for its width, and number of texts in a column that are measured.
LONGEST_CELL = 120
MEASURED = 3
#: Widest word that a column is kept wide enough for, in pixels at a text size of 100 %. Words that
#: are wider are broken.
WIDEST_WORD = 160
#: Widest column of a table that scrolls sideways, in pixels at a text size of 100 %.
WIDEST = 220


@dataclass(frozen=True, slots=True)
class ColumnNeeds:
    """Widths of a column's text in pixels: of its longest word, and of its longest cell."""

    word: int
    whole: int


class ColumnWidths:
    """Column widths of one table, worked out once for each width of the text column.

    `left` is the table's indent in pixels, and `scale` the text size (1 for 100 %). `sideways` is
    the table's horizontal scroll position.
    """

    def __init__(self, needs: list[ColumnNeeds], left: int, scale: float = 1.0) -> None:
        longest = round(WIDEST_WORD * scale)
        self._widest = round(WIDEST * scale)
        self._least = [max(NARROWEST, min(need.word, longest) + 2 * PADDING) for need in needs]
        self._natural = [max(NARROWEST, need.whole + 2 * PADDING) for need in needs]
        self.left = left
        self._width = -1
        self._edges: list[int] = []
        self.sideways = SidewaysScroll()

    def edges(self, width: int) -> list[int]:
        """Return the left edge of each column and the right edge of the last, in pixels.

        `width` is the width of the text column. The last edge exceeds it if the table scrolls.
        """
        if width != self._width:
            self._width = width
            room = max(NARROWEST, width - self.left)
            self._edges = self._fitted(room)
            self.sideways.hold(self._edges[-1] - self.left, room)
        return self._edges

    def _fitted(self, room: int) -> list[int]:
        least, natural = self._least, self._natural
        widths = natural
        if sum(natural) > room:
            spare = room - sum(least)
            if spare >= 0:
                # As CSS does (CSS 2.2, 17.5.2.2): each column gets its longest word, and of what
                # is left a share in proportion to what it lacks.
                lacking = [max(0, whole - word) for word, whole in zip(least, natural, strict=True)]
                total = max(1, sum(lacking))
                widths = [
                    word + spare * lack // total for word, lack in zip(least, lacking, strict=True)
                ]
            else:
                # Even with a word in each line there is no room, so the table scrolls sideways.
                widths = [
                    max(word, min(whole, self._widest))
                    for word, whole in zip(least, natural, strict=True)
                ]
        edges = [self.left]
        for width in widths:
            edges.append(edges[-1] + width)
        return edges


class RowStrip(Strip):
    """A row of a table. Its text is the texts of its cells, joined by tabs."""

    def __init__(
        self,
        look: Look,
        cells: tuple[StyledText, ...],
        columns: ColumnWidths,
        aligns: tuple[Qt.AlignmentFlag, ...],
        *,
        header: bool = False,
    ) -> None:
        self._look = look
        self._columns = columns
        self._header = header
        self.sideways = columns.sideways
        font = QFont(look.body)
        if header:
            font.setWeight(QFont.Weight.DemiBold)
        self._cells = [
            text_strip(look, cell, font, align=align | Qt.AlignmentFlag.AlignTop)
            for cell, align in zip(cells, aligns, strict=True)
        ]
        self.text = "\t".join(text for text, *_rest in cells)
        self.formulas = tuple(request for cell in self._cells for request in cell.formulas)
        self._width = -1
        self._height = 0
        self._forgotten = False
        # The backgrounds that were last distributed to the cells.
        self._shared: Marks = ()

    def forget(self) -> None:
        self._forgotten = True
        for cell in self._cells:
            cell.forget()

    def lay_out(self, width: int) -> int:
        if width != self._width or self._forgotten:
            self._width, self._forgotten = width, False
            edges = self._columns.edges(width)
            self._height = 12 + max(
                (
                    cell.lay_out(right - left - 2 * PADDING)
                    for cell, (left, right) in zip(self._cells, pairwise(edges), strict=True)
                ),
                default=0,
            )
        return self._height

    def lay_out_formulas(self) -> bool:
        new = [cell.lay_out_formulas() for cell in self._cells]
        if any(new):
            width, self._width = self._width, -1
            self.lay_out(width)
        return any(new)

    def estimate(self, width: int) -> int:
        return self._height if width == self._width else 12 + self._look.line

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        edges = self._columns.edges(self._width)
        moved = self._columns.sideways.offset
        right = min(float(edges[-1]), float(self._width))
        box = QRectF(place.x() + edges[0], place.y(), right - edges[0], self._height)
        if self._columns.sideways.furthest:
            painter.save()
            painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        start = 0
        self._share_backgrounds()
        for cell, left in zip(self._cells, edges, strict=False):
            inner = within(marks, start, len(cell.text))
            cell.paint(painter, place + QPointF(left + PADDING - moved, 6), clip, inner)
            start += len(cell.text) + 1
        if self._columns.sideways.furthest:
            before, after = self._columns.sideways.cut_sides
            fade_sides(painter, box, self._look.window, left=before, right=after)
            painter.restore()
        painter.setPen(self._look.hairline)
        bottom = place.y() + self._height - 1
        painter.drawLine(QPointF(place.x() + edges[0], bottom), QPointF(place.x() + right, bottom))

    def painted(self) -> list[tuple[str, QRectF]]:
        edges = self._columns.edges(self._width)
        seen = QRectF(edges[0], 0, min(edges[-1], self._width) - edges[0], self._height)
        found = []
        for number, (cell, left) in enumerate(zip(self._cells, edges, strict=False)):
            place = QPointF(left + PADDING - self._columns.sideways.offset, 6)
            for _name, box in cell.painted():
                visible = box.translated(place).intersected(seen)
                if not visible.isEmpty():
                    found.append((f"cell {number}", visible))
        return found

    def rectangle_of(self, offset: int) -> QRectF:
        start = 0
        for cell, left in zip(self._cells, self._columns.edges(self._width), strict=False):
            if offset <= start + len(cell.text):
                inner = cell.rectangle_of(offset - start)
                return inner.translated(left + PADDING - self._columns.sideways.offset, 6)
            start += len(cell.text) + 1
        return QRectF()

    def _share_backgrounds(self) -> None:
        if self.backgrounds is self._shared:
            return
        self._shared = self.backgrounds
        start = 0
        for cell in self._cells:
            cell.backgrounds = within(self.backgrounds, start, len(cell.text))
            start += len(cell.text) + 1

    def hit(self, point: QPointF) -> Hit:
        edges = self._columns.edges(self._width)
        point += QPointF(self._columns.sideways.offset, 0)
        start = 0
        for cell, (left, right) in zip(self._cells, pairwise(edges), strict=True):
            if point.x() < right or right == edges[-1]:
                hit = cell.hit(point - QPointF(left + PADDING, 6))
                return Hit(start + hit.offset, hit.href, hit.latex)
            start += len(cell.text) + 1
        return Hit(0)


def column_needs(rows: list[tuple[StyledText, ...]], look: Look) -> list[ColumnNeeds]:
    """Return what each column of a table needs. The first row is the header.

    Only the texts that seem widest are measured with the font, since that takes a hundred times as
    long as counting their characters.
    """
    font = QFont(look.body)
    font.setWeight(QFont.Weight.DemiBold)
    body, bold, code = QFontMetrics(look.body), QFontMetrics(font), QFontMetrics(look.code)

    def width_of(text: str, metrics: QFontMetrics) -> int:
        # A cell may have code in it, which is wider.
        return max(metrics.horizontalAdvance(text), code.horizontalAdvance(text)) + 1

    needs = []
    for number in range(max(map(len, rows))):
        texts = [row[number].text[:LONGEST_CELL] for row in rows[1:] if number < len(row)]
        header = rows[0][number].text[:LONGEST_CELL] if number < len(rows[0]) else ""
        words = {word for text in texts for word in text.split()}
        wholes = nlargest(MEASURED, texts, _weight)
        longest = nlargest(MEASURED, words, _weight)
        word = max((width_of(text, body) for text in longest), default=0)
        whole = max((width_of(text, body) for text in wholes), default=0)
        head_word = max((width_of(text, bold) for text in header.split()), default=0)
        needs.append(ColumnNeeds(max(word, head_word), max(whole, width_of(header, bold))))
    return needs


def _weight(text: str) -> int:
    """Return about how wide a text is; Chinese, Japanese and Korean characters count twice."""
    if text.isascii():
        return len(text)
    return sum(2 if character > "\u2e80" else 1 for character in text)
