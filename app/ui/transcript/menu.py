"""A menu that opens at a point, and is gone when it closes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

#: Words, and what they do.
Entry = tuple[str, Callable[[], object]]


def open_menu(parent: QWidget, groups: Sequence[Sequence[Entry]], where: QPoint) -> None:
    """Open a menu of groups, with a line between them, at a point of the screen."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in filter(None, groups):
        if menu.actions():
            menu.addSeparator()
        for words, act in group:
            # `triggered` tells whether it is checked, which nothing here is.
            menu.addAction(words).triggered.connect(lambda _checked, act=act: act())
    menu.popup(where)
