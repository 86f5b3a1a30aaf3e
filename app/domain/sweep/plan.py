"""The plan of a sweep: one question that is sent many times with different settings.

A plan is a grid: the values of one axis are its columns, those of another axis its rows. For each
column and row the question is sent `repeats` times; each such request is a cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from app.domain.errors import InputError, ParameterError
from app.domain.parameters.kinds import FoundConflict, Json, Values, conflicts_among
from app.domain.parameters.presets import Preset, applied
from app.domain.parameters.table import BY_NAME, PARAMETERS, validated
from app.domain.providers.models import name_of
from app.domain.text.translation import _

#: Greatest numbers of cells of a sweep, of values of an axis, and of repeats.
MOST_CELLS = 400
MOST_VALUES = 50
MOST_REPEATS = 100
#: Name of the parameter that seeds the provider's random numbers.
SEED = "seed"
#: Longest label of an axis value, in characters; longer labels are cut.
LONGEST_LABEL = 60


class Seeds(StrEnum):
    """The rule by which a plan gives seeds to its cells."""

    #: The plan sets no seed; a seed among the parameters, if any, is sent.
    NONE = "none"
    #: The same seed for all cells, so that repeats show whether the provider honours seeds.
    SHARED = "shared"
    #: A seed for each repeat, the same in all columns and rows, so that differences between
    #: columns come from their values alone.
    VARIED = "varied"


class CellState(StrEnum):
    """The state of a cell: not sent, being answered, or how its answer ended."""

    #: Not sent yet: the cell is queued, or the sweep was stopped before.
    WAITING = "waiting"
    STREAMING = "streaming"
    COMPLETE = "complete"
    #: The person pressed Stop; the text received so far is kept.
    STOPPED = "stopped"
    FAILED = "failed"
    #: The stream or the program ended in the middle.
    INTERRUPTED = "interrupted"


class CellPosition(NamedTuple):
    """The position of a cell in the grid: column, row and repeat, each from 0."""

    column: int
    row: int
    repeat: int


@dataclass(frozen=True, slots=True)
class ParameterAxis:
    """An axis of values of one parameter; None stands for *not set*, the provider's default."""

    name: str
    values: tuple[Json | None, ...]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def title(self) -> str:
        """The name of the axis: the parameter's label."""
        return BY_NAME[self.name].label if self.name in BY_NAME else self.name

    def label(self, index: int) -> str:
        """Return the value's text, cut to LONGEST_LABEL for the header of a column."""
        value = self.values[index]
        if value is None:
            return _("default")
        return _short(BY_NAME[self.name].format(value))


@dataclass(frozen=True, slots=True)
class PresetAxis:
    """An axis of presets, applied as in the panel: sampling parameters not in one are unset."""

    presets: tuple[Preset, ...]

    def __len__(self) -> int:
        return len(self.presets)

    @property
    def title(self) -> str:
        """The name of the axis."""
        return _("Preset")

    def label(self, index: int) -> str:
        """Return the preset's name, cut to LONGEST_LABEL."""
        return _short(self.presets[index].name)


class ModelChoice(NamedTuple):
    """A model, by its provider's id and its own id; `name` is shown instead of the id if set."""

    provider: str
    model: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ModelAxis:
    """An axis of models of any providers."""

    models: tuple[ModelChoice, ...]

    def __len__(self) -> int:
        return len(self.models)

    @property
    def title(self) -> str:
        """The name of the axis."""
        return _("Model")

    def label(self, index: int) -> str:
        """Return the model's name, cut to LONGEST_LABEL."""
        choice = self.models[index]
        return _short(choice.name or name_of(choice.model))


Axis = ParameterAxis | PresetAxis | ModelAxis


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a sweep. Without axes the same request is sent `repeats` times."""

    #: The id of the message to answer.
    question: str
    #: The provider's id, the model's id and the parameters, which an axis may override.
    provider: str
    model: str
    parameters: Values = field(default_factory=dict)
    system: str = ""
    routing: Mapping[str, Json] = field(default_factory=dict)
    columns: Axis | None = None
    rows: Axis | None = None
    repeats: int = 1
    seeds: Seeds = Seeds.NONE
    first_seed: int = 0
    #: Greatest number of cells that stream at once; 0 leaves only the limit of each provider.
    most_at_once: int = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """The numbers of columns, rows and repeats; 1 for an axis that is not set."""
        columns = 1 if self.columns is None else len(self.columns)
        rows = 1 if self.rows is None else len(self.rows)
        return columns, rows, self.repeats

    @property
    def count(self) -> int:
        """The number of cells, which is the number of requests."""
        columns, rows, repeats = self.shape
        return columns * rows * repeats

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that are set: none, one or two."""
        return tuple(axis for axis in (self.columns, self.rows) if axis is not None)


@dataclass(frozen=True, slots=True)
class Cell:
    """A request of a sweep: provider, model and parameters.

    `number` counts the cells from 0 in the order in which they are sent.
    """

    number: int
    place: CellPosition
    provider: str
    model: str
    parameters: Values
    #: The axis values in words, such as "0.5 · Creative", and "#2" for the second repeat.
    label: str


def cells_of(plan: Plan) -> tuple[Cell, ...]:
    """Return all cells of a plan: the first repeat of the whole grid, row by row, then the next.

    Raises InputError if an axis is empty, the plan is too large, or both axes or the seeds are
    about the same parameter, and ParameterError at the first value that its parameter doesn't take.
    """
    _check_shape(plan)
    return tuple(_cell(plan, number, place) for number, place in enumerate(places_of(plan)))


def places_of(plan: Plan) -> Iterator[CellPosition]:
    """Yield the positions of all cells in the order in which they are sent."""
    columns, rows, repeats = plan.shape
    for repeat in range(repeats):
        for row in range(rows):
            for column in range(columns):
                yield CellPosition(column, row, repeat)


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A conflict between parameters, the first cell that has it, and the number of such cells."""

    found: FoundConflict
    first: Cell
    count: int


def conflicts_of_cells(cells: Sequence[Cell]) -> list[CellConflict]:
    """List the conflicts among the parameters of the cells, each rule once.

    Only rules that hold for every provider; `Sweeping.objections` adds those of one provider.
    """
    by_rule: dict[tuple[str, str], list[tuple[Cell, FoundConflict]]] = {}
    for cell in cells:
        for found in conflicts_among(cell.parameters, PARAMETERS):
            by_rule.setdefault((found.parameter, found.sentence), []).append((cell, found))
    return [CellConflict(cases[0][1], cases[0][0], len(cases)) for cases in by_rule.values()]


def _check_shape(plan: Plan) -> None:
    for axis in plan.axes:
        if not len(axis):
            raise InputError(_("{axis}: choose at least one value.").format(axis=axis.title))
        if len(axis) > MOST_VALUES:
            raise InputError(
                _("{axis} has {count} values. The limit is {most}.").format(
                    axis=axis.title, count=len(axis), most=MOST_VALUES
                )
            )
        if isinstance(axis, ParameterAxis):
            if axis.name not in BY_NAME:
                raise ParameterError(
                    _("There is no parameter “{name}”.").format(name=axis.name[:80])
                )
            if axis.name == SEED and plan.seeds is not Seeds.NONE:
                raise InputError(_("Seed is already varied. Set Seeds to “No seed”."))
    if len(plan.axes) > 1 and _same_subject(*plan.axes):
        raise InputError(
            _("Columns and rows both vary {axis}. Choose something else for one of them.").format(
                axis=plan.axes[0].title
            )
        )
    if not 1 <= plan.repeats <= MOST_REPEATS:
        raise InputError(_("Repeats must be 1 to {most}.").format(most=MOST_REPEATS))
    if plan.count > MOST_CELLS:
        raise InputError(
            _("This makes {count} answers. The limit is {most}. Choose fewer values.").format(
                count=plan.count, most=MOST_CELLS
            )
        )


def _same_subject(first: Axis, second: Axis) -> bool:
    if isinstance(first, ParameterAxis) and isinstance(second, ParameterAxis):
        return first.name == second.name
    return type(first) is type(second)


def _cell(plan: Plan, number: int, place: CellPosition) -> Cell:
    provider, model, values = plan.provider, plan.model, dict(plan.parameters)
    chosen = [
        (axis, index)
        for axis, index in ((plan.columns, place.column), (plan.rows, place.row))
        if axis is not None
    ]
    for axis, index in chosen:
        if isinstance(axis, ModelAxis):
            provider, model = axis.models[index].provider, axis.models[index].model
        elif isinstance(axis, PresetAxis):
            values = applied(values, axis.presets[index])
    # A parameter axis overrides the same parameter of a preset.
    for axis, index in chosen:
        if isinstance(axis, ParameterAxis):
            values.pop(axis.name, None)
            if (value := axis.values[index]) is not None:
                values[axis.name] = value
    if (seed := seed_of(plan, place)) is not None:
        values[SEED] = seed
    # Validate before making labels: an invalid value can't be formatted.
    checked = validated(values)
    labels = [axis.label(index) for axis, index in chosen]
    if plan.repeats > 1:
        labels.append(f"#{place.repeat + 1}")
    return Cell(number, place, provider, model, checked, " · ".join(labels))


def seed_of(plan: Plan, place: CellPosition) -> int | None:
    """Return the seed that the plan sets for a cell; None if it sets none."""
    match plan.seeds:
        case Seeds.NONE:
            return None
        case Seeds.SHARED:
            return plan.first_seed
        case Seeds.VARIED:
            return plan.first_seed + place.repeat


def _short(text: str) -> str:
    line = " ".join(text[: LONGEST_LABEL * 4].split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"
