"""Shows the key sequences of the table of actions in words, and finds the action of a key event."""

from functools import cache

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.domain.text.translation import _
from app.ui.common.actions import ACTIONS, ACTIONS_BY_SCOPE, ActionId, Scope

#: Names of keys as QKeySequence reads them → words or signs for people.
_KEY_WORDS = {
    "Return": _("Enter"),
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "PgUp": _("Page Up"),
    "PgDown": _("Page Down"),
    "Home": _("Home"),
    "End": _("End"),
    "Del": _("Delete"),
    "Esc": _("Esc"),
}
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
#: Modifiers that change the character that a key types, and nothing else.
_TYPING = Qt.KeyboardModifier.ShiftModifier | _KEYPAD | Qt.KeyboardModifier.GroupSwitchModifier


def key_words(keys: str) -> str:
    """Return a key sequence in words, such as Ctrl+Enter or Alt+↑."""
    modifiers, plus, key = keys.rpartition("+")
    return modifiers + plus + _KEY_WORDS.get(key, key)


def key_of(action: ActionId) -> str:
    """Return the first key sequence of an action in words; empty if it has none."""
    return key_words(ACTIONS[action].keys.split("; ")[0])


def with_key(words: str, action: ActionId) -> str:
    """Return a tooltip: words, and an action's first key in brackets behind them."""
    key = key_of(action)
    return _("{words} ({key})").format(words=words, key=key) if key else words


def sequences(action: ActionId) -> list[QKeySequence]:
    """Return an action's keys for a QAction or QShortcut."""
    return QKeySequence.listFromString(ACTIONS[action].keys)


def is_enter(event: QKeyEvent) -> bool:
    """Return whether a key event is of Enter, on the keyboard or its number pad."""
    return _key_of_event(event) == Qt.Key.Key_Return


def is_typed(event: QKeyEvent) -> bool:
    """Return whether a key press types a visible character. Space does not count, since it presses
    buttons."""
    text = event.text()
    visible = bool(text) and text.isprintable() and not text.isspace()
    return visible and not event.modifiers() & ~_TYPING


def is_paste(event: QKeyEvent) -> bool:
    """Return whether a key press is the system's key to paste."""
    return event.matches(QKeySequence.StandardKey.Paste)


def is_pressed(event: QKeyEvent, action: ActionId) -> bool:
    """Return whether a key event is one of an action's sequences, with no other modifier held. The
    repeated events of a held key are none of a destructive action's."""
    if event.isAutoRepeat() and ACTIONS[action].destructive:
        return False
    pressed = QKeyCombination(event.modifiers() & ~_KEYPAD, _key_of_event(event))
    return QKeySequence(pressed) in sequences(action)


def action_for(event: QKeyEvent, scope: Scope) -> ActionId | None:
    """Return the action of a scope that a key event asks for, or None.

    Modifiers that no sequence of this key has are ignored, as Qt's own lists do: Ctrl+↑ scrolls
    like ↑. Of several sequences that fit, the one with the most modifiers wins. The repeated events
    of a held key ask for no destructive action.
    """
    key, held = _key_of_event(event), event.modifiers()
    fitting = [
        (bin(modifiers.value).count("1"), action)
        for known, modifiers, action in _sequences_of(scope)
        if known == key
        and modifiers & held == modifiers
        and not (event.isAutoRepeat() and ACTIONS[action].destructive)
    ]
    return max(fitting, key=lambda choice: choice[0])[1] if fitting else None


@cache
def _sequences_of(scope: Scope) -> list[tuple[Qt.Key, Qt.KeyboardModifier, ActionId]]:
    combinations: list[tuple[QKeyCombination, ActionId]] = [
        (sequence[0], action.id)  # type: ignore[index] # PySide 6's stubs have no __getitem__
        for action in ACTIONS_BY_SCOPE[scope]
        for sequence in sequences(action.id)
    ]
    return [(keys.key(), keys.keyboardModifiers(), action) for keys, action in combinations]


def _key_of_event(event: QKeyEvent) -> Qt.Key:
    key = Qt.Key(event.key())
    return Qt.Key.Key_Return if key == Qt.Key.Key_Enter else key
