"""The card below an answer that failed: what happened, what can be done, and buttons to do it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from app.domain.chat.conversation import Message
from app.domain.chat.endings import parts_of_ending
from app.domain.text.translation import _
from app.ui.theme.icons import SIZE, paint_glyph
from app.ui.theme.theme import LINE_PIXELS
from app.ui.transcript.actions import (
    Button,
    MessageActionId,
    Surroundings,
    failure_buttons,
    needs_remedy,
)
from app.ui.transcript.painting.look import Look
from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.action_buttons import ButtonsStrip
from app.ui.transcript.strips.hover import Attention
from app.ui.transcript.strips.rules_and_gaps import GapStrip
from app.ui.transcript.strips.strip import Margins, Strip, TextStrip

#: Space between the card's edge and its contents, and between its buttons, in pixels.
PADDING, GAP = 12, 8
#: Radius of the card's corners and of its buttons' corners, in pixels.
CORNER, BUTTON_CORNER = 8, 6
#: Space above the card and below it, in pixels.
APART = 4


def failure_strips(
    message: Message, around: Surroundings, look: Look, *, details: bool
) -> list[Strip]:
    """Return the card of an answer that can be tried again; `details` adds the server's own
    message."""
    parts = parts_of_ending(message)
    bold = QFont(look.body)
    bold.setWeight(QFont.Weight.DemiBold)
    strips: list[Strip] = [GapStrip(APART)]
    strips.append(CardText(look, parts.title, bold, line=look.line, first=True))
    if parts.advice:
        strips.append(CardText(look, parts.advice, look.small, line=look.small_line))
    if details and parts.details:
        told = _("Message from the server: “{words}”").format(words=parts.details)
        strips.append(CardText(look, told, look.small, line=look.small_line, muted=True))
    buttons = failure_buttons(message, around)
    loud = MessageActionId.HELP if around.last and needs_remedy(message) else ""
    strips.append(CardButtons(look, buttons, loud=loud, opened=details))
    strips.append(GapStrip(APART))
    return strips


def _indent(look: Look) -> int:
    """Return the distance of the card's words from its left edge, beside the icon."""
    return PADDING + _icon_side(look) + GAP


def _icon_side(look: Look) -> int:
    return round(SIZE * look.line / LINE_PIXELS)


def _paint_slice(
    painter: QPainter, box: QRectF, look: Look, *, first: bool = False, last: bool = False
) -> None:
    """Draw the part of the card behind one strip; the first and the last have the corners."""
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.colours.warning_base))
    above, below = (0 if first else 2 * CORNER), (0 if last else 2 * CORNER)
    painter.drawRoundedRect(box.adjusted(0, -above, 0, below), CORNER, CORNER)
    painter.restore()


class CardText(TextStrip):
    """Words in the card; the first have the warning icon before them."""

    def __init__(
        self,
        look: Look,
        text: str,
        font: QFont,
        *,
        line: int,
        first: bool = False,
        muted: bool = False,
    ) -> None:
        margins = Margins(_indent(look), top=PADDING if first else APART)
        colour = look.muted if muted else look.text
        super().__init__(look, text, font, margins=margins, line=line, colour=colour)
        self._first = first

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        box = QRectF(place.x(), place.y(), self._width, self._height)
        _paint_slice(painter, box, self._look, first=self._first)
        if self._first:
            icon = self._icon_box().translated(place)
            paint_glyph(painter, "warning", icon, self._look.warning)
        super().paint(painter, place, clip, marks)

    def painted(self) -> list[tuple[str, QRectF]]:
        icon = [("icon warning", self._icon_box())] if self._first else []
        return [*super().painted(), *icon]

    def _icon_box(self) -> QRectF:
        side = _icon_side(self._look)
        return QRectF(PADDING, PADDING + (self._line - side) / 2, side, side)

    def _room(self, width: int) -> int:
        return super()._room(width - PADDING)


class CardButtons(ButtonsStrip):
    """The card's buttons with words, in as many rows as they need. They are always painted."""

    def __init__(
        self, look: Look, buttons: list[Button], *, loud: str = "", opened: bool = False
    ) -> None:
        """`loud` is the address of the button in the accent colour, empty for none; `opened` says
        that the details are shown."""
        self._look = look
        self._buttons = buttons
        self._loud = loud
        self._opened = opened
        self._width = 0
        self._metrics = QFontMetrics(look.small)
        # 28 at a text size of 100 %.
        self._side = look.small_line + 8
        self._placed: list[tuple[Button, QRectF]] = []

    def lay_out(self, width: int) -> int:
        if width != self._width:
            self._width = width
            self._placed = self._place(width)
        return round(self._placed[-1][1].bottom()) + PADDING

    def boxes(self) -> list[tuple[Button, QRectF]]:
        return self._placed

    def painted_for(self, *, active: bool) -> list[tuple[str, QRectF]]:
        return [(f"button {button.name}", box) for button, box in self._placed]

    def paint_for(self, painter: QPainter, place: QPointF, attention: Attention) -> None:
        box = QRectF(place.x(), place.y(), self._width, self.lay_out(self._width))
        _paint_slice(painter, box, self._look, last=True)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.small)
        for button, inner in self._placed:
            self._paint_button(painter, button, inner.translated(place), attention)
        painter.restore()

    def _place(self, width: int) -> list[tuple[Button, QRectF]]:
        left, placed = float(_indent(self._look)), []
        x, y = left, float(GAP)
        for button in self._buttons:
            wide = self._metrics.horizontalAdvance(button.name) + 2 * PADDING
            if _is_fold(button):
                wide += GAP
            if x > left and x + wide > width - PADDING:
                x, y = left, y + self._side + GAP
            placed.append((button, QRectF(x, y, wide, self._side)))
            x += wide + GAP
        return placed

    def _paint_button(
        self, painter: QPainter, button: Button, box: QRectF, attention: Attention
    ) -> None:
        look, colours = self._look, self._look.colours
        hovered, focused = attention.hovered == button.href, attention.focused == button.href
        loud, fold = button.href == self._loud, _is_fold(button)
        words = QColor(colours.on_accent) if loud else look.muted if fold else look.text
        ring = look.text if loud else look.accent
        pen = QPen(ring, 2) if focused else QPen(QColor(colours.control), 1)
        painter.setPen(Qt.PenStyle.NoPen if (loud or fold) and not focused else pen)
        ground = QColor(colours.hover if hovered else colours.raised)
        if loud:
            ground = look.link if hovered else look.accent
        painter.setBrush(Qt.BrushStyle.NoBrush if fold and not hovered else ground)
        inset = 1 if focused else 0.5
        painter.drawRoundedRect(
            box.adjusted(inset, inset, -inset, -inset), BUTTON_CORNER, BUTTON_CORNER
        )
        painter.setPen(words)
        middle = Qt.AlignmentFlag.AlignVCenter
        if fold:
            arrow = self._metrics.height() - 4
            painter.drawText(box.adjusted(GAP, 0, 0, 0), middle, button.name)
            end = QRectF(box.right() - GAP - arrow, box.top(), arrow, box.height())
            paint_glyph(painter, "down" if self._opened else "right", end, words)
        else:
            painter.drawText(box, middle | Qt.AlignmentFlag.AlignHCenter, button.name)


def _is_fold(button: Button) -> bool:
    return button.href == MessageActionId.DETAILS
