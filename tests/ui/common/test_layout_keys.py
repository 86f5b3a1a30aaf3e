"""A letter of another script with Ctrl stands for the Latin letter at its place."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from app.ui.common.layout_keys import latin_key

Modifier = Qt.KeyboardModifier
CTRL, SHIFT = Modifier.ControlModifier, Modifier.ShiftModifier
#: X scan codes of the keys N, comma and M of a US keyboard.
N, COMMA, M = 57, 59, 58


def pressed(sign: str, code: int, modifiers: Modifier = CTRL) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, ord(sign), modifiers, code, 0, 0, "")


@pytest.mark.parametrize(
    ("event", "latin"),
    [
        (pressed("Т", N), "N"),  # Cyrillic
        (pressed("Ν", N), "N"),  # Greek
        (pressed("מ", N), "N"),
        (pressed("ื", N), "N"),
        (pressed("Т", N, CTRL | SHIFT), "N"),
        (pressed("Б", COMMA), ","),
        (pressed("Т", N, Modifier.NoModifier), None),
        (pressed("N", N), None),
        # AZERTY has the comma where a US keyboard has M; Dvorak has B where it has N.
        (pressed(",", M), None),
        (pressed("B", N), None),
        (pressed("É", 11), None),
        (pressed("Ẽ", 26), None),
        (pressed("Т", 200), None),
        (pressed("Т", 0), None),
    ],
)
def test_only_letters_of_other_scripts_are_translated(event: QKeyEvent, latin: str | None) -> None:
    assert latin_key(event) == (None if latin is None else ord(latin))
