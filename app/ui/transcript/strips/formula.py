"""Text strips that contain formulas, and formulas on lines of their own."""

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLine

from app.markup.typesetting import Formula, FormulaRequest
from app.ui.transcript.painting.formulas import scale_for, width_of
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.strip import FormattedRange, Hit, Margins, TextStrip

#: In the painted text, a formula's source is replaced by as many characters: one space, whose
#: letter spacing is set to the formula's width, then characters of no width.
_SPACE = "\u00a0"
_NOTHING = "\u2060"
#: A formula that is wider than its line is drawn smaller, down to this factor.
SMALLEST = 0.4


_NONE = Margins()


@dataclass(frozen=True, slots=True)
class FormulaRange:
    """Range of a strip's text that is a formula's source, including its delimiters.

    `start` and `length` are in characters.
    """

    start: int
    length: int
    request: FormulaRequest


class StyledText(NamedTuple):
    """Text of a strip with its formats and formulas.

    `text` is selected and copied. `shown` is painted; it has the same length, and differs where
    invisible characters are made visible. If it is empty, `text` is painted.
    """

    text: str
    ranges: tuple[FormattedRange, ...] = ()
    formula_ranges: tuple[FormulaRange, ...] = ()
    shown: str = ""


class FormulaText(TextStrip):
    """Text with formulas, each drawn on the baseline of the words.

    A formula that isn't typeset yet, or can't be, is painted as its LaTeX source.
    """

    _formula_ranges: tuple[FormulaRange, ...] = ()
    _set: tuple[tuple[FormulaRange, Formula], ...] = ()

    def with_formula_ranges(self, formula_ranges: tuple[FormulaRange, ...]) -> "FormulaText":
        """Set the formulas and return the strip itself; called once, before the first layout."""
        # A formula with characters beyond U+FFFF is painted as source: they take two UTF-16 units
        # in Qt, but their replacements take one.
        self._formula_ranges = tuple(
            each
            for each in formula_ranges
            if max(self.text[each.start : each.start + each.length]) <= "\uffff"
        )
        self.formulas = tuple(each.request for each in self._formula_ranges)
        return self

    def lay_out_formulas(self) -> bool:
        if len(self._ready()) == len(self._set):
            return False
        self.lay_out_anew()
        return True

    def hit(self, point: QPointF) -> Hit:
        hit = super().hit(point)
        for each in self._formula_ranges:
            if each.start <= hit.offset < each.start + each.length:
                return Hit(hit.offset, hit.href, each.request.latex)
        return hit

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        super().paint(painter, place, clip, marks)
        layout = self._current_layout()
        if layout is None or not self._set:
            return
        from app.ui.transcript.painting.paint_formula import paint

        origin = self._origin(place)
        for formula_range, formula in self._set:
            start = self._units.to_qt(formula_range.start)
            line = layout.lineForTextPosition(start)
            top = origin.y() + line.y()
            if not line.isValid() or top > clip.bottom() + line.height():
                break
            # PySide returns a tuple (x, offset), though its stub says float.
            x = origin.x() + float(line.cursorToX(start)[0])  # type: ignore[index]
            at = QPointF(x, top + line.ascent())
            paint(painter, formula, at, self._colour, self._scale_of(formula))

    def _ready(self) -> tuple[tuple[FormulaRange, Formula], ...]:
        known = self._look.formulas
        known_formulas = ((each, known.get(each.request)) for each in self._formula_ranges)
        return tuple((each, formula) for each, formula in known_formulas if formula is not None)

    def _scale_of(self, formula: Formula) -> float:
        scale = scale_for(self._font.pixelSize())
        room = self._room(self._width)
        return max(SMALLEST * scale, min(scale, room / max(1.0, width_of(formula, 1.0))))

    def _content(self) -> tuple[str, tuple[FormattedRange, ...]]:
        self._set = self._ready()
        if not self._set:
            return super()._content()
        text, ranges = super()._content()
        metrics = QFontMetricsF(self._font)
        kept = list(ranges)
        for formula_range, formula in self._set:
            end = formula_range.start + formula_range.length
            stand_in = _SPACE + _NOTHING * (formula_range.length - 1)
            text = text[: formula_range.start] + stand_in + text[end:]
            kept = [
                other
                for other in kept
                if not (formula_range.start <= other.start and other.start + other.length <= end)
            ]
            wide = QTextCharFormat()
            wide.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
            width = width_of(formula, self._scale_of(formula)) + 1
            wide.setFontLetterSpacing(width - metrics.horizontalAdvance(_SPACE))
            kept.append(FormattedRange(formula_range.start, 1, wide))
        return text, tuple(kept)

    def _reach(self, line: QTextLine) -> tuple[float, float]:
        above, below = super()._reach(line)
        first, last = line.textStart(), line.textStart() + line.textLength()
        for formula_range, formula in self._set:
            if first <= self._units.to_qt(formula_range.start) < last:
                scale = self._scale_of(formula)
                above = max(above, -formula.top * scale + 1)
                below = max(below, (formula.top + formula.height) * scale + 1)
        return above, below


class FormulaBlock(FormulaText):
    """A formula on lines of its own. It is centred once it is typeset."""

    def _content(self) -> tuple[str, tuple[FormattedRange, ...]]:
        content = super()._content()
        self._align = Qt.AlignmentFlag.AlignHCenter if self._set else None
        return content


def text_strip(
    look: Look,
    words: StyledText,
    font: QFont,
    margins: Margins = _NONE,
    *,
    line: int = 0,
    align: Qt.AlignmentFlag | None = None,
) -> TextStrip:
    """Return a strip of styled text: a FormulaText if it has formulas, else a TextStrip.

    `line` is the least height of a line in pixels, 0 for the look's.
    """
    kind = FormulaText if words.formula_ranges else TextStrip
    made = kind(
        look, words.text, font, words.ranges, margins, line=line, align=align, shown=words.shown
    )
    return made.with_formula_ranges(words.formula_ranges) if isinstance(made, FormulaText) else made
