"""Text selection across messages, and its text, Markdown and HTML for the clipboard."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QMimeData, QObject, Signal

from app.markup.html import html_of, html_of_text
from app.ui.transcript.messages.column import MessageColumn
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.utf16_offsets import grapheme_step, word_around


class SelectionUnit(Enum):
    """Unit by which a drag extends the selection, set by a single, double or triple click."""

    CHARACTER = 1
    WORD = 2
    PARAGRAPH = 3


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Position in the conversation: the message's index, and an offset in characters in its text
    as laid out (`MessageItem.text`)."""

    message: int
    offset: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Selected range: `anchor` is the end where the selection began, `head` the moving end. It is
    false (`bool`) if it is empty."""

    anchor: Position
    head: Position

    @property
    def start(self) -> Position:
        """The end that is first in the text."""
        return min(self.anchor, self.head)

    @property
    def end(self) -> Position:
        """The end that is last in the text."""
        return max(self.anchor, self.head)

    def __bool__(self) -> bool:
        return self.anchor != self.head

    def within(self, message: int, length: int) -> tuple[int, int] | None:
        """Return the selected range (start, end) of a message whose text has `length` characters;
        None if nothing in it is selected."""
        if not self or not self.start.message <= message <= self.end.message:
            return None
        low = self.start.offset if message == self.start.message else 0
        high = self.end.offset if message == self.end.message else length
        return (low, high) if low < high else None


class Selecting(QObject):
    """Owner of a view's selection, which the mouse, the keys and screen readers change here."""

    #: The selection changed.
    changed = Signal()

    def __init__(self, column: MessageColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._unit = SelectionUnit.CHARACTER
        self._base: Selection | None = None
        self.selection: Selection | None = None

    def clear(self) -> None:
        """Remove the selection."""
        self.selection = self._base = None
        self.changed.emit()

    def begin(self, position: Position, unit: SelectionUnit = SelectionUnit.CHARACTER) -> None:
        """Begin a new selection at a position, with the unit around it selected."""
        self._unit = unit
        self._base = self.selection = self._around(position)
        self.changed.emit()

    def extend(self, position: Position) -> None:
        """Extend the selection from where it began to a position, by whole units."""
        if self._base is None:
            self.begin(position)
            return
        there = self._around(position)
        if there.start < self._base.start:
            self.selection = Selection(self._base.end, there.start)
        else:
            self.selection = Selection(self._base.start, max(there.end, self._base.end))
        if self._unit is SelectionUnit.CHARACTER:
            self.selection = Selection(self._base.anchor, position)
        self.changed.emit()

    def step(self, step: int, *, words: bool = False) -> None:
        """Move the selection's head forward (`step` 1) or back (−1) by a character or word, also
        into the neighbouring message. Does nothing if there is no selection."""
        if self.selection is None:
            return
        head = self.selection.head
        item = self._laid_out(head.message)
        text = item.text()
        moved = _word_step(text, head.offset, step) if words else head.offset
        if not words:
            moved = grapheme_step(text, head.offset, step)
        if moved != head.offset:
            self.move_head(Position(head.message, moved))
        elif 0 <= head.message + step < len(self._column.items):
            beside = self._laid_out(head.message + step)
            offset = 0 if step > 0 else beside.stack.length()
            self.move_head(Position(head.message + step, offset))

    def choose_all(self) -> None:
        """Select the whole conversation."""
        if not self._column.items:
            return
        last = len(self._column.items) - 1
        end = Position(last, self._laid_out(last).stack.length())
        self._base = self.selection = Selection(Position(0, 0), end)
        self.changed.emit()

    def text(self) -> str:
        """Return the selected text as displayed; for whole messages, their Markdown source."""
        return self.text_of(self.selection) if self.selection else ""

    def text_of(self, selection: Selection) -> str:
        """Return the text of a selection of the conversation in view; see `text`."""
        return "\n\n".join(filter(None, (part.text for part in self._parts(selection))))

    def markdown(self) -> str:
        """Return the Markdown source of every block that the selection touches.

        Of the person's own messages, only the selected text.
        """
        return "\n\n".join(filter(None, (part.markdown() for part in self._parts(self.selection))))

    def clipboard(self) -> QMimeData:
        """Return the selection for the clipboard, as plain text and as HTML (made on demand)."""
        return _ClipboardContents(self._parts(self.selection), self.text())

    def _parts(self, chosen: Selection | None) -> list["_SelectedPart"]:
        if not chosen:
            return []
        parts = []
        for index in range(chosen.start.message, chosen.end.message + 1):
            item = self._column.items[index]
            between = chosen.start.message < index < chosen.end.message
            if not between:
                item.lay_out(self._column.width)
            within = None if between else chosen.within(index, item.stack.length())
            if between or within is not None:
                parts.append(_SelectedPart(item, within))
        return parts

    def _around(self, position: Position) -> Selection:
        if self._unit is SelectionUnit.CHARACTER:
            return Selection(position, position)
        item = self._laid_out(position.message)
        start, end = _paragraph_around(item.text(), position.offset)
        if self._unit is SelectionUnit.WORD:
            low, high = word_around(item.text(start, end), position.offset - start)
            start, end = start + low, start + high
        return Selection(Position(position.message, start), Position(position.message, end))

    def move_head(self, head: Position) -> None:
        """Move the selection's head to a position, so that it reaches from the anchor to there.

        Does nothing if there is no selection.
        """
        if self.selection is not None:
            self.selection = Selection(self.selection.anchor, head)
            self.changed.emit()

    def _laid_out(self, index: int) -> MessageItem:
        item = self._column.items[index]
        item.lay_out(self._column.width)
        return item


class _SelectedPart:
    """The selected part of one message: a range of its text, or all of it (None)."""

    def __init__(self, item: MessageItem, within: tuple[int, int] | None) -> None:
        whole = within is None or within == (0, item.stack.length())
        self._item = item
        self._within = None if whole else within
        if self._within is None:
            self.text = item.spoken()
        elif item.is_user and self._within[1] >= item.stack.length() - 1:
            # What is folded at the end of the person's words is selected with it.
            self.text = item.spoken()[self._within[0] :].strip("\n")
        else:
            self.text = item.text(*self._within).strip("\n")

    def markdown(self) -> str:
        if self._within is None or self._item.is_user:
            return self.text
        sources = [str(block.source) for block in self._item.blocks_in(*self._within)]
        return "".join(sources).strip("\n") or self.text

    def html(self) -> str:
        if self._item.is_user:
            return html_of_text(self.text)
        if self._within is None:
            return html_of(self._item.all_blocks())
        blocks = self._item.blocks_in(*self._within, whole=True)
        # A selection within a single block is copied as plain words.
        return html_of(blocks) if blocks else html_of_text(self.text)


class _ClipboardContents(QMimeData):
    """Clipboard contents. HTML is made only when it is pasted, since 5 MB take seconds."""

    def __init__(self, parts: list[_SelectedPart], text: str) -> None:
        super().__init__()
        self._parts = parts
        self._html: str | None = None
        self.setText(text)

    def formats(self) -> list[str]:
        return ["text/plain", "text/html"]

    def hasFormat(self, kind: str) -> bool:  # noqa: N802 (Qt's name)
        return kind in self.formats()

    def retrieveData(self, kind: str, prefer: object) -> object:  # noqa: N802 (Qt's name)
        if kind != "text/html":
            return super().retrieveData(kind, prefer)  # type: ignore[arg-type]
        if self._html is None:
            self._html = "\n".join(part.html() for part in self._parts)
        return self._html


def _paragraph_around(text: str, offset: int) -> tuple[int, int]:
    end = text.find("\n", offset)
    return text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text)


def _word_step(text: str, offset: int, step: int) -> int:
    if step > 0:
        start, end = word_around(text, offset)
        return end if end > offset else min(len(text), offset + 1)
    start, _end = word_around(text, max(0, offset - 1))
    return min(start, max(0, offset - 1))
