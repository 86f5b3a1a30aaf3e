"""A connection to the library file, with transactions and translated errors."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw

from app.domain.errors import LibraryError
from app.store.failures import LibraryDamaged, translated, unsuitable_disk
from app.store.paths import private_file

#: The cells of one row, in the order of the query's columns.
Row = tuple[Any, ...]
#: Parameters of a statement: by position, or by the names of its `:name` placeholders.
Values = Sequence[Any] | Mapping[str, Any]

BUSY_MILLISECONDS = 5000
#: Number of instructions of SQLite (some milliseconds) between two calls of `stop`.
_STEPS_BETWEEN_LOOKS = 100_000
_WITHOUT_LOCKS = "win32-none" if sys.platform == "win32" else "unix-none"

_EVERY_CONNECTION = """
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
"""
# Without secure_delete the text of joined chunks and deleted conversations would stay readable in
# free pages of the file.
_WRITING_CONNECTION = """
    PRAGMA synchronous = NORMAL;
    PRAGMA secure_delete = ON;
"""


class Database:
    """A connection to a library file. It may be used by one thread only.

    All methods raise LibraryError.
    """

    def __init__(
        self, path: Path, name: str, flags: int, vfs: str | None = None, suspect: Path | None = None
    ) -> None:
        self._path = path
        self._suspect = suspect
        with self._translating():
            self._connection = apsw.Connection(name, flags=flags, vfs=vfs)
            self._connection.set_busy_timeout(BUSY_MILLISECONDS)
        self.run(_EVERY_CONNECTION)

    @classmethod
    def open_to_write(cls, path: Path, suspect: Path | None = None) -> "Database":
        """Open an existing file. Until `begin_writing` is called, closing leaves it unchanged.

        `suspect` is the path of a marker file that is made if the library proves damaged.
        """
        database = cls(path, str(path), apsw.SQLITE_OPEN_READWRITE, suspect=suspect)
        database._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        return database

    @classmethod
    def open_to_read(cls, path: Path) -> "Database":
        """Open a file for reading only, also in a folder in which nothing can be written."""
        flags = apsw.SQLITE_OPEN_READONLY
        with suppress(LibraryError):
            return cls(path, str(path), flags)._reading()
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists() and wal.stat().st_size:
            # The index of the write-ahead log can't be made as a file here. SQLite keeps it in
            # memory in exclusive mode.
            database = cls(path, str(path), flags, _WITHOUT_LOCKS)
            database.run("PRAGMA locking_mode = EXCLUSIVE")
            return database._reading()
        url = f"file:{quote(str(path))}?immutable=1"
        return cls(path, url, flags | apsw.SQLITE_OPEN_URI)._reading()

    @classmethod
    def new_in_memory(cls) -> "Database":
        """Make an empty database in memory."""
        return cls(Path(":memory:"), ":memory:", apsw.SQLITE_OPEN_READWRITE)

    def in_memory(self) -> "Database":
        """Copy the database into memory, where it can be changed without touching the file."""
        copy = Database(self._path, ":memory:", apsw.SQLITE_OPEN_READWRITE)
        with self._translating(), copy._connection.backup("main", self._connection, "main") as work:
            work.step()
        return copy

    def begin_writing(self) -> None:
        """Switch to a write-ahead log. Raises LibraryReadOnly if the disk doesn't support it."""
        mode = self.value("PRAGMA journal_mode = WAL")
        if mode != "wal":
            raise unsuitable_disk(self._path, f"journal_mode is {mode}")
        self.run(_WRITING_CONNECTION)
        self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)

    def stop_when(self, wanted: Callable[[], bool]) -> None:
        """Have whatever runs raise LibraryError, undone, soon after `wanted` says so."""
        self._connection.set_progress_handler(wanted, _STEPS_BETWEEN_LOOKS)

    def forbid_writing(self) -> None:
        """Make every later write raise LibraryReadOnly."""
        self.run("PRAGMA query_only = ON")

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """Run a query and return its rows. Invalid UTF-8 in a cell becomes U+FFFD."""
        with self._translating():
            try:
                return self._connection.execute(sql, values).fetchall()
            except UnicodeDecodeError:
                return self._decoded_rows(sql, values)
            except (apsw.CorruptError, apsw.IOError):
                if self._connection.in_transaction or not sql.lstrip().startswith("SELECT"):
                    raise
                # A read that failed may succeed the next time.
                return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Values = ()) -> Row | None:
        """Run a query and return its first row, None without a row."""
        return next(iter(self.rows(sql, values)), None)

    def value(self, sql: str, values: Values = ()) -> Any:
        """Run a query and return the first cell of its first row, None without a row."""
        row = self.row(sql, values)
        return None if row is None else row[0]

    def run(self, sql: str, values: Values = ()) -> int:
        """Run statements and return the number of rows that the last statement changed."""
        self.rows(sql, values)
        return self._connection.changes()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """Commit the statements in the block together, or roll them back if it raises.

        A durable transaction is on the disk when the block ends, and survives a power cut.
        """
        if durable:
            self.run("PRAGMA synchronous = FULL")
        try:
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                # SQLite may have rolled back already, such as on a full disk.
                if self._connection.in_transaction:
                    self.run("ROLLBACK")
                raise
        finally:
            if durable:
                self.run("PRAGMA synchronous = NORMAL")

    def data_version(self) -> int:
        """Return a number that changes whenever another connection has written."""
        # apsw's own data_version() also counts the writes of this connection.
        version: int = self.value("PRAGMA data_version")
        return version

    def is_whole(self) -> bool:
        """Return whether all pages and rows are undamaged. Takes about a second for 100 MB."""
        try:
            return bool(self.value("PRAGMA quick_check(1)") == "ok")
        except LibraryDamaged:
            return False

    def checkpoint(self) -> None:
        """Copy the write-ahead log into the file and empty it, unless others still read it."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection. Closing twice is allowed."""
        with self._translating():
            self._connection.close()

    def _decoded_rows(self, sql: str, values: Values) -> list[Row]:
        """Run a query again, with each text read as bytes and decoded here.

        apsw decodes strictly and has no hook for it. Reading all texts as bytes from the start
        would take twice as long for libraries without damage.
        """
        try:
            names = [f"c{number}" for number in range(self._width_of(sql, values))]
            cells = ", ".join(
                f"typeof({name}), iif(typeof({name}) = 'text', CAST({name} AS BLOB), {name})"
                for name in names
            )
            wrapped = f"WITH q({', '.join(names)}) AS ({sql}) SELECT {cells} FROM q"  # noqa: S608
            rows: list[Row] = self._connection.execute(wrapped, values).fetchall()
        except apsw.SQLError as error:
            # A PRAGMA, whose texts are names out of the schema.
            raise apsw.CorruptError(str(error)) from error
        return [
            tuple(
                cell.decode(errors="replace") if kind == "text" else cell
                for kind, cell in zip(row[::2], row[1::2], strict=True)
            )
            for row in rows
        ]

    def _width_of(self, sql: str, values: Values) -> int:
        """Return a query's number of columns, without running it."""
        cursor = self._connection.cursor()
        width = 0

        def refuse(traced: apsw.Cursor, _sql: str, _values: object) -> bool:
            nonlocal width
            width = len(traced.get_description())
            return False

        cursor.exec_trace = refuse
        with suppress(apsw.ExecTraceAbort):
            cursor.execute(sql, values)
        return width

    def _reading(self) -> "Database":
        try:
            self.rows("SELECT count(*) FROM sqlite_schema")
        except BaseException:
            self.close()
            raise
        return self

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except apsw.Error as error:
            failure = translated(error, self._path)
            if isinstance(failure, LibraryDamaged) and self._suspect is not None:
                with suppress(OSError):
                    private_file(self._suspect)
            raise failure from error
