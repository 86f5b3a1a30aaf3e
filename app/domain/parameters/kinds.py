"""The declaration of a parameter: kind, range, conflicts; parsing, validation and formatting."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.errors import ParameterError
from app.domain.parameters.slider_scales import SliderScale
from app.domain.text.translation import _

#: A JSON value.
Json = Any
#: The values of parameters by name; a parameter that is not set is missing.
Values = Mapping[str, Json]

#: Longest text of one value, in characters.
MAX_VALUE_TEXT = 1_000_000


class ParameterKind(StrEnum):
    """The kind of value that a parameter takes; the panel has one editor for each kind."""

    NUMBER = "number"
    INTEGER = "integer"
    SWITCH = "switch"
    CHOICE = "choice"
    STRINGS = "strings"
    JSON = "json"
    #: JSON values with an editor of their own: `tools`, `response_format` and `logit_bias`.
    FUNCTIONS = "functions"
    FORMAT = "format"
    BIAS = "bias"


class ParameterGroup(StrEnum):
    """The groups of the parameter panel, in its order; each parameter is in one. The values are
    the names under which the panel remembers which groups are folded."""

    SAMPLING = "sampling"
    REPETITION = "repetition"
    LENGTH = "length"
    REASONING = "reasoning"
    OUTPUT = "output"
    TOOLS = "tools"
    PROBABILITIES = "probabilities"

    @property
    def label(self) -> str:
        """The heading of the group."""
        return _GROUP_LABELS[self]


_GROUP_LABELS = {
    ParameterGroup.SAMPLING: _("Sampling"),
    ParameterGroup.REPETITION: _("Repetition"),
    ParameterGroup.LENGTH: _("Length and stops"),
    ParameterGroup.REASONING: _("Reasoning"),
    ParameterGroup.OUTPUT: _("Output format"),
    ParameterGroup.TOOLS: _("Tools"),
    ParameterGroup.PROBABILITIES: _("Probabilities"),
}


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of values that resolves a conflict; `label` is the text of its button.

    `changes(values)` returns the new values of the parameters to change; None unsets a parameter.
    """

    label: str
    changes: Callable[[Values], Mapping[str, Json | None]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rule between parameters: if `broken(values)` is true, `sentence` tells the person why."""

    sentence: str
    broken: Callable[[Values], bool]
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """A conflict among actual values, and the name of the parameter beside which it is shown."""

    parameter: str
    sentence: str
    fixes: tuple[Fix, ...] = ()


def fixed(values: Values, fix: Fix) -> dict[str, Json]:
    """Return a copy of the values to which a fix was applied."""
    changes = fix.changes(values)
    kept = {name: value for name, value in values.items() if name not in changes}
    return kept | {name: value for name, value in changes.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Parameter:
    """An entry of the table of parameters.

    `low` and `high` are inclusive bounds. `step` is the change by one key press, and `fine` the
    change with Shift (0: the same as `step`).
    """

    name: str
    kind: ParameterKind
    group: ParameterGroup
    label: str
    help: str
    low: float | None = None
    high: float | None = None
    #: True if `low` itself is out of range, so that the range is open below.
    above_low: bool = False
    step: float = 1
    fine: float = 0
    #: The mapping between slider positions and values; None: linear from low to high.
    scale: SliderScale | None = None
    #: The editor's value when the parameter is first set; for JSON, an example.
    start: Json = None
    #: The value at which the parameter has no effect; None if there is no such value.
    neutral: Json = None
    choices: tuple[str, ...] = ()
    #: For CHOICE: returns more choices, as (label, value), that depend on other values.
    more_choices: Callable[[Values], Sequence[tuple[str, Json]]] | None = None
    #: For CHOICE: True if a JSON object is accepted as well.
    takes_object: bool = False
    #: For STRINGS: greatest number of texts.
    most: int | None = None
    #: For JSON kinds and objects of CHOICE: returns a phrase about the first fault, or None.
    check: Callable[[Json], str | None] | None = None
    conflicts: tuple[Conflict, ...] = ()
    unit: str = ""

    def parse(self, text: str) -> Json:
        """Read a value from a text typed on the command line or in the panel.

        Raises ParameterError with a sentence that names the parameter and the values it takes.
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
        """Return the value unchanged if the parameter takes it; raises ParameterError if not."""
        match self.kind:
            case ParameterKind.NUMBER | ParameterKind.INTEGER:
                return self._validate_number(value)
            case ParameterKind.SWITCH:
                if not isinstance(value, bool):
                    raise self._error(_("must be true or false"))
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
        """Return a value as a text that `parse` reads back."""
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
        """Return the range in words, such as `0 to 2` or `at least 1`; empty if `low` is None."""
        low, high = self.low, self.high
        if low is not None and high is not None:
            words = _("above {low}, at most {high}") if self.above_low else _("{low} to {high}")
            return words.format(low=_bound(low), high=_bound(high))
        if low is not None:
            return _("at least {low}").format(low=_bound(low))
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
            raise self._error(_("must be {range}").format(range=self.range_text()))
        return value

    def _validate_choice(self, value: Json) -> None:
        if isinstance(value, dict) and self.takes_object:
            self._check(value)
        elif value not in self.choices:
            raise self._error(_("must be one of: {list}").format(list=", ".join(self.choices)))

    def _validate_strings(self, value: Json) -> None:
        if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
            raise self._error(_("must be a list of texts that are not empty"))
        if not value or (self.most is not None and len(value) > self.most):
            raise self._error(_("must have 1 to {most} texts").format(most=self.most))

    def _check(self, value: Json) -> None:
        if self.check is not None and (wrong := self.check(value)) is not None:
            raise self._error(wrong)


def conflicts_among(values: Values, table: Sequence[Parameter]) -> list[FoundConflict]:
    """List the conflicts among the values that are set, in the order of the table."""
    return [
        FoundConflict(parameter.name, conflict.sentence, conflict.fixes)
        for parameter in table
        if parameter.name in values
        for conflict in parameter.conflicts
        if conflict.broken(values)
    ]


def _bound(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"


def _within(number: int | float, parameter: Parameter) -> bool:
    # Whole numbers are not converted to float, which would round those just below 2⁶³ up to it.
    if isinstance(number, float) and not math.isfinite(number):
        return False
    if parameter.low is not None and (
        number < parameter.low or (parameter.above_low and number == parameter.low)
    ):
        return False
    return parameter.high is None or number <= parameter.high


def _kind_words(kind: ParameterKind) -> str:
    return _("must be a whole number") if kind is ParameterKind.INTEGER else _("must be a number")


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
    raise parameter._error(_("must be true or false"))


def _json(parameter: Parameter, text: str) -> Json:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = _("is not valid JSON (line {line}, column {column})").format(
            line=error.lineno, column=error.colno
        )
        raise parameter._error(where) from error
    except (ValueError, RecursionError) as error:
        raise parameter._error(_("is not valid JSON")) from error


def _refuse_constant(constant: str) -> Json:
    raise ValueError(f"JSON has no {constant}")
