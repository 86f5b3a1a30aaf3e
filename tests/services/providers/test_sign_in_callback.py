"""The listener for one visit: whoever else comes learns nothing, fills nothing, holds nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from app.api.endpoints.openrouter_sign_in import Returned, read_callback
from app.services.providers import sign_in_callback as callback
from app.services.providers.sign_in_callback import LOOPBACK, CallbackListener
from tests.services.talking import PATIENCE

PATH = "/callback/word"
RIGHT = f"GET {PATH}?code=right HTTP/1.1"


class Waiting:
    """A listener, and what came to it."""

    def __init__(self, **more: float | tuple[str, ...]) -> None:
        self.returned: list[Returned] = []
        self.came = asyncio.Event()
        self.listener = CallbackListener(self._read, self._take, **more)  # type: ignore[arg-type]

    def _read(self, target: str) -> Returned | None:
        return read_callback(target, PATH)

    def _take(self, returned: Returned) -> None:
        self.returned.append(returned)
        self.came.set()

    async def asks(self, head: str | bytes, host: str = "127.0.0.1") -> bytes:
        """Send a request; return all that is said until the listener hangs up."""
        data = head if isinstance(head, bytes) else f"{head}\r\nHost: x\r\n\r\n".encode("latin-1")
        reader, writer = await asyncio.open_connection(host, self.listener.port)
        writer.write(data)
        try:
            return await rest(reader)
        finally:
            writer.close()


@pytest.fixture
async def waiting() -> AsyncIterator[Waiting]:
    made = Waiting()
    assert await made.listener.open()
    yield made
    await made.listener.close()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side hangs up, in whatever way."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""


def is_free(port: int) -> bool:
    """Whether nobody listens at a port of this computer any more."""
    for host in LOOPBACK:
        try:
            socket.create_connection((host, port), 5).close()
        except OSError:
            continue
        return False
    return True


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


async def test_the_right_visitor_is_thanked_and_told_of(waiting: Waiting) -> None:
    told = await waiting.asks(RIGHT)
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"You can close this" in told
    assert waiting.returned == [Returned(code="right")]


@pytest.mark.parametrize(
    "head",
    [
        "GET /callback/wrong?code=x HTTP/1.1",
        "GET / HTTP/1.1",
        f"GET {PATH} HTTP/1.1",
        f"GET {PATH}? HTTP/1.1",
        f"GET {PATH}/?code=x HTTP/1.1",
        f"GET {PATH}?code=a&code=b HTTP/1.1",
        f"GET {PATH}?code=a%0d%0aX:b HTTP/1.1",
        f"GET  {PATH}?code=x HTTP/1.1",
        f"GET {PATH}?code=x",
        f"GET {PATH}?code=x HTTP/2.0",
        f"get {PATH}?code=x HTTP/1.1",
        f"POST {PATH}?code=x HTTP/1.1",
        f"HEAD {PATH}?code=x HTTP/1.1",
        f"OPTIONS {PATH}?code=x HTTP/1.1",
        f"CONNECT {PATH}?code=x HTTP/1.1",
        f"GET http://localhost{PATH}?code=x HTTP/1.1",
        "GET /\x00\xff%ff HTTP/1.1",
        "",
        "nonsense",
    ],
)
async def test_whatever_else_comes_is_told_nothing(waiting: Waiting, head: str) -> None:
    told = await waiting.asks(head)
    assert told.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert b"Page not found." in told
    assert PATH.encode() not in told
    assert waiting.returned == []
    assert b"200 OK" in await waiting.asks(RIGHT)


async def test_a_second_callback_is_told_nothing(waiting: Waiting) -> None:
    assert b"200 OK" in await waiting.asks(RIGHT)
    assert b"404 Not Found" in await waiting.asks(f"GET {PATH}?code=second HTTP/1.1")
    assert waiting.returned == [Returned(code="right")]


@pytest.mark.parametrize("head", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"\r\n" * 8])
async def test_a_huge_request_is_cut_off(head: bytes) -> None:
    # Its size alone ends it.
    waiting = Waiting(visit=1e6)
    await waiting.listener.open()
    told = await waiting.asks(head + b"x" * 64 * 2**20)
    assert told[:12] in {b"", b"HTTP/1.1 404"}
    assert b"200 OK" in await waiting.asks(RIGHT)
    await waiting.listener.close()


async def test_a_browser_with_many_cookies_is_let_in(waiting: Waiting) -> None:
    assert b"200 OK" in await waiting.asks(f"{RIGHT}\r\nCookie: {'x' * 16_000}")


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nX: half"])
async def test_a_visitor_that_does_not_end_is_sent_away(said: bytes) -> None:
    waiting = Waiting(visit=0.05)
    await waiting.listener.open()
    assert await waiting.asks(said) == b""
    assert waiting.listener._visitors == []
    await waiting.listener.close()


async def test_silent_visitors_keep_nobody_out(waiting: Waiting) -> None:
    silent = [
        await asyncio.open_connection("127.0.0.1", waiting.listener.port)
        for _visitor in range(3 * callback.MOST_VISITORS)
    ]
    assert b"200 OK" in await waiting.asks(RIGHT)
    assert len(waiting.listener._visitors) < callback.MOST_VISITORS
    # The first ones had to make room, the others stay until it closes.
    assert await rest(silent[0][0]) == b""
    await waiting.listener.close()
    assert await rest(silent[-1][0]) == b""
    for _reader, writer in silent:
        writer.close()


async def test_a_visitor_that_leaves_before_its_answer_was_there(waiting: Waiting) -> None:
    _reader, writer = await asyncio.open_connection("127.0.0.1", waiting.listener.port)
    writer.write(f"{RIGHT}\r\n\r\n".encode())
    await writer.drain()
    writer.transport.abort()
    await asyncio.wait_for(waiting.came.wait(), PATIENCE)
    assert waiting.returned == [Returned(code="right")]


async def test_both_addresses_of_this_computer_have_one_port(waiting: Waiting) -> None:
    port = waiting.listener.port
    assert port is not None
    for host in LOOPBACK if has_ipv6() else LOOPBACK[:1]:
        assert b"404 Not Found" in await waiting.asks("GET / HTTP/1.1", host)
    await waiting.listener.close()
    assert is_free(port)


async def test_a_computer_without_ipv6_has_the_other_address() -> None:
    # An address that exists, on no computer.
    waiting = Waiting(hosts=("127.0.0.1", "2001:db8::1"))
    assert await waiting.listener.open()
    assert b"200 OK" in await waiting.asks(RIGHT)
    await waiting.listener.close()


async def test_where_no_port_can_be_had_nothing_listens() -> None:
    waiting = Waiting(hosts=("192.0.2.1", "::1"))
    assert not await waiting.listener.open()
    assert waiting.listener.port is None
    await waiting.listener.close()


async def test_a_port_that_is_taken_on_ipv6_is_left_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not has_ipv6():
        pytest.skip("there is no ::1 here")
    create = socket.create_server
    held: list[socket.socket] = []

    def create_taken(address: tuple[str, int], *, family: int) -> socket.socket:
        # Somebody takes the first port at ::1 in the very moment after it was given.
        if family == socket.AF_INET6 and not held:
            held.append(create(address, family=family))
        return create(address, family=family)

    monkeypatch.setattr(socket, "create_server", create_taken)
    waiting = Waiting()
    assert await waiting.listener.open()
    assert waiting.listener.port != held[0].getsockname()[1]
    assert len(waiting.listener._servers) == 2
    await waiting.listener.close()
    held[0].close()


@pytest.mark.parametrize("turns", range(4))
async def test_cancelling_while_it_opens_leaves_no_listener(turns: int) -> None:
    listener = Waiting().listener
    task = asyncio.create_task(listener.open())
    for _turn in range(turns):
        await asyncio.sleep(0)
    port = listener.port
    task.cancel()
    await asyncio.wait([task])
    await listener.close()
    assert port is None or is_free(port)
    assert not await listener.open()


async def test_closing_leaves_no_visitor_and_no_task() -> None:
    before = asyncio.all_tasks()
    waiting = Waiting()
    await waiting.listener.open()
    reader, writer = await asyncio.open_connection("127.0.0.1", waiting.listener.port)
    writer.write(b"GET / HTTP/1.1\r\n")
    # By now the one before has been let in.
    assert await waiting.asks("GET / HTTP/1.1")
    assert len(waiting.listener._visitors) == 1
    await waiting.listener.close()
    assert await rest(reader) == b""
    writer.close()
    assert asyncio.all_tasks() == before
