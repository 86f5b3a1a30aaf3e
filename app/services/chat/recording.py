"""Writes an answer to the library while it streams, so that a crash loses a fifth of a second of
it."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from app.domain.chat.conversation import Message, Status
from app.domain.chat.reply import Reply
from app.domain.errors import LibraryError
from app.services.chat.unsaved_answers import FinalAnswer, UnsavedAnswers
from app.services.observers import Observers
from app.store.library import Library

#: Seconds, counted from the first character that is not on the disk, and number of characters
#: after which they are written. The wire thread has kept them for up to 0.05 s before, so that a
#: crash costs less than 0.2 s of an answer.
FLUSH_SECONDS = 0.12
FLUSH_CHARACTERS = 2000
#: Most seconds between two attempts to write while writing fails; the pause doubles up to it.
LONGEST_PAUSE = 8.0


class Recorder(Protocol):
    """The interface by which a delivery reports to a recording."""

    def begin(self, url: str, body: Mapping[str, Any]) -> None:
        """Record the address and body that are about to be sent."""

    def note(self) -> None:
        """Record that the reply has grown."""


class Recording:
    """Writes one reply to the library. The first failure is announced; the reply goes on.

    Text that could not be written is written with the next piece that can. An answer that can't be
    written at its end is handed to `keeper`.
    """

    def __init__(
        self,
        library: Library,
        conversation_id: str,
        reply: Reply,
        unsaved: Observers[[LibraryError]],
        *,
        known: bool = False,
        keeper: UnsavedAnswers | None = None,
    ) -> None:
        """`known` is True if the answer is in the library already and is being continued."""
        self._library = library
        self._keeper = keeper or UnsavedAnswers(library)
        self._request: tuple[str, Mapping[str, Any]] | None = None
        self._pause = FLUSH_SECONDS
        self._conversation_id = conversation_id
        self._reply = reply
        self._unsaved = unsaved
        self._begun = False
        self._failed = False
        self._known = known
        self._text_written = 0
        self._reasoning_written = 0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, url: str, body: Mapping[str, Any]) -> None:
        """Write the request down, durably, before it is sent."""
        self._request = url, body
        try:
            self._write_beginning(url, body)
        except LibraryError as failure:
            self._take_failure(failure)

    def note(self) -> None:
        """Schedule a write of the new text, or write at once if there is much of it. After a
        failure the pauses between writes double."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._pause, self._flush)
        elif self._pause == FLUSH_SECONDS and self._unwritten() >= FLUSH_CHARACTERS:
            self._flush()

    def finish(self, message: Message) -> None:
        """Write the final form of the answer, durably, with its probabilities."""
        self._cancel_timer()
        if self._known and self._request is None:
            # Nothing was asked for, so the library still has the answer as it was.
            return
        answer = FinalAnswer(
            self._conversation_id,
            message,
            self._reply.probabilities,
            self._request,
            has_row=self._begun or self._known,
        )
        try:
            self._keeper.write(answer)
        except LibraryError as failure:
            self._tell(failure)

    def _write_beginning(self, url: str, body: Mapping[str, Any]) -> None:
        message = self._reply.message(Status.STREAMING)
        self._library.begin_answer(self._conversation_id, message, body, url=url)
        self._begun = True
        # The text so far is written with it.
        self._text_written = self._reply.text_length
        self._reasoning_written = self._reply.reasoning_length

    def _unwritten(self) -> int:
        reply = self._reply
        return (
            reply.text_length
            + reply.reasoning_length
            - self._text_written
            - self._reasoning_written
        )

    def _flush(self) -> None:
        self._cancel_timer()
        try:
            if self._begun:
                self._write_growth()
            elif self._request is not None:
                self._write_beginning(*self._request)
        except LibraryError as failure:
            self._take_failure(failure)
            return
        self._pause = FLUSH_SECONDS
        self._keeper.mark_growing(self._reply.id, self._conversation_id, written=True)

    def _write_growth(self) -> None:
        text = self._reply.text_since(self._text_written)
        reasoning = self._reply.reasoning_since(self._reasoning_written)
        if not text and not reasoning:
            return
        self._library.append_to_answer(self._reply.id, text, reasoning)
        self._text_written += len(text)
        self._reasoning_written += len(reasoning)

    def _take_failure(self, failure: LibraryError) -> None:
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._tell(failure)
        self._keeper.mark_growing(self._reply.id, self._conversation_id, written=False)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tell(self, failure: LibraryError) -> None:
        if not self._failed:
            self._failed = True
            self._unsaved.notify(failure)
