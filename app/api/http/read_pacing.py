"""Reading a stream no oftener than is of use: every read costs half a millisecond, however little
came, and a model sends two hundred pieces a second.

What comes between two reads waits in the socket, and is read at once.
"""

import asyncio
from typing import Any

import httpx

#: Seconds between two reads of the same connection.
PACE = 0.02


def pace(response: httpx.Response) -> None:
    """Have the rest of an answer read so. What comes in bulk is read as fast as it comes."""
    stream = response.extensions.get("network_stream")
    if stream is None or isinstance(getattr(stream, "read", None), _PacedRead):
        return
    stream.read = _PacedRead(stream.read)


class _PacedRead:
    """In the place of a stream's `read`."""

    def __init__(self, read: Any) -> None:
        self._read = read
        self._next = 0.0

    async def __call__(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's name
        loop = asyncio.get_running_loop()
        if (early := self._next - loop.time()) > 0:
            await asyncio.sleep(early)
        data: bytes = await self._read(max_bytes, timeout=timeout)
        # A full read has more behind it.
        self._next = loop.time() + PACE if len(data) < max_bytes else 0.0
        return data
