"""The order in which Esc closes what is open in the main window, the innermost first.

Menus and windows of their own take Esc before it comes here, and so does a `ClosableFrame` with the
focus in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QObject


class Layer(IntEnum):
    """The layers of the main window that Esc closes, in this order."""

    POPOVER = 1
    #: A drawer of a narrow window. It covers the conversation with its bars and the edit.
    DRAWER = 2
    #: A bar above the conversation, such as the find bar.
    BAR = 3
    #: A message that is being edited.
    EDIT = 4
    #: The answer that is under way, which Esc stops.
    ANSWER = 5


@dataclass(frozen=True, slots=True)
class _Closer:
    layer: Layer
    is_open: Callable[[], bool]
    close: Callable[[], object]


class EscapeOrder(QObject):
    """The parts of one window that Esc closes, and their order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        #: The latest first.
        self._closers: list[_Closer] = []

    def add(self, layer: Layer, is_open: Callable[[], bool], close: Callable[[], object]) -> None:
        """Add a part of the window. Of two parts of one layer, the one that was added later is
        closed first."""
        self._closers.insert(0, _Closer(layer, is_open, close))

    def press(self) -> None:
        """Close the innermost open part, and nothing else."""
        for closer in sorted(self._closers, key=lambda closer: closer.layer):
            if closer.is_open():
                closer.close()
                return
