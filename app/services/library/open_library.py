"""Opens the library without network and engine, whose imports take long."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.text.translation import _
from app.services.library.find_conversation import find_conversation
from app.services.library.settings import REFUSALS, Settings
from app.store.library import Library
from app.store.opening import OpenReport

#: Names of the settings that decide which server is asked and how.
DECIDING_SETTINGS = (
    Settings.default_provider.name,
    Settings.engine_model.name,
    Settings.proxy.name,
    Settings.key_origins.name,
)


@contextmanager
def opened_library(directory: Path) -> Iterator[Library]:
    """Open the library in a directory for the length of the block. Raises LibraryError."""
    library = Library.open(directory)
    try:
        yield library
    finally:
        library.close()


def throwaway_library(directory: Path, conversation: str | None = None) -> Library:
    """Make a library in memory with the providers of the library in a directory.

    `conversation` is the id, or the beginning of the id, of a conversation that is copied too. The
    library in the directory isn't changed. Raises LibraryError, NotFoundError, InputError.
    """
    library = Library.in_memory()
    source = Library.open_to_read(directory)
    if source is None:
        if conversation is not None:
            # Raises NotFoundError.
            find_conversation(library, conversation)
        return library
    try:
        _copy(source, library, conversation)
    finally:
        source.close()
    return library


def _copy(source: Library, target: Library, wanted: str | None) -> None:
    for provider in source.providers():
        target.put_provider(provider)
        fetched, models = source.catalogue(provider.id)
        if models:
            target.put_catalogue(provider.id, fetched, models)
    for name in DECIDING_SETTINGS:
        target.put_setting(name, source.setting(name))
    for name, value in source.settings_named(REFUSALS).items():
        target.put_setting(name, value)
    if wanted is not None:
        conversation = find_conversation(source, wanted)
        target.add_conversation(conversation)
        for message in source.messages(conversation.id):
            target.add_message(conversation.id, message, updated=conversation.updated)
        # Adding a message made it the current message.
        target.update_conversation(conversation)


def sentences(report: OpenReport) -> list[str]:
    """Return sentences for the person about how the library opened; usually none."""
    told: list[str] = []
    if report.set_aside is not None and report.restored_from is not None:
        told.append(
            _(
                "The library was damaged. The newest backup, {copy}, is used instead. "
                "The damaged file is kept as {path}. To recover more from it, close "
                "Loquat and run `loquat doctor --repair`."
            ).format(copy=report.restored_from.name, path=report.set_aside)
        )
    elif report.set_aside is not None:
        told.append(
            _(
                "The library was damaged. A new library was created. The damaged file "
                "is kept as {path}. To recover chats from it, close Loquat and run "
                "`loquat doctor --repair`."
            ).format(path=report.set_aside)
        )
    if report.read_only:
        told.append(
            _("The library is read-only. You can read your chats, but new messages can't be saved.")
        )
    return told
