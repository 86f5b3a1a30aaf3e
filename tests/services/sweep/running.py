"""What tests of sweeps say again and again: a question, a sweep, its end, a server at a gate."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.chat.conversation import Message, Role
from app.domain.sweep.plan import CellState, ParameterAxis
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.services.sweep.sweeps import Sweeping
from tests.servers import PATIENCE as SERVER_PATIENCE
from tests.servers import Connection, Server, chat, chunk
from tests.services.talking import PATIENCE, conversation_at, next_time


def asked_at(core: Core, server: Server) -> OpenConversation:
    """A conversation with a scripted server and a question, `q`."""
    held = conversation_at(core, server)
    core.conversations.add_message(held, Message("q", None, Role.USER, "Well?", 1.0))
    return held


def begun(core: Core, held: OpenConversation, values: Sequence[float], **fields: Any) -> Sweep:
    """Start a sweep over temperature."""
    axis = ParameterAxis("temperature", tuple(values))
    return core.sweeping.start(held, core.sweeping.plan(held, "q", columns=axis, **fields))


async def until(sweep: Sweep, holds: Callable[[], bool]) -> None:
    """Wait until something holds of a sweep, looking whenever it changes."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await next_time(sweep.changed)


async def ended(core: Core, sweep: Sweep) -> None:
    """Wait until nothing of a sweep is on its way."""
    if core.sweeping.is_running(sweep):
        await asyncio.wait_for(next_time(sweep.finished), PATIENCE)


def states(sweep: Sweep) -> list[CellState]:
    """How far its cells have come, in order."""
    return [one.state for one in sweep.cells]


def texts(sweep: Sweep) -> list[str]:
    """What its cells say, in order."""
    return [one.text for one in sweep.cells]


def streaming(sweep: Sweep) -> LiveCell:
    """The first cell that streams."""
    return next(one for one in sweep.cells if one.state is CellState.STREAMING)


class Pauses:
    """Stands in for sleeping: counts, and may hold whoever sleeps until `over` is set."""

    def __init__(self, core: Core) -> None:
        self.count = 0
        self.begun = asyncio.Event()
        self.over = asyncio.Event()
        core.sweeping = Sweeping(
            core.library,
            core.conversations,
            core.settings,
            providers=core.providers,
            chat=core.chat,
            branching=core.branching,
            client=core.client,
            tasks=core.tasks,
            sleep=self,
        )

    async def __call__(self, seconds: float) -> None:
        """Sleep."""
        self.count += round(seconds)
        self.begun.set()
        await self.over.wait()


class Gate:
    """A script that begins each answer, "So far", and ends it when it is let through."""

    def __init__(self) -> None:
        self._come = threading.Semaphore(0)
        self._free = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._inside = 0
        #: How many stood at the gate at once, at most.
        self.most = 0

    def __call__(self, connection: Connection) -> None:
        """Serve one answer."""
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        connection.head()
        connection.send(chunk("So far"))
        self._come.release()
        self._free.acquire(timeout=SERVER_PATIENCE)
        with self._lock:
            self._inside -= 1
        connection.send(chat(", and on"))

    async def reached(self, count: int) -> None:
        """Wait until so many more answers have begun."""
        for _one in range(count):
            assert await asyncio.to_thread(self._come.acquire, timeout=PATIENCE)

    def let(self, count: int) -> None:
        """Let so many answers end."""
        self._free.release(count)
