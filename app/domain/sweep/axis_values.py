"""Values of a sweep's axis: suggestions per parameter, and parsing of typed lists and ranges."""

import json
import math
import re
from decimal import Decimal, InvalidOperation

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter, ParameterKind
from app.domain.sweep.plan import MOST_VALUES
from app.domain.text.translation import _

#: Number of values that are suggested.
OFFERED = 4
#: Word that is typed for *not set*, the provider's default.
UNSET = "default"
#: Largest power of ten, positive or negative, in a typed range.
GREATEST_EXPONENT = 30

_RANGE = re.compile(r"^(\S+?)\s*(?:\.\.|…)\s*(\S+?)(?:\s+(?:step|by)\s+(\S+))?$", re.IGNORECASE)


def suggested_values(parameter: Parameter) -> tuple[Json | None, ...]:
    """Suggest values that show the effect of a parameter; none for texts and JSON.

    Numbers with both bounds are spread evenly from the lower bound (temperature: 0, 0.5, 1, 1.5);
    the upper bound is left out, since answers there are mostly nonsense. Numbers without an upper
    bound are a quarter, half, once and twice the editor's starting value.
    """
    match parameter.kind:
        case ParameterKind.NUMBER | ParameterKind.INTEGER:
            return tuple(dict.fromkeys(_scale(parameter)))
        case ParameterKind.SWITCH:
            return (False, True)
        case ParameterKind.CHOICE:
            more = [] if parameter.more_choices is None else parameter.more_choices({})
            return (*parameter.choices, *(value for _words, value in more))
        case _:
            return ()


def parse_values(parameter: Parameter, text: str) -> tuple[Json | None, ...]:
    """Read typed values such as `0, 0.5, 1`, `0..1 step 0.25` or `default, 40`.

    Returns each value once, in the typed order; None for `default`. Values of kinds that contain
    commas themselves (JSON, texts) stand one on each line. Raises ParameterError with a sentence
    that says which value is wrong, or that there are none or more than MOST_VALUES.
    """
    numeric = parameter.kind in {ParameterKind.NUMBER, ParameterKind.INTEGER}
    simple = numeric or parameter.kind in {ParameterKind.SWITCH, ParameterKind.CHOICE}
    parts = re.split(r"[,;\n]", text) if simple and "{" not in text else text.splitlines()
    values: list[Json | None] = []
    for part in (text.strip() for text in parts[: MOST_VALUES * 20]):
        if not part:
            continue
        if part.casefold() == UNSET:
            values.append(None)
        elif numeric and (match := _RANGE.match(part)):
            values += _range(parameter, *match.groups())
        else:
            values.append(parameter.parse(part))
    unique: list[Json | None] = []
    for value in values:
        if not any(type(value) is type(known) and value == known for known in unique):
            unique.append(value)
        if len(unique) > MOST_VALUES:
            raise ParameterError(_too_many(parameter))
    if not unique:
        raise ParameterError(
            _("{name}: enter values such as 0, 0.5, 1 or 0..1 step 0.25.").format(
                name=parameter.label
            )
        )
    return tuple(unique)


def values_text(parameter: Parameter, values: tuple[Json | None, ...]) -> str:
    """Write values in the form that `parse_values` reads."""
    simple = parameter.kind in {
        ParameterKind.NUMBER,
        ParameterKind.INTEGER,
        ParameterKind.SWITCH,
        ParameterKind.CHOICE,
    }
    texts = [UNSET if value is None else _line(parameter, value) for value in values]
    return (", " if simple and not any("{" in text for text in texts) else "\n").join(texts)


def _line(parameter: Parameter, value: Json) -> str:
    if parameter.kind in {
        ParameterKind.JSON,
        ParameterKind.FUNCTIONS,
        ParameterKind.FORMAT,
        ParameterKind.BIAS,
    }:
        return json.dumps(value, ensure_ascii=False)
    return parameter.format(value)


def _scale(parameter: Parameter) -> list[Json]:
    low, high, whole = parameter.low, parameter.high, parameter.kind is ParameterKind.INTEGER
    if low is None or high is None or high - low > 1000:
        # Wide or unbounded ranges, such as limits, double; seeds are counted up.
        start = parameter.start if parameter.start else max(1, parameter.step)
        if high is not None:
            return [int(parameter.start or 0) + number for number in range(OFFERED)]
        return [round(start * factor) if whole else start * factor for factor in (0.25, 0.5, 1, 2)]
    width = high - low
    # Without the upper bound: 0, 0.5, 1, 1.5. With it if the lower bound itself is out of range.
    shift = 1 if parameter.above_low else 0
    values = [low + width * (number + shift) / OFFERED for number in range(OFFERED)]
    return [round(value) if whole else float(f"{value:.6g}") for value in values]


def _range(parameter: Parameter, first: str, last: str, step: str | None) -> list[Json]:
    try:
        # Decimal, so that steps of 0.1 don't give 0.30000000000000004.
        start, end = Decimal(first), Decimal(last)
        width = Decimal(step) if step is not None else Decimal(str(parameter.step))
    except InvalidOperation as error:
        raise ParameterError(
            _("{name}: “{text}” isn't a range such as 0..1 step 0.25.").format(
                name=parameter.label, text=f"{first}..{last}"[:60]
            )
        ) from error
    if not (start.is_finite() and end.is_finite() and width.is_finite()) or not width:
        raise ParameterError(_("{name}: the step must be above 0.").format(name=parameter.label))
    if max(abs(number.adjusted()) for number in (start, end, width)) > GREATEST_EXPONENT:
        # 1e999999999 would be written out with a billion digits below.
        raise ParameterError(_too_many(parameter))
    width = abs(width) if end >= start else -abs(width)
    if (end - start) / width >= MOST_VALUES * 2:
        raise ParameterError(_too_many(parameter))
    count = math.floor((end - start) / width) + 1
    return [parameter.parse(f"{start + width * number:f}") for number in range(count)]


def _too_many(parameter: Parameter) -> str:
    return _("{name}: at most {most} values.").format(name=parameter.label, most=MOST_VALUES)
