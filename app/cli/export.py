"""The command `loquat export`: writes conversations to a file."""

import argparse
from pathlib import Path

from app.cli.output import Output
from app.cli.status import DONE
from app.domain.errors import InputError
from app.domain.text.translation import _, ngettext
from app.services.library import export as exporting
from app.services.library.export_formats import BY_NAME
from app.services.library.open_library import opened_library, sentences


def export(directory: Path, arguments: argparse.Namespace, output: Output) -> int:
    """Write the export to a file, or to standard output for `-`; return the exit status.

    Raises LoquatError.
    """
    format_ = BY_NAME[arguments.format]
    with opened_library(directory) as library:
        for sentence in sentences(library.report):
            output.note(sentence)
        conversations = exporting.chosen(library, None if arguments.all else arguments.ids)
        if arguments.output == "-":
            for piece in exporting.pieces(library, conversations, format_):
                output.write_bytes(piece)
            return DONE
        path = Path(arguments.output)
        if path.exists() and not arguments.force:
            raise InputError(
                _("“{path}” already exists. Use --force to overwrite it.").format(path=path)
            )
        exporting.write_file(library, conversations, path, format_, overwrite=arguments.force)
    written = ngettext(
        "{count} chat exported to {path}.",
        "{count} chats exported to {path}.",
        len(conversations),
    )
    output.note(written.format(count=len(conversations), path=path))
    return DONE
