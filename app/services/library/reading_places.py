"""The places at which conversations were left, kept in the library."""

import logging

from app.domain.chat.reading_place import ReadingPlace
from app.domain.errors import LibraryError
from app.store.library import Library

log = logging.getLogger(__name__)


class ReadingPlaces:
    """Reading places by conversation. A place that can't be written is kept in memory."""

    def __init__(self, library: Library) -> None:
        self._library = library
        #: Places that are known in this run; the library has the same unless it can't be written.
        self._known: dict[str, ReadingPlace | None] = {}

    def of(self, conversation_id: str) -> ReadingPlace | None:
        """Return the place at which a conversation was left; None for its end."""
        if conversation_id not in self._known:
            try:
                self._known[conversation_id] = self._library.place(conversation_id)
            except LibraryError as failure:
                log.info("no reading place: %s", failure.detail)
                return None
        return self._known[conversation_id]

    def put(self, conversation_id: str, place: ReadingPlace | None) -> None:
        """Keep the place at which a conversation is left; None for its end."""
        if place == self.of(conversation_id):
            return
        self._known[conversation_id] = place
        try:
            self._library.put_place(conversation_id, place)
        except LibraryError as failure:
            log.info("the reading place is kept in memory alone: %s", failure.detail)
