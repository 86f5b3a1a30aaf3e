"""The list model of the sidebar: conversations by recency, grouped by day, read row by row."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.domain.chat.conversation_list import ConversationEntry, ListChange
from app.domain.errors import LibraryError
from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.domain.text.translation import _
from app.ui.sidebar.day_groups import Counted, DayGroups
from app.ui.sidebar.row_cache import RowCache

Index = QModelIndex | QPersistentModelIndex


class ListSource(Counted, Protocol):
    """The stored list of conversations. All methods may raise LibraryError."""

    def entries(self, row: int, limit: int, total: int) -> list[ConversationEntry]:
        """Return at most `limit` entries from a row on; `total` is the number of all rows."""

    def entry(self, conversation_id: str) -> ConversationEntry | None:
        """Return the entry of a conversation; None if it is not listed."""

    def row_of(self, entry: ConversationEntry) -> int:
        """Return the row at which an entry stands."""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in the list.

    `group` is the name of its day group, such as Today, for the first row of the group and empty
    for the others. `answering`: an answer is under way. `unread`: one has come that the person
    hasn't seen.
    """

    id: str
    title: str
    answering: bool
    unread: bool
    group: str

    @property
    def shown_title(self) -> str:
        """The title, or words in its place as long as there is none."""
        return mark_invisible_in_prose(self.title) or _("New chat")

    @property
    def spoken_title(self) -> str:
        """The title with the state of its mark in words, for screen readers."""
        if self.answering:
            return _("{title}, answering").format(title=self.shown_title)
        if self.unread:
            return _("{title}, new answer").format(title=self.shown_title)
        return self.shown_title


class ConversationRows(QAbstractListModel):
    """Qt list model of all conversations, of which only the rows that were shown are in memory."""

    #: A title was edited in the list: the id of the conversation, and the new title.
    renamed = Signal(str, str)
    #: The list could not be read: a sentence for the person.
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        #: Returns whether an answer streams in the conversation with an id.
        self.is_answering: Callable[[str], bool] = lambda _conversation_id: False
        self._source: ListSource | None = None
        self._groups = DayGroups(_today())
        self._cache = RowCache(self._read, 0)

    def show(self, source: ListSource) -> None:
        """Show a list, or read it anew: anything in it may have changed."""
        try:
            groups = DayGroups.read(source, _today())
        except LibraryError as failure:
            self.failed.emit(str(failure))
            return
        self.beginResetModel()
        self._source, self._groups = source, groups
        pinned = self._cache.pinned
        self._cache = RowCache(self._read, groups.count)
        self._cache.pinned = pinned
        self.endResetModel()

    def apply(self, change: ListChange) -> None:
        """Show a change of one row. The cost does not depend on the number of rows."""
        if self._source is None:
            return
        entry = change.after or change.before
        if entry is None:
            return
        row = self._cache.find(entry.id)
        if row is None and change.before is not None:
            row = self._cache.row_in_gap(change.before.key)
        before = change.before
        if row is not None:
            # The loaded entry, if any, is the one by which the row was counted in its group.
            before = self._cache.loaded(row) or before
        fits = (row is None) == (before is None) and self._groups.today == _today()
        if not fits or (before is not None and not self._groups.take(before.updated)):
            # Day groups changed at midnight, or another process has written.
            self.show(self._source)
            return
        if change.after is not None:
            self._groups.add(change.after.updated)
        if row is None:
            self._insert(entry)
        elif change.after is None:
            self.beginRemoveRows(QModelIndex(), row, row)
            self._cache.remove(row)
            self.endRemoveRows()
        else:
            self._move(row, change.after)

    def update_row(self, conversation_id: str) -> None:
        """Paint the row of a conversation anew, such as when an answer begins or ends."""
        row = self._cache.find(conversation_id)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def pin(self, conversation_id: str) -> None:
        """Keep the row of a conversation in memory once it was read."""
        self._cache.pinned = conversation_id

    def row_of(self, conversation_id: str) -> QModelIndex:
        """Return the index of a conversation; an invalid index if it is not listed."""
        row = self._cache.find(conversation_id)
        if row is None and self._source is not None and conversation_id:
            try:
                entry = self._source.entry(conversation_id)
                row = None if entry is None else self._source.row_of(entry)
            except LibraryError as failure:
                self.failed.emit(str(failure))
        return QModelIndex() if row is None else self.index(row)

    def group_starts(self) -> list[int]:
        """Return the first row of each day group, in ascending order; not to be changed."""
        return self._groups.starts

    def at(self, index: Index) -> ConversationRow | None:
        """Return the row at an index; None if the index is outside the list or the library can't be
        read."""
        row = index.row()
        try:
            entry = self._cache.at(row)
        except LibraryError as failure:
            self.failed.emit(str(failure))
            return None
        if entry is None:
            return None
        answering, group = self.is_answering(entry.id), self._groups.heading(row)
        return ConversationRow(entry.id, entry.title, answering, entry.unread, group)

    def neighbour(self, conversation_id: str) -> str:
        """Return the id of the conversation to show when this one is removed: the next below, else
        the one above, else an empty string. The first if this one is not listed."""
        index = self.row_of(conversation_id)
        rows = (index.row() + 1, index.row() - 1) if index.isValid() else (0,)
        near = (self.at(self.index(row)) for row in rows)
        return next((row.id for row in near if row is not None), "")

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._cache.count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.EditRole:
            return row.title
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return row.shown_title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken_title
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.group
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.at(index)
        if row is None or role != Qt.ItemDataRole.EditRole:
            return False
        if str(value).strip() and value != row.title:
            self.renamed.emit(row.id, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not 0 <= index.row() < self._cache.count:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def _read(self, row: int, limit: int, total: int) -> list[ConversationEntry]:
        return [] if self._source is None else self._source.entries(row, limit, total)

    def _insert(self, entry: ConversationEntry) -> None:
        row = self._cache.place_for(entry.key)
        self.beginInsertRows(QModelIndex(), row, row)
        self._cache.insert(row, entry)
        self.endInsertRows()

    def _move(self, row: int, entry: ConversationEntry) -> None:
        """Give a row another entry, and move the row to the place of the new entry's key."""
        place = self._cache.place_for(entry.key)
        if place in {row, row + 1}:
            self._cache.replace(row, entry)
            self.dataChanged.emit(self.index(row), self.index(row))
            return
        parent = QModelIndex()
        # Qt counts the target among the rows before the move.
        self.beginMoveRows(parent, row, row, parent, place)
        self._cache.remove(row)
        self._cache.insert(place if place < row else place - 1, entry)
        self.endMoveRows()


def _today() -> date:
    return datetime.fromtimestamp(time.time()).date()
