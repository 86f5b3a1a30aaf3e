"""Sentences about presets: their values, the parameters that a model does not support, and the
result of an import."""

from collections.abc import Iterable, Mapping, Sequence

from app.domain.parameters.kinds import Values
from app.domain.parameters.presets import Preset
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.text.translation import _, ngettext
from app.ui.parameters.rows import value_words

#: Most problems of a file that are listed; the rest is counted.
LISTED = 12


def labels(names: Iterable[str]) -> str:
    """Return the labels of parameters, as in the panel, separated by commas. Unknown names are left
    out."""
    return ", ".join(BY_NAME[name].label for name in names if name in BY_NAME)


def values_words(values: Values) -> str:
    """Return the values of a preset, one a line, in the order of the panel."""
    lines = [
        f"{parameter.label}: {value_words(parameter.name, values[parameter.name])}"
        for parameter in PARAMETERS
        if parameter.name in values
    ]
    return "\n".join(lines) or _("Sets nothing: all parameters are at their default.")


def applied_words(preset: Preset, not_taken: Mapping[str, str]) -> str:
    """Return a sentence for a preset that was applied. `not_taken` has, by name, the reasons why
    the model does not support parameters; those of the preset are listed."""
    left = [name for name in preset.parameters if name in not_taken]
    if not left:
        return _("“{name}” is active").format(name=preset.name)
    words = _("“{name}” is active. Not supported by this model: {list}")
    return words.format(name=preset.name, list=labels(left))


def import_words(count: int, problems: Sequence[str]) -> str:
    """Return a text about an import: the number of new presets, and up to LISTED problems, one a
    line."""
    words = ngettext("{n} preset was imported.", "{n} presets were imported.", count)
    lines = [words.format(n=count)]
    if problems:
        lines.append(_("Not everything in the file could be imported:"))
        lines += [f"• {problem}" for problem in problems[:LISTED]]
    if len(problems) > LISTED:
        lines.append(_("And {n} more.").format(n=len(problems) - LISTED))
    return "\n".join(lines)
