"""The pop-up that explains one parameter: what it does, what is wrong with its value, and buttons
that mend it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.ui.common.flow_layout import FlowLayout
from app.ui.theme.words import PlainLabel

#: Width at which the text wraps, and the gap to the row that is explained, in pixels.
WIDTH, GAP = 320, 4


@dataclass(frozen=True, slots=True)
class Contents:
    """The texts of an explanation; empty ones are left out."""

    title: str
    #: The parameter's name in requests, and its range.
    name: str
    help: str
    #: A sentence about what is wrong with the value, with (words, function) for each button.
    problem: str = ""
    buttons: Sequence[tuple[str, Callable[[], object]]] = ()
    #: Lines about the value: its effect, and how it differs from others.
    notes: Sequence[str] = ()


class Explanation(QFrame):
    """Pop-up of WIDTH pixels beside a row of the panel. Esc and a click elsewhere close it; the
    keyboard focus then returns to where it was."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("explanation")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._anchor: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(8)

    def explain(self, contents: Contents, row: QWidget, anchor: QWidget) -> None:
        """Show an explanation beside `row`, never over it; `anchor` is the button that opened
        it."""
        self._anchor = anchor
        self._clear()
        self.setAccessibleName(contents.title)
        texts = (contents.problem, contents.help, *contents.notes)
        self.setAccessibleDescription(" ".join(text for text in texts if text))
        self._add(contents.title, "heading")
        self._add(contents.name, "muted")
        self._add(contents.problem, "warning")
        self._add_buttons(contents.buttons)
        self._add(contents.help)
        for note in contents.notes:
            self._add(note, "muted")
        room = anchor.screen().availableGeometry()
        width = min(WIDTH, room.width())
        size = QSize(width, self._column.totalHeightForWidth(width))
        origin = row.mapToGlobal(QPoint(0, 0))
        self.setFixedSize(size)
        self.move(place_beside(QRect(origin, row.size()), size, room))
        self.show()
        self.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a press outside. One on the button that opened it would otherwise open it
        again, since Qt repeats the press there."""
        anchor = self._anchor
        if anchor is not None:
            spot = anchor.mapFromGlobal(event.globalPosition().toPoint())
            self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay, anchor.rect().contains(spot))
        super().mousePressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            # The theme changed: sizes that were worked out before may be wrong.
            self.close()

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def _add(self, words: str, style: str = "") -> None:
        if not words:
            return
        label = PlainLabel(words)
        label.setObjectName(style)
        label.setWordWrap(True)
        if style == "heading":
            font = QFont(label.font())
            font.setWeight(QFont.Weight.DemiBold)
            label.setFont(font)
        self._column.addWidget(label)

    def _add_buttons(self, buttons: Sequence[tuple[str, Callable[[], object]]]) -> None:
        if not buttons:
            return
        box = QWidget()
        flow = FlowLayout(8)
        box.setLayout(flow)
        for words, run in buttons:
            button = QPushButton(words)
            button.clicked.connect(self.close)
            button.clicked.connect(run)
            flow.addWidget(button)
        self._column.addWidget(box)


def place_beside(row: QRect, size: QSize, room: QRect) -> QPoint:
    """Return the position of a pop-up of `size` that leaves `row` uncovered and is inside `room`,
    the available part of the screen: below the row, else above it, else at its left or right."""
    x = max(room.left(), min(row.right() + 1 - size.width(), room.right() + 1 - size.width()))
    if row.bottom() + 1 + GAP + size.height() <= room.bottom() + 1:
        return QPoint(x, row.bottom() + 1 + GAP)
    if row.top() - GAP - size.height() >= room.top():
        return QPoint(x, row.top() - GAP - size.height())
    left = row.left() - GAP - size.width()
    y = max(room.top(), room.bottom() + 1 - size.height())
    return QPoint(left if left >= room.left() else row.right() + 1 + GAP, y)
