"""A sweep as it is planned: one question, asked with many settings; each asking is a cell.

A plan is a grid: the values of one axis are columns, those of another are rows, and in every
field the question is asked `repeats` times.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from app.domain.errors import InputError, ParameterError
from app.domain.parameters.kinds import Found, Json, Values, conflicts_among
from app.domain.parameters.presets import Preset, applied
from app.domain.parameters.table import BY_NAME, PARAMETERS, validated
from app.domain.providers.models import name_of
from app.domain.text.translation import _

#: A sweep has so many cells at most, an axis so many values, and a field so many repeats.
MOST_CELLS = 400
MOST_VALUES = 50
MOST_REPEATS = 100
#: The parameter that makes chance repeatable.
SEED = "seed"
LONGEST_LABEL = 60


class Seeds(StrEnum):
    """Which seed the cells of a sweep are asked with."""

    #: What the parameters say, if anything; each provider rolls its own dice.
    NONE = "none"
    #: One for all cells, so that a repeat shows whether the provider keeps its word.
    SHARED = "shared"
    #: Another one for each repeat, and the same for the same repeat of every value: so what
    #: differs from column to column is the value's doing.
    VARIED = "varied"


class CellState(StrEnum):
    """How far a cell has come."""

    #: Not asked yet: it is its turn later, or the sweep was stopped before.
    WAITING = "waiting"
    STREAMING = "streaming"
    COMPLETE = "complete"
    #: The person stopped it; what came is kept.
    STOPPED = "stopped"
    FAILED = "failed"
    #: The stream or the program ended in the middle.
    INTERRUPTED = "interrupted"


class Place(NamedTuple):
    """Where a cell stands in the grid; all from 0."""

    column: int
    row: int
    repeat: int


@dataclass(frozen=True, slots=True)
class ParameterAxis:
    """Values of one parameter; None is *not set*, the provider's default."""

    name: str
    values: tuple[Json | None, ...]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def title(self) -> str:
        """What the axis is about."""
        return BY_NAME[self.name].label if self.name in BY_NAME else self.name

    def label(self, index: int) -> str:
        """A value in words, short enough for the head of a column."""
        value = self.values[index]
        if value is None:
            return _("default")
        return _short(BY_NAME[self.name].format(value))


@dataclass(frozen=True, slots=True)
class PresetAxis:
    """Presets, put on as in the panel: sampling parameters that one doesn't set are unset."""

    presets: tuple[Preset, ...]

    def __len__(self) -> int:
        return len(self.presets)

    @property
    def title(self) -> str:
        """What the axis is about."""
        return _("Preset")

    def label(self, index: int) -> str:
        """A preset's name."""
        return _short(self.presets[index].name)


class ModelChoice(NamedTuple):
    """A model by its provider's id and its own; `name` is what it is called on the screen."""

    provider: str
    model: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ModelAxis:
    """Models of any providers."""

    models: tuple[ModelChoice, ...]

    def __len__(self) -> int:
        return len(self.models)

    @property
    def title(self) -> str:
        """What the axis is about."""
        return _("Model")

    def label(self, index: int) -> str:
        """A model's name."""
        choice = self.models[index]
        return _short(choice.name or name_of(choice.model))


Axis = ParameterAxis | PresetAxis | ModelAxis


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked. Without an axis it is the same request `repeats` times."""

    #: The id of the message that is answered.
    question: str
    #: What holds where no axis says otherwise: the provider's id, the model's, …
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
    #: Cells that may stream at once; 0 leaves it to what each provider bears.
    most_at_once: int = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many columns, rows and repeats."""
        columns = 1 if self.columns is None else len(self.columns)
        rows = 1 if self.rows is None else len(self.rows)
        return columns, rows, self.repeats

    @property
    def count(self) -> int:
        """How many cells: requests, that is."""
        columns, rows, repeats = self.shape
        return columns * rows * repeats

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that there are."""
        return tuple(axis for axis in (self.columns, self.rows) if axis is not None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One asking: whom, and with which parameters. `number` counts in the order of asking."""

    number: int
    place: Place
    provider: str
    model: str
    parameters: Values
    #: Its values in words: "0.5 · Creative"; with its repeat where there are several.
    label: str


def cells_of(plan: Plan) -> tuple[Cell, ...]:
    """All cells of a plan. First the first repeat of the whole grid, row by row, then the next.

    Raises InputError where the plan is empty or too large, or names the seed twice, and
    ParameterError at the first value that its parameter doesn't take.
    """
    _check_shape(plan)
    return tuple(_cell(plan, number, place) for number, place in enumerate(places_of(plan)))


def places_of(plan: Plan) -> Iterator[Place]:
    """The places of all cells in the order of asking."""
    columns, rows, repeats = plan.shape
    for repeat in range(repeats):
        for row in range(rows):
            for column in range(columns):
                yield Place(column, row, repeat)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A conflict that some cells have, and at how many of them; `first` is the first one."""

    found: Found
    first: Cell
    count: int


def contradictions(cells: Sequence[Cell]) -> list[Contradiction]:
    """What contradicts itself among the parameters of the cells, each rule once.

    What only one provider minds, `Sweeping.objections` knows.
    """
    by_rule: dict[tuple[str, str], list[tuple[Cell, Found]]] = {}
    for cell in cells:
        for found in conflicts_among(cell.parameters, PARAMETERS):
            by_rule.setdefault((found.parameter, found.sentence), []).append((cell, found))
    return [Contradiction(met[0][1], met[0][0], len(met)) for met in by_rule.values()]


def _check_shape(plan: Plan) -> None:
    for axis in plan.axes:
        if not len(axis):
            raise InputError(_("{axis}: choose at least one value.").format(axis=axis.title))
        if len(axis) > MOST_VALUES:
            raise InputError(
                _("{axis} has {count} values; {most} are the most.").format(
                    axis=axis.title, count=len(axis), most=MOST_VALUES
                )
            )
        if isinstance(axis, ParameterAxis):
            if axis.name not in BY_NAME:
                raise ParameterError(
                    _("There is no parameter “{name}”.").format(name=axis.name[:80])
                )
            if axis.name == SEED and plan.seeds is not Seeds.NONE:
                raise InputError(
                    _("The seed is an axis already. Let the cells have no other seed.")
                )
    if len(plan.axes) > 1 and _same_subject(*plan.axes):
        raise InputError(_("Both axes are about {axis}.").format(axis=plan.axes[0].title))
    if not 1 <= plan.repeats <= MOST_REPEATS:
        raise InputError(_("Repeats are 1 to {most}.").format(most=MOST_REPEATS))
    if plan.count > MOST_CELLS:
        raise InputError(
            _("This makes {count} answers; {most} are the most. Choose fewer values.").format(
                count=plan.count, most=MOST_CELLS
            )
        )


def _same_subject(one: Axis, other: Axis) -> bool:
    if isinstance(one, ParameterAxis) and isinstance(other, ParameterAxis):
        return one.name == other.name
    return type(one) is type(other)


def _cell(plan: Plan, number: int, place: Place) -> Cell:
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
    # A swept parameter wins over what a preset says of it.
    for axis, index in chosen:
        if isinstance(axis, ParameterAxis):
            values.pop(axis.name, None)
            if (value := axis.values[index]) is not None:
                values[axis.name] = value
    if (seed := seed_of(plan, place)) is not None:
        values[SEED] = seed
    # Before the labels: a value that its parameter doesn't take can't be put into words.
    checked = validated(values)
    labels = [axis.label(index) for axis, index in chosen]
    if plan.repeats > 1:
        labels.append(f"#{place.repeat + 1}")
    return Cell(number, place, provider, model, checked, " · ".join(labels))


def seed_of(plan: Plan, place: Place) -> int | None:
    """The seed that a plan gives a cell; None where it gives none."""
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
