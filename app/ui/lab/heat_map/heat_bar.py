"""The bar of the heat map above the conversation: the measure, its legend, and statistics of the
answer in view."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.text.translation import _
from app.ui.common.action_widgets import tool_button
from app.ui.common.actions import ActionId
from app.ui.common.closable_frame import ClosableFrame
from app.ui.common.keys import with_key
from app.ui.lab.heat_map.heat_scale import SCALES, HeatMeasure
from app.ui.theme.controls import ComboBox
from app.ui.theme.menu import Menu, MenuButton
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel, put_tip

#: Usual width of a box of the legend, its least margin beside a label, and its height, in pixels.
SWATCH, BESIDE, HEIGHT = 44, 8, 20


class HeatLegend(QWidget):
    """The colours of a scale in a row of boxes, each with its label. Where there is less room, the
    boxes are as narrow as their labels."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._labels: Sequence[str] = ()
        self.setFont(theme.small_font())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_scale(self, labels: Sequence[str], name: str) -> None:
        """Show the labels of another scale, called `name`."""
        self._labels = labels
        self.setAccessibleName(
            _("{name}, from a light to a strong colour: {labels}").format(
                name=name, labels=", ".join(labels)
            )
        )
        self.setMaximumWidth(self.sizeHint().width())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(max(SWATCH, width) for width in self._least()), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(self._least()), self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.colours.text))
        least = self._least()
        more = max(0.0, (self.width() - sum(least)) / max(1, len(least)))
        left = 0.0
        for number, (label, width) in enumerate(zip(self._labels, least, strict=True)):
            box = QRectF(left, 0, width + more, self.height())
            painter.fillRect(box, QColor(self._theme.colours.heat[number]))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)
            left += width + more

    def _least(self) -> list[int]:
        """Return the least width of each box in pixels."""
        return [self.fontMetrics().horizontalAdvance(label) + BESIDE for label in self._labels]

    def _height(self) -> int:
        return max(HEIGHT, self.fontMetrics().height())


class HeatBar(ClosableFrame):
    """Bar in which the measure is chosen; it shows the statistics of the answer in view."""

    #: The measure changed: its value in HeatMeasure.
    shown_changed = Signal(str)
    #: A token was chosen in the menu of the least likely ones: its index in the list given to
    #: `show_figures`.
    jump_wanted = Signal(int)
    #: Probabilities are to be requested with the next answers.
    asking_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find")
        self._choice = ComboBox()
        self._choice.setAccessibleName(_("Heat map shows"))
        for shown, scale in SCALES.items():
            self._choice.addItem(scale.name, shown.value)
        self._choice.currentIndexChanged.connect(self._choose)
        self._legend = HeatLegend(theme)
        self._figures = PlainLabel()
        self._figures.setObjectName("muted")
        self._figures.setMinimumWidth(20)
        self._figures.setWordWrap(True)
        self._notice = PlainLabel()
        self._notice.setObjectName("warning")
        self._notice.setWordWrap(True)
        self._least = MenuButton(_("Least likely"))
        self._least.setObjectName("flat")
        self._menu = Menu(self)
        self._least.setMenu(self._menu)
        put_tip(self._least, _("Go to the least likely tokens"))
        self._ask = QPushButton(_("Ask for probabilities"))
        self._ask.clicked.connect(self.asking_wanted)
        # The tooltip shows the key that closes the bar from anywhere; Esc needs keyboard focus.
        close = tool_button(ActionId.CLOSE, self.dismiss)
        put_tip(close, with_key(close.accessibleName(), ActionId.HEAT_MAP))
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self._choice)
        self._row.addWidget(self._legend, 1)
        self._row.addStretch(0)
        self._row.addWidget(self._least)
        self._row.addWidget(close)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(16, 4, 8, 4)
        self._rows.setSpacing(4)
        self._rows.addLayout(self._row)
        self._rows.addWidget(self._figures)
        self._rows.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        self._rows.addWidget(self._notice)
        self._choose()
        self.show_none("", offer=False)

    @property
    def shown(self) -> HeatMeasure:
        """The measure that is chosen in the bar."""
        return HeatMeasure(self._choice.currentData())

    def choose(self, shown: HeatMeasure) -> None:
        """Choose another measure."""
        self._choice.setCurrentIndex(self._choice.findData(shown.value))

    def come_forward(self) -> None:
        """Show the bar and focus the choice of the measure."""
        self.show()
        self._choice.setFocus()

    def show_figures(self, words: str, least: Sequence[str], notice: str = "") -> None:
        """Show the statistics of an answer, a menu of its least likely tokens, each in a few
        words, and a notice about the statistics if there is one."""
        self._figures.setText(words)
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))
        self._menu.clear()
        for number, token in enumerate(least):
            action = self._menu.addAction(token.replace("&", "&&"))
            action.triggered.connect(lambda _on, number=number: self.jump_wanted.emit(number))
        self._least.setVisible(bool(least))
        self._ask.hide()
        self._legend.show()
        self._place_legend()

    def notice(self) -> str:
        """Return the notice about the statistics; empty if none is shown."""
        return "" if self._notice.isHidden() else self._notice.text()

    def figures(self) -> str:
        """Return the statistics as shown, or the reason why there are none."""
        return self._figures.text()

    def show_none(self, words: str, *, offer: bool) -> None:
        """Show the reason why there is no heat map. With `offer` there is a button to request
        probabilities."""
        self._figures.setText(words)
        self._notice.hide()
        self._least.hide()
        self._legend.hide()
        self._ask.setVisible(offer)
        self._place_legend()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_legend()

    def minimumSizeHint(self) -> QSize:
        # The legend has a row of its own where the first row has no room for it.
        return QSize(self._needed_width(legend=False), super().minimumSizeHint().height())

    def _needed_width(self, *, legend: bool) -> int:
        """Return the least width of the bar in pixels, with or without the legend in its first
        row."""
        # A row in another layout is told late that a widget of it was shown or hidden.
        self._row.invalidate()
        margins = self._rows.contentsMargins()
        width = self._row.minimumSize().width() + margins.left() + margins.right()
        own = 0
        if not self._legend.isHidden():
            own = self._legend.minimumSizeHint().width() + self._row.spacing()
        inside = self._row.indexOf(self._legend) >= 0
        return width + own * (legend - inside)

    def _place_legend(self) -> None:
        """Put the legend into the first row, or into a row of its own if that is too narrow."""
        inside = self._row.indexOf(self._legend) >= 0
        fits = self._needed_width(legend=True) <= self.width()
        if inside and not fits:
            self._row.removeWidget(self._legend)
            self._rows.insertWidget(1, self._legend)
        elif fits and not inside:
            self._rows.removeWidget(self._legend)
            self._row.insertWidget(1, self._legend, 1)

    def _choose(self) -> None:
        scale = SCALES[self.shown]
        put_tip(self._choice, scale.help)
        self._legend.show_scale(scale.labels, scale.name)
        self._place_legend()
        self.shown_changed.emit(self.shown.value)
