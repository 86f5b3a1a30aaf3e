"""A second start of the program brings the first one's window forward, and ends.

The first listens on loopback; where, and the word that opens, stand in a file that only its
owner can read.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path

CALL = "window.json"
ANSWER_SECONDS = 2.0


class Calls:
    """Calls from later starts on the same library, whose window is here."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / CALL
        self._word = os.urandom(16).hex()
        self._server: asyncio.Server | None = None
        self._raise: Callable[[], None] = _nothing

    async def listen(self, come_forward: Callable[[], None]) -> None:
        """Call `come_forward` whenever the program is started again."""
        self._raise = come_forward
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=256)
        port = self._server.sockets[0].getsockname()[1]
        text = json.dumps({"port": port, "word": self._word})
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)

    def close(self) -> None:
        """Answer no more."""
        if self._server is None:
            return
        self._server.close()
        with contextlib.suppress(OSError):
            self._file.unlink()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # With hashlib behind it, 4 ms that a start can do without.
        from hmac import compare_digest

        with contextlib.suppress(OSError, ValueError, asyncio.TimeoutError):
            said = await asyncio.wait_for(reader.readline(), ANSWER_SECONDS)
            if compare_digest(said.strip(), self._word.encode()):
                self._raise()
                writer.write(b"here\n")
                await writer.drain()
        writer.close()


async def call_first(directory: Path) -> bool:
    """Bring the window that already runs on a library forward; False where none answers."""
    try:
        said = json.loads((directory / CALL).read_text())
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection("127.0.0.1", int(said["port"])), ANSWER_SECONDS
        )
        writer.write(str(said["word"]).encode() + b"\n")
        answer = await asyncio.wait_for(reader.readline(), ANSWER_SECONDS)
        writer.close()
    except (TimeoutError, OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return answer.strip() == b"here"


def _nothing() -> None:
    """Before `listen`, nobody can call."""
