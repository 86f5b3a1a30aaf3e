"""Finds the bound of a parameter in the words of an error message that refuses its value."""

import re
from collections.abc import Iterator

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Parameter, ParameterKind

_NUMBER = r"[-−]?\d[\d,_]*(?:\.\d+)?"
#: Words that may stand between a phrase and its number: "a maximum value of `8192`".
_FILLER = r"(?:\s+(?:value|values|is|of|to|be|the|allowed|supported|limit|only)\b)*[\s:=('\"`“*]*"
_UPPER = re.compile(
    r"(?:<=|≤|=<|\ble\b|at most|up to|up-to|no (?:more|greater|larger|higher) than"
    r"|(?:less|lower|smaller) than or equal to|(?:not|n't|cannot) (?:be )?(?:exceed|above|over)"
    r"|(?:be )?(?:above|over) (?:the )?(?:limit|maximum) of|exceeds?(?: the)?"
    r"(?: (?:model|model's|maximum|output|token|limit|allowed|value|of|supported)\b)*"
    r"|max(?:imum)?(?:[ _](?:allowed|supported|value|number|output|completion|tokens?|of|for)\b)*"
    r"|limit(?:ed)?(?: (?:is|of|to))?)" + _FILLER + rf"({_NUMBER})",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"(?:>=|≥|=>|\bge\b|at least|no (?:less|fewer|smaller|lower) than"
    r"|(?:greater|larger|higher|more) than or equal to|not (?:be )?(?:below|less than)"
    r"|min(?:imum)?(?:[ _](?:allowed|supported|value|number)\b)*)" + _FILLER + rf"({_NUMBER})",
    re.IGNORECASE,
)
#: Bounds that are not allowed themselves; for integers the next value is.
_BELOW = re.compile(
    r"(?:(?:less|lower|smaller) than|\blt\b|<)(?! or| ?=)" + _FILLER + rf"({_NUMBER})",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?:(?:greater|larger|higher|more) than|\bgt\b|>)(?! or| ?=)" + _FILLER + rf"({_NUMBER})",
    re.IGNORECASE,
)
_RANGES = (
    re.compile(rf"([\[(])\s*({_NUMBER})\s*(?:,|;|\.\.+|to|-|–)\s*({_NUMBER})\s*([\])])"),
    re.compile(
        rf"(?:between|from|range)\W+(?:\w+ )?()({_NUMBER})"
        rf"\s*(?:,|;|\.\.+|and|to|-|–)\s*({_NUMBER})()",
        re.IGNORECASE,
    ),
)
#: Comparisons of the refused value with its bound: "64000 > 8192".
_COMPARED = re.compile(rf"{_NUMBER}\s*([<>])\s*({_NUMBER})")
_DEFAULT = re.compile(rf"\bdefault(?: value)?(?: of| is)?[\s:('\"`]*({_NUMBER})", re.IGNORECASE)


def allowed_value(parameter: Parameter, value: Json, words: str) -> Json | None:
    """Return the allowed value that is nearest to a refused one; None if `words` name none.

    Only numbers have bounds. The result is a value that the parameter takes, unlike `value`.
    """
    if parameter.kind not in {ParameterKind.NUMBER, ParameterKind.INTEGER}:
        return None
    whole = parameter.kind is ParameterKind.INTEGER
    for allowed, is_upper in _bounds(words, whole):
        breaks_it = is_upper is None or (value > allowed if is_upper else value < allowed)
        if breaks_it and allowed != value and (usable := _usable(parameter, allowed)) is not None:
            return usable
    return None


def _bounds(words: str, whole: bool) -> Iterator[tuple[float, bool | None]]:
    """Yield bounds: a number, and whether it is an upper one; None for the only allowed value."""
    step = 1 if whole else 0
    for pattern in _RANGES:
        for opening, low, high, closing in pattern.findall(words):
            if opening != "(" or whole:
                yield _value(low) + (step if opening == "(" else 0), False
            if closing != ")" or whole:
                yield _value(high) - (step if closing == ")" else 0), True
    for sign, found in _COMPARED.findall(words):
        yield _value(found), sign == ">"
    for found in _UPPER.findall(words):
        yield _value(found), True
    for found in _LOWER.findall(words):
        yield _value(found), False
    if whole:
        for found in _BELOW.findall(words):
            yield _value(found) - 1, True
        for found in _ABOVE.findall(words):
            yield _value(found) + 1, False
    for found in _DEFAULT.findall(words):
        yield _value(found), None


def _value(digits: str) -> float:
    return float(digits.replace("−", "-").replace(",", "").replace("_", ""))


def _usable(parameter: Parameter, number: float) -> Json | None:
    value = int(number) if number.is_integer() else number
    try:
        return parameter.validate(value)
    except ParameterError:
        return None
