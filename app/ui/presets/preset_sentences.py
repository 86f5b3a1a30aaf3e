"""What is said of presets: their values in a line, what a file brought, what isn't taken."""

from collections.abc import Iterable, Mapping, Sequence

from app.domain.parameters.kinds import Values
from app.domain.parameters.presets import Preset
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.text.translation import _, ngettext
from app.ui.parameters.rows import value_words

#: So many problems of a file are listed; the rest is a number.
LISTED = 12


def labels(names: Iterable[str]) -> str:
    """Parameters as the panel calls them."""
    return ", ".join(BY_NAME[name].label for name in names if name in BY_NAME)


def values_words(values: Values) -> str:
    """All values of a preset, one a line."""
    lines = [
        f"{one.label}: {value_words(one.name, values[one.name])}"
        for one in PARAMETERS
        if one.name in values
    ]
    return "\n".join(lines) or _("Sets nothing: every parameter is the provider's default.")


def applied_words(preset: Preset, not_taken: Mapping[str, str]) -> str:
    """That a preset was put on, and what of it this model doesn't take."""
    left = [name for name in preset.parameters if name in not_taken]
    if not left:
        return _("“{name}” is on").format(name=preset.name)
    words = _("“{name}” is on. Not taken by this model: {list}")
    return words.format(name=preset.name, list=labels(left))


def import_words(count: int, problems: Sequence[str]) -> str:
    """What a file brought, and what of it wasn't taken."""
    words = ngettext("{n} preset was imported.", "{n} presets were imported.", count)
    lines = [words.format(n=count)]
    if problems:
        lines.append(_("Not everything in the file was taken:"))
        lines += [f"• {one}" for one in problems[:LISTED]]
    if len(problems) > LISTED:
        lines.append(_("And {n} more.").format(n=len(problems) - LISTED))
    return "\n".join(lines)
