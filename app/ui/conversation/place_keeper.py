"""Keeps the place at which the conversation in view is read, on the disk, while it changes."""

from PySide6.QtCore import QObject, QTimer

from app.domain.chat.reading_place import ReadingPlace
from app.services.library.reading_places import ReadingPlaces
from app.ui.transcript.view import TranscriptView

#: Milliseconds after scrolling until the place is written: so much of it a crash may cost.
KEEP_MS = 1_000


class PlaceKeeper(QObject):
    """Writes the transcript's place under the id of the conversation that it shows."""

    def __init__(self, places: ReadingPlaces, transcript: TranscriptView) -> None:
        super().__init__(transcript)
        self._places = places
        self._transcript = transcript
        self._shown = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.keep)
        transcript.scrolled.connect(self._note)

    def keep(self) -> None:
        """Write the present place now."""
        self._timer.stop()
        if self._shown:
            self._places.put(self._shown, self._transcript.place())

    def take(self, conversation_id: str) -> None:
        """Take what the transcript shows for this conversation; empty for the next one."""
        self._shown = conversation_id

    def change_to(self, conversation_id: str) -> ReadingPlace | None:
        """Keep the place in the conversation that has been shown, and return the place at which
        another one was left; None for its end."""
        self.keep()
        self.take(conversation_id)
        return self._places.of(conversation_id) if conversation_id else None

    def _note(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
