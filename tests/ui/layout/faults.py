"""Finds faults of a window's layout by walking its widgets, as a critical reader would by eye."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSplitter,
    QSplitterHandle,
    QStackedWidget,
    QWidget,
)

from app.ui.theme.theme import TextSize

#: Smallest side of a button, in pixels.
TARGET = 28
#: Widgets that lie over others on purpose: notices, drawers and their scrim, and the like.
FLOATING = {"toast", "status", "float", "popover", "drawer", "scrim", "editing", "dock"}


def faults_of(window: QWidget, scale: float = 1.0) -> list[str]:
    """Return all faults of a visible window at a text size, each as a line of text."""
    found: list[str] = []
    sizes = {round(size * scale) for size in TextSize}
    for widget in _visible(window):
        name = _name(widget)
        found += (f"{name}: {fault}" for fault in _faults(widget, window, sizes))
    return found


def _faults(widget: QWidget, window: QWidget, sizes: set[int]) -> Iterator[str]:
    yield from _outside(widget, window)
    yield from _cut_off(widget)
    yield from _overlaps(widget)
    yield from _spacing(widget)
    if _has_words(widget) and widget.font().pixelSize() not in sizes:
        yield f"a font of {widget.font().pixelSize()} px"
    if _is_control(widget) and not _accessible_name(widget):
        yield "no accessible name"
    if isinstance(widget, QAbstractButton) and _is_control(widget):
        size = widget.size()
        if size.width() < TARGET or size.height() < TARGET:
            yield f"a target of {size.width()} × {size.height()} px"


def _visible(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and widget.window() is root and not _is_internal(widget):
            yield widget


def _is_internal(widget: QWidget) -> bool:
    """Whether a widget is a part of one of Qt's own, whose layout is Qt's."""
    if isinstance(widget, QScrollBar | QSplitterHandle):
        return True
    name = widget.objectName()
    return name.startswith("qt_")


def _place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def _outside(widget: QWidget, window: QWidget) -> Iterator[str]:
    """A widget must be inside the window, or inside what scrolls."""
    parent = widget.parentWidget()
    if parent is None or widget.size().isEmpty():
        return
    place = widget.geometry()
    if _scrolls(parent):
        area = parent.parentWidget()
        horizontal = area.horizontalScrollBar() if isinstance(area, QAbstractScrollArea) else None
        if horizontal is not None and horizontal.maximum() > 0:
            return
        if place.left() < 0 or place.right() >= parent.width():
            yield f"wider than the view that scrolls it ({place.width()} of {parent.width()} px)"
        return
    if not parent.rect().contains(place):
        yield f"outside {_name(parent)} ({_words(place)} in {_words(parent.rect())})"


def _scrolls(viewport: QWidget) -> bool:
    area = viewport.parentWidget()
    return isinstance(area, QAbstractScrollArea) and area.viewport() is viewport


def _cut_off(widget: QWidget) -> Iterator[str]:
    """Words must be visible as a whole, unless the widget shortens them itself."""
    if isinstance(widget, QLabel) and widget.text() and not widget.property("elides"):
        room = widget.contentsRect()
        flags = int(widget.alignment())
        if widget.wordWrap():
            flags |= Qt.TextFlag.TextWordWrap
        needed = widget.fontMetrics().boundingRect(
            QRect(0, 0, room.width(), 100_000 if widget.wordWrap() else room.height()),
            flags,
            widget.text(),
        )
        if needed.width() > room.width() + 1 or needed.height() > room.height() + 2:
            words = widget.text()[:40]
            yield f"{words!r} needs {_words(needed)}, has {_words(room)}"
    elif isinstance(widget, QPushButton) and widget.text() and not widget.property("elides"):
        text = widget.text().replace("&", "")
        if widget.fontMetrics().horizontalAdvance(text) > widget.width():
            yield f"{text!r} is cut off at {widget.width()} px"
    elif (
        isinstance(widget, QLineEdit)
        and widget.fontMetrics().height() > widget.contentsRect().height()
    ):
        yield f"a line of {widget.fontMetrics().height()} px in {widget.height()} px"


def _overlaps(parent: QWidget) -> Iterator[str]:
    """Widgets of one parent must not cover each other."""
    if isinstance(parent, QStackedWidget | QSplitter) or parent.layout() is None:
        return
    children = [
        child
        for child in parent.children()
        if isinstance(child, QWidget)
        and child.isVisible()
        and not child.isWindow()
        and child.objectName() not in FLOATING
        and not _is_internal(child)
    ]
    for number, one in enumerate(children):
        for other in children[number + 1 :]:
            covered = one.geometry().intersected(other.geometry())
            if covered.width() > 0 and covered.height() > 0:
                yield f"{_name(one)} and {_name(other)} overlap by {_words(covered)}"


def _spacing(widget: QWidget) -> Iterator[str]:
    layout = widget.layout()
    if layout is None:
        return
    for inner in _layouts(layout):
        margins = inner.contentsMargins()
        sides = (margins.left(), margins.top(), margins.right(), margins.bottom())
        if off := [side for side in sides if side % 4]:
            yield f"margins off the grid: {off}"
        if inner.count() > 1 and inner.spacing() > 0 and inner.spacing() % 4:
            yield f"a spacing of {inner.spacing()} px"


def _layouts(layout: QLayout) -> Iterator[QLayout]:
    yield layout
    for number in range(layout.count()):
        if (inner := layout.itemAt(number).layout()) is not None:
            yield from _layouts(inner)


def _has_words(widget: QWidget) -> bool:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return bool(widget.text())
    return False


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget, QScrollArea):
        return False
    if isinstance(widget, QAbstractButton | QAbstractSlider | QLineEdit):
        return widget.isEnabled() and _is_no_part(widget)
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and _is_no_part(widget)


def _is_no_part(widget: QWidget) -> bool:
    """Whether a widget is a control of its own, not the text field of a spin box or the like."""
    parent = widget.parentWidget()
    return parent is None or parent.focusProxy() is None or parent.focusProxy() is not widget


def _accessible_name(widget: QWidget) -> str:
    reading = QAccessible.queryAccessibleInterface(widget)
    return "" if reading is None else reading.text(QAccessible.Text.Name).strip()


def _name(widget: QWidget) -> str:
    kind = type(widget).__name__
    said = widget.objectName() or widget.accessibleName()
    if not said and isinstance(widget, QLabel | QAbstractButton):
        said = widget.text()[:24]
    parent = widget.parentWidget()
    return f"{kind}({said})" + (f" in {type(parent).__name__}" if parent is not None else "")


def _words(place: QRect) -> str:
    return f"{place.width()} × {place.height()} at {place.x()}, {place.y()}"
