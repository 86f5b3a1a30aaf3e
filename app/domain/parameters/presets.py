"""Presets: parameters under a name, the rules of putting them on, and those that come with us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.errors import ParameterError
from app.domain.parameters.kinds import Json, Values
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.text.translation import _

LONGEST_NAME = 80
LONGEST_ABOUT = 500


@dataclass(frozen=True, slots=True)
class Preset:
    """Parameters under a name. `about` says in a sentence or two what it is good for, and why."""

    id: str
    name: str
    about: str = ""
    parameters: Values = field(default_factory=dict)
    #: Whether it comes with the program, and so can't be changed, only duplicated.
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class ParameterDifference:
    """A parameter that two sets of values don't agree in; None is *not set*."""

    name: str
    first: Json | None
    second: Json | None


#: What sampling heeds: every parameter that has a value at which it does nothing.
SAMPLING = tuple(one.name for one in PARAMETERS if one.neutral is not None)


def neutral() -> dict[str, Json]:
    """Every sampling parameter at the value at which it does nothing."""
    return {name: BY_NAME[name].neutral for name in SAMPLING}


def applied(values: Values, preset: Preset, former: Preset | None = None) -> dict[str, Json]:
    """The values after a preset was put on.

    A preset says how tokens are chosen, so sampling parameters that it doesn't set are unset; so
    is what the `former` one had brought, where it still is as it brought it. Everything else,
    such as the tools of a conversation, stays.
    """
    brought: Values = {} if former is None else former.parameters
    kept = {
        name: value
        for name, value in values.items()
        if name not in SAMPLING and not (name in brought and same(brought[name], value))
    }
    return kept | dict(preset.parameters)


def differing(values: Values, preset: Preset) -> list[ParameterDifference]:
    """Where values aren't what a preset makes of them, in the table's order."""
    governed = {*SAMPLING, *preset.parameters}
    mine = {name: value for name, value in values.items() if name in governed}
    return between(mine, preset.parameters)


def between(first: Values, second: Values) -> list[ParameterDifference]:
    """Where two sets of values differ, in the table's order."""
    return [
        ParameterDifference(one.name, first.get(one.name), second.get(one.name))
        for one in PARAMETERS
        if not same(first.get(one.name), second.get(one.name))
    ]


def same(first: Json | None, second: Json | None) -> bool:
    """Whether two values are the same to a provider: 1 and 1.0 are, true and 1 are not."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    return bool(first == second)


def matching(values: Values, presets: Iterable[Preset]) -> Preset | None:
    """The first preset that values are exactly those of; one that sets nothing matches none."""
    for preset in presets:
        if preset.parameters and not differing(values, preset):
            return preset
    return None


def taken(parameters: Mapping[str, Json]) -> tuple[dict[str, Json], list[str]]:
    """Of values from elsewhere those that the table takes, and a sentence for each other one."""
    good: dict[str, Json] = {}
    wrong: list[str] = []
    for name, value in parameters.items():
        if name not in BY_NAME:
            wrong.append(_("There is no parameter “{name}” here.").format(name=name[:80]))
            continue
        try:
            good[name] = BY_NAME[name].validate(value)
        except (ParameterError, TypeError, ValueError, RecursionError) as error:
            known = isinstance(error, ParameterError)
            wrong.append(str(error)[:300] if known else _("{name} is not valid.").format(name=name))
    return good, wrong


def free_name(name: str, names: Iterable[str]) -> str:
    """A name that nothing else has: itself, or with the first number that is free."""
    name = " ".join(name.split())[:LONGEST_NAME] or _("Preset")
    others = {one.casefold() for one in names}
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
            "For facts, code and extraction. A low temperature prefers the likeliest words, and "
            "Top P drops the unlikely ones that would still slip in now and then."
        ),
        {"temperature": 0.3, "top_p": 0.9},
        shipped=True,
    ),
    Preset(
        "balanced",
        _("Balanced"),
        _(
            "For everyday questions. A little below the model's own temperature, with a cut "
            "that drops only what is hardly likely."
        ),
        {"temperature": 0.7, "top_p": 0.95},
        shipped=True,
    ),
    Preset(
        "creative",
        _("Creative"),
        _(
            "For stories and variety. A temperature above 1 evens the odds; Min P keeps it from "
            "nonsense, since it cuts more where the model is sure, and less where it is not."
        ),
        {"temperature": 1.1, "min_p": 0.05},
        shipped=True,
    ),
    Preset(
        "deterministic",
        _("Deterministic"),
        _(
            "For tests and comparisons. At temperature 0 the likeliest token always wins, and the "
            "seed settles what chance is left. Some providers still vary."
        ),
        {"temperature": 0.0, "seed": 1},
        shipped=True,
    ),
    Preset(
        "brainstorm",
        _("Brainstorm"),
        _(
            "For many different ideas. A high temperature, Min P against nonsense, and a presence "
            "penalty that makes words that were used already a little less likely."
        ),
        {"temperature": 1.3, "min_p": 0.08, "presence_penalty": 0.5},
        shipped=True,
    ),
)
