"""The values of a swept parameter, as a person types them and as they are offered."""

import re
from decimal import Decimal

from app.domain.errors import ParameterError
from app.domain.parameter_kinds import Json, Kind, Parameter
from app.domain.sweep import MOST_VALUES
from app.domain.texts import _

#: What stands for not setting a parameter.
DEFAULT = "default"
_NUMBER = r"\s*(-?\d*\.?\d+)\s*"
_RANGE = re.compile(rf"{_NUMBER}(?:\.\.|…|–){_NUMBER}(?:(?:step|by){_NUMBER})?")
_NUMBERS = frozenset({Kind.NUMBER, Kind.INTEGER})
#: Kinds whose values are long, so that each has a line of its own.
_LONG = frozenset({Kind.JSON, Kind.STRINGS, Kind.FORMAT, Kind.FUNCTIONS})


def parse_values(parameter: Parameter, text: str) -> tuple[Json | None, ...]:
    """Read values as typed: `0, 0.5, 1`, or `0..1 step 0.25`; what is long one a line. The word
    `default` is not setting it. Twice the same is once. Raises ParameterError."""
    match = _RANGE.fullmatch(text) if parameter.kind in _NUMBERS and len(text) < 100 else None
    if match is not None:
        found = _stepped(parameter, match)
    else:
        parts = re.split(r"\n" if parameter.kind in _LONG else r"[,;\n]", text)
        wanted = [part.strip() for part in parts if part.strip()]
        if len(wanted) > MOST_VALUES:
            raise _too_many()
        found = [None if part == DEFAULT else parameter.parse(part) for part in wanted]
    unique: list[Json | None] = []
    for value in found:
        if value not in unique:
            unique.append(value)
    if not unique:
        raise ParameterError(_("Give at least one value."))
    return tuple(unique)


def offered_values(parameter: Parameter) -> str:
    """A few values that show what a parameter does, as one would type them."""
    low, high = parameter.low, parameter.high
    if parameter.kind is Kind.SWITCH:
        return "true, false"
    if parameter.kind is Kind.CHOICE:
        return ", ".join(parameter.choices[:4])
    if parameter.kind not in _NUMBERS:
        return ""
    if parameter.scale is not None:
        found = [parameter.scale.value(share) for share in (0.05, 0.35, 0.65, 1.0)]
    elif low is not None and high is not None:
        found = [low + (high - low) * share for share in (0.0, 0.25, 0.5, 0.75)]
    else:
        found = [float(parameter.start or 1), float(parameter.start or 1) * 2]
    whole = parameter.kind is Kind.INTEGER
    values: list[str] = []
    for one in found:
        value = round(one) if whole else round(one, 2)
        if parameter.above_low and low is not None and value <= low:
            value = parameter.fine or parameter.step
        if (words := parameter.format(value)) not in values:
            values.append(words)
    return ", ".join(values)


def _stepped(parameter: Parameter, match: re.Match[str]) -> list[Json | None]:
    first, last = Decimal(match[1]), Decimal(match[2])
    step = Decimal(match[3]) if match[3] else (last - first) / 4
    if last < first or (step <= 0 and last != first):
        raise ParameterError(_("A range goes up, such as 0..1 step 0.25."))
    if step and (last - first) / step >= MOST_VALUES:
        raise _too_many()
    whole = parameter.kind is Kind.INTEGER
    found: list[Json | None] = []
    value = first
    while value <= last:
        found.append(parameter.validate(round(value) if whole else float(value)))
        if not step:
            break
        value += step
    return found


def _too_many() -> ParameterError:
    return ParameterError(_("At most {n} values.").format(n=MOST_VALUES))
