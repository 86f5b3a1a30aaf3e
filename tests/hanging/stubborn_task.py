"""A test that fails while a task runs that swallows every cancellation."""

import asyncio

import pytest


async def never_end() -> None:
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            continue


@pytest.mark.timeout(5)
async def test_fails_beside_a_task_that_ignores_cancellation() -> None:
    task = asyncio.create_task(never_end())
    await asyncio.sleep(0)
    assert task.done()


def test_comes_next() -> None:
    pass
