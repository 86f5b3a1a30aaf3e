"""Writing an answer down while it streams, so that a crash costs a fifth of a second of it."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Protocol

from app.domain.chat.conversation import Message, Status
from app.domain.chat.reply import Reply
from app.domain.errors import LibraryError
from app.services.observers import Observers
from app.store.library import Library

#: Seconds, counted from the first character that is not on the disk, and number of characters
#: after which they are written. The wire thread has kept them for up to 0.05 s before, so that a
#: crash costs less than 0.2 s of an answer.
FLUSH_SECONDS = 0.12
FLUSH_CHARACTERS = 2000


class Recorder(Protocol):
    """Who writes an answer down while it is delivered."""

    def begin(self, url: str, body: Mapping[str, Any]) -> None:
        """What is sent now."""

    def note(self) -> None:
        """The reply has grown."""


class Recording:
    """The library's side of one reply. A library that fails is told once; the reply goes on."""

    def __init__(
        self,
        library: Library,
        conversation_id: str,
        reply: Reply,
        unsaved: Observers[[LibraryError]],
        *,
        known: bool = False,
    ) -> None:
        """`known` says that the answer is in the library already, and goes on."""
        self._library = library
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
        message = self._reply.message(Status.STREAMING)
        try:
            self._library.begin_answer(self._conversation_id, message, body, url=url)
            self._begun = True
            # What it began with is written with it.
            self._text_written = self._reply.text_length
            self._reasoning_written = self._reply.reasoning_length
        except LibraryError as failure:
            self._tell(failure)

    def note(self) -> None:
        """Take note that the reply has grown; it is written soon, or now if it grew much."""
        if not self._begun:
            return
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(FLUSH_SECONDS, self._flush)
        elif self._unwritten() >= FLUSH_CHARACTERS:
            self._flush()

    def finish(self, message: Message) -> None:
        """Write the final form down, durably, with its probabilities."""
        self._cancel_timer()
        now = time.time()
        try:
            if self._begun:
                self._library.finish_answer(message, self._reply.probabilities, updated=now)
            elif not self._known:
                self._library.add_message(self._conversation_id, message, updated=now)
        except LibraryError as failure:
            self._tell(failure)

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
        text = self._reply.text_since(self._text_written)
        reasoning = self._reply.reasoning_since(self._reasoning_written)
        if not text and not reasoning:
            return
        try:
            self._library.append_to_answer(self._reply.id, text, reasoning)
        except LibraryError as failure:
            self._tell(failure)
            return
        self._text_written += len(text)
        self._reasoning_written += len(reasoning)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tell(self, failure: LibraryError) -> None:
        if not self._failed:
            self._failed = True
            self._unsaved.notify(failure)
