"""A scripted answer of numbered pieces that remembers when each was sent."""

import threading
import time
from contextlib import suppress

from tests.servers import Connection, chunk

#: Seconds between two pieces, and the most pieces that are sent.
PAUSE = 0.005
MOST_PIECES = 4000


class NumberedStream:
    """The script of a loopback server: "00000 00001 00002 …", a piece every PAUSE seconds."""

    def __init__(self) -> None:
        #: Set when the first piece has been sent.
        self.begun = threading.Event()
        #: The time (time.monotonic) before each piece was sent.
        self.times: list[float] = []

    def script(self, connection: Connection) -> None:
        """Answer one request until the client goes away."""
        with suppress(OSError):
            connection.head()
            while len(self.times) < MOST_PIECES:
                piece = chunk(_piece(len(self.times)))
                self.times.append(time.monotonic())
                connection.send(piece)
                self.begun.set()
                time.sleep(PAUSE)

    def is_prefix(self, text: str) -> bool:
        """Whether a text is a true beginning of what was streamed."""
        return "".join(map(_piece, range(len(self.times)))).startswith(text)

    def lost(self, text: str, killed: float) -> float:
        """Milliseconds of the stream that are missing in a text, up to the time of the kill: from
        the first piece that is not whole in it."""
        whole = len(text) // len(_piece(0))
        missing = [sent for sent in self.times[whole:] if sent < killed]
        return (killed - missing[0]) * 1000 if missing else 0.0


def _piece(number: int) -> str:
    return f"{number:05d} "
