"""Presets: named parameter values, the rules for applying them, and those that are built in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Values
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.text.translation import _

#: Longest name and description of a preset, in characters.
LONGEST_NAME = 80
LONGEST_ABOUT = 500


@dataclass(frozen=True, slots=True)
class Preset:
    """Named parameter values. `about` says in a sentence or two what the preset is good for."""

    id: str
    name: str
    about: str = ""
    parameters: Values = field(default_factory=dict)
    #: True for a built-in preset, which can be duplicated but not changed.
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class ParameterDifference:
    """A parameter with different values in two sets; None stands for *not set*."""

    name: str
    first: Json | None
    second: Json | None


#: Names of the sampling parameters: all parameters that have a neutral value.
SAMPLING = tuple(parameter.name for parameter in PARAMETERS if parameter.neutral is not None)


def neutral() -> dict[str, Json]:
    """Return every sampling parameter with its neutral value, at which it has no effect."""
    return {name: BY_NAME[name].neutral for name in SAMPLING}


def applied(values: Values, preset: Preset, former: Preset | None = None) -> dict[str, Json]:
    """Return the values after a preset was applied.

    Sampling parameters that the preset doesn't set are unset, and so are other parameters of the
    `former` preset that still have its values. All else, such as a conversation's tools, stays.
    """
    brought: Values = {} if former is None else former.parameters
    kept = {
        name: value
        for name, value in values.items()
        if name not in SAMPLING and not (name in brought and same(brought[name], value))
    }
    return kept | dict(preset.parameters)


def differences_from_preset(values: Values, preset: Preset) -> list[ParameterDifference]:
    """List the parameters that applying a preset would change, in the order of the table.

    `first` of each is the value now, and `second` the preset's.
    """
    governed = {*SAMPLING, *preset.parameters}
    mine = {name: value for name, value in values.items() if name in governed}
    return parameter_differences(mine, preset.parameters)


def parameter_differences(first: Values, second: Values) -> list[ParameterDifference]:
    """List the parameters in which two sets of values differ, in the order of the table."""
    return [
        ParameterDifference(parameter.name, first.get(parameter.name), second.get(parameter.name))
        for parameter in PARAMETERS
        if not same(first.get(parameter.name), second.get(parameter.name))
    ]


def same(first: Json | None, second: Json | None) -> bool:
    """Whether two values mean the same to a provider: 1 and 1.0 do, true and 1 don't."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    return bool(first == second)


def matching(values: Values, presets: Iterable[Preset]) -> Preset | None:
    """Return the first preset that could be applied to `values` without changing them, or None.

    A preset without parameters never matches.
    """
    for preset in presets:
        if preset.parameters and not differences_from_preset(values, preset):
            return preset
    return None


def accepted_values(parameters: Mapping[str, Json]) -> tuple[dict[str, Json], list[str]]:
    """Return the valid ones of imported values, and a list of sentences about the refused ones."""
    good: dict[str, Json] = {}
    wrong: list[str] = []
    for name, value in parameters.items():
        if name not in BY_NAME:
            wrong.append(_("There is no parameter “{name}”.").format(name=name[:80]))
            continue
        try:
            good[name] = BY_NAME[name].validate(value)
        except (ParameterError, TypeError, ValueError, RecursionError) as error:
            known = isinstance(error, ParameterError)
            wrong.append(str(error)[:300] if known else _("{name} is not valid.").format(name=name))
    return good, wrong


def free_name(name: str, names: Iterable[str]) -> str:
    """Return `name`, or `name` with the first number from 2 that isn't among `names`.

    Upper and lower case count as equal. The name is put on one line and cut to LONGEST_NAME
    characters; an empty name becomes “Preset”.
    """
    name = " ".join(name.split())[:LONGEST_NAME] or _("Preset")
    others = {other.casefold() for other in names}
    number, tried = 2, name
    while tried.casefold() in others:
        end = f" {number}"
        tried, number = name[: LONGEST_NAME - len(end)] + end, number + 1
    return tried


SHIPPED: tuple[Preset, ...] = (
    Preset(
        "precise",
        _("Precise"),
        _(
            "For facts, code and extraction. A low temperature prefers the most likely tokens, and "
            "Top P drops unlikely ones."
        ),
        {"temperature": 0.3, "top_p": 0.9},
        shipped=True,
    ),
    Preset(
        "balanced",
        _("Balanced"),
        _(
            "For everyday questions. A temperature a little below 1, and a Top P that drops only "
            "very unlikely tokens."
        ),
        {"temperature": 0.7, "top_p": 0.95},
        shipped=True,
    ),
    Preset(
        "creative",
        _("Creative"),
        _(
            "For stories and variety. A temperature above 1 makes answers more varied, and Min P "
            "drops the tokens that would turn them into nonsense."
        ),
        {"temperature": 1.1, "min_p": 0.05},
        shipped=True,
    ),
    Preset(
        "deterministic",
        _("Deterministic"),
        _(
            "For tests and comparisons. At temperature 0 the most likely token is always chosen. "
            "Answers can still differ: many providers don't guarantee the same result, even with "
            "a seed. The seed check shows it."
        ),
        {"temperature": 0.0, "seed": 1},
        shipped=True,
    ),
    Preset(
        "brainstorm",
        _("Brainstorm"),
        _(
            "For many different ideas. A high temperature, Min P against nonsense, and a presence "
            "penalty that makes tokens that have appeared less likely."
        ),
        {"temperature": 1.3, "min_p": 0.08, "presence_penalty": 0.5},
        shipped=True,
    ),
)
