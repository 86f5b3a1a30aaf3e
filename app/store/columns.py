"""Stored columns: one declaration for each, from which SQL, writing and reading follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Generic, TypeVar

from app.domain.text.surrogates import mend
from app.store.cells import as_number, as_text
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
    #: The type of the cell, `str` or `float`, where the cell is the value.
    kind: type[str] | type[float] = str
    #: Instead of `read`: values by cells. Any other cell reads as `empty`.
    members: Mapping[str, Any] | None = None
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


def member(
    name: str, kind: type[StrEnum], empty: StrEnum, *, required: bool = True, fixed: bool = False
) -> Column:
    """Declare a member of an enumeration, kept as its value; an unknown value reads as `empty`.

    A column that isn't required keeps an empty value as NULL.
    """
    members = {one.value: one for one in kind}
    write = str if required else _text_or_null
    return Column(name, write=write, members=members, empty=empty, required=required, fixed=fixed)


class Columns(Generic[Value]):
    """The columns of a table whose rows are values of a dataclass with slots.

    Every field needs a column; TypeError is raised for a field without one. A field may be
    spread over several columns: it is then a dataclass of its own, whose default stands for a
    row in which all these columns are NULL.
    """

    def __init__(self, kind: type[Value], columns: Iterable[Column]) -> None:
        self._columns = tuple(columns)
        self._kind = kind
        #: The names of the columns, in the order of a row's cells.
        self.names = tuple(column.name for column in self._columns)
        #: The names of the columns that an UPDATE may set.
        self.changing = tuple(column.name for column in self._columns if not column.fixed)
        self._check()
        #: Makes the value of a row whose cells are in the order of `names`.
        self.of_row: Callable[[Row], Value] = self._reader()

    def cells_of(self, value: Value) -> Cells:
        """Make the cells of a value, in the order of `names`."""
        cells = {}
        for column in self._columns:
            cell: Any = value
            for name in column.path:
                cell = getattr(cell, name)
            cells[column.name] = cell if column.write is None else column.write(cell)
        return cells

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

    def _reader(self) -> Callable[[Row], Value]:
        """Compile the function that reads a row, as `dataclasses` compiles an __init__.

        10,000 messages are read at once. A loop over the columns takes 25 % longer for that, and
        a frozen dataclass's own __init__ twice as long as setting its slots.
        """
        names: dict[str, Any] = {"new": self._kind.__new__, "kind": self._kind}
        names |= {"as_text": as_text, "as_number": as_number}
        cells = ", ".join(f"cell_{name}" for name in self.names)
        lines = [f"{cells}, = row", "value = new(kind)"]
        for field in fields(self._kind):  # type: ignore[arg-type]
            columns = [one for one in self._columns if one.path[0] == field.name]
            names[f"set_{field.name}"] = getattr(self._kind, field.name).__set__
            if len(columns[0].path) == 1:
                read = _expression(columns[0], names)
            else:
                read = _spread_expression(field.name, field.default, columns, names)
            lines.append(f"set_{field.name}(value, {read})")
        body = "".join(f"    {line}\n" for line in [*lines, "return value"])
        # Only the names of our own columns and fields are in the text.
        exec(f"def of_row(row):\n{body}", names)  # noqa: S102
        reader: Callable[[Row], Value] = names["of_row"]
        return reader


def _expression(column: Column, names: dict[str, Any]) -> str:
    """The Python that makes a field's value of the local variable with its column's cell."""
    cell, read, empty = f"cell_{column.name}", f"read_{column.name}", f"empty_{column.name}"
    names[empty] = column.empty
    if column.members is not None:
        names[read] = column.members.get
        return f"{read}({cell}, {empty})"
    if column.read is not None:
        names[read] = column.read
        value = f"{read}({cell})"
    else:
        value = _checked(column)
    return value if column.required else f"{empty} if {cell} is None else {value}"


def _checked(column: Column) -> str:
    """The Python that converts a damaged cell of another type than its column's.

    Comparing the class takes 20 ns a cell, a call of `as_text` three times as long.
    """
    cell = f"cell_{column.name}"
    convert = "as_text" if column.kind is str else "as_number"
    return f"({cell} if {cell}.__class__ is {column.kind.__name__} else {convert}({cell}))"


def _spread_expression(
    field: str, empty: Any, columns: Sequence[Column], names: dict[str, Any]
) -> str:
    names[f"empty_{field}"], names[f"make_{field}"] = empty, type(empty)
    parts = ", ".join(
        f"{column.path[1]}=None if cell_{column.name} is None else {_checked(column)}"
        for column in columns
    )
    known = " is None and ".join(f"cell_{column.name}" for column in columns)
    return f"empty_{field} if {known} is None else make_{field}({parts})"


def _text_or_null(value: StrEnum) -> str | None:
    return str(value) or None


def _mended_or_null(value: str) -> str | None:
    return mend(value) or None
