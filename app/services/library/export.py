"""Exports conversations to files, as a stream; an unfinished file is never visible."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from app.domain.chat.conversation import Conversation
from app.domain.errors import InputError
from app.domain.text.translation import _
from app.formats.full_message import FullMessage
from app.formats.table import FORMATS, Format
from app.services.library.find_conversation import find_conversation
from app.store.library import Library


def chosen(library: Library, ids: Sequence[str] | None) -> list[Conversation]:
    """Return the conversations with these ids, each once; None means all outside the trash.

    Raises NotFoundError, InputError.
    """
    if ids is None:
        return library.conversations()
    found = {one.id: one for one in (find_conversation(library, text) for text in ids)}
    return list(found.values())


def pieces(
    library: Library, conversations: Sequence[Conversation], format_: Format = FORMATS[0]
) -> Iterator[bytes]:
    """Yield an export in pieces of bytes. One conversation at a time is in memory."""
    names = {provider.id: provider.name for provider in library.providers()}
    return format_.write((one, _messages(library, one, names)) for one in conversations)


def write_file(
    library: Library,
    conversations: Sequence[Conversation],
    path: Path,
    format_: Format = FORMATS[0],
    *,
    overwrite: bool = False,
) -> None:
    """Write an export to a file that only its owner may read; it appears whole or not at all.

    Raises InputError where the file is there already, or can't be written.
    """
    write_pieces(path, pieces(library, conversations, format_), overwrite=overwrite)


def write_pieces(path: Path, content: Iterator[bytes], *, overwrite: bool) -> None:
    """Write pieces to a file that only its owner may read; it appears whole or not at all.

    Raises InputError where the file is there already, or can't be written.
    """
    if not overwrite:
        _refuse_existing(path)
    try:
        _replace(path, content, overwrite)
    except OSError as error:
        raise InputError(
            _("“{path}” could not be written: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error


def _messages(
    library: Library, conversation: Conversation, names: Mapping[str, str]
) -> Iterator[FullMessage]:
    for message in library.messages(conversation.id):
        yield FullMessage(
            message,
            library.request(message.id),
            library.probabilities(message.id),
            names.get(message.provider, message.provider),
        )


def _replace(path: Path, content: Iterator[bytes], overwrite: bool) -> None:
    # In the same directory, so that it can be renamed without copying. mkstemp makes it 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        if not overwrite:
            _refuse_existing(path)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _make_durable(path.parent)


def _make_durable(directory: Path) -> None:
    """Flush a directory, so that a new name survives a power cut. Windows can't, and does
    nothing."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refuse_existing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise InputError(_("“{path}” already exists.").format(path=path))
