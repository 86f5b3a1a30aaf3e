"""What a parameter is: its kind, its range, and how text becomes a value of it."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.errors import ParameterError
from app.domain.parameters.slider_scales import SliderScale
from app.domain.text.translation import _

#: A value as JSON knows it.
Json = Any
Values = Mapping[str, Json]

MAX_VALUE_TEXT = 1_000_000


class ParameterKind(StrEnum):
    """What kind of value a parameter takes; the panel has one editor for each."""

    NUMBER = "number"
    INTEGER = "integer"
    SWITCH = "switch"
    CHOICE = "choice"
    STRINGS = "strings"
    JSON = "json"
    #: JSON that has an editor of its own: a list of functions, the form of an answer, and a bias
    #: for each of some tokens.
    FUNCTIONS = "functions"
    FORMAT = "format"
    BIAS = "bias"


@dataclass(frozen=True, slots=True)
class Fix:
    """A way out of a conflict, by a word for a button: `changes(values)` gives the parameters to
    set, and as None those to unset."""

    label: str
    changes: Callable[[Values], Mapping[str, Json | None]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rule between parameters: `broken(values)` says whether `sentence` holds for them."""

    sentence: str
    broken: Callable[[Values], bool]
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """A conflict that there is, at the parameter where it is shown."""

    parameter: str
    sentence: str
    fixes: tuple[Fix, ...] = ()


def fixed(values: Values, fix: Fix) -> dict[str, Json]:
    """The values after a way out was taken."""
    changes = fix.changes(values)
    kept = {name: value for name, value in values.items() if name not in changes}
    return kept | {name: value for name, value in changes.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table; `low` and `high` are inclusive, `step` is what a key press moves, and
    `fine` what it moves with Shift (0: as much as a step)."""

    name: str
    kind: ParameterKind
    label: str
    help: str
    low: float | None = None
    high: float | None = None
    #: True where `low` itself is out of range.
    above_low: bool = False
    step: float = 1
    fine: float = 0
    #: How a slider shares its length among the values; None: evenly between low and high.
    scale: SliderScale | None = None
    #: Where an editor starts when the parameter is first set; of JSON, an example.
    start: Json = None
    #: The value at which the parameter does nothing, where there is one.
    neutral: Json = None
    choices: tuple[str, ...] = ()
    #: Further choices that other values bring with them: words for each, and its value.
    more_choices: Callable[[Values], Sequence[tuple[str, Json]]] | None = None
    #: For CHOICE: a JSON object is taken as well. For STRINGS: how many at most.
    takes_object: bool = False
    most: int | None = None
    #: For JSON and objects of CHOICE: a sentence on what is wrong, or None.
    check: Callable[[Json], str | None] | None = None
    conflicts: tuple[Conflict, ...] = ()
    advanced: bool = False
    unit: str = ""

    def parse(self, text: str) -> Json:
        """Read a value from text, as typed on the command line or in the panel.

        Raises ParameterError, whose sentence names the parameter and what it takes.
        """
        if len(text) > MAX_VALUE_TEXT:
            raise ParameterError(_("{name}: the value is too long.").format(name=self.name))
        stripped = text.strip()
        match self.kind:
            case ParameterKind.NUMBER:
                return self.validate(_number(self, stripped))
            case ParameterKind.INTEGER:
                return self.validate(_integer(self, stripped))
            case ParameterKind.SWITCH:
                return _switch(self, stripped)
            case ParameterKind.CHOICE:
                return self.validate(
                    _json(self, stripped) if stripped.startswith("{") else stripped
                )
            case ParameterKind.STRINGS:
                # A plain word is a list of one; a JSON list is taken as it is.
                return self.validate(_json(self, stripped) if stripped.startswith("[") else [text])
            case (
                ParameterKind.JSON
                | ParameterKind.FUNCTIONS
                | ParameterKind.FORMAT
                | ParameterKind.BIAS
            ):
                return self.validate(_json(self, stripped))

    def validate(self, value: Json) -> Json:
        """Return the value as it is sent; raise ParameterError where it can't be."""
        match self.kind:
            case ParameterKind.NUMBER | ParameterKind.INTEGER:
                return self._validate_number(value)
            case ParameterKind.SWITCH:
                if not isinstance(value, bool):
                    raise self._error(_("takes true or false"))
            case ParameterKind.CHOICE:
                self._validate_choice(value)
            case ParameterKind.STRINGS:
                self._validate_strings(value)
            case (
                ParameterKind.JSON
                | ParameterKind.FUNCTIONS
                | ParameterKind.FORMAT
                | ParameterKind.BIAS
            ):
                self._check(value)
        return value

    def format(self, value: Json) -> str:
        """Write a value so that `parse` reads it back."""
        match self.kind:
            case ParameterKind.NUMBER:
                return f"{value:.10g}"
            case ParameterKind.INTEGER:
                return str(value)
            case ParameterKind.SWITCH:
                return "true" if value else "false"
            case ParameterKind.CHOICE if isinstance(value, str):
                return value
            case (
                ParameterKind.JSON
                | ParameterKind.FUNCTIONS
                | ParameterKind.FORMAT
                | ParameterKind.BIAS
            ):
                return json.dumps(value, ensure_ascii=False, indent=2)
            case _:
                return json.dumps(value, ensure_ascii=False)

    def range_text(self) -> str:
        """Say in words what is taken, such as `0 to 2` or `at least 1`."""
        low, high = self.low, self.high
        if low is not None and high is not None:
            words = _("above {low}, at most {high}") if self.above_low else _("{low} to {high}")
            return words.format(low=f"{low:g}", high=f"{high:g}")
        if low is not None:
            return _("at least {low}").format(low=f"{low:g}")
        return ""

    def _error(self, what: str) -> ParameterError:
        return ParameterError(
            _("{label} ({name}) {what}.").format(label=self.label, name=self.name, what=what)
        )

    def _validate_number(self, value: Json) -> Json:
        wanted = (int, float) if self.kind is ParameterKind.NUMBER else (int,)
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise self._error(_kind_words(self.kind))
        if not _within(value, self):
            raise self._error(_("takes {range}").format(range=self.range_text()))
        return value

    def _validate_choice(self, value: Json) -> None:
        if isinstance(value, dict) and self.takes_object:
            self._check(value)
        elif value not in self.choices:
            raise self._error(_("takes one of: {list}").format(list=", ".join(self.choices)))

    def _validate_strings(self, value: Json) -> None:
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self._error(_("takes a list of texts that are not empty"))
        if not value or (self.most is not None and len(value) > self.most):
            raise self._error(_("takes 1 to {most} texts").format(most=self.most))

    def _check(self, value: Json) -> None:
        if self.check is not None and (wrong := self.check(value)) is not None:
            raise self._error(wrong)


def conflicts_among(values: Values, table: Sequence[Parameter]) -> list[FoundConflict]:
    """List what contradicts itself among the set values."""
    return [
        FoundConflict(parameter.name, conflict.sentence, conflict.fixes)
        for parameter in table
        if parameter.name in values
        for conflict in parameter.conflicts
        if conflict.broken(values)
    ]


def _within(number: int | float, parameter: Parameter) -> bool:
    # A whole number is compared as it is: as a float the last ones below 2⁶³ would be that.
    if isinstance(number, float) and not math.isfinite(number):
        return False
    if parameter.low is not None and (
        number < parameter.low or (parameter.above_low and number == parameter.low)
    ):
        return False
    return parameter.high is None or number <= parameter.high


def _kind_words(kind: ParameterKind) -> str:
    return _("takes a whole number") if kind is ParameterKind.INTEGER else _("takes a number")


def _number(parameter: Parameter, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise parameter._error(_kind_words(ParameterKind.NUMBER)) from error


def _integer(parameter: Parameter, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise parameter._error(_kind_words(ParameterKind.INTEGER)) from error


def _switch(parameter: Parameter, text: str) -> bool:
    word = text.lower()
    if word in {"true", "yes", "on", "1"}:
        return True
    if word in {"false", "no", "off", "0"}:
        return False
    raise parameter._error(_("takes true or false"))


def _json(parameter: Parameter, text: str) -> Json:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = _("is not valid JSON (line {line}, column {column})").format(
            line=error.lineno, column=error.colno
        )
        raise parameter._error(where) from error
    except (ValueError, RecursionError) as error:
        raise parameter._error(_("is not JSON that a server would take")) from error


def _refuse_constant(constant: str) -> Json:
    raise ValueError(f"JSON has no {constant}")
