"""Makes buttons, menu entries and shortcuts from an action's row of the table of actions."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from app.ui.common.actions import ACTIONS, ActionId
from app.ui.common.held_key import HeldKey
from app.ui.common.keys import key_of, sequences, with_key
from app.ui.theme.buttons import Slot
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip


def tool_button(action: ActionId, slot: Slot, tip: str = "") -> QToolButton:
    """Make a tool button with an action's icon. Its accessible name is the action's words; its
    tooltip is `tip`, or else the words, with the key in brackets."""
    row = ACTIONS[action]
    button = QToolButton()
    button.setIcon(icon(row.icon))
    put_tip(button, with_key(tip or row.words, action))
    button.setAccessibleName(row.words)
    button.clicked.connect(slot)
    return button


def text_button(action: ActionId) -> QPushButton:
    """Make a flat push button with an action's icon and words."""
    row = ACTIONS[action]
    button = QPushButton(icon(row.icon), row.words)
    button.setObjectName("flat")
    return button


def add_entry(menu: QMenu, action: ActionId, run: Callable[[], object]) -> QAction:
    """Add an entry with an action's words and key to a menu; choosing it calls `run`. Entries have
    no icons: few actions have one, and the words of the others would stand in no line with them."""
    row = ACTIONS[action]
    # Behind a tab Qt shows the key in a column of its own. As a shortcut of the entry it would
    # compete with the window's.
    words = "\t".join(filter(None, (row.words.replace("&", "&&"), key_of(action))))
    entry = QAction(words, menu)
    entry.setObjectName(row.id)
    entry.triggered.connect(run)
    menu.addAction(entry)
    return entry


def bind(
    widget: QWidget,
    action: ActionId,
    run: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> None:
    """Make an action's keys call `run`. `context` is the part of the window in which they work. The
    keys of a destructive action call it once however long they are held."""
    row = ACTIONS[action]
    bound = QAction(row.words, widget)
    bound.setObjectName(row.id)
    bound.setShortcuts(sequences(action))
    bound.setShortcutContext(context)
    bound.setAutoRepeat(not row.destructive)
    bound.triggered.connect(_once(run, HeldKey(widget)) if row.destructive else run)
    widget.addAction(bound)


def _once(run: Callable[[], object], held: HeldKey) -> Callable[[], None]:
    def run_unless_repeated() -> None:
        if not held.is_repeated:
            run()

    return run_unless_repeated
