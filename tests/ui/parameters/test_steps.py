"""Keys step a value by the size that their modifiers ask for."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from app.ui.parameters.steps import Size, key_step

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def step(
    key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier, *, sideways: bool = True
) -> tuple[int, Size] | None:
    return key_step(QKeyEvent(QEvent.Type.KeyPress, key, modifiers), sideways=sideways)


@pytest.mark.parametrize(
    ("up", "down"), [(Key.Key_Up, Key.Key_Down), (Key.Key_Right, Key.Key_Left)]
)
def test_arrows_step_by_the_size_of_their_modifier(up: Qt.Key, down: Qt.Key) -> None:
    for modifiers, size in (
        (Modifier.NoModifier, Size.PLAIN),
        (Modifier.ShiftModifier, Size.FINE),
        (Modifier.ControlModifier, Size.COARSE),
        (Modifier.ShiftModifier | Modifier.ControlModifier, Size.FINE),
    ):
        assert step(up, modifiers) == (1, size)
        assert step(down, modifiers) == (-1, size)


def test_the_page_keys_step_coarsely() -> None:
    assert step(Key.Key_PageUp) == (1, Size.COARSE)
    assert step(Key.Key_PageDown, Modifier.ShiftModifier) == (-1, Size.COARSE)


def test_a_field_keeps_the_arrows_of_its_cursor() -> None:
    assert step(Key.Key_Left, sideways=False) is None
    assert step(Key.Key_Right, Modifier.ShiftModifier, sideways=False) is None
    assert step(Key.Key_Up, sideways=False) == (1, Size.PLAIN)


def test_other_keys_step_nothing() -> None:
    assert step(Key.Key_A) is None
