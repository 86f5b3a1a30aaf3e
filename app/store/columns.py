"""Stored columns: one declaration for each, from which SQL, writing and reading follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, Generic, TypeVar

from app.domain.text.surrogates import mend
from app.store.database import Row

Value = TypeVar("Value")
#: The cells of one row by the names of their columns.
Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that keeps one field of a class, or one part of a field."""

    name: str
    #: The attribute that is kept, such as `timings.total`. Empty: it has the column's name.
    attribute: str = ""
    #: Makes the cell of the attribute's value. None: the value is the cell.
    write: Callable[[Any], Any] | None = None
    #: Makes the attribute's value of a cell that isn't NULL. None: the cell is the value.
    read: Callable[[Any], Any] | None = None
    #: The attribute's value where the cell is NULL.
    empty: Any = None
    #: Whether the column is NOT NULL.
    required: bool = False
    #: Whether the cell is written with its row and never changed.
    fixed: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """The field's name, followed by the name of its part if the column keeps a part."""
        return tuple((self.attribute or self.name).split("."))


def text(name: str, *, fixed: bool = False) -> Column:
    """Declare a text that is NOT NULL; characters that SQLite can't hold are replaced."""
    return Column(name, write=mend, empty="", required=True, fixed=fixed)


def rare_text(name: str) -> Column:
    """Declare a text that most rows leave empty; it is NULL then, which takes one byte."""
    return Column(name, write=_mended_or_null, empty="")


class Columns(Generic[Value]):
    """The columns of a table whose rows are values of a dataclass with slots.

    Every field needs a column; TypeError is raised for a field without one. A field may be
    spread over several columns: it is then a dataclass of its own, whose default stands for a
    row in which all these columns are NULL.
    """

    def __init__(self, kind: type[Value], columns: Iterable[Column]) -> None:
        # Cells that need no conversion come first: `of_row` sets them in one loop.
        self._columns = tuple(sorted(columns, key=_needs_conversion))
        self._kind = kind
        #: The names of the columns, in the order of a row's cells.
        self.names = tuple(column.name for column in self._columns)
        #: The names of the columns that an UPDATE may set.
        self.changing = tuple(column.name for column in self._columns if not column.fixed)
        self._check()
        self._plain = [
            _setter(kind, column.path[0])
            for column in self._columns
            if not _needs_conversion(column)
        ]
        self._converted = [
            (_setter(kind, column.path[0]), place, column.read or _same, column.empty)
            for place, column in enumerate(self._columns)
            if _needs_conversion(column) and len(column.path) == 1
        ]
        self._spread = [self._spread_field(name) for name in self._spread_names()]

    def cells_of(self, value: Value) -> Cells:
        """Make the cells of a value, in the order of `names`."""
        cells = {}
        for column in self._columns:
            cell: Any = value
            for name in column.path:
                cell = getattr(cell, name)
            cells[column.name] = cell if column.write is None else column.write(cell)
        return cells

    def of_row(self, row: Row) -> Value:
        """Make the value of a row whose cells are in the order of `names`.

        It sets the slots without the class's own __init__, which is more than half of the time
        that reading a frozen dataclass takes: 10,000 messages are read at once.
        """
        value: Value = self._kind.__new__(self._kind)
        for put, cell in zip(self._plain, row, strict=False):
            put(value, cell)
        for put, place, read, empty in self._converted:
            cell = row[place]
            put(value, empty if cell is None else read(cell))
        for put, places, make, empty in self._spread:
            cells = [row[place] for place in places]
            put(value, empty if cells.count(None) == len(cells) else make(*cells))
        return value

    def of_record(self, record: Mapping[str, Any]) -> Value:
        """Make the value of cells that were kept as one JSON object and may be damaged.

        A missing text is empty. Raises TypeError, ValueError or ArithmeticError for a cell that
        can't be read.
        """
        return self.of_row(
            tuple(
                str(record.get(column.name) or "")
                if column.required and isinstance(column.empty, str)
                else record.get(column.name)
                for column in self._columns
            )
        )

    def listed(self, table: str = "") -> str:
        """The names as SQL, such as `id, title`; each after the table's name if that is given."""
        return ", ".join(f"{table}.{name}" if table else name for name in self.names)

    def placeholders(self) -> str:
        """The cells as named parameters of SQL, such as `:id, :title`."""
        return ", ".join(f":{name}" for name in self.names)

    def assignments(self, but: Sequence[str] = ()) -> str:
        """The changing columns as SQL, such as `title = :title`, without those named in `but`."""
        return ", ".join(f"{name} = :{name}" for name in self.changing if name not in but)

    def _check(self) -> None:
        kept = {column.path[0] for column in self._columns}
        wanted = {field.name for field in fields(self._kind)}  # type: ignore[arg-type]
        if kept != wanted:
            raise TypeError(f"{self._kind.__name__}: no column, or no field, {kept ^ wanted}")

    def _spread_names(self) -> list[str]:
        paths = [column.path for column in self._columns]
        return list(dict.fromkeys(path[0] for path in paths if len(path) > 1))

    def _spread_field(
        self, name: str
    ) -> tuple[Callable[[Any, Any], None], list[int], Callable[..., Any], Any]:
        (empty,) = (
            field.default
            for field in fields(self._kind)  # type: ignore[arg-type]
            if field.name == name
        )
        if empty is MISSING:
            raise TypeError(f"{self._kind.__name__}.{name}: a spread field needs a default")
        places = {
            column.path[1]: place
            for place, column in enumerate(self._columns)
            if column.path[0] == name
        }
        parts = [places[part.name] for part in fields(empty)]
        return _setter(self._kind, name), parts, type(empty), empty


def _needs_conversion(column: Column) -> bool:
    whole = len(column.path) == 1 and column.read is None
    return not (whole and (column.required or column.empty is None))


def _setter(kind: type[Any], name: str) -> Callable[[Any, Any], None]:
    setter: Callable[[Any, Any], None] = getattr(kind, name).__set__
    return setter


def _same(cell: Any) -> Any:
    return cell


def _mended_or_null(value: str) -> str | None:
    return mend(value) or None
