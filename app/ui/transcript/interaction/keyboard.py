"""Keyboard input of the conversation: scrolling, selecting, copying, stepping through tokens."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollBar

from app.ui.transcript.interaction.selecting import Selecting
from app.ui.transcript.interaction.token_pointing import Heating

#: One step of the wheel or an arrow key, in pixels.
STEP = 48

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Scrolled(Protocol):
    """The part of the transcript view that keys use."""

    selecting: Selecting
    heating: Heating

    def verticalScrollBar(self) -> QScrollBar: ...  # noqa: N802 - Qt's name

    def scroll_to_end(self) -> None: ...

    def select_line(self, step: int) -> None: ...

    def copy(self) -> None: ...


class Keyboard:
    """Handles the key presses of a transcript view."""

    def __init__(self, view: Scrolled) -> None:
        self._view = view

    def press(self, event: QKeyEvent) -> bool:
        """Handle a key press; return False if the key has no meaning in the conversation."""
        view, key, bar = self._view, Qt.Key(event.key()), self._view.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        page = bar.pageStep() - 2 * STEP
        moves = {
            Qt.Key.Key_Up: -STEP,
            Qt.Key.Key_Down: STEP,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        if control and key == Qt.Key.Key_C:
            view.copy()
        elif control and key == Qt.Key.Key_A:
            view.selecting.choose_all()
        elif shift and key in _STEPS:
            view.selecting.step(_STEPS[key], words=control)
        elif shift and key in _LINES:
            view.select_line(_LINES[key])
        elif key in _STEPS and view.heating.step(_STEPS[key]):  # noqa: SIM114 - each is its own
            pass
        elif key in _ENTER and view.heating.enter():
            pass
        elif key in moves:
            bar.setValue(bar.value() + moves[key])
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            view.scroll_to_end()
        else:
            return False
        return True
