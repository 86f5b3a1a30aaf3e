"""Finds faults of a window's layout by walking its widgets, as a critical reader would by eye.

A fault is a line of text that names the widget. Exceptions made on purpose stand at the top.
"""

from collections.abc import Iterator

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QStackedLayout,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from app.ui.conversation.header_buttons import HeaderButton
from app.ui.parameters.head_line import FadingLine, HeadLine
from app.ui.shell.pane_parts import Handle, Scrim
from app.ui.shell.panes import Panes
from app.ui.theme.theme import TextSize

#: Smallest side of a button and of an icon, in pixels at a text size of 100 %.
TARGET, ICON = 28, 16
#: Pixels by which a size may be less than the least one: Qt adds 3 to a tool button's.
SLACK = 3
#: Object names of widgets that lie over others on purpose.
FLOATING = {"toast", "status", "float", "popover", "messageEditor", "explanation"}
#: Labels and buttons that fade their words out where there is no room, and have a tooltip.
FADING = (FadingLine, HeadLine, HeaderButton)


def faults_of(window: QWidget, scale: float = 1.0) -> list[str]:
    """Return all faults of a visible window at a text size, each as a line of text."""
    found = list(_menu_faults(window)) if isinstance(window, QMenu) else []
    if not window.screen().availableGeometry().contains(QRect(window.pos(), window.size())):
        found.append(f"{_name(window)}: outside the screen ({_words(window.geometry())})")
    for widget in (window, *_visible(window)):
        found += (f"{_name(widget)}: {fault}" for fault in _faults(widget, window, scale))
    return found


def _faults(widget: QWidget, window: QWidget, scale: float) -> Iterator[str]:
    if widget is not window:
        yield from _outside(widget)
        yield from _squeezed(widget)
    yield from _cut_off(widget)
    yield from _overlaps(widget)
    yield from _spacing(widget)
    yield from _type(widget, scale)
    if _is_control(widget):
        yield from _control(widget, scale)


def _type(widget: QWidget, scale: float) -> Iterator[str]:
    """Words must be in a size of the type scale."""
    sizes = {round(size * scale) for size in TextSize}
    if _has_words(widget) and widget.fontInfo().pixelSize() not in sizes:
        yield f"a font of {widget.fontInfo().pixelSize()} px"


def _control(widget: QWidget, scale: float) -> Iterator[str]:
    """A control has a name, is large enough to hit, and grows with the text."""
    size = widget.size()
    if not _accessible_name(widget):
        yield "no accessible name"
    if not isinstance(widget, QAbstractButton | QAbstractSlider | QLineEdit | QAbstractSpinBox):
        return
    if size.height() < TARGET or (size.width() < TARGET):
        yield f"a target of {_size(size)} px"
    if not isinstance(widget, QAbstractButton) or widget.icon().isNull():
        return
    if widget.iconSize().height() < round(ICON * scale):
        yield f"an icon of {widget.iconSize().height()} px"
    if not widget.text() and not widget.toolTip() and widget.isEnabled():
        yield "an icon without a tooltip"


def _menu_faults(menu: QMenu) -> Iterator[str]:
    for entry in menu.actions():
        if not entry.isSeparator() and not entry.text():
            yield "a menu entry without words"
        if not entry.isSeparator() and menu.actionGeometry(entry).height() < TARGET:
            yield f"{entry.text()}: an entry of {menu.actionGeometry(entry).height()} px"


def _visible(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and widget.window() is root and not _is_internal(widget):
            yield widget


def _is_internal(widget: QWidget) -> bool:
    """Whether a widget is a part of one of Qt's own, whose layout is Qt's."""
    parent = widget.parentWidget()
    return (
        isinstance(widget, QScrollBar)
        or widget.objectName().startswith("qt_")
        or isinstance(parent, QTabBar | QAbstractSpinBox | QComboBox | QLineEdit)
    )


def _outside(widget: QWidget) -> Iterator[str]:
    """A widget must be inside its parent, or inside the width of the view that scrolls it."""
    parent = widget.parentWidget()
    if parent is None or widget.size().isEmpty():
        return
    place = widget.geometry()
    if _scrolls(parent):
        area = parent.parentWidget()
        horizontal = area.horizontalScrollBar() if isinstance(area, QAbstractScrollArea) else None
        if horizontal is not None and horizontal.isVisible():
            return
        if place.left() < 0 or place.right() >= parent.width():
            yield f"wider than the view that scrolls it ({place.width()} of {parent.width()} px)"
    elif not parent.rect().contains(place):
        yield f"outside {_name(parent)} ({_words(place)} in {_words(parent.rect())})"


def _scrolls(viewport: QWidget) -> bool:
    area = viewport.parentWidget()
    return isinstance(area, QAbstractScrollArea) and area.viewport() is viewport


def _squeezed(widget: QWidget) -> Iterator[str]:
    """A widget must have the size that it needs at least."""
    least, size = widget.minimumSizeHint(), widget.size()
    if not least.isValid() or isinstance(widget, (*FADING, QStackedWidget, QAbstractScrollArea)):
        return
    if size.height() < least.height() - SLACK or size.width() < least.width() - SLACK:
        yield f"needs {_size(least)}, has {_size(size)}"


def _cut_off(widget: QWidget) -> Iterator[str]:
    """Words must be visible as a whole, unless the widget fades them out itself."""
    if isinstance(widget, FADING):
        return
    room, metrics = widget.contentsRect(), widget.fontMetrics()
    if isinstance(widget, QLabel) and widget.text():
        flags = int(widget.alignment())
        if widget.wordWrap():
            flags |= Qt.TextFlag.TextWordWrap
        space = QRect(0, 0, room.width(), 100_000 if widget.wordWrap() else room.height())
        needed = metrics.boundingRect(space, flags, widget.text())
        if needed.width() > room.width() + 1 or needed.height() > room.height() + 2:
            yield f"{widget.text()[:40]!r} needs {_words(needed)}, has {_words(room)}"
    elif isinstance(widget, QPushButton | QCheckBox) and widget.text():
        text = widget.text().replace("&", "")
        icon = 0 if widget.icon().isNull() else widget.iconSize().width() + 4
        if metrics.horizontalAdvance(text) + icon > widget.width():
            yield f"{text!r} is cut off at {widget.width()} px"
    elif isinstance(widget, QLineEdit):
        room = room.adjusted(2, 0, -2, 0)
        if metrics.height() > room.height():
            yield f"a line of {metrics.height()} px in {widget.height()} px"
        if metrics.horizontalAdvance(widget.placeholderText()) > room.width():
            yield f"{widget.placeholderText()!r} is cut off at {room.width()} px"


def _overlaps(parent: QWidget) -> Iterator[str]:
    """Widgets of one parent must not cover each other."""
    if isinstance(parent, QStackedWidget) or _has_drawer(parent) or _scrolls(parent):
        return
    children = [
        child
        for child in parent.children()
        if isinstance(child, QWidget)
        and child.isVisible()
        and not child.isWindow()
        and child.objectName() not in FLOATING
        and not isinstance(child, Scrim | Handle)
        and not _is_internal(child)
    ]
    for number, one in enumerate(children):
        for other in children[number + 1 :]:
            covered = one.geometry().intersected(other.geometry())
            if covered.width() > 0 and covered.height() > 0:
                yield f"{_name(one)} and {_name(other)} overlap by {_words(covered)}"


def _has_drawer(parent: QWidget) -> bool:
    return isinstance(parent, Panes) and parent.has_drawer()


def _spacing(widget: QWidget) -> Iterator[str]:
    """Margins and spacings must be multiples of 4 pixels."""
    layout = widget.layout()
    # Not by `itemAt`: PySide 6.11 keeps the wrappers of items that Qt deletes, and returns them for
    # whatever is next at their address.
    for inner in () if layout is None else (layout, *layout.findChildren(QLayout)):
        if isinstance(inner, QStackedLayout):
            continue
        margins = inner.contentsMargins()
        sides = (margins.left(), margins.top(), margins.right(), margins.bottom())
        if off := [side for side in sides if side % 4]:
            yield f"margins off the grid: {off}"
        if inner.count() > 1 and inner.spacing() > 0 and inner.spacing() % 4:
            yield f"a spacing of {inner.spacing()} px"


def _has_words(widget: QWidget) -> bool:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return bool(widget.text())
    return False


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget, QScrollArea) or not widget.isEnabled() or _is_part(widget):
        return False
    if isinstance(widget, QAbstractButton | QAbstractSlider | QLineEdit):
        return True
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def _is_part(widget: QWidget) -> bool:
    """Whether a widget is a part of a control, such as the text field of a spin box."""
    parent = widget.parentWidget()
    return parent is not None and parent.focusProxy() is widget


def _accessible_name(widget: QWidget) -> str:
    reading = QAccessible.queryAccessibleInterface(widget)
    return reading.text(QAccessible.Text.Name).strip()


def _name(widget: QWidget) -> str:
    kind = type(widget).__name__
    said = widget.objectName() or widget.accessibleName()
    if not said and isinstance(widget, QLabel | QAbstractButton):
        said = widget.text()[:24]
    parent = widget.parentWidget()
    return f"{kind}({said})" + (f" in {type(parent).__name__}" if parent is not None else "")


def _size(size: QSize) -> str:
    return f"{size.width()} × {size.height()}"


def _words(place: QRect) -> str:
    return f"{place.width()} × {place.height()} at {place.x()}, {place.y()}"
