"""A real server on 127.0.0.1 whose every byte a test decides, for tests of all layers.

It answers each connection on a thread of its own by running a script, so that it serves
coroutines, child processes and a blocked test alike. Everything in it ends by itself: sockets
time out after PATIENCE seconds, and leaving `serving` closes what is open.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Request:
    """What came in, read whole; header names in lower case. `raw` is every byte of it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    raw: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


class Connection:
    """One request and the socket to answer it on."""

    def __init__(self, server: "Server", sock: socket.socket, request: Request) -> None:
        self._server = server
        self._socket = sock
        self.request = request

    def send(self, data: bytes, size: int | None = None) -> None:
        """Send bytes, in pieces of `size` where it is given."""
        step = size or max(len(data), 1)
        for start in range(0, len(data), step):
            self._socket.sendall(data[start : start + step])

    def head(
        self,
        status: int = 200,
        content_type: str = "text/event-stream",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send the status line and headers of an answer that ends when the connection does."""
        lines = [f"HTTP/1.1 {status} Scripted", f"Content-Type: {content_type}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode())

    def stall(self) -> None:
        """Say nothing more until the other side goes away; then `server.left` is set."""
        with suppress(OSError):
            while self._socket.recv(65536):
                pass
        self._server.left.set()

    def drip(self, data: bytes, seconds: float = 0.02) -> None:
        """Send the same bytes again and again until the other side goes away."""
        with suppress(OSError):
            for _turn in range(int(PATIENCE / seconds)):
                self._socket.sendall(data)
                if self._server.stopping.wait(seconds):
                    break
        self._server.left.set()

    def wait_for(self, event: threading.Event) -> None:
        """Hold the answer back until a test sets `event`."""
        event.wait(PATIENCE)

    def reset(self) -> None:
        """Break the connection with a TCP reset instead of an end."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


Script = Callable[[Connection], None]


class Server:
    """Listens, counts and remembers.

    `requests` is what came; `asked` is set by the first of them, `left` by a client that goes
    away before its answer has ended.
    """

    def __init__(self, scripts: Sequence[Script]) -> None:
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.requests: list[Request] = []
        self.connections = 0
        self._lock = threading.Lock()
        self.asked = threading.Event()
        self.left = threading.Event()
        self.stopping = threading.Event()
        #: What a script raised, which the test must see.
        self.problems: list[BaseException] = []

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to accept connections."""
        self._spawn(self._accept)

    def stop(self) -> None:
        """Close everything and wait for every thread."""
        self.stopping.set()
        for sock in [self._listener, *self._open]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        for sock in [self._listener, *self._open]:
            sock.close()

    def _spawn(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _address = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.connections += 1
            sock.settimeout(PATIENCE)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(sock)
            self._spawn(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            while (request := _read_request(sock)) is not None:
                with self._lock:
                    script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
                    self.requests.append(request)
                self.asked.set()
                script(Connection(self, sock, request))
                if sock.fileno() == -1 or not getattr(script, "keeps_alive", False):
                    break
        except OSError:
            self.left.set()
        except Exception as error:
            self.problems.append(error)
        finally:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


@contextmanager
def serving(*scripts: Script) -> Iterator[Server]:
    """Run a server; the n-th request gets the n-th script, later ones the last."""
    server = Server(scripts)
    server.start()
    try:
        yield server
    finally:
        server.stop()
    if server.problems:
        raise server.problems[0]


def answer(
    body: bytes | str,
    *,
    status: int = 200,
    content_type: str = "text/event-stream",
    headers: Mapping[str, str] | None = None,
    size: int | None = None,
) -> Script:
    """A script that gives one whole answer, its body in pieces of `size` bytes."""
    data = body.encode() if isinstance(body, str) else body

    def script(connection: Connection) -> None:
        connection.head(status, content_type, headers)
        connection.send(data, size)

    return script


def keep_alive(body: bytes, content_type: str = "text/event-stream") -> Script:
    """A script whose connection can serve the next request."""

    def script(connection: Connection) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}"
        connection.send(head.encode() + b"\r\n\r\n" + body)

    script.keeps_alive = True  # type: ignore[attr-defined]
    return script


def event(value: Any) -> bytes:
    """One server-sent event of a JSON value."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def chunk(content: str | None = None, *, finish: str | None = None, **delta: Any) -> bytes:
    """One event of a chat completion's stream."""
    if content is not None:
        delta["content"] = content
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event({"id": "gen-1", "model": "m", "choices": [choice]})


DONE = b"data: [DONE]\n\n"


def chat(*texts: str, finish: str | None = "stop") -> bytes:
    """A whole stream that says these texts, finishes and is done."""
    return b"".join([*map(chunk, texts), chunk(finish=finish), DONE])


def _read_request(sock: socket.socket) -> Request | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = sock.recv(65536)
        if not piece:
            return None
        raw += piece
        if not raw[:1].isalpha():
            # A TLS greeting, to which a server without TLS says this.
            sock.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return None
    head, _blank, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _colon, value in (line.partition(":") for line in lines)
    }
    length = int(headers.get("content-length", "0"))
    if headers.get("expect") == "100-continue":
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    pieces = [body]
    missing = length - len(body)
    while missing > 0 and (piece := sock.recv(65536)):
        pieces.append(piece)
        missing -= len(piece)
    body = b"".join(pieces)
    method, path, _version = first.split(" ", 2)
    return Request(method, path, headers, body, head + b"\r\n\r\n" + body)
