"""Places of the words of a laid-out message: points, offsets, rectangles, and reading spots."""

from PySide6.QtCore import QPointF, QRect, QRectF

from app.domain.chat.conversation import Message
from app.domain.chat.reading_place import TextSpot
from app.ui.transcript.messages.message_words import MessageWords
from app.ui.transcript.messages.strip_stack import Spot, StripStack
from app.ui.transcript.messages.text_spots import MessageParts, spot_of, text_spot
from app.ui.transcript.strips.action_buttons import ButtonsStrip
from app.ui.transcript.strips.bubble import BUBBLE, bubble_box
from app.ui.transcript.strips.strip import Hit, Strip


class MessageGeometry(MessageWords):
    """A message with its stack of strips. Offsets are characters of the stack's text, points are
    pixels from the message's top left corner."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        #: The strips, none before `lay_out`; only the item itself adds strips.
        self.stack = StripStack()
        #: Index of the first strip of each block of the answer.
        self.block_starts: list[int] = []
        self._width = -1
        self._bubble = 0
        # The strips from _words_start up to, without, _foot_start are the message's own words.
        self._words_start = 0
        self._foot_start = 0

    def text_spot(self, spot: Spot) -> TextSpot:
        """Return the words at a position of the stack, as it was laid out last."""
        return text_spot(self.stack, self._parts(), spot)

    def spot_of(self, spot: TextSpot) -> Spot:
        """Return the position of words in the stack; the end of their part if they are folded."""
        return spot_of(self.stack, self._parts(), spot)

    def button_box(self, href: str) -> QRect | None:
        """Return the rectangle of a button below the message, in pixels from its top left corner;
        None if there is no such button."""
        for number, strip in enumerate(self.stack.strips[self._foot_start :], self._foot_start):
            box = strip.box_of(href) if isinstance(strip, ButtonsStrip) else None
            if box is not None:
                return box.translated(self.inset, self.stack.top_of(number)).toRect()
        return None

    def bubble_at(self, place: QPointF) -> QRectF | None:
        """Return the bubble's rectangle, if the message's corner is at `place`; None without."""
        if not self.is_user:
            return None
        bottom = self.stack.top_of(self._foot_start)
        return bubble_box(place, self._width, self._bubble, bottom)

    @property
    def inset(self) -> int:
        """Distance in pixels of the words from the message's left edge."""
        return self._width - self._bubble + BUBBLE if self.is_user else 0

    def hit(self, point: QPointF) -> tuple[Hit, Strip | None]:
        """Return the result of a hit test, with an offset into the whole text, and the strip."""
        stack = self.stack
        if not len(stack):
            return Hit(0), None
        number = stack.at(round(point.y()))
        strip = stack.strips[number]
        hit = strip.hit(point - QPointF(self.inset, stack.top_of(number)))
        return Hit(stack.offset_of(number) + hit.offset, hit.href, hit.latex), strip

    def rectangle_of(self, offset: int) -> QRectF:
        """Return the rectangle of a character of the message's text."""
        stack = self.stack
        if not len(stack):
            return QRectF()
        number = stack.at_offset(offset)
        top = stack.top_of(number)
        stack.settle(top, top + 1)
        inner = stack.strips[number].rectangle_of(offset - stack.offset_of(number))
        return inner.translated(self.inset, top)

    def text(self, start: int = 0, end: int | None = None) -> str:
        """Return the displayed text, or a range of it."""
        return self.stack.text(start, end)

    def words_from(self) -> tuple[int, int]:
        """Return the range (start, end) of the message's own words, in characters of the displayed
        text, without head and foot."""
        stack = self.stack
        return stack.offset_of(self._words_start), stack.offset_of(self._foot_start)

    def _parts(self) -> MessageParts:
        blocks = [self._words_start] if self.is_user else self.block_starts
        return MessageParts(self._words_start, blocks, self._foot_start)
