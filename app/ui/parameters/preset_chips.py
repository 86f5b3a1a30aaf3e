"""The presets above the parameter panel: a chip for each, and a button with their menu."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from app.domain.parameters.presets import Preset
from app.domain.text.translation import _
from app.ui.common.flow_layout import FlowLayout
from app.ui.common.keys import is_enter
from app.ui.theme.fading import paint_fading
from app.ui.theme.icons import icon
from app.ui.theme.menu import Menu
from app.ui.theme.words import put_tip

#: Most presets that have a chip; the window of presets has all.
MOST_CHIPS = 12
#: Least height of a chip, padding at its sides, and room around it for the ring of keyboard focus,
#: in pixels.
HEIGHT, PADDING, RING = 28, 16, 2
#: Longest name that a chip shows whole, in characters of average width.
LONGEST = 28
#: Opacity of the active chip's ground, 0 to 255.
TINT = 36
#: Diameter of the dot of a preset whose values were changed, and its distance from the chip's edge.
DOT, DOT_GAP = 6, 6


class Chip(QPushButton):
    """Rounded button for a preset. The active preset's chip has a ground and a thicker edge; a dot
    says that values have changed since. No state changes its size."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self.preset = preset
        self._is_on = self._is_changed = False
        self.setText(preset.name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_state(is_on=False, changed=False)

    @property
    def is_on(self) -> bool:
        """Whether the preset is active."""
        return self._is_on

    @property
    def is_changed(self) -> bool:
        """Whether the chip says that values have changed since the preset was applied."""
        return self._is_changed

    def show_state(self, *, is_on: bool, changed: bool) -> None:
        """Show whether the preset is active, and whether values have changed since."""
        self._is_on, self._is_changed = is_on, is_on and changed
        name = self.preset.name
        if self._is_changed:
            words = _("{name}, active, changed").format(name=name)
        else:
            words = _("{name}, active").format(name=name) if is_on else name
        self.setAccessibleName(_("Preset {name}").format(name=words))
        put_tip(self, f"{words}\n{self.preset.about}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = metrics.averageCharWidth() * LONGEST
        width = min(widest, metrics.horizontalAdvance(self.text())) + 2 * PADDING
        return QSize(width + 2 * RING, height_in(self))

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
        role, palette = QPalette.ColorRole, self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = palette.color(role.Highlight)
        shape = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        if self.hasFocus():
            painter.setPen(QPen(accent, RING))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = self.height() / 2 - 1
            painter.drawRoundedRect(shape.adjusted(-1, -1, 1, 1), radius, radius)
            shape = shape.adjusted(2, 2, -2, -2)
        is_on, radius = self._is_on, shape.height() / 2
        ground = palette.color(role.Midlight if self.underMouse() else role.Base)
        painter.setBrush(_tinted(accent) if is_on else ground)
        width = 2 if is_on else 1
        painter.setPen(QPen(accent if is_on else palette.color(role.Mid), width))
        half = width / 2
        painter.drawRoundedRect(shape.adjusted(half, half, -half, -half), radius, radius)
        painter.setPen(palette.color(role.ButtonText))
        side = PADDING + RING - 1
        paint_fading(painter, self.rect().adjusted(side, 0, -side, 0), self.text())
        if self._is_changed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            x = self.width() - RING - DOT_GAP - DOT / 2
            painter.drawEllipse(QPointF(x, self.height() / 2), DOT / 2, DOT / 2)


def height_in(widget: QWidget) -> int:
    """Return the height of a chip in the font of a widget, the ring included, in pixels."""
    return max(HEIGHT, widget.fontMetrics().height() + 8) + 2 * RING


def _tinted(colour: QColor) -> QColor:
    tint = QColor(colour)
    tint.setAlpha(TINT)
    return tint


class PresetChips(QWidget):
    """A flow of chips and a button with a menu, which is empty until its owner fills it on
    `menu_wanted`."""

    #: A chip was pressed: its Preset.
    chosen = Signal(Preset)
    #: The menu opens and is to be filled: the empty menu.
    menu_wanted = Signal(QMenu)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Presets"))
        self._presets: list[Preset] = []
        self.chips: list[Chip] = []
        self._flow = FlowLayout(4)
        self.setLayout(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.more = QToolButton()
        self.more.setIcon(icon("add"))
        side = height_in(self.more)
        self.more.setFixedSize(side, side)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        words = _("Save and manage presets")
        self.more.setAccessibleName(words)
        put_tip(self.more, words)
        menu = Menu(self.more)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill)
        self.more.setMenu(menu)
        self._flow.addWidget(self.more)

    def show_presets(self, presets: Sequence[Preset], current: Preset | None) -> None:
        """Show chips for the first MOST_CHIPS presets, and for the active one."""
        shown = list(presets[:MOST_CHIPS])
        if current is not None and current not in shown:
            shown.append(current)
        if shown == self._presets:
            return
        self._presets = shown
        had_focus = any(chip.hasFocus() for chip in self.chips)
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.more)
        self.chips = [self._chip(preset) for preset in shown]
        self._flow.addWidget(self.more)
        self.setTabOrder(self.chips[-1] if self.chips else self, self.more)
        if had_focus:
            self.more.setFocus()

    def show_current(self, current: Preset | None, *, changed: bool) -> None:
        """Mark the active preset, None for none, and whether values differ from it."""
        for chip in self.chips:
            is_on = current is not None and chip.preset.id == current.id
            if (is_on, is_on and changed) != (chip.is_on, chip.is_changed):
                chip.show_state(is_on=is_on, changed=changed)

    def _chip(self, preset: Preset) -> Chip:
        chip = Chip(preset)
        chip.clicked.connect(partial(self.chosen.emit, preset))
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _fill(self) -> None:
        self.more.menu().clear()
        self.menu_wanted.emit(self.more.menu())
