"""Stop closes the connection at once, whatever the stream is at, on either loop."""

import asyncio
import subprocess
import sys

import pytest

from app.api.http.client import Client
from app.domain.events import TextDelta
from app.domain.providers.providers import ProviderKind
from tests.api.http.exchanges import KEY, ask
from tests.servers import Connection, chunk, serving


def holding(connection: Connection) -> None:
    """Say one word, then nothing."""
    connection.head()
    connection.send(chunk("a"))
    connection.stall()


async def test_stop_closes_the_connection_at_once() -> None:
    with serving(holding) as server:
        client = Client()
        came = asyncio.Event()

        async def consume() -> None:
            url = f"{server.url}/chat/completions"
            async for _events in client.stream(url, {}, KEY, ProviderKind.OPENROUTER):
                came.set()

        task = asyncio.create_task(consume())
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # Nothing has been closed but the one stream; the client lives on.
        assert await asyncio.to_thread(server.left.wait, 10)
        await client.aclose()


async def test_stop_before_the_first_byte_closes_the_connection() -> None:
    with serving(Connection.stall) as server:
        task = asyncio.create_task(ask(server.url))
        assert await asyncio.to_thread(server.asked.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.left.wait, 10)


async def test_closing_the_stream_between_events_closes_the_connection() -> None:
    with serving(holding) as server:
        client = Client()
        url = f"{server.url}/chat/completions"
        stream = client.stream(url, {}, KEY, ProviderKind.OPENROUTER)
        assert TextDelta("a") in await anext(stream)
        await stream.aclose()
        assert await asyncio.to_thread(server.left.wait, 10)
        await client.aclose()


UNDER_QASYNC = """
import asyncio, gc, sys, threading, warnings
from concurrent.futures import ThreadPoolExecutor
warnings.simplefilter("error")
problems = []
sys.unraisablehook = lambda raised: problems.append(raised.exc_value)
import qasync
from PySide6.QtCore import QCoreApplication
from app.api.http.client import Client
from app.domain.providers.providers import ProviderKind
from tests.api.http.test_stopping import holding
from tests.servers import answer, chat, serving

async def main():
    with serving(answer(chat("hello")), holding, holding) as server:
        client = Client()
        def stream():
            return client.stream(f"{server.url}/v1", {}, "k", ProviderKind.OPENROUTER)
        print([events async for events in stream()])
        between = stream()
        await anext(between)
        await between.aclose()
        print(await asyncio.to_thread(server.left.wait, 10))
        server.left.clear()
        waiting = stream()
        await anext(waiting)
        task = asyncio.ensure_future(anext(waiting))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        print(task.cancelled(), await asyncio.to_thread(server.left.wait, 10))
        await client.aclose()
    gc.collect()

app = QCoreApplication([])
loop = qasync.QEventLoop(app)
loop.set_default_executor(ThreadPoolExecutor())
loop.set_exception_handler(lambda _loop, context: problems.append(context))
with loop:
    loop.run_until_complete(main())
print(problems)
"""


def test_it_streams_and_stops_on_the_loop_of_the_window() -> None:
    process = subprocess.run(
        [sys.executable, "-c", UNDER_QASYNC],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout.splitlines()[1:] == ["True", "True True", "[]"], process.stderr
    assert "TextDelta(text='hello')" in process.stdout
