"""The frame that explains one parameter: what it does, what is wrong with its value, and buttons
that mend it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QHideEvent, QShowEvent, QSinglePointEvent
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui.common.closable_frame import ClosableFrame
from app.ui.common.flow_layout import FlowLayout
from app.ui.theme.words import PlainLabel

#: Width at which the text wraps, and the gap to the row that is explained, in pixels.
WIDTH, GAP = 320, 4
_POINTING = {QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}


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


class Explanation(ClosableFrame):
    """Frame of WIDTH pixels over the window, beside a row of the panel. Esc, a click elsewhere and
    the wheel close it; keyboard focus then returns to the button that opened it. It is no window
    of its own: Qt keeps pop-up windows from screen readers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("explanation")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._anchor: QWidget | None = None
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        for ground in (inside, area.viewport()):
            ground.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.hide()

    def explain(self, contents: Contents, row: QWidget, anchor: QWidget) -> None:
        """Show an explanation beside `row`, never over it; `anchor` is the button that opened
        it."""
        window = row.window()
        self.setParent(window)
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
        room = window.rect().adjusted(GAP, GAP, -GAP, -GAP)
        width = min(WIDTH, room.width())
        # The frame has an edge of one pixel.
        wanted = QSize(width, self._column.totalHeightForWidth(width - 2) + 2)
        there = QRect(row.mapTo(window, QPoint(0, 0)), row.size())
        self.setGeometry(place_beside(there, wanted, room))
        self.show()
        self.raise_()
        self.setFocus()

    def dismiss(self) -> None:
        """Hide the frame; keyboard focus in it returns to the button that opened it."""
        anchor, focused = self._anchor, self.window().focusWidget()
        # Qt would move the focus to whatever comes next.
        if anchor is not None and (focused is self or self.isAncestorOf(focused)):
            anchor.setFocus()
        super().dismiss()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (application := QApplication.instance()) is not None:
            application.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if (application := QApplication.instance()) is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on a press or a turn of the wheel outside, and when the window or the button that
        opened it changes. A press on that button is not passed on: it would open it again."""
        kind = event.type()
        if kind in _POINTING and isinstance(event, QSinglePointEvent):
            spot = event.globalPosition().toPoint()
            if self.rect().contains(self.mapFromGlobal(spot)):
                return False
            anchor = self._anchor
            on_anchor = anchor is not None and anchor.rect().contains(anchor.mapFromGlobal(spot))
            self.dismiss()
            return on_anchor and kind is QEvent.Type.MouseButtonPress
        if (kind is QEvent.Type.Resize and watched is self.window()) or (
            kind is QEvent.Type.Hide and watched is self._anchor
        ):
            self.dismiss()
        return False

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
            button.clicked.connect(self.dismiss)
            button.clicked.connect(run)
            flow.addWidget(button)
        self._column.addWidget(box)


def place_beside(row: QRect, size: QSize, room: QRect) -> QRect:
    """Return the place inside `room` of a frame of `size` that leaves `row` uncovered: below the
    row if it fits there, else above it, else on the larger of these sides, less high."""
    x = max(room.left(), min(row.right() + 1 - size.width(), room.right() + 1 - size.width()))
    below = room.bottom() - row.bottom() - GAP
    above = row.top() - room.top() - GAP
    if size.height() <= below or (size.height() > above and below >= above):
        high = min(size.height(), below)
        return QRect(x, row.bottom() + 1 + GAP, size.width(), high)
    high = min(size.height(), above)
    return QRect(x, row.top() - GAP - high, size.width(), high)
