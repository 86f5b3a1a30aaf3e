"""The command `loquat doctor`: prints versions, paths and the results of checks, and repairs."""

import argparse
import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from app.cli.output import Output
from app.cli.status import DONE, FAILED
from app.domain.text.translation import _
from app.services.library.repair_library import repair_library
from app.services.program.diagnosis import Diagnosis, diagnose


def doctor(directory: Path, arguments: argparse.Namespace, output: Output) -> int:
    """Print the diagnosis, after a repair of the library if that is asked for; the exit status
    tells whether every check succeeded. Raises LibraryError if the repair fails."""
    if arguments.repair:
        for sentence in repair_library(directory):
            output.note(sentence)
    found = asyncio.run(diagnose(directory, output.progress))
    if arguments.json:
        record = {"ok": found.ok, **asdict(found)}
        output.write(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    else:
        output.write(_text(found))
    if found.ok:
        return DONE
    output.note(_("There are problems. See above."))
    return FAILED


def _text(found: Diagnosis) -> str:
    labels = {
        "keyring": _("keyring"),
        "input_method": _("input method"),
        "library": _("library"),
        "engine": _("engine"),
    }
    parts = [
        (_("Versions"), list(found.versions.items())),
        (_("Paths"), list(found.paths.items())),
        (
            _("Checks"),
            [
                (labels[name], check.words if check.ok else f"✗ {check.words}")
                for name, check in found.checks.items()
            ],
        ),
    ]
    lines: list[str] = []
    for title, rows in parts:
        width = max(len(name) for name, _words in rows)
        lines += [title, *(f"  {name:<{width}}  {words}" for name, words in rows), ""]
    return "\n".join(lines)
