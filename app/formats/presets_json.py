"""The file format of presets, for passing them on.

    {"format": "loquat-presets", "version": 1,
     "presets": [{"name": "Calm", "about": "…", "parameters": {"temperature": 0.3}}]}

Such files come from strangers: their size is limited, each value is checked by the table of
parameters, and the parts that are left out are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.errors import InputError
from app.domain.parameters.presets import LONGEST_ABOUT, LONGEST_NAME, Preset, accepted_values
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

FORMAT = "loquat-presets"
VERSION = 1
#: Greatest size of a file of presets, in bytes.
LARGEST = 5_000_000
MOST_PRESETS = 500
MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """The presets in a file, still without ids, and a sentence for each part that was left out."""

    presets: tuple[Preset, ...]
    problems: tuple[str, ...]


def written(presets: Sequence[Preset]) -> bytes:
    """Return the content of a file of presets, indented for people."""
    records = [
        {
            "name": mend(one.name),
            "about": mend(one.about),
            "parameters": _mended(dict(one.parameters)),
        }
        for one in presets
    ]
    whole = {"format": FORMAT, "version": VERSION, "presets": records}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def read(content: bytes) -> Found:
    """Read the content of a file of presets. Raises InputError if it isn't a file of presets."""
    if len(content) > LARGEST:
        raise InputError(_("The file is too large for presets. Nothing was imported."))
    try:
        whole = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(
            _("The file is not valid JSON. Nothing was imported."), str(error)
        ) from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise InputError(_("The file has no Loquat presets. Nothing was imported."))
    version = whole.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError(_("The file has no version. Nothing was imported."))
    if version > VERSION:
        raise InputError(
            _(
                "The file was written by a newer Loquat. Nothing was imported. Export it "
                "there as version {n}."
            ).format(n=VERSION)
        )
    records = whole.get("presets")
    if not isinstance(records, list):
        raise InputError(_("The file has no list of presets. Nothing was imported."))
    return _found(records)


def _found(records: list[Any]) -> Found:
    presets: list[Preset] = []
    problems: list[str] = []
    for number, record in enumerate(records[:MOST_PRESETS], 1):
        name = record.get("name") if isinstance(record, dict) else None
        if not isinstance(name, str) or not name.strip():
            problems.append(_("Preset {n} has no name and was left out.").format(n=number))
            continue
        shown = " ".join(name.split())[:LONGEST_NAME]
        parameters, about = record.get("parameters"), record.get("about", "")
        if not isinstance(parameters, dict):
            words = _("“{name}” has no parameters and was left out.")
            problems.append(words.format(name=shown))
            continue
        good, wrong = accepted_values(parameters)
        problems += [_("“{name}”: {what}").format(name=shown, what=what) for what in wrong]
        words = about[:LONGEST_ABOUT] if isinstance(about, str) else ""
        presets.append(Preset("", shown, words, good))
    if len(records) > MOST_PRESETS:
        words = _("Only the first {n} presets were read.")
        problems.insert(0, words.format(n=MOST_PRESETS))
    if len(problems) > MOST_PROBLEMS:
        more = len(problems) - MOST_PROBLEMS
        problems[MOST_PROBLEMS:] = [_("And {n} more.").format(n=more)]
    return Found(tuple(presets), tuple(problems))


def _mended(value: Any) -> Any:
    """Replace lone surrogates in a value, which UTF-8 can't hold."""
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {mend(name): _mended(one) for name, one in value.items()}
    return value
