"""Strips that show more while the pointer or the keyboard is at their message."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.ui.transcript.painting.marks import Marks
from app.ui.transcript.strips.strip import Strip


@dataclass(frozen=True, slots=True)
class Attention:
    """Whether the pointer or the keyboard is at a message (`active`), whether it is the keyboard
    (`in_focus`), and the addresses of the buttons that are under the pointer and in keyboard focus;
    empty for none."""

    active: bool = False
    in_focus: bool = False
    hovered: str = ""
    focused: str = ""


#: The state of a message that nobody points at.
AT_REST = Attention()


class HoverStrip(Strip):
    """Base class of strips that paint more when attended to. Their height never depends on it, so
    that nothing moves under the pointer."""

    separator = ""

    def paint_for(self, painter: QPainter, place: QPointF, attention: Attention) -> None:
        """Draw the strip with its top left corner at `place`."""
        raise TypeError("each kind of strip paints itself")

    def painted_for(self, *, active: bool) -> list[tuple[str, QRectF]]:
        """Return name and rectangle of what is painted, as `painted`, at rest or not."""
        raise TypeError("each kind of strip knows what it paints")

    def painted(self) -> list[tuple[str, QRectF]]:
        return self.painted_for(active=False)

    def paint(self, painter: QPainter, place: QPointF, clip: QRectF, marks: Marks = ()) -> None:
        """Draw the strip at rest."""
        self.paint_for(painter, place, AT_REST)
