"""Our versions of Qt's combo box, spin box and check box, each with a change that the
style sheet cannot express."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
)

from app.ui.theme.icons import icon, paint_glyph

#: Least height of a row in the list of a combo box, in pixels.
LEAST_ROW = 28


class ComboBox(QComboBox):
    """Combo box with an arrow from our icon font, whose list opens below it. The mouse wheel
    changes it only while it has keyboard focus.

    The style sheet turns off Fusion's own list (`combobox-popup: 0`), which covers the box, puts
    all rows into one column however many they are, and is half a row too low: Qt 6.11 takes 12
    pixels for a scroll arrow that it needs only because of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(_ComboRows(self))

    def showPopup(self) -> None:
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width()
        wanted = view.sizeHintForColumn(self.modelColumn()) + bar + 2 * view.frameWidth()
        # Wide enough for the longest row, as far as the screen has room.
        view.setMinimumWidth(min(wanted, self.screen().availableGeometry().width()))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        group = self.palette().currentColorGroup()
        colour = self.palette().color(group, QPalette.ColorRole.PlaceholderText)
        side = self.fontMetrics().height() * 0.75
        place = QRectF(self.width() - side - 8, 0, side, self.height())
        paint_glyph(QPainter(self), "down", place, colour)


class _ComboRows(QStyledItemDelegate):
    """Makes the rows of a combo box's list high enough for a finger, at any size of text."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + 8, max(size.height() + 8, LEAST_ROW))


class SpinBox(QSpinBox):
    """Spin box without arrow buttons, whose number is aligned with the text of other fields. The
    mouse wheel changes it only while it has keyboard focus. The style sheet hides the buttons; the
    margins are set here, since the style sheet leaves the text no room where the buttons have no
    width."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(64)
        self.lineEdit().setTextMargins(6, 0, 6, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class CheckBox(QCheckBox):
    """Check box whose box is visible in the dark theme. Fusion draws the box darker than its
    background."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        element = QStyle.SubElement.SE_CheckBoxIndicator
        place = QRectF(self.style().subElementRect(element, option, self))
        _paint_tick(QPainter(self), place, option.palette, ticked=self.isChecked())


def give_clear_button(field: QLineEdit) -> None:
    """Give a text field a button that empties it, with our icon instead of the style's disc."""
    field.setClearButtonEnabled(True)
    clear = field.findChild(QAction, "_q_qlineeditclearaction")
    if isinstance(clear, QAction):
        clear.setIcon(icon("close", QPalette.ColorRole.PlaceholderText))


class TickPainter(QStyledItemDelegate):
    """Item delegate that draws the check boxes of a list or tree like those of CheckBox."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None or not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        place = QRectF(self._view.style().subElementRect(element, whole, self._view))
        ticked = Qt.CheckState(state) is Qt.CheckState.Checked
        _paint_tick(painter, place, self._view.palette(), ticked=ticked)


def _paint_tick(painter: QPainter, place: QRectF, palette: QPalette, *, ticked: bool) -> None:
    role = QPalette.ColorRole
    box = place.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(palette.color(role.Highlight if ticked else role.Mid))
    painter.setBrush(palette.color(role.Highlight if ticked else role.Base))
    painter.drawRoundedRect(box, 3, 3)
    if ticked:
        colour = palette.color(role.HighlightedText)
        paint_glyph(painter, "check", box.adjusted(1, 1, -1, -1), colour)
    painter.restore()
