"""A folded group of parameters in the panel: a heading that opens it, and its rows."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.parameters.kinds import ParameterGroup
from app.domain.text.translation import _, ngettext
from app.ui.common.keys import is_enter
from app.ui.theme.fading import paint_fading
from app.ui.theme.icons import paint_glyph
from app.ui.theme.words import put_tip

#: Least height of the heading, side of its arrow, and padding, in pixels.
HEIGHT, ARROW, PADDING = 36, 14, 8


class GroupHead(QPushButton):
    """Heading of a group: an arrow, the name, and at the right the number of set parameters. It is
    checked while the group is open."""

    def __init__(self, group: ParameterGroup) -> None:
        super().__init__()
        self.setText(group.label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self._count = ""
        self._warns = False

    @property
    def count(self) -> str:
        """The words at the right."""
        return self._count

    def show_count(self, words: str, *, warns: bool) -> None:
        """Show words at the right, in the colour of warnings if `warns`."""
        self._count, self._warns = words, warns
        self.setAccessibleName(f"{self.text()}, {words}" if words else self.text())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, max(HEIGHT, self.fontMetrics().height() + 2 * PADDING))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter as well as Space for a press."""
        if is_enter(event) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        role, palette, painter = QPalette.ColorRole, self.palette(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(role.Midlight))
            painter.drawRoundedRect(ground, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(palette.color(role.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground, 6, 6)
        quiet = palette.color(role.PlaceholderText)
        folded = "left" if self.isRightToLeft() else "right"
        glyph = "down" if self.isChecked() else folded
        paint_glyph(painter, glyph, QRectF(self._at(2, ARROW)), quiet)
        left = ARROW + PADDING - 2
        name = min(self.fontMetrics().horizontalAdvance(self.text()) + 1, self.width() - left)
        painter.setPen(palette.color(role.WindowText))
        paint_fading(painter, self._at(left, name), self.text())
        plain = QFont(self.font())
        plain.setWeight(QFont.Weight.Normal)
        painter.setFont(plain)
        painter.setPen(palette.color(role.BrightText) if self._warns else quiet)
        room = max(0, self.width() - left - name - 2 * PADDING)
        words = min(room, painter.fontMetrics().horizontalAdvance(self._count) + 1)
        paint_fading(painter, self._at(self.width() - PADDING - words, words), self._count)

    def _at(self, left: int, width: int) -> QRect:
        """Return a place by its distance from the leading edge."""
        x = self.width() - left - width if self.isRightToLeft() else left
        return QRect(x, 0, width, self.height())


class GroupBox(QWidget):
    """A heading above the rows of a group, which are put in when the group is first opened."""

    #: The person opened (True) or folded the group.
    toggled = Signal(bool)

    def __init__(self, group: ParameterGroup) -> None:
        super().__init__()
        self.group = group
        self._rows: QWidget | None = None
        self.head = GroupHead(group)
        # Not `clicked`, which a screen reader's *toggle* does not emit.
        self.head.toggled.connect(self._take_toggle)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self._show(False)
        self.show_count(0)

    @property
    def is_open(self) -> bool:
        """Whether the rows are shown."""
        return self.head.isChecked()

    @property
    def has_rows(self) -> bool:
        """Whether the rows were put in."""
        return self._rows is not None

    def open(self, *, wanted: bool = True) -> None:
        """Open the group, or fold it. Emits no signal."""
        with QSignalBlocker(self.head):
            self.head.setChecked(wanted)
        self._show(wanted)

    def put_rows(self, rows: Sequence[QWidget]) -> None:
        """Put in the rows, once."""
        self._rows = QWidget()
        column = QVBoxLayout(self._rows)
        # Each row ends with a line for messages, which is the space to the next.
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        self._column.addWidget(self._rows)
        self._rows.setVisible(self.is_open)

    def show_count(self, number: int, problems: int = 0, *, supported: bool = True) -> None:
        """Show how many parameters are set and how many of them have a problem; or that the model
        supports none of the group."""
        words = ngettext("{n} set", "{n} set", number).format(n=number) if number else ""
        if not supported and not number:
            words = _("Not supported")
        if problems:
            problem = ngettext("{n} problem", "{n} problems", problems).format(n=problems)
            words = f"{words} · {problem}"
        if words != self.head.count or not self.head.accessibleName():
            self.head.show_count(words, warns=bool(problems))

    def _take_toggle(self, is_open: bool) -> None:
        self._show(is_open)
        self.toggled.emit(is_open)

    def _show(self, is_open: bool) -> None:
        words = _("Fold {group}") if is_open else _("Show {group}")
        put_tip(self.head, words.format(group=self.group.label))
        if self._rows is not None:
            self._rows.setVisible(is_open)
