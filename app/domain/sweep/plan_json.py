"""JSON form of a sweep's plan, written and read; damaged input is refused with InputError."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import InputError
from app.domain.parameters.presets import Preset, accepted_values
from app.domain.sweep.plan import (
    Axis,
    ModelAxis,
    ModelChoice,
    ParameterAxis,
    Plan,
    PresetAxis,
    Seeds,
)
from app.domain.text.translation import _

Record = dict[str, Any]


def plan_record(plan: Plan) -> Record:
    """Return a plan as a JSON object."""
    return {
        "question": plan.question,
        "provider": plan.provider,
        "model": plan.model,
        "parameters": dict(plan.parameters),
        "system": plan.system,
        "routing": dict(plan.routing),
        "columns": _axis_record(plan.columns),
        "rows": _axis_record(plan.rows),
        "repeats": plan.repeats,
        "seeds": plan.seeds.value,
        "first_seed": plan.first_seed,
        "most_at_once": plan.most_at_once,
    }


def plan_of(record: Any) -> Plan:
    """Read a JSON object that `plan_record` made.

    Parameter values that the table doesn't take are left out. Raises InputError if the object is
    not a plan.
    """
    try:
        return Plan(
            question=_text(record["question"]),
            provider=_text(record["provider"]),
            model=_text(record["model"]),
            parameters=accepted_values(_object(record["parameters"]))[0],
            system=_text(record["system"]),
            routing=_object(record["routing"]),
            columns=_axis_of(record["columns"]),
            rows=_axis_of(record["rows"]),
            repeats=_whole(record["repeats"]),
            seeds=Seeds(record["seeds"]),
            first_seed=_whole(record["first_seed"]),
            most_at_once=max(0, _whole(record["most_at_once"])),
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise InputError(_("This sweep's plan is damaged."), repr(error)) from error


def _axis_record(axis: Axis | None) -> Record | None:
    match axis:
        case None:
            return None
        case ParameterAxis():
            return {"kind": "parameter", "name": axis.name, "values": list(axis.values)}
        case PresetAxis():
            return {
                "kind": "presets",
                "presets": [
                    {
                        "id": preset.id,
                        "name": preset.name,
                        "about": preset.about,
                        "parameters": dict(preset.parameters),
                        "shipped": preset.shipped,
                    }
                    for preset in axis.presets
                ],
            }
        case ModelAxis():
            return {"kind": "models", "models": [choice._asdict() for choice in axis.models]}


def _axis_of(record: Any) -> Axis | None:
    if record is None:
        return None
    match record["kind"]:
        case "parameter":
            return ParameterAxis(_text(record["name"]), tuple(_list(record["values"])))
        case "presets":
            return PresetAxis(tuple(_preset_of(preset) for preset in _list(record["presets"])))
        case "models":
            return ModelAxis(tuple(_choice_of(choice) for choice in _list(record["models"])))
        case _:
            raise ValueError("no such kind of axis")


def _preset_of(record: Any) -> Preset:
    return Preset(
        _text(record["id"]),
        _text(record["name"]),
        _text(record["about"]),
        accepted_values(_object(record["parameters"]))[0],
        record["shipped"] is True,
    )


def _choice_of(record: Any) -> ModelChoice:
    return ModelChoice(_text(record["provider"]), _text(record["model"]), _text(record["name"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value
