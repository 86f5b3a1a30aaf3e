"""What screen readers are told where Qt's own account of a control falls short.

Qt asks while the first frame is made, and keeps the first answer: `install` comes before any
window. What answers is loaded only where somebody reads.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from app.ui.shell.window import Window


class AccessibleFactory:
    """Answers Qt. It keeps every answer for as long as the application is there: Qt holds bare
    pointers, and deletes what they point to."""

    def __init__(self) -> None:
        self._kept: list[QAccessibleInterface] = []

    def install(self) -> None:
        """Have Qt ask here first."""
        QAccessible.installFactory(self._reading_of)

    def _reading_of(self, name: str, of: QObject) -> QAccessibleInterface | None:
        # Qt asks again where an object has another metaobject than before, as while it is being
        # made, and deletes each answer by itself: the same one twice was a crash at the end.
        if name != type(of).__name__:
            return None
        made = _made(name, of)
        if made is not None:
            self._kept.append(made)
        return made


def _made(name: str, of: QObject) -> QAccessibleInterface | None:
    if isinstance(of, Window):
        # A top-level QWidget counts as a mere container.
        return QAccessibleWidget(of, QAccessible.Role.Window)
    if name == "ComboBox":
        from app.ui.theme.accessible_combo_box import AccessibleComboBox
        from app.ui.theme.controls import ComboBox

        return AccessibleComboBox(of) if isinstance(of, ComboBox) else None
    if name == "TranscriptView":
        from app.ui.transcript.accessibility.message_list import ListReading
        from app.ui.transcript.view import TranscriptView

        return ListReading(of) if isinstance(of, TranscriptView) else None
    return None
