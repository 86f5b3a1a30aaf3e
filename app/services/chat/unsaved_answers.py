"""Answers that could not be written to the library, such as on a full disk: kept in memory and
written again later."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.chat.conversation import Message
from app.domain.errors import LibraryError
from app.domain.tokens.token_table import TokenTable
from app.services.observers import Observers
from app.store.library import Library

log = logging.getLogger(__name__)

#: Seconds until the first and between the last attempts to write; the pause doubles in between.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class FinalAnswer:
    """An answer in its final form, with all that is stored of it."""

    conversation: str
    message: Message
    probabilities: TokenTable
    #: The address and body of its request; None if none was sent.
    request: tuple[str, Mapping[str, Any]] | None
    #: Whether the library has a row of this answer already.
    has_row: bool

    def write(self, library: Library) -> None:
        """Write the answer, durably. Raises LibraryError."""
        now = time.time()
        if self.has_row:
            library.finish_answer(self.message, self.probabilities, updated=now)
        else:
            library.add_answer(
                self.conversation,
                self.message,
                self.probabilities,
                request=self.request,
                updated=now,
            )


class UnsavedAnswers:
    """Holds answers until they are on the disk. Use from the event loop's thread only."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._answers: dict[str, FinalAnswer] = {}
        #: Ids of replies that stream and can't be written at present → their conversations' ids.
        self._growing: dict[str, str] = {}
        #: Cancels the timer of the next attempt; None while no timer runs.
        self._cancel_timer: Callable[[], None] | None = None
        self._pause = FIRST_PAUSE
        #: An answer could not be written, or was written after all.
        self.changed: Observers[[]] = Observers()

    def all(self) -> list[FinalAnswer]:
        """Return the answers that are not on the disk, in the order in which they ended."""
        return list(self._answers.values())

    def get(self, message_id: str) -> FinalAnswer | None:
        """Return an answer that is not on the disk; None if it is there."""
        return self._answers.get(message_id)

    def of(self, conversation_id: str) -> list[Message]:
        """Return the answers of a conversation that are not on the disk."""
        answers = self._answers.values()
        return [answer.message for answer in answers if answer.conversation == conversation_id]

    def conversations(self) -> list[str]:
        """Return the ids of the conversations of which something is not on the disk, each once;
        also of those whose reply still streams."""
        ids = [*(answer.conversation for answer in self._answers.values()), *self._growing.values()]
        return list(dict.fromkeys(ids))

    def write(self, answer: FinalAnswer) -> None:
        """Write an answer, or keep it here if that fails. Raises LibraryError after that."""
        self._growing.pop(answer.message.id, None)
        self.try_to_save()
        try:
            answer.write(self._library)
        except LibraryError:
            self._answers[answer.message.id] = answer
            self._try_later()
            self.changed.notify()
            raise

    def mark_growing(self, message_id: str, conversation_id: str, *, written: bool) -> None:
        """Note whether what came of a streaming reply could be written."""
        if written != (message_id not in self._growing):
            if written:
                del self._growing[message_id]
            else:
                self._growing[message_id] = conversation_id
            self.changed.notify()

    def save(self) -> None:
        """Write each answer again. Returns if none is left; raises LibraryError for the last that
        can't be written."""
        failure = self._save_each()
        if failure is not None:
            raise failure

    def try_to_save(self) -> bool:
        """Write each answer again; return whether none is left."""
        failure = self._save_each()
        if failure is not None:
            log.info("an answer is still not saved: %s", failure.detail)
        return failure is None

    def _save_each(self) -> LibraryError | None:
        before = len(self._answers)
        last = None
        for answer in self.all():
            try:
                answer.write(self._library)
            except LibraryError as failure:
                last = failure
            else:
                del self._answers[answer.message.id]
        if not self._answers:
            self._stop_timer()
        if len(self._answers) < before:
            self.changed.notify()
        return last

    def forget(self, conversation_id: str) -> None:
        """Drop the answers of a conversation that was deleted for good."""
        kept = {
            id_: answer
            for id_, answer in self._answers.items()
            if answer.conversation != conversation_id
        }
        if len(kept) < len(self._answers):
            self._answers = kept
            self.changed.notify()

    def close(self) -> None:
        """Try once more, and end the attempts."""
        self.try_to_save()
        self._stop_timer()

    def _try_later(self) -> None:
        # Imported late, so that the first frame doesn't wait for asyncio.
        import asyncio

        if self._cancel_timer is None:
            loop = asyncio.get_running_loop()
            self._cancel_timer = loop.call_later(self._pause, self._try_again).cancel

    def _try_again(self) -> None:
        self._cancel_timer = None
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if not self.try_to_save():
            self._try_later()

    def _stop_timer(self) -> None:
        self._pause = FIRST_PAUSE
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None
