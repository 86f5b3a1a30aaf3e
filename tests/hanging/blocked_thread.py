"""A test that fails while a thread of `asyncio.to_thread` is blocked in a read for ever."""

import asyncio
import os

import pytest


@pytest.mark.timeout(5)
async def test_waits_for_a_read_that_never_returns() -> None:
    reading, _writing = os.pipe()
    await asyncio.to_thread(os.read, reading, 1)


def test_comes_next() -> None:
    pass
