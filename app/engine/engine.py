"""The embedded model's life cycle: started at first use, restarted after a crash, ended at exit."""

import asyncio
import contextlib
import os
import secrets
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path

from app.domain.errors import EngineError, EngineFailed
from app.domain.text.translation import _
from app.engine.model import megabytes, usable_model
from app.engine.process import NotReady, Ready, ServerProcess

#: Seconds that the child process may take to end by itself before it is killed.
GRACE = 0.5


class EngineState(StrEnum):
    """The engine's state as the window shows it."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    #: The process didn't start, or it died; the next use starts it again.
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EngineEndpoint:
    """Address, API key and model of the running engine; valid until its process ends."""

    base_url: str
    key: str = field(repr=False)
    #: The model id to send: the file's name without its suffix.
    model: str
    #: Context size in tokens: prompt and answer together.
    context: int

    @property
    def native_url(self) -> str:
        """Base address of llama.cpp's native requests: /tokenize, /props, /completion."""
        return self.base_url.removesuffix("/v1")


class Engine:
    """llama.cpp's server in a child process. Use it from one event loop, in the main thread.

    `context` is the context size in tokens for each of `parallel` simultaneous answers, limited
    by the size the model was trained with. `patience` is the time limit in seconds for loading.
    """

    def __init__(
        self,
        model_path: Path | None = None,
        *,
        context: int = 8192,
        parallel: int = 2,
        patience: float = 180.0,
    ) -> None:
        self._model_path = model_path
        self._context = context
        self._parallel = parallel
        self._patience = patience
        self._starting: asyncio.Task[EngineEndpoint] | None = None
        self._child: ServerProcess | None = None
        self._endpoint: EngineEndpoint | None = None
        self._failed = False
        self._listeners: list[Callable[[str], None]] = []

    @property
    def slots(self) -> int:
        """Number of simultaneous answers; further requests wait inside the server."""
        return self._parallel

    @property
    def state(self) -> EngineState:
        """The engine's current state."""
        if self._starting is not None:
            return EngineState.STARTING
        if self._child is not None:
            return EngineState.READY if self._child.alive else EngineState.FAILED
        return EngineState.FAILED if self._failed else EngineState.STOPPED

    @property
    def process_id(self) -> int | None:
        """The child's process id; None if there is no child."""
        return self._child.id if self._child else None

    async def endpoint(self, progress: Callable[[str], None] | None = None) -> EngineEndpoint:
        """Return the endpoint of the running engine; start the engine if needed.

        Concurrent callers share one start, which continues if one of them is cancelled. `progress`
        is called with sentences for the person, once a second, until the engine is ready. Raises
        EngineMissing, EngineFailed.
        """
        if self._child and self._endpoint and self._child.alive:
            return self._endpoint
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(self._finish_start)
        if progress is None:
            return await asyncio.shield(self._starting)
        self._listeners.append(progress)
        try:
            return await asyncio.shield(self._starting)
        finally:
            self._listeners.remove(progress)

    async def choose(self, model_path: Path | None) -> None:
        """Use another model file from the next use on; None is the default model.

        If the file is another one, a running child is ended first.
        """
        if model_path != self._model_path:
            self._model_path = model_path
            await self.close()

    async def close(self) -> None:
        """End the child, by force if it hasn't ended after GRACE seconds.

        Callers that wait in `endpoint` get EngineFailed. The engine can be used again.
        """
        if (child := self._detach_child()) is None:
            return
        ended = asyncio.wrap_future(child.ended)
        try:
            done, __ = await asyncio.wait({ended}, timeout=GRACE)
            if not done:
                child.kill()
                await ended
        finally:
            ended.cancel()

    def stop(self) -> None:
        """End the child as `close` does, without an event loop; blocks for 2 GRACE at most."""
        if (child := self._detach_child()) is None:
            return
        try:
            child.ended.result(GRACE)
        except TimeoutError:
            child.kill()
            # A process that hangs in the system ends later; waiting longer would not help.
            with contextlib.suppress(TimeoutError):
                child.ended.result(GRACE)

    def _detach_child(self) -> ServerProcess | None:
        child, self._child, self._endpoint = self._child, None, None
        self._starting, self._failed = None, False
        if child is not None:
            child.hang_up()
            if not child.ready.done():
                # While it loads a model it doesn't notice a closed stdin.
                child.kill()
        return child

    def _finish_start(self, start: asyncio.Task[EngineEndpoint]) -> None:
        # Reads the exception, as asyncio logs unread ones, here when every caller was cancelled.
        failed = start.cancelled() or start.exception() is not None
        if self._starting is start:
            self._starting, self._failed = None, failed

    async def _start(self) -> EngineEndpoint:
        file = await asyncio.to_thread(usable_model, self._model_path)
        self._check_not_stopped()
        key = secrets.token_urlsafe(32)
        child = self._child = self._launch(file, key)
        try:
            ready = await self._wait_until_ready(child, file)
            self._check_not_stopped()
        except BaseException as error:
            child.kill()
            if self._child is child:
                self._child = None
            if isinstance(error, NotReady):
                self._check_not_stopped()
                raise _failure(error, file, child.log) from error
            raise
        self._endpoint = EngineEndpoint(
            f"http://127.0.0.1:{ready.port}/v1", key, model=file.stem, context=ready.context
        )
        return self._endpoint

    def _launch(self, file: Path, key: str) -> ServerProcess:
        # With PR_SET_PDEATHSIG Linux kills the child when the *thread* that started it ends, so it
        # is used only if the main thread starts the child.
        main = threading.current_thread() is threading.main_thread()
        return ServerProcess(
            {
                "model": str(file),
                "name": file.stem,
                "key": key,
                "context": self._context,
                "parallel": self._parallel,
                "parent": os.getpid() if main else 0,
            }
        )

    async def _wait_until_ready(self, child: ServerProcess, file: Path) -> Ready:
        loading = _("Loading {name} ({size})…").format(name=file.stem, size=megabytes(file))
        ready = asyncio.wrap_future(child.ready)
        try:
            for seconds in count():
                for listener in self._listeners:
                    listener(f"{loading} {seconds} s" if seconds else loading)
                rest = self._patience - seconds
                done, __ = await asyncio.wait({ready}, timeout=min(1.0, rest))
                if done:
                    return ready.result()
                if rest <= 1:
                    break
        finally:
            # Otherwise its completion would be passed to a loop that may be closed by then.
            ready.cancel()
        raise EngineFailed(
            _("{name} took more than {seconds} seconds to load. Try a smaller model.").format(
                name=file.stem, seconds=round(self._patience)
            ),
            detail=child.log,
        )

    def _check_not_stopped(self) -> None:
        if self._starting is not asyncio.current_task():
            raise EngineFailed(_("The model on this computer was stopped while loading."))


def _failure(error: NotReady, file: Path, log: str) -> EngineError:
    if error.refusal is not None:
        sentence = _(
            "Can't load {path}: the file is damaged or not supported by llama.cpp. "
            "Choose another file in Settings."
        ).format(path=file)
    elif error.exit_code == -getattr(signal, "SIGKILL", 9):
        sentence = _(
            "The model was stopped by the system while loading, probably for lack of memory. "
            "Try again, or choose a smaller file in Settings."
        )
    else:
        sentence = _(
            "The model on this computer failed to start. Try again, or choose another file."
        )
    return EngineFailed(sentence, detail=f"{error}\n{log}")
