"""Provides accessibility interfaces for widgets whose interfaces from Qt are not good enough.

Qt asks for them while it makes the first frame and keeps the first answer, so `install` is called
before any window is made. Their classes are imported on demand, so that a start without a screen
reader does not load them.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from app.ui.shell.window import Window


class AccessibleFactory:
    """Makes accessibility interfaces on Qt's request. It keeps each one until the application ends,
    because Qt holds plain pointers to them and deletes the objects itself."""

    def __init__(self) -> None:
        self._kept: list[QAccessibleInterface] = []

    def install(self) -> None:
        """Register this factory with Qt."""
        QAccessible.installFactory(self._interface_of)

    def _interface_of(self, name: str, widget: QObject) -> QAccessibleInterface | None:
        # Qt asks once for each metaobject of an object, also while the object is being made, and
        # deletes each answer. Returning the same interface twice crashed at exit.
        if name != type(widget).__name__:
            return None
        interface = _made(name, widget)
        if interface is not None:
            self._kept.append(interface)
        return interface


def _made(name: str, widget: QObject) -> QAccessibleInterface | None:
    """Make the interface of an object whose class is `name`; None leaves it to Qt."""
    if isinstance(widget, Window):
        # Qt gives a top-level QWidget the role of a mere container.
        return QAccessibleWidget(widget, QAccessible.Role.Window)
    if name == "ComboBox":
        from app.ui.theme.accessible_combo_box import AccessibleComboBox
        from app.ui.theme.controls import ComboBox

        return AccessibleComboBox(widget) if isinstance(widget, ComboBox) else None
    if name == "TranscriptView":
        from app.ui.transcript.accessibility.message_list import AccessibleMessageList
        from app.ui.transcript.view import TranscriptView

        return AccessibleMessageList(widget) if isinstance(widget, TranscriptView) else None
    return None
