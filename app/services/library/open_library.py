"""Opening the library alone, for what needs neither network nor engine nor their imports."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.text.translation import _
from app.services.library.find_conversation import find_conversation
from app.services.library.settings import REFUSALS, Settings
from app.store.library import Library
from app.store.opening import OpenReport

#: What the settings say about whom to ask.
DECIDING_SETTINGS = (
    Settings.default_provider.name,
    Settings.engine_model.name,
    Settings.proxy.name,
)


@contextmanager
def opened_library(directory: Path) -> Iterator[Library]:
    """The library in a directory while entered. Raises LibraryError."""
    library = Library.open(directory)
    try:
        yield library
    finally:
        library.close()


def throwaway_library(directory: Path, conversation: str | None = None) -> Library:
    """A library in memory with the providers of the one in a directory, which is left untouched.

    With it comes the conversation with this id, or the beginning of one. Raises LibraryError,
    NotFoundError, InputError.
    """
    library = Library.in_memory()
    source = Library.open_to_read(directory)
    if source is None:
        if conversation is not None:
            # Says that there is none.
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
        # Each message made itself the current one.
        target.update_conversation(conversation)


def sentences(report: OpenReport) -> list[str]:
    """What the person should be told of how the library opened; usually nothing."""
    told: list[str] = []
    if report.set_aside is not None and report.restored_from is not None:
        told.append(
            _(
                "The library was damaged. The newest copy of it, {copy}, took its place; the "
                "damaged file is kept as {name}."
            ).format(copy=report.restored_from.name, name=report.set_aside.name)
        )
    elif report.set_aside is not None:
        told.append(
            _(
                "The library was damaged. It was set aside as {name}, nothing of it is deleted, "
                "and a new one was begun."
            ).format(name=report.set_aside.name)
        )
    if report.read_only:
        told.append(_("The library can't be written. You can read; new messages can't be kept."))
    return told
