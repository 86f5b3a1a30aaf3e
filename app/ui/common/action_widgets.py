"""Buttons, menu entries and shortcuts of an action, with words, icon and keys from the table."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from app.ui.common.actions import ACTIONS, ActionId
from app.ui.common.keys import sequences, with_key
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip


def tool_button(action: ActionId, tip: str = "") -> QToolButton:
    """Return a button with an action's icon and accessible name, and a tooltip of its words, or of
    `tip`, with its key."""
    row = ACTIONS[action]
    button = QToolButton()
    button.setIcon(icon(row.icon))
    put_tip(button, with_key(tip or row.words, action))
    button.setAccessibleName(row.words)
    return button


def text_button(action: ActionId) -> QPushButton:
    """Return a flat button with an action's icon and words."""
    row = ACTIONS[action]
    button = QPushButton(icon(row.icon), row.words)
    button.setObjectName("flat")
    return button


def add_entry(menu: QMenu, action: ActionId, run: Callable[[], object]) -> None:
    """Add an action to a menu, by its icon and words."""
    row = ACTIONS[action]
    menu.addAction(icon(row.icon), row.words).triggered.connect(run)


def bind(
    widget: QWidget,
    action: ActionId,
    run: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> None:
    """Have an action's keys call `run`, in the widget's window or as `context` says."""
    row = ACTIONS[action]
    bound = QAction(row.words, widget)
    bound.setObjectName(row.id)
    bound.setShortcuts(sequences(action))
    bound.setShortcutContext(context)
    bound.triggered.connect(run)
    widget.addAction(bound)
