"""The list model of the sidebar: conversations by recency, grouped by day."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.domain.chat.conversation import Conversation
from app.domain.text.translation import _

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation in the list. `group` is the name of its day group, such as Today, for the
    first row of the group and empty for the others."""

    id: str
    title: str
    answering: bool
    group: str


class ConversationRows(QAbstractListModel):
    """Qt list model of the conversations, in the order in which they are given."""

    #: A title was edited in the list: the id of the conversation, and the new title.
    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ConversationRow] = []

    def show(self, conversations: list[Conversation], answering: Collection[str]) -> None:
        """Show conversations, those whose ids are in `answering` with a mark. If ids and groups are
        the same as before, only changed rows are announced, so that the view keeps its scroll
        position and selection."""
        rows = _grouped(conversations, answering, datetime.fromtimestamp(time.time()).date())
        same_shape = list(map(_shape, rows)) == list(map(_shape, self._rows))
        if same_shape:
            for number, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
                if old != new:
                    self._rows[number] = new
                    self.dataChanged.emit(self.index(number), self.index(number))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_of(self, conversation_id: str) -> QModelIndex:
        """Return the index of a conversation; an invalid index if it is not listed."""
        for number, row in enumerate(self._rows):
            if row.id == conversation_id:
                return self.index(number)
        return QModelIndex()

    def at(self, index: Index) -> ConversationRow | None:
        """Return the row at an index; None if the index is outside the list."""
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def neighbour(self, conversation_id: str) -> str:
        """Return the id of the conversation to show when this one is removed: the next below, else
        the one above, else an empty string."""
        ids = [row.id for row in self._rows]
        if conversation_id not in ids:
            return ids[0] if ids else ""
        place = ids.index(conversation_id)
        rest = ids[:place] + ids[place + 1 :]
        return rest[min(place, len(rest) - 1)] if rest else ""

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.EditRole:
            return row.title
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            title = row.title or _("New conversation")
            if role == Qt.ItemDataRole.AccessibleTextRole and row.answering:
                return _("{title}, answering").format(title=title)
            return title
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
        if self.at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable


def _grouped(
    conversations: list[Conversation], answering: Collection[str], today: date
) -> list[ConversationRow]:
    """Make the rows of conversations that are sorted by recency."""
    rows: list[ConversationRow] = []
    group = ""
    for conversation in conversations:
        name = _day_name(conversation.updated, today)
        title, is_answering = conversation.title, conversation.id in answering
        rows.append(
            ConversationRow(conversation.id, title, is_answering, name if name != group else "")
        )
        group = name
    return rows


def _shape(row: ConversationRow) -> tuple[str, str]:
    """Return the fields that decide a row's place and height."""
    return row.id, row.group


def _day_name(moment: float, today: date) -> str:
    day = datetime.fromtimestamp(moment).date()
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day > today - timedelta(days=7):
        return _("Last 7 days")
    if day > today - timedelta(days=30):
        return _("Last 30 days")
    return f"{day:%Y-%m}"
