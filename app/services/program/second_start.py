"""Second start on the same library: it brings the first one's window to the front, and ends.

The first instance listens on a loopback port. The port and a secret word are in a file that only
its owner can read.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path

#: Name of the file with port and word, in the library's directory.
ADDRESS_FILE = "window.json"
#: Time limit in seconds for the connection and for each line.
ANSWER_SECONDS = 2.0


class SecondStartServer:
    """The server of the first instance, to which later starts on the same library connect."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / ADDRESS_FILE
        self._word = os.urandom(16).hex()
        self._server: asyncio.Server | None = None
        self._raise: Callable[[], None] = _nothing

    async def listen(self, come_forward: Callable[[], None]) -> None:
        """Start the server; `come_forward` is called at each later start. Raises OSError."""
        self._raise = come_forward
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=256)
        port = self._server.sockets[0].getsockname()[1]
        text = json.dumps({"port": port, "word": self._word})
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)

    def close(self) -> None:
        """Stop the server and remove its file."""
        if self._server is None:
            return
        self._server.close()
        with contextlib.suppress(OSError):
            self._file.unlink()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Imported late: hmac imports hashlib, which adds 4 ms to the start.
        from hmac import compare_digest

        with contextlib.suppress(OSError, ValueError, asyncio.TimeoutError):
            line = await asyncio.wait_for(reader.readline(), ANSWER_SECONDS)
            if compare_digest(line.strip(), self._word.encode()):
                self._raise()
                writer.write(b"here\n")
                await writer.drain()
        writer.close()


async def raise_first_window(directory: Path) -> bool:
    """Bring the first instance's window to the front; returns False if none answers."""
    try:
        address = json.loads((directory / ADDRESS_FILE).read_text())
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection("127.0.0.1", int(address["port"])), ANSWER_SECONDS
        )
        writer.write(str(address["word"]).encode() + b"\n")
        answer = await asyncio.wait_for(reader.readline(), ANSWER_SECONDS)
        writer.close()
    except (TimeoutError, OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return answer.strip() == b"here"


def _nothing() -> None:
    """Do nothing: the callback before `listen`."""
