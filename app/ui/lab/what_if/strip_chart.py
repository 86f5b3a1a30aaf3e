"""The chart of the candidates in effect along an answer, before and after the samplers.

Each column of pixels shows the least number, the geometric mean and the greatest number of its
tokens, so that painting takes as long for a hundred thousand tokens as for a hundred.
"""

import math

import numpy
from PySide6.QtCore import QEvent, QLineF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSlider, QWidget

from app.domain.sampling.certainty import EffectiveBounds
from app.domain.text.translation import _
from app.ui.lab.what_if.sentences import estimate_words, range_words
from app.ui.lab.what_if.strip_image import Figures, Flags, columns, image, mark_image, marked
from app.ui.theme.theme import TextSize, Theme

#: Least height, and the space around the figures, in pixels.
HEIGHT = 76
RIGHT, TOP, BOTTOM = 4, 8, 12
#: Dashes below the axis, at tokens of the answer that are cut: distance from the axis and height in
#: pixels.
GAP, DASH = 4, 4
#: Possible ends of the axis, in candidates.
_ENDS = (5, 10, 20, 50, 100, 1000, 10_000, 100_000)


class StripChart(QSlider):
    """Slider whose groove is the chart; its value is the index of the token in view.

    The numbers are estimates where some of the probability was not captured: of a token whose
    bounds are known (`take_bounds`) it is said how exact they are.
    """

    #: The index of a token that was chosen here.
    place_wanted = Signal(int)
    #: The index of the token under the mouse, −1 for none.
    pointed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._before = self._after = numpy.zeros(0, numpy.float32)
        self._cut: Flags = numpy.zeros(0, bool)
        self._end = 10.0
        self._hovered = -1
        # The index of a token and its bounds under the present settings.
        self._bounds: tuple[int, EffectiveBounds] | None = None
        # Cached picture of what does not change while a slider moves: axis and figures before.
        self._ground: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Choices per token along the answer, without and with parameters"))
        self.valueChanged.connect(self.place_wanted)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_answer(self, before: Figures, after: Figures, cut: Flags) -> None:
        """Show another answer: for each token the number of candidates in effect, at least 1,
        before and after the samplers, and whether the token itself is cut."""
        self._before = _clean(before)
        self._ground = None
        with QSignalBlocker(self):
            self.setRange(0, max(0, len(before) - 1))
            self.setPageStep(max(10, len(before) // 20))
        self.show_after(after, cut)

    def show_after(self, after: Figures, cut: Flags) -> None:
        """Show the figures of the same answer under other settings."""
        self._after, self._cut = _clean(after), cut
        self._bounds = None
        end = self._end_for(self._before, self._after)
        if end != self._end:
            self._end, self._ground = end, None
        self._tell()
        self.update()

    def show_place(self, place: int) -> None:
        """Move the line to a token, without emitting `place_wanted`."""
        with QSignalBlocker(self):
            self.setValue(place)
        self._tell()
        self.update()

    def take_bounds(self, place: int, bounds: EffectiveBounds) -> None:
        """Take the bounds of a token's figures under the present settings."""
        self._bounds = (place, bounds)
        if place == self.value():
            self._tell()

    def reading(self, place: int) -> str:
        """Return a token's figures in words. An estimate has a ≈."""
        if not 0 <= place < min(len(self._before), len(self._after)):
            return ""
        bounds = self._bounds_of(place)
        words = _("Token {n}: {before} choices, {after} with parameters")
        if self._cut[place]:
            words = _("Token {n}, dropped: {before} choices, {after} with parameters")
        return words.format(
            n=f"{place + 1:,}",
            before=estimate_words(
                float(self._before[place]), None if bounds is None else bounds.before
            ),
            after=estimate_words(
                float(self._after[place]), None if bounds is None else bounds.after
            ),
        )

    def bounds_words(self, place: int) -> str:
        """Return the bounds of a token's figures in words; empty if they are not known."""
        if (bounds := self._bounds_of(place)) is None:
            return ""
        return _("Model: {before} choices. With parameters: {after}.").format(
            before=range_words(*bounds.before), after=range_words(*bounds.after)
        )

    def _bounds_of(self, place: int) -> EffectiveBounds | None:
        return self._bounds[1] if self._bounds is not None and self._bounds[0] == place else None

    def sizeHint(self) -> QSize:
        return QSize(268, self.minimumHeight())

    # Events of mouse and keyboard.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setValue(self.place_at(event.position().x()))
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(place)
        self._point(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move only with keyboard focus; otherwise the area around the chart scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(-1)

    def place_at(self, x: float) -> int:
        """Return the index of the token that is drawn at an x coordinate in pixels."""
        share = (x - self.axis_width) / max(1.0, self.width() - self.axis_width - RIGHT)
        return max(0, min(int(share * (self.maximum() + 1)), self.maximum()))

    def x_of(self, place: int) -> float:
        """Return the x coordinate of the middle of a token, in pixels."""
        share = (place + 0.5) / (self.maximum() + 1)
        return self.axis_width + share * (self.width() - self.axis_width - RIGHT)

    def _point(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.pointed.emit(place)
            self.update()

    def _tell(self) -> None:
        self.setAccessibleDescription(self.reading(self.value()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ground = None

    def _take_theme(self) -> None:
        colours = self._theme.colours
        self._accent = QPen(QColor(colours.accent), 1.4)
        spread = QColor(colours.accent)
        spread.setAlphaF(0.3)
        self._spread = spread
        self._text, self._hover = QPen(QColor(colours.text), 1.4), QPen(QColor(colours.control))
        self._warning = QColor(colours.warning)
        self._font = self._theme.font(TextSize.CAPTION)
        metrics = QFontMetrics(self._font)
        self._label_height = metrics.height()
        #: Width in pixels of the labels of the axis and of the space beside them.
        self.axis_width = metrics.horizontalAdvance("100k") + 4
        self.setFixedHeight(max(HEIGHT, 3 * self._label_height + TOP + BOTTOM))
        self._ground = None
        self.update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self._ground
        if ground is None:
            ground = self._ground = self._painted_ground()
        painter.drawPixmap(0, 0, ground)
        if len(self._after) == 0:
            return
        painter.drawImage(
            self.axis_width, TOP, self._image(self._after, self._spread, self._accent.color())
        )
        self._paint_cut(painter)
        if self._hovered >= 0:
            self._paint_place(painter, self._hover, self._hovered)
        self._paint_place(painter, self._text, self.value())
        if self.hasFocus():
            painter.setPen(self._accent)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _painted_ground(self) -> QPixmap:
        scale, colours = self.devicePixelRatioF(), self._theme.colours
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(QColor(colours.side))
        painter = QPainter(picture)
        painter.setFont(self._font)
        right = float(self.width() - RIGHT)
        for number in [1.0, 10.0, self._end]:
            if number == 10.0 and self._end < 50:
                continue
            y = self._y(math.log(number) / math.log(self._end))
            painter.setPen(QColor(colours.line))
            painter.drawLine(QLineF(self.axis_width, y, right, y))
            painter.setPen(QColor(colours.muted))
            place = QRectF(0, y - self._label_height / 2, self.axis_width - 4, self._label_height)
            where = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, where, _short(number))
        if len(self._before):
            line = QColor(colours.raw_line)
            painter.drawImage(
                self.axis_width,
                TOP,
                self._image(self._before, QColor(colours.raw), line, joined=False),
            )
        painter.end()
        return picture

    def _paint_cut(self, painter: QPainter) -> None:
        pixels = self.width() - self.axis_width - RIGHT
        if pixels > 0 and self._cut.any():
            dashes = mark_image(marked(self._cut, pixels), self._warning)
            place = QRectF(self.axis_width, self.height() - BOTTOM + GAP, pixels, DASH)
            painter.drawImage(place, dashes)

    def _paint_place(self, painter: QPainter, pen: QPen, place: int) -> None:
        painter.setPen(pen)
        x = self.x_of(place)
        painter.drawLine(QLineF(x, TOP - 4, x, self.height() - BOTTOM + 3))

    def _end_for(self, *figures: Figures) -> float:
        """Return the first round number that is above all figures. There are few, so that the axis
        seldom changes."""
        highest = max((float(one.max()) for one in figures if len(one)), default=1.0)
        return float(next((end for end in _ENDS if highest <= end), _ENDS[-1]))

    def _image(
        self, figures: Figures, spread: QColor, line: QColor, *, joined: bool = True
    ) -> QImage:
        scale = self.devicePixelRatioF()
        width = max(1, round((self.width() - self.axis_width - RIGHT) * scale))
        height = round((self.height() - TOP - BOTTOM) * scale)
        picture = image(
            columns(figures, width, self._end), height, scale, spread, line, joined=joined
        )
        picture.setDevicePixelRatio(scale)
        return picture

    def _y(self, share: float) -> float:
        return self.height() - BOTTOM - share * (self.height() - TOP - BOTTOM)


def _short(number: float) -> str:
    return f"{number:.0f}" if number < 1000 else f"{number / 1000:.0f}k"


def _clean(figures: Figures) -> Figures:
    """Return the figures without infinities and NaN, which hostile probabilities can lead to."""
    return numpy.nan_to_num(figures, nan=1.0, posinf=1e6, neginf=1.0)
