"""Keys are shown in words, and a key event finds the action that it asks for."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from app.ui.common.actions import ACTIONS, ActionId, Scope
from app.ui.common.keys import action_for, is_pressed, key_of, key_words, with_key

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, CONTROL, SHIFT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.ShiftModifier
ALT, KEYPAD = Modifier.AltModifier, Modifier.KeypadModifier


def press(key: Qt.Key | int, modifiers: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers)


@pytest.mark.parametrize(
    ("keys", "words"),
    [("Ctrl+N", "Ctrl+N"), ("Alt+Up", "Alt+↑"), ("Shift+Return", "Shift+Enter"), ("Ctrl+,",) * 2],
)
def test_keys_are_shown_in_words(keys: str, words: str) -> None:
    assert key_words(keys) == words


def test_a_tooltip_has_the_first_key() -> None:
    assert key_of(ActionId.INCREASE) == "↑"
    assert with_key("Sidebar", ActionId.TOGGLE_SIDEBAR) == "Sidebar (Ctrl+B)"


@pytest.mark.parametrize(
    ("event", "action"),
    [
        (press(Key.Key_Left), ActionId.TOKEN_BEFORE),
        (press(Key.Key_Left, SHIFT), ActionId.SELECT_LEFT),
        (press(Key.Key_Left, SHIFT | CONTROL), ActionId.SELECT_WORD_LEFT),
        (press(Key.Key_C, SHIFT | CONTROL), ActionId.COPY),
        (press(Key.Key_Up, CONTROL), ActionId.SCROLL_UP),
        (press(Key.Key_Enter, KEYPAD), ActionId.ALTERNATIVES),
        (press(Key.Key_C), None),
        (press(0x431), None),
    ],
)
def test_the_sequence_with_the_most_modifiers_held_is_meant(
    event: QKeyEvent, action: ActionId | None
) -> None:
    assert action_for(event, Scope.TRANSCRIPT) is action


def test_the_first_of_two_that_fit_is_meant() -> None:
    assert action_for(press(Key.Key_Up, SHIFT | CONTROL), Scope.VALUE) is ActionId.INCREASE_FINELY


def test_a_key_is_pressed_with_its_own_modifiers_alone() -> None:
    assert is_pressed(press(Key.Key_Enter, KEYPAD), ActionId.SEND)
    assert is_pressed(press(Key.Key_Return, CONTROL), ActionId.SEND_ALWAYS)
    assert not is_pressed(press(Key.Key_Return, ALT), ActionId.SEND)
    assert not is_pressed(press(Key.Key_Return, CONTROL | SHIFT), ActionId.SEND_ALWAYS)


def test_a_held_key_asks_for_no_destructive_action_again() -> None:
    first, repeated = (
        QKeyEvent(QEvent.Type.KeyPress, Key.Key_Delete, NONE, "", again) for again in (False, True)
    )
    assert action_for(first, Scope.CONVERSATIONS) is ActionId.DELETE_CONVERSATION
    assert action_for(repeated, Scope.CONVERSATIONS) is None
    assert is_pressed(first, ActionId.DELETE_PRESET)
    assert not is_pressed(repeated, ActionId.DELETE_PRESET)


def test_each_action_that_deletes_or_ends_is_marked_as_destructive() -> None:
    marked = {action.id for action in ACTIONS.values() if action.destructive}
    assert marked >= {action for action in ActionId if action.startswith("delete")}
    assert ActionId.QUIT in marked
