"""Leaves the key of Undo to the window while a focused text field has nothing to undo.

Qt's text fields claim Ctrl+Z for themselves in any case: they accept its ShortcutOverride event,
after which no shortcut of the window is looked for.
"""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from app.ui.common.actions import ActionId
from app.ui.common.focus_follower import FocusFollower
from app.ui.common.keys import is_pressed


class UndoKeys(FocusFollower):
    """Event filter of the text field that has keyboard focus."""

    def watches(self, widget: QWidget) -> bool:
        """Return whether a widget is a text field, one that can only be read included."""
        return isinstance(widget, QLineEdit | QPlainTextEdit | QAbstractSpinBox)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide the ShortcutOverride of Undo from a field without anything to undo."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and is_pressed(event, ActionId.UNDO)
            and not has_undo(watched)
        ):
            event.ignore()
            return True
        return False


def has_undo(field: QObject) -> bool:
    """Return whether a text field can undo an edit."""
    if isinstance(field, QPlainTextEdit):
        return field.document().isUndoAvailable() and not field.isReadOnly()
    if isinstance(field, QAbstractSpinBox):
        inner = field.findChild(QLineEdit)
        return inner is not None and has_undo(inner)
    return isinstance(field, QLineEdit) and field.isUndoAvailable() and not field.isReadOnly()
