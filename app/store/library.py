"""The library: conversations, messages and what the program remembers, in one file.

It has a method for each thing that is kept, and so more of them than a class should; how each
is kept stands in the module of its subject.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.chat.conversation import Conversation, Message, Status
from app.domain.events import TokenProbabilities
from app.domain.parameters.presets import Preset
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.tokens.token_table import TokenTable
from app.store import (
    answers,
    catalogues,
    conversations,
    preferences,
    presets,
    probabilities,
    requests,
)
from app.store.database import Database
from app.store.failures import read_only, translated_os
from app.store.opening import Opened, OpenReport, open_library, open_library_to_read
from app.store.owners import is_alive, living, opening
from app.store.paths import Paths
from app.store.schema import STEPS, Step, upgrade
from app.store.sweeps import SweepShelf


class Library:
    """An open library. Its calls take microseconds; they are all made by the same thread.

    Every call may raise LibraryError; those that write raise LibraryReadOnly where
    `report.read_only`.
    """

    def __init__(self, opened: Opened, paths: Paths) -> None:
        self._db = opened.database
        self._owner = opened.owner
        self._paths = paths
        self._seen = self._db.data_version()
        self.report: OpenReport = opened.report
        #: Sweeps and their cells.
        self.sweeps = SweepShelf(
            self._db,
            "" if self._owner is None else self._owner.id,
            lambda owner: is_alive(self._paths.running, owner),
        )

    @classmethod
    def open(cls, directory: Path, steps: Sequence[Step] = STEPS) -> "Library":
        """Open the library of a directory, or make one.

        Raises LibraryNewer, LibraryBusy, LibraryReadOnly where there is nothing to read either,
        and LibraryError where the file is another program's: each left as it was.
        """
        paths = Paths(directory)
        return cls(open_library(paths, steps), paths)

    @classmethod
    def open_to_read(cls, directory: Path, steps: Sequence[Step] = STEPS) -> "Library | None":
        """Open the library of a directory without changing it; None where there is none.

        Raises as `open` does.
        """
        paths = Paths(directory)
        opened = open_library_to_read(paths, steps)
        return None if opened is None else cls(opened, paths)

    @classmethod
    def in_memory(cls) -> "Library":
        """A new library that no file holds, for what is not to be kept."""
        database = Database.new_in_memory()
        upgrade(database)
        return cls(Opened(database, None, OpenReport()), Paths(Path(":memory:")))

    def is_whole(self) -> bool:
        """Check every page and row. Reads the whole file: about a second for 100 MB."""
        return self._db.is_whole()

    def conversations(self) -> list[Conversation]:
        """Every conversation but those in the trash, the one last touched first."""
        return conversations.conversations(self._db)

    def conversation(self, conversation_id: str) -> Conversation:
        """One conversation. Raises NotFoundError, also for one in the trash."""
        return conversations.conversation(self._db, conversation_id)

    def messages(self, conversation_id: str) -> list[Message]:
        """The whole tree in order of arrival; what is streaming has the text that came so far."""
        found = conversations.messages(self._db, conversation_id)
        if self.report.read_only:
            # `open` could not mark those that a crash had left.
            return [self._as_it_ended(message) for message in found]
        return found

    def add_conversation(self, conversation: Conversation) -> None:
        """Add a conversation, which has no messages yet."""
        conversations.add_conversation(self._db, conversation)

    def update_conversation(self, conversation: Conversation) -> None:
        """Write everything about a conversation but when it began. Raises NotFoundError."""
        conversations.update_conversation(self._db, conversation)

    def delete_conversation(self, conversation_id: str) -> None:
        """Put a conversation into the trash; one that is there, or nowhere, stays so."""
        conversations.delete_conversation(self._db, conversation_id)

    def restore_conversation(self, conversation_id: str) -> None:
        """Take a conversation out of the trash. Raises NotFoundError."""
        conversations.restore_conversation(self._db, conversation_id)

    def delete_messages(self, message_ids: Sequence[str], current: str | None) -> None:
        """Put messages of one conversation into the trash; its path ends at `current` then."""
        conversations.delete_messages(self._db, message_ids, current)

    def restore_messages(self, message_ids: Sequence[str], current: str | None) -> None:
        """Take messages out of the trash; the path of their conversation ends at `current`."""
        conversations.restore_messages(self._db, message_ids, current)

    def empty_trash(self, older_than: float) -> None:
        """Delete what was put into the trash before a moment, leaving no trace in the file."""
        conversations.empty_trash(self._db, older_than)

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
        """Write down, durably, an answer that is about to stream, and what is asked for it.

        One with an id that is in the conversation already is begun anew, to be continued.
        """
        if self.report.read_only:
            raise read_only(self._paths.library)
        # In memory there is nobody to be told apart from.
        owner = "" if self._owner is None else self._owner.id
        answers.begin_answer(self._db, conversation_id, message, request, url=url, owner=owner)

    def append_to_answer(self, message_id: str, text: str, reasoning: str) -> None:
        """Add a piece to an answer that is streaming."""
        answers.append_to_answer(self._db, message_id, text, reasoning)

    def finish_answer(
        self, message: Message, probabilities: Sequence[TokenProbabilities], *, updated: float
    ) -> None:
        """Put an answer's final form, durably, in the place of its pieces."""
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
        """Add an answer that is complete, durably, with what belongs to it."""
        answers.add_answer(
            self._db, conversation_id, message, probabilities, request=request, updated=updated
        )

    def amend_answer(self, message: Message) -> None:
        """Write what became known of a finished answer later; one that is gone stays so."""
        answers.amend_answer(self._db, message)

    def interrupt_abandoned(self) -> int:
        """End the answers of processes that died since; return how many. `open` has done it."""
        if self._owner is None:
            return 0
        try:
            with opening(self._paths):
                return answers.interrupt_abandoned(self._db, living(self._paths.running))
        except OSError as error:
            raise translated_os(error, self._paths.library) from error

    def request(self, message_id: str) -> tuple[str, dict[str, Any]] | None:
        """The address and the exact body that were sent for an answer."""
        return requests.request(self._db, message_id)

    def request_head(self, message_id: str) -> dict[str, Any] | None:
        """The body that was sent for a message but for its messages; None where it isn't kept."""
        return requests.request_head(self._db, message_id)

    def answers_with_request(self, conversation_id: str) -> set[str]:
        """The ids of a conversation's answers of which `request` knows what was sent."""
        return requests.answers_with_request(self._db, conversation_id)

    def probabilities(self, message_id: str) -> TokenTable:
        """The probabilities of an answer's tokens; empty where they were not asked for."""
        return probabilities.probabilities(self._db, message_id)

    def has_probabilities(self, message_id: str) -> bool:
        """Whether there are any of an answer."""
        return probabilities.has_probabilities(self._db, message_id)

    def providers(self) -> list[Provider]:
        """Every provider, in the order in which they were added."""
        return preferences.providers(self._db)

    def put_provider(self, provider: Provider) -> None:
        """Add a provider, or change the one with its id."""
        preferences.put_provider(self._db, provider)

    def remove_provider(self, provider_id: str) -> None:
        """Forget a provider; one that isn't there is gone already."""
        preferences.remove_provider(self._db, provider_id)

    def catalogue(self, provider_id: str) -> tuple[float, list[Model]]:
        """When a provider's models were listed, in seconds since 1970, and which; 0 for never."""
        return catalogues.catalogue(self._db, provider_id)

    def put_catalogue(self, provider_id: str, fetched: float, models: Sequence[Model]) -> None:
        """Keep a provider's list of models in the place of the one before."""
        catalogues.put_catalogue(self._db, provider_id, fetched, models)

    def remove_catalogue(self, provider_id: str) -> None:
        """Forget a provider's list of models."""
        catalogues.remove_catalogue(self._db, provider_id)

    def presets(self) -> list[Preset]:
        """Every preset of the person's, in the order in which they were made."""
        return presets.presets(self._db)

    def put_preset(self, preset: Preset) -> None:
        """Add a preset, or change the one with its id."""
        presets.put_preset(self._db, preset)

    def remove_preset(self, preset_id: str) -> None:
        """Forget a preset; one that isn't there is gone already."""
        presets.remove_preset(self._db, preset_id)

    def setting(self, name: str) -> Any:
        """What was kept under a name, None where nothing was."""
        return preferences.setting(self._db, name)

    def settings_named(self, beginning: str) -> dict[str, Any]:
        """All that was kept under names that begin so."""
        return preferences.settings_named(self._db, beginning)

    def put_setting(self, name: str, value: Any) -> None:
        """Keep a value that JSON can hold under a name."""
        preferences.put_setting(self._db, name, value)

    def changed_elsewhere(self) -> bool:
        """Whether another process has written since this was last asked."""
        version = self._db.data_version()
        changed, self._seen = version != self._seen, version
        return changed

    def close(self) -> None:
        """Close the library; the last one to do so brings everything into the one file.

        Twice is once.
        """
        self._db.close()
        if self._owner is not None:
            self._owner.leave()

    def _as_it_ended(self, message: Message) -> Message:
        if message.status is not Status.STREAMING:
            return message
        owner = answers.owner_of(self._db, message.id)
        if owner and is_alive(self._paths.running, owner):
            return message
        return replace(message, status=Status.INTERRUPTED)
