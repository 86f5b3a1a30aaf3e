"""Shortcuts of letters with a keyboard layout that has no Latin letters (Russian, Greek, Hebrew,
Thai …), found by the place of the key."""

import unicodedata

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.common.focus_follower import FocusFollower, is_text_field
from app.ui.common.undo_keys import has_undo

#: The characters of a row of keys on a US keyboard, by the Linux scan code of the row's first key.
_ROWS = {2: "1234567890-=", 16: "QWERTYUIOP[]", 30: "ASDFGHJKL;'", 44: "ZXCVBNM,./"}
#: The window systems whose scan codes are those of Linux plus 8.
_PLATFORMS = ("xcb", "wayland")
#: X scan code → Qt's code of the key at this place on a US keyboard.
_US_KEYS = {
    8 + first + place: ord(sign)
    for first, signs in _ROWS.items()
    for place, sign in enumerate(signs)
}
#: First character after the Latin blocks of Unicode, and the first of Qt's codes that is no
#: character.
_AFTER_LATIN, _NO_CHARACTER = 0x0250, 0x0100_0000


class LayoutKeys(FocusFollower):
    """Event filter of the focused widget of any window: translates Ctrl with a letter that is not
    Latin into Ctrl with the Latin letter at the same place on a US keyboard.

    If there is a Latin layout beside the other one, Qt finds the shortcut itself and this filter
    has nothing to do. Layouts that produce Latin letters (Dvorak, AZERTY) keep their own places,
    since only letters of other scripts are translated.
    """

    def __init__(self, parent: QObject) -> None:
        self._has_codes = QGuiApplication.platformName() in _PLATFORMS
        super().__init__(parent)

    def watches(self, widget: QWidget) -> bool:
        """Return whether scan codes are known; all widgets are watched then."""
        return self._has_codes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Do what the translated key does, in place of the key press."""
        if (
            event.type() is not QEvent.Type.KeyPress
            or not isinstance(event, QKeyEvent)
            or not isinstance(watched, QWidget)
        ):
            return False
        latin = latin_key(event)
        if latin is None:
            return False
        translated = QKeyEvent(
            event.type(), latin, event.modifiers(), "", event.isAutoRepeat(), event.count()
        )
        action = None if _edits(watched, translated) else _action_for(watched, translated)
        if action is None:
            QCoreApplication.sendEvent(watched, translated)
        elif action.autoRepeat() or not event.isAutoRepeat():
            action.trigger()
        return True


def latin_key(event: QKeyEvent) -> int | None:
    """Return the code of the key at the place of a pressed key on a US keyboard; None if Ctrl isn't
    held, the key has produced a Latin letter, a digit or a sign, or its place is not known."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return None
    if not _AFTER_LATIN <= event.key() < _NO_CHARACTER:
        return None
    if unicodedata.name(chr(event.key()), "").startswith("LATIN "):
        return None
    return _US_KEYS.get(event.nativeScanCode())


def _edits(widget: QWidget, event: QKeyEvent) -> bool:
    """Return whether a text field takes a key for itself, before the actions of its window."""
    standard = QKeySequence.StandardKey
    if not is_text_field(widget):
        return False
    if event.matches(standard.Undo):
        return has_undo(widget)
    keys = (standard.Copy, standard.Cut, standard.Paste, standard.SelectAll, standard.Redo)
    return any(event.matches(key) for key in keys)


def _action_for(widget: QWidget, event: QKeyEvent) -> QAction | None:
    """Return the action with this key of a widget, of those that contain it, or of its window."""
    pressed = QKeySequence(event.keyCombination())
    place: QWidget | None = widget
    while place is not None:
        for action in place.actions():
            own = action.shortcutContext() is not Qt.ShortcutContext.WidgetShortcut
            if pressed in action.shortcuts() and action.isEnabled() and (own or place is widget):
                return action
        place = None if place.isWindow() else place.parentWidget()
    return None
