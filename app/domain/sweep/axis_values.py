"""Values for an axis: ready-made ones of each parameter, and lists and ranges as they are typed."""

import json
import math
import re
from decimal import Decimal, InvalidOperation

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Kind, Parameter
from app.domain.sweep.plan import MOST_VALUES
from app.domain.text.translation import _

#: How many values are offered ready-made.
OFFERED = 4
#: What is typed for a value that isn't set: the provider's default.
UNSET = "default"
#: No parameter has values beyond this power of ten, and none needs steps so small.
GREATEST_EXPONENT = 30

_RANGE = re.compile(r"^(\S+?)\s*(?:\.\.|…)\s*(\S+?)(?:\s+(?:step|by)\s+(\S+))?$", re.IGNORECASE)


def offered(parameter: Parameter) -> tuple[Json | None, ...]:
    """Values that show a parameter's reach, from its own scale; empty where it has none.

    Numbers with both ends stand evenly between them (temperature: 0, 0.5, 1, 1.5, without the
    very end, which is nonsense for most); those without an end grow from where editors start.
    """
    match parameter.kind:
        case Kind.NUMBER | Kind.INTEGER:
            return tuple(dict.fromkeys(_scale(parameter)))
        case Kind.SWITCH:
            return (False, True)
        case Kind.CHOICE:
            more = [] if parameter.more_choices is None else parameter.more_choices({})
            return (*parameter.choices, *(value for _words, value in more))
        case _:
            return ()


def parse_values(parameter: Parameter, text: str) -> tuple[Json | None, ...]:
    """Read values as typed: `0, 0.5, 1`, `0..1 step 0.25`, `default, 40`. Each once, in order.

    Of kinds whose values have commas themselves (JSON, texts) each stands on a line of its own.
    Raises ParameterError, whose sentence names what is wrong.
    """
    numeric = parameter.kind in {Kind.NUMBER, Kind.INTEGER}
    simple = numeric or parameter.kind in {Kind.SWITCH, Kind.CHOICE}
    parts = re.split(r"[,;\n]", text) if simple and "{" not in text else text.splitlines()
    values: list[Json | None] = []
    for part in (one.strip() for one in parts[: MOST_VALUES * 20]):
        if not part:
            continue
        if part.casefold() == UNSET:
            values.append(None)
        elif numeric and (found := _RANGE.match(part)):
            values += _range(parameter, *found.groups())
        else:
            values.append(parameter.parse(part))
    unique: list[Json | None] = []
    for value in values:
        if not any(type(value) is type(one) and value == one for one in unique):
            unique.append(value)
        if len(unique) > MOST_VALUES:
            raise ParameterError(_too_many(parameter))
    if not unique:
        raise ParameterError(
            _("{name}: write values such as 0, 0.5, 1 or 0..1 step 0.25.").format(
                name=parameter.label
            )
        )
    return tuple(unique)


def written(parameter: Parameter, values: tuple[Json | None, ...]) -> str:
    """Values as they would be typed, so that `parse_values` reads them back."""
    simple = parameter.kind in {Kind.NUMBER, Kind.INTEGER, Kind.SWITCH, Kind.CHOICE}
    texts = [UNSET if one is None else _line(parameter, one) for one in values]
    return (", " if simple and not any("{" in one for one in texts) else "\n").join(texts)


def _line(parameter: Parameter, value: Json) -> str:
    if parameter.kind in {Kind.JSON, Kind.FUNCTIONS, Kind.FORMAT, Kind.BIAS}:
        return json.dumps(value, ensure_ascii=False)
    return parameter.format(value)


def _scale(parameter: Parameter) -> list[Json]:
    low, high, whole = parameter.low, parameter.high, parameter.kind is Kind.INTEGER
    if low is None or high is None or high - low > 1000:
        # A seed, a limit: each twice the one before.
        start = parameter.start if parameter.start else max(1, parameter.step)
        if high is not None:
            return [int(parameter.start or 0) + number for number in range(OFFERED)]
        return [round(start * factor) if whole else start * factor for factor in (0.25, 0.5, 1, 2)]
    width = high - low
    # Without the end: 0, 0.5, 1, 1.5; where the beginning itself is out of range, with the end.
    shift = 1 if parameter.above_low else 0
    found = [low + width * (number + shift) / OFFERED for number in range(OFFERED)]
    return [round(one) if whole else float(f"{one:.6g}") for one in found]


def _range(parameter: Parameter, first: str, last: str, step: str | None) -> list[Json]:
    try:
        # Decimal: 0.1 three times is 0.3, and no value comes out as 0.30000000000000004.
        start, end = Decimal(first), Decimal(last)
        width = Decimal(step) if step is not None else Decimal(str(parameter.step))
    except InvalidOperation as error:
        raise ParameterError(
            _("{name}: “{text}” is no range such as 0..1 step 0.25.").format(
                name=parameter.label, text=f"{first}..{last}"[:60]
            )
        ) from error
    if not (start.is_finite() and end.is_finite() and width.is_finite()) or not width:
        raise ParameterError(_("{name}: a step is more than 0.").format(name=parameter.label))
    if max(abs(one.adjusted()) for one in (start, end, width)) > GREATEST_EXPONENT:
        # Counting such steps overflows, and a number of a billion digits could be written out.
        raise ParameterError(_too_many(parameter))
    width = abs(width) if end >= start else -abs(width)
    if (end - start) / width >= MOST_VALUES * 2:
        raise ParameterError(_too_many(parameter))
    count = math.floor((end - start) / width) + 1
    return [parameter.parse(f"{start + width * number:f}") for number in range(count)]


def _too_many(parameter: Parameter) -> str:
    return _("{name}: {most} values are the most.").format(name=parameter.label, most=MOST_VALUES)
