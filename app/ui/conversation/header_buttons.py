"""The flat buttons of the header: the title, the model, and the panel with the number of set
parameters. They draw themselves, since Qt's buttons cut their words off hard."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from app.domain.text.translation import _
from app.ui.common.actions import ACTIONS, ActionId
from app.ui.common.keys import with_key
from app.ui.theme.fading import paint_fading
from app.ui.theme.icons import SIZE, paint_glyph
from app.ui.theme.theme import Theme
from app.ui.theme.words import put_tip

#: Space between a button's edge and its words, and between its parts, in pixels.
PADDING, GAP = 8, 8
#: Side of the arrow behind the model, in pixels at a text size of 100 %.
ARROW = 12
#: Corner radius, and the least height of a button.
RADIUS, HEIGHT = 6, 32


class HeaderButton(QAbstractButton):
    """Flat button that shows its words, its ground while the mouse is over it, and a ring while it
    has the keyboard focus."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._take_fonts()
        theme.changed.connect(self.update)

    def whole_width(self) -> int:
        """Return the width in pixels in which everything is shown."""
        return 2 * PADDING + QFontMetrics(self._words_font).horizontalAdvance(self.text()) + 1

    def line_height(self) -> int:
        """Return the height of the words in pixels."""
        return QFontMetrics(self._words_font).height()

    def sizeHint(self) -> QSize:
        return QSize(self.whole_width(), HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._take_fonts()
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = self._theme.colours, QPainter(self)
        hovered = self.isEnabled() and self.underMouse()
        ring = QPen(QColor(colours.accent), 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ring if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.hover if hovered else colours.base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        self._paint_words(painter, self.rect().adjusted(PADDING, 0, -PADDING, 0))
        painter.end()

    def _take_fonts(self) -> None:
        """Take the fonts of the theme."""
        self._words_font = self._theme.body_font()
        self._small_font = self._theme.small_font()

    def _paint_words(self, painter: QPainter, inner: QRect) -> None:
        """Draw what is on the button within the rectangle `inner`."""
        painter.setFont(self._words_font)
        painter.setPen(QColor(self._theme.colours.text))
        paint_fading(painter, inner, self.text())


class TitleButton(HeaderButton):
    """The title of the conversation. A click renames it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleDescription(with_key(ACTIONS[ActionId.RENAME].sentence, ActionId.RENAME))

    def show_title(self, title: str, *, can_rename: bool) -> None:
        """Show a title; `can_rename` says whether a click renames it."""
        self.setText(title)
        self.setAccessibleName(title)
        self.setEnabled(can_rename)
        self.update()

    def place(self, rect: QRect) -> None:
        """Put the button in its place; a tooltip shows the title if that is cut there."""
        self.setGeometry(rect)
        cut = f"{self.text()}\n" if rect.width() < self.whole_width() else ""
        rename = with_key(ACTIONS[ActionId.RENAME].words, ActionId.RENAME)
        put_tip(self, (cut + (rename if self.isEnabled() else "")).strip())

    def _take_fonts(self) -> None:
        super()._take_fonts()
        self._words_font.setWeight(QFont.Weight.DemiBold)


class ModelButton(HeaderButton):
    """The model that answers, with its provider behind it where there is room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._provider = ""
        self.show_model("", "")

    def show_model(self, model: str, provider: str) -> None:
        """Show the names of the model and of its provider; an empty model means none is chosen."""
        choose = ACTIONS[ActionId.CHOOSE_MODEL]
        self.setText(model or choose.words)
        self._provider = provider if model else ""
        self.setAccessibleName(
            _("Model: {model}, {provider}").format(model=model, provider=provider)
            if model
            else choose.words
        )
        who = f"{model} · {provider}\n" if model else ""
        put_tip(self, who + with_key(choose.words, choose.id))
        self.update()

    def whole_width(self) -> int:
        return self.name_width() + (GAP + self._provider_width() if self._provider else 0)

    def name_width(self) -> int:
        """Return the width in pixels in which everything but the provider is shown."""
        return super().whole_width() + GAP // 2 + self._theme.scaled(ARROW)

    def _provider_width(self) -> int:
        return QFontMetrics(self._small_font).horizontalAdvance(self._provider) + 1

    def _paint_words(self, painter: QPainter, inner: QRect) -> None:
        muted = QColor(self._theme.colours.muted)
        side = self._theme.scaled(ARROW)
        arrow = QRectF(inner.right() + 1 - side, 0, side, inner.height())
        paint_glyph(painter, "down", arrow, muted)
        inner.setRight(inner.right() - side - GAP // 2)
        if self._provider and self.width() >= self.whole_width():
            painter.setFont(self._small_font)
            painter.setPen(muted)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inner, flags, self._provider)
            inner.setRight(inner.right() - self._provider_width() - GAP)
        super()._paint_words(painter, inner)


class PanelButton(HeaderButton):
    """Shows or hides the panel, and tells how many parameters are set. Room for the number is
    always kept, so that nothing moves when a parameter is set."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        put_tip(self, with_key(ACTIONS[ActionId.TOGGLE_PARAMETERS].words, _TOGGLE))
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show the number of parameters that are set; none for 0."""
        words = ACTIONS[_TOGGLE].words
        self.setText(str(count) if count else "")
        self.setAccessibleName(
            _("{panel}, {n} set").format(panel=words, n=count) if count else words
        )
        self.update()

    def whole_width(self) -> int:
        digits = QFontMetrics(self._small_font).horizontalAdvance("00")
        return 2 * PADDING + self._theme.scaled(SIZE) + GAP // 2 + digits

    def _paint_words(self, painter: QPainter, inner: QRect) -> None:
        colours = self._theme.colours
        side = self._theme.scaled(SIZE)
        place = QRectF(inner.x(), 0, side, inner.height())
        paint_glyph(painter, ACTIONS[_TOGGLE].icon, place, QColor(colours.text))
        painter.setFont(self._small_font)
        painter.setPen(QColor(colours.muted))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner.adjusted(side + GAP // 2, 0, 0, 0), flags, self.text())


_TOGGLE = ActionId.TOGGLE_PARAMETERS
