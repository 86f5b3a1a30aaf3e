"""Reads and writes files of presets. Both functions block: call them in a thread."""

from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import InputError
from app.domain.parameters.presets import Preset
from app.domain.text.translation import _
from app.formats.presets_json import LARGEST, Found, read, written
from app.services.library.export import write_pieces


def read_file(path: Path) -> Found:
    """Read a file of presets, of at most LARGEST bytes. Raises InputError."""
    try:
        # Reading a pipe or a device might never end.
        if not path.is_file():
            raise InputError(_("“{path}” is not a file.").format(path=path))
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(
            _("“{path}” could not be read: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
    return read(content)


def write_file(presets: Sequence[Preset], path: Path) -> None:
    """Write presets to a file, which appears whole or not at all and replaces an existing file.

    Raises InputError.
    """
    write_pieces(path, iter([written(presets)]), overwrite=True)
