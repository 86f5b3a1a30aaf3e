"""The library: conversations, messages, providers, presets and settings in one SQLite file.

This module is a facade with a method for each stored thing, hence its many methods; the SQL is in
the module of each subject.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.chat.conversation import Conversation, Message, Status
from app.domain.chat.reading_place import ReadingPlace
from app.domain.events import TokenProbabilities
from app.domain.parameters.presets import Preset
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.tokens.token_table import TokenTable
from app.store import (
    answers,
    catalogues,
    conversations,
    presets,
    probabilities,
    providers,
    requests,
)
from app.store.abandoned_answers import interrupt_abandoned
from app.store.conversation_list import ConversationList
from app.store.damage.damaged_tables import damaged_cells
from app.store.database import Database
from app.store.failures import read_only, translated_os
from app.store.locks.owners import is_alive, living, opening
from app.store.opening import Opened, OpenReport, open_library, open_library_to_read
from app.store.paths import Paths
from app.store.schema import STEPS, Step, upgrade
from app.store.settings import StoredSettings
from app.store.sweeps import SweepShelf
from app.store.trash import Trash


class Library:
    """An open library file. Calls take microseconds, and all must come from the same thread.

    Every call may raise LibraryError; writing raises LibraryReadOnly if `report.read_only`.
    """

    def __init__(self, opened: Opened, paths: Paths) -> None:
        self._opened = opened
        self._db = opened.database
        self._owner = opened.owner
        self._paths = paths
        self._seen = self._db.data_version()
        self.report: OpenReport = opened.report
        #: Deleted conversations, messages and sweeps.
        self.trash = Trash(self._db)
        self._settings = StoredSettings(self._db)
        #: The list of conversations, read by rows.
        self.listing = ConversationList(self._db)
        #: The last message in view by conversation, where a read-only library can't keep it.
        self._shown: dict[str, str | None] = {}
        #: Sweeps and their cells.
        self.sweeps = SweepShelf(
            self._db,
            "" if self._owner is None else self._owner.id,
            lambda owner: is_alive(self._paths.running, owner),
        )

    @classmethod
    def open(cls, directory: Path, steps: Sequence[Step] = STEPS) -> "Library":
        """Open the library of a directory, or make a new library.

        Raises LibraryNewer, LibraryBusy, LibraryReadOnly if the file can't be read either, and
        LibraryError if the file belongs to another program. The file is left unchanged then.
        """
        paths = Paths(directory)
        return cls(open_library(paths, steps), paths)

    @classmethod
    def open_to_read(cls, directory: Path, steps: Sequence[Step] = STEPS) -> "Library | None":
        """Open the library of a directory without changing it; return None if there is none.

        Raises as `open` does.
        """
        paths = Paths(directory)
        opened = open_library_to_read(paths, steps)
        return None if opened is None else cls(opened, paths)

    @classmethod
    def in_memory(cls) -> "Library":
        """Make a new library in memory, for conversations that are not to be kept."""
        database = Database.new_in_memory()
        upgrade(database)
        return cls(Opened(database, None, OpenReport()), Paths(Path(":memory:")))

    def is_whole(self) -> bool:
        """Return whether all pages and rows are undamaged. Takes about a second for 100 MB."""
        return self._db.is_whole()

    def damaged_cells(self) -> Iterator[str]:
        """Yield the place of every damaged cell, such as "messages 17, text". Reads the whole
        library."""
        return damaged_cells(self._db)

    def conversations(self) -> list[Conversation]:
        """Return all conversations outside the trash, the most recently updated first."""
        return conversations.conversations(self._db)

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation. Raises NotFoundError, also for a conversation in the trash."""
        found = conversations.conversation(self._db, conversation_id)
        if conversation_id in self._shown:
            return replace(found, current=self._shown[conversation_id])
        return found

    def messages(self, conversation_id: str) -> list[Message]:
        """Return all messages of a conversation in order of arrival. A streaming message has the
        text that came so far."""
        found = conversations.messages(self._db, conversation_id)
        if self.report.read_only:
            # `open` could not mark the answers that a crash had left as interrupted.
            return [self._as_it_ended(message) for message in found]
        return found

    def add_conversation(self, conversation: Conversation) -> None:
        """Add a conversation, which has no messages yet."""
        conversations.add_conversation(self._db, conversation)

    def update_conversation(self, conversation: Conversation) -> None:
        """Update all cells of a conversation that can change. Raises NotFoundError.

        Another version that is shown (`current`) is remembered by a read-only library, too, until
        it is closed.
        """
        if self.report.read_only:
            kept = self.conversation(conversation.id)
            if conversation.current != kept.current and conversation.title == kept.title:
                self._shown[conversation.id] = conversation.current
                return
        conversations.update_conversation(self._db, conversation)

    def place(self, conversation_id: str) -> ReadingPlace | None:
        """Return the place at which a conversation was left; None for its end."""
        return conversations.place(self._db, conversation_id)

    def put_place(self, conversation_id: str, place: ReadingPlace | None) -> None:
        """Store the place at which a conversation was left; None for its end."""
        conversations.put_place(self._db, conversation_id, place)

    def delete_conversation(self, conversation_id: str) -> None:
        """Put a conversation into the trash. Nothing happens if it is there or is missing."""
        conversations.delete_conversation(self._db, conversation_id)

    def restore_conversation(self, conversation_id: str) -> None:
        """Take a conversation out of the trash. Raises NotFoundError."""
        conversations.restore_conversation(self._db, conversation_id)

    def delete_messages(self, message_ids: Sequence[str], current: str | None) -> None:
        """Put messages of one conversation into the trash. `current` becomes the id of the last
        message in view."""
        conversations.delete_messages(self._db, message_ids, current)

    def restore_messages(self, message_ids: Sequence[str], current: str | None) -> None:
        """Take messages out of the trash. `current` becomes the id of the last message in view."""
        conversations.restore_messages(self._db, message_ids, current)

    def add_message(self, conversation_id: str, message: Message, *, updated: float) -> None:
        """Add a message, durably, and make it the conversation's current one."""
        answers.add_message(self._db, conversation_id, message, updated)

    def begin_answer(
        self,
        conversation_id: str,
        message: Message,
        request: Mapping[str, Any],
        *,
        url: str,
    ) -> None:
        """Store, durably, an answer that is about to stream, with its request.

        An answer whose id is in the conversation already is begun again, to be continued.
        """
        if self.report.read_only:
            raise read_only(self._paths.library)
        # A library in memory has no other process that could share it.
        owner = "" if self._owner is None else self._owner.id
        answers.begin_answer(self._db, conversation_id, message, request, url=url, owner=owner)

    def append_to_answer(self, message_id: str, text: str, reasoning: str) -> None:
        """Add a chunk of text and reasoning to a streaming answer."""
        answers.append_to_answer(self._db, message_id, text, reasoning)

    def finish_answer(
        self, message: Message, probabilities: Sequence[TokenProbabilities], *, updated: float
    ) -> None:
        """Write the final form of an answer, durably, and delete its chunks."""
        answers.finish_answer(self._db, message, probabilities, updated)

    def add_answer(
        self,
        conversation_id: str,
        message: Message,
        probabilities: Sequence[TokenProbabilities] = (),
        *,
        request: tuple[str, Mapping[str, Any]] | None = None,
        updated: float,
    ) -> None:
        """Add a complete answer, durably, with its request and its probabilities."""
        answers.add_answer(
            self._db, conversation_id, message, probabilities, request=request, updated=updated
        )

    def amend_answer(self, message: Message) -> None:
        """Update a finished answer, such as its cost, but not its text. A deleted answer stays
        deleted."""
        answers.amend_answer(self._db, message)

    def interrupt_abandoned(self) -> int:
        """Mark the streaming answers of processes that died since `open` as interrupted; return
        their number."""
        if self._owner is None:
            return 0
        try:
            with opening(self._paths):
                return interrupt_abandoned(self._db, living(self._paths.running))
        except OSError as error:
            raise translated_os(error, self._paths.library) from error

    def request(self, message_id: str) -> tuple[str, dict[str, Any]] | None:
        """Return the URL and the exact body of an answer's request; None if it isn't kept."""
        return requests.request(self._db, message_id)

    def request_head(self, message_id: str) -> dict[str, Any] | None:
        """Return the body of an answer's request with an empty list of messages; None if the
        request isn't kept."""
        return requests.request_head(self._db, message_id)

    def answers_with_request(self, conversation_id: str) -> set[str]:
        """Return the ids of a conversation's answers whose request is kept."""
        return requests.answers_with_request(self._db, conversation_id)

    def probabilities(self, message_id: str) -> TokenTable:
        """Return the probabilities of an answer's tokens; empty if they were not asked for."""
        return probabilities.probabilities(self._db, message_id)

    def has_probabilities(self, message_id: str) -> bool:
        """Whether probabilities of an answer's tokens are kept."""
        return probabilities.has_probabilities(self._db, message_id)

    def providers(self) -> list[Provider]:
        """Return all providers, in the order in which they were added."""
        return providers.providers(self._db)

    def put_provider(self, provider: Provider) -> None:
        """Add a provider, or change the provider with the same id."""
        providers.put_provider(self._db, provider)

    def remove_provider(self, provider_id: str) -> None:
        """Delete a provider. A missing provider is no error."""
        providers.remove_provider(self._db, provider_id)

    def catalogue(self, provider_id: str) -> tuple[float, list[Model]]:
        """Return the time of a provider's stored model list (seconds since 1970, 0 for never), and
        its models."""
        return catalogues.catalogue(self._db, provider_id)

    def put_catalogue(self, provider_id: str, fetched: float, models: Sequence[Model]) -> None:
        """Store a provider's model list, replacing the previous list."""
        catalogues.put_catalogue(self._db, provider_id, fetched, models)

    def remove_catalogue(self, provider_id: str) -> None:
        """Delete a provider's model list."""
        catalogues.remove_catalogue(self._db, provider_id)

    def presets(self) -> list[Preset]:
        """Return the person's own presets, in the order in which they were made."""
        return presets.presets(self._db)

    def put_preset(self, preset: Preset) -> None:
        """Add a preset, or change the preset with the same id."""
        presets.put_preset(self._db, preset)

    def remove_preset(self, preset_id: str) -> None:
        """Delete a preset. A missing preset is no error."""
        presets.remove_preset(self._db, preset_id)

    def setting(self, name: str) -> Any:
        """Return the JSON value that is kept under a name; None if there is none."""
        return self._settings.setting(name)

    def settings_named(self, beginning: str) -> dict[str, Any]:
        """Return the values by name for all names that begin with `beginning`."""
        return self._settings.settings_named(beginning)

    def put_setting(self, name: str, value: Any) -> None:
        """Store a JSON value under a name; None deletes what is there."""
        self._settings.put_setting(name, value)

    def put_settings(self, values: Mapping[str, Any], *, durable: bool) -> None:
        """Store JSON values by name, all or none; None deletes what is there. Durable values
        survive a power cut."""
        self._settings.put_settings(values, durable=durable)

    def changed_elsewhere(self) -> bool:
        """Whether another process has written since the last call."""
        version = self._db.data_version()
        changed, self._seen = version != self._seen, version
        return changed

    def close(self) -> None:
        """Close the library; see `Opened.close`."""
        self._opened.close()

    def _as_it_ended(self, message: Message) -> Message:
        if message.status is not Status.STREAMING:
            return message
        owner = answers.owner_of(self._db, message.id)
        if owner and is_alive(self._paths.running, owner):
            return message
        return replace(message, status=Status.INTERRUPTED)
