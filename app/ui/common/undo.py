"""The undo stack: deletions and other changes that Ctrl+Z and the toast's button take back."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from app.domain.errors import LoquatError, NotFoundError
from app.domain.text.translation import _
from app.ui.common.notices import Toast

#: Most changes that are kept; the oldest ones are dropped.
MOST_CHANGES = 200


class ChangeKind(Enum):
    """The kinds of changes that can be taken back."""

    CONVERSATION = auto()
    MESSAGES = auto()
    SWEEP = auto()
    PRESET = auto()
    REWRITE = auto()
    #: A branch or parameter values, which make sense only while their conversation is in view.
    IN_VIEW = auto()


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made and can be taken back."""

    kind: ChangeKind
    #: Names what was changed, such as “Title” deleted.
    words: str
    #: Takes the change back. May raise LoquatError, and nothing has changed then.
    undo: Callable[[], object]
    #: Whether there still is something to take back. A change for which there isn't is skipped.
    applies: Callable[[], bool] = _always


class UndoStack(QObject):
    """The changes of one window that can be taken back, the latest first."""

    #: A change was taken back.
    undone = Signal()
    #: A change could not be taken back: a sentence for the person.
    failed = Signal(str)

    def __init__(self, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._toast = toast
        self._changes: list[Change] = []

    def push(self, change: Change) -> None:
        """Remember a change, and show a toast that names it, with a button to take it back."""
        self._changes.append(change)
        del self._changes[:-MOST_CHANGES]
        self._toast.show_words(change.words, _("Undo"), self.undo)

    def next(self, kind: ChangeKind | None = None) -> Change | None:
        """Return the latest change, of a kind if that is given; None if there is none. Raises
        LibraryError."""
        for change in reversed(tuple(self._changes)):
            if kind not in {None, change.kind}:
                continue
            if change.applies():
                return change
            self._changes.remove(change)
        return None

    def undo(self) -> None:
        """Take back the latest change. A change that can't be taken back now stays on the stack,
        unless what it is about is gone."""
        self._undo(None)

    def undo_kind(self, kind: ChangeKind) -> None:
        """Take back the latest change of a kind."""
        self._undo(kind)

    def _undo(self, kind: ChangeKind | None) -> None:
        change = None
        try:
            change = self.next(kind)
            if change is not None:
                self._take_back(change)
        except LoquatError as failure:
            if change is not None and isinstance(failure, NotFoundError):
                self._changes.remove(change)
            self.failed.emit(str(failure))

    def _take_back(self, change: Change) -> None:
        change.undo()
        self._changes.remove(change)
        self._say_undone(change)
        self.undone.emit()

    def _say_undone(self, change: Change) -> None:
        words = _("Undone: {what}").format(what=change.words)
        if self.next() is None:
            self._toast.show_words(words)
        else:
            self._toast.show_words(words, _("Undo more"), self.undo)
