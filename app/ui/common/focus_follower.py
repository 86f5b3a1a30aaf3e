"""Base class of the event filters that watch the widget with keyboard focus, one at a time."""

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)


class FocusFollower(QObject):
    """Event filter that moves with the keyboard focus.

    A filter of the whole application would be called in Python for every event of every widget;
    this one is called for the events of one.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        #: The widget that has the filter.
        self._followed: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - widgets need one
        application.focusChanged.connect(self.follow)
        self.follow(None, application.focusWidget())

    def watches(self, widget: QWidget) -> bool:
        """Return whether the events of this widget are filtered; all are, unless a subclass says
        otherwise."""
        return True

    def follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Move the filter to the widget that has the focus now."""
        followed, self._followed = self._followed, None
        if followed is not None and shiboken6.isValid(followed):
            followed.removeEventFilter(self)
        if now is not None and self.watches(now):
            self._followed = now
            now.installEventFilter(self)


def is_text_field(widget: QObject | None) -> bool:
    """Return whether a widget takes typed text."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QAbstractSpinBox):
        return not widget.isReadOnly()
    return isinstance(widget, QComboBox) and widget.isEditable()
