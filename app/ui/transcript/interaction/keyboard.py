"""Keyboard input of the conversation: scrolling, selecting, copying, stepping through tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollBar

from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for
from app.ui.transcript.interaction.selecting import Position, Selecting
from app.ui.transcript.interaction.token_pointing import Heating
from app.ui.transcript.messages.message_item import MessageItem

#: A step of the wheel or an arrow key, in pixels.
STEP = 48

#: To the left and upwards −1, to the right and downwards 1.
_DIRECTIONS = {
    ActionId.SELECT_LEFT: -1,
    ActionId.SELECT_RIGHT: 1,
    ActionId.SELECT_WORD_LEFT: -1,
    ActionId.SELECT_WORD_RIGHT: 1,
    ActionId.SELECT_LINE_UP: -1,
    ActionId.SELECT_LINE_DOWN: 1,
    ActionId.TOKEN_BEFORE: -1,
    ActionId.TOKEN_AFTER: 1,
    ActionId.SCROLL_UP: -1,
    ActionId.SCROLL_DOWN: 1,
    ActionId.PAGE_UP: -1,
    ActionId.PAGE_DOWN: 1,
}


class Target(Protocol):
    """The part of a hit test's result that keys use."""

    @property
    def position(self) -> Position | None: ...


class Scrolled(Protocol):
    """The part of the transcript view that keys use."""

    selecting: Selecting
    heating: Heating

    def verticalScrollBar(self) -> QScrollBar: ...  # noqa: N802 - Qt's name

    def scroll_to_end(self) -> None: ...

    def scroll_by(self, pixels: int) -> None: ...

    def items(self) -> Sequence[MessageItem]: ...

    def rectangle_of(self, index: int) -> QRect: ...

    def place_at(self, point: QPoint) -> Target: ...

    def copy(self) -> None: ...


class Keyboard:
    """Handles the key presses of a transcript view."""

    def __init__(self, view: Scrolled) -> None:
        self._view = view

    def press(self, event: QKeyEvent) -> bool:
        """Do the conversation's action for a key press; return False if there is none to do."""
        action = action_for(event, Scope.TRANSCRIPT)
        return action is not None and self.do(action)

    def do(self, action: ActionId) -> bool:
        """Do an action of the conversation; return False if there was nothing to do.

        Raises ValueError if the action is not one of the conversation.
        """
        view, bar = self._view, self._view.verticalScrollBar()
        page = bar.pageStep() - 2 * STEP
        match action:
            case ActionId.COPY:
                view.copy()
            case ActionId.SELECT_ALL:
                view.selecting.choose_all()
            case ActionId.SELECT_LEFT | ActionId.SELECT_RIGHT:
                view.selecting.step(_DIRECTIONS[action], words=False)
            case ActionId.SELECT_WORD_LEFT | ActionId.SELECT_WORD_RIGHT:
                view.selecting.step(_DIRECTIONS[action], words=True)
            case ActionId.SELECT_LINE_UP | ActionId.SELECT_LINE_DOWN:
                self._select_line(_DIRECTIONS[action])
            case ActionId.TOKEN_BEFORE | ActionId.TOKEN_AFTER:
                return view.heating.step(_DIRECTIONS[action])
            case ActionId.ALTERNATIVES:
                return view.heating.enter()
            case ActionId.SCROLL_UP | ActionId.SCROLL_DOWN:
                view.scroll_by(_DIRECTIONS[action] * STEP)
            case ActionId.PAGE_UP | ActionId.PAGE_DOWN:
                view.scroll_by(_DIRECTIONS[action] * page)
            case ActionId.TO_BEGINNING:
                view.scroll_by(-bar.value())
            case ActionId.TO_END:
                view.scroll_to_end()
            case _:
                raise ValueError(f"the conversation does not know {action}")
        return True

    def _select_line(self, step: int) -> None:
        """Move the selection's head a line up (`step` −1) or down (1)."""
        view, selection = self._view, self._view.selecting.selection
        if selection is None:
            return
        head = selection.head
        place = view.items()[head.message].rectangle_of(head.offset)
        corner = view.rectangle_of(head.message).topLeft()
        down = place.bottom() + 4 if step > 0 else place.top() - 4
        point = QPoint(round(corner.x() + place.left()), round(corner.y() + down))
        if (position := view.place_at(point).position) is not None:
            view.selecting.move_head(position)
