"""Runner of sweeps: sends cells concurrently within each provider's limit, stores each result."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.chat.request import ChatRequest
from app.domain.errors import (
    EngineError,
    KeyRefused,
    LibraryError,
    LoquatError,
    MissingKey,
    NoCredit,
    NotFoundError,
    RateLimited,
    Remedy,
    Unreachable,
    UseValue,
    remedy_of,
)
from app.domain.events import Finished, FinishReason
from app.domain.ids import new_id
from app.domain.parameters.kinds import conflicts_among
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.sweep.plan import CellState
from app.domain.text.translation import _
from app.domain.tokens.token_statistics import figures_of
from app.services.chat.branching import Branching
from app.services.chat.delivery import Delivery, Progress
from app.services.observers import Observers
from app.services.providers.providers import Providers
from app.services.sweep.rate_lanes import Lane
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.services.tasks import Tasks
from app.store.library import Library
from app.store.sweeps import KeptCell

log = logging.getLogger(__name__)

#: Greatest number of tries of a cell while its provider is busy. More than for a chat, where the
#: person can press Retry.
MOST_TRIES = 6

#: Errors that every other cell of the same provider would meet too, so that those are not sent.
HOPELESS = (MissingKey, KeyRefused, NoCredit, RateLimited, Unreachable, EngineError)

_STATES = {
    Status.COMPLETE: CellState.COMPLETE,
    Status.STOPPED: CellState.STOPPED,
    Status.INTERRUPTED: CellState.INTERRUPTED,
    Status.STREAMING: CellState.INTERRUPTED,
    Status.FAILED: CellState.FAILED,
}


def state_of(message: Message) -> CellState:
    """Return the state of a cell by its stored answer; a streaming one counts as interrupted."""
    return _STATES[message.status]


@dataclass(slots=True)
class _ActiveSweep:
    """A sweep with cells that are queued or streaming."""

    sweep: Sweep
    messages: tuple[Message, ...]
    tasks: dict[int, asyncio.Task[Any]] = field(default_factory=dict)
    #: Errors by (provider id, model id) after which no more cells are sent there; an empty model
    #: id stands for all models of the provider.
    hopeless: dict[tuple[str, str], LoquatError] = field(default_factory=dict)


class SweepRunner:
    """Sends the cells of any number of sweeps and stores their answers."""

    def __init__(
        self,
        library: Library,
        providers: Providers,
        branching: Branching,
        delivery: Delivery,
        tasks: Tasks,
    ) -> None:
        self._library = library
        self._providers = providers
        self._branching = branching
        self._tasks = tasks
        self._delivery = delivery
        self._lanes: dict[str, Lane] = {}
        self._running: dict[str, _ActiveSweep] = {}
        self._closing = False
        #: Called when the library could not be written; the answers in memory are complete.
        self.unsaved: Observers[[LibraryError]] = Observers()

    def is_running(self, sweep: Sweep) -> bool:
        """Whether any cell of a sweep is queued or streaming."""
        return sweep.id in self._running

    def running(self) -> list[Sweep]:
        """Return the sweeps with queued or streaming cells."""
        return [run.sweep for run in self._running.values()]

    def lane(self, provider: Provider) -> Lane:
        """Return the queue of a provider, made at first use."""
        if provider.id not in self._lanes:
            self._lanes[provider.id] = Lane(self._providers.at_once(provider))
        return self._lanes[provider.id]

    def begin(self, sweep: Sweep, cells: Sequence[LiveCell], messages: Sequence[Message]) -> None:
        """Queue cells in this order; `messages` is the path from the first message to the question.

        Cells that are queued or streaming already are left out.
        """
        run = self._running.setdefault(sweep.id, _ActiveSweep(sweep, tuple(messages)))
        # The person may have entered a key or started a server since the last run.
        run.hopeless.clear()
        for live in cells:
            number = live.cell.number
            if number in run.tasks:
                continue
            # The former answer stays until the cell is really sent again.
            live.state, live.waiting = CellState.WAITING, ""
            work = self._ask(sweep, run, live)
            run.tasks[number] = self._tasks.spawn(work, f"cell {number} of {sweep.id}")
            sweep.changed.notify(live.place)

    def stop(self, sweep: Sweep, live: LiveCell) -> None:
        """Stop a cell, keeping its text; does nothing if it is not queued or streaming."""
        run = self._running.get(sweep.id)
        if run is not None and (task := run.tasks.get(live.cell.number)):
            # call_soon, as a task that is cancelled before its first step runs no `finally`.
            asyncio.get_running_loop().call_soon(task.cancel)

    def stop_all(self, sweep: Sweep) -> None:
        """Stop all cells, keeping their texts; cells that were not sent yet stay WAITING."""
        run = self._running.get(sweep.id)
        for number in [] if run is None else list(run.tasks):
            self.stop(sweep, sweep.cells[number])

    async def close(self) -> None:
        """Interrupt all sweeps, and wait up to 2 seconds until their answers are stored."""
        self._closing = True
        tasks = [task for run in self._running.values() for task in run.tasks.values()]
        for sweep in self.running():
            self.stop_all(sweep)
        if tasks:
            await asyncio.wait(tasks, timeout=2)

    async def _ask(self, sweep: Sweep, run: _ActiveSweep, live: LiveCell) -> None:
        try:
            provider = self._providers.get(live.cell.provider)
            model = self._providers.model(provider, live.cell.model)
            reply = Reply(_empty_answer(sweep, provider, model))
            await self._answer(_CellRequest(sweep, live, reply, provider, model, _Notes()), run)
        finally:
            # Also after an exception: a sweep that counts as running could not be resumed.
            self._end_cell(sweep, run, live)

    async def _answer(self, work: "_CellRequest", run: _ActiveSweep) -> None:
        provider, model, reply = work.provider, work.model, work.reply
        status, error = Status.FAILED, ""
        remedy: Remedy | UseValue = Remedy.NONE
        try:
            await self._stream(work, run)
            status = Status.COMPLETE
            self.lane(provider).went_well()
        except asyncio.CancelledError:
            status = Status.INTERRUPTED if self._closing else Status.STOPPED
            reply.apply(Finished(FinishReason.STOPPED))
        except LoquatError as failure:
            log.info("cell failed: %s (%s)", type(failure).__name__, failure.detail)
            error, remedy = str(failure), remedy_of(failure)
            if reply.has_content:
                status = Status.INTERRUPTED
            elif isinstance(failure, HOPELESS):
                # A router's rate limits are per model.
                only = model.id if isinstance(failure, RateLimited) else ""
                run.hopeless[provider.id, only] = failure
        except Exception:
            error = _("Something went wrong in Loquat. The answer so far is kept. See the log.")
            raise
        finally:
            self.lane(provider).leave(work.live)
            ended = reply.message(status, error=error, remedy=remedy, price=model.price)
            self._finish(work, ended)

    async def _stream(self, work: "_CellRequest", run: _ActiveSweep) -> None:
        sweep, live, provider, model = work.sweep, work.live, work.provider, work.model
        if provider.id != live.cell.provider:
            raise NotFoundError(_("The provider of this answer was removed."))
        lane = self.lane(provider)
        await lane.enter(live, sweep, sweep.plan.most_at_once)
        for only in ("", model.id):
            if failure := run.hopeless.get((provider.id, only)):
                raise failure
        self._begin(work)
        target = await self._providers.target(
            provider, model.id, lambda words: _show_wait(sweep, live, words)
        )
        _show_wait(sweep, live, "")
        request = ChatRequest(
            kind=provider.kind,
            base_url=target.base_url,
            model=replace(model, id=target.model),
            messages=run.messages,
            system=sweep.plan.system,
            parameters=self.parameters(provider, model, live.cell.parameters),
            conversation=sweep.conversation,
            routing=sweep.plan.routing,
        )

        def waits(words: str) -> None:
            # A busy provider pauses all of its cells, not only this one.
            if words:
                lane.hold(live)
            else:
                lane.go_on(live)
            _show_wait(sweep, live, words)

        progress = Progress(
            waiting=waits,
            grew=lambda: sweep.changed.notify(live.place),
            refused=lambda name, words: self._keep(
                lambda: self._providers.remember_refusal(provider, model, name, words)
            ),
            turn=lambda: lane.enter(live, sweep, sweep.plan.most_at_once, first=True),
        )
        await self._delivery.run(request, target.key, work.reply, work.notes, progress)

    def _begin(self, work: "_CellRequest") -> None:
        sweep, live = work.sweep, work.live
        live.state, live.reply = CellState.STREAMING, work.reply
        live.answer = live.mean_logprob = None
        begun = work.reply.message(Status.STREAMING)
        self._keep(lambda: self._library.sweeps.begin_cell(sweep.id, live.cell.number, begun))
        sweep.changed.notify(live.place)

    def parameters(
        self, provider: Provider, model: Model, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the parameters to send: a cell's values without those that are not supported.

        Parameters that ask for token probabilities are added if the model supports them and they
        cause no new conflict.
        """
        refused = self._providers.refused(provider, model)
        own = {name: value for name, value in values.items() if name not in refused}
        asking, _why = self._branching.asking(provider, model)
        extended = {**asking, **own}
        before = self._providers.conflicts(provider, model, own)
        if len(self._providers.conflicts(provider, model, extended)) > len(before):
            return own
        if len(conflicts_among(extended, PARAMETERS)) > len(conflicts_among(own, PARAMETERS)):
            return own
        return extended

    def _finish(self, work: "_CellRequest", ended: Message) -> None:
        live, sweep = work.live, work.sweep
        begun = live.state is CellState.STREAMING
        live.waiting, live.reply = "", None
        if not begun and ended.status in {Status.STOPPED, Status.INTERRUPTED}:
            # The cell was never sent, so its former state comes back.
            live.state = CellState.WAITING if live.answer is None else state_of(live.answer)
            return
        live.state = state_of(ended)
        table = work.reply.probabilities
        figures = figures_of(table)
        live.answer = ended
        live.mean_logprob = None if figures is None else figures.mean_logprob
        kept = KeptCell(live.cell.number, ended, work.notes.request, live.mean_logprob)
        self._keep(lambda: self._library.sweeps.finish_cells(sweep.id, [(kept, table)]))

    def _end_cell(self, sweep: Sweep, run: _ActiveSweep, live: LiveCell) -> None:
        run.tasks.pop(live.cell.number, None)
        finished = not run.tasks
        if finished:
            self._running.pop(sweep.id, None)
            self._keep(lambda: self._library.sweeps.release(sweep.id))
        sweep.changed.notify(live.place)
        if finished:
            sweep.finished.notify()

    def _keep(self, write: Callable[[], None]) -> None:
        """Write to the library; a LibraryError is announced by `unsaved`, not raised."""
        try:
            write()
        except LibraryError as failure:
            self.unsaved.notify(failure)


@dataclass(frozen=True, slots=True)
class _CellRequest:
    """A cell that is being answered, with its reply, provider, model and recorded request."""

    sweep: Sweep
    live: LiveCell
    reply: Reply
    provider: Provider
    model: Model
    notes: "_Notes"


class _Notes:
    """Keeps the request of a cell in memory until its end, when cell and request are stored."""

    def __init__(self) -> None:
        self.request: tuple[str, dict[str, Any]] | None = None

    def begin(self, url: str, body: Mapping[str, Any]) -> None:
        """Keep the URL and the JSON body that are sent."""
        self.request = (url, dict(body))

    def note(self) -> None:
        """Do nothing: a cell is stored at its end only."""


def _empty_answer(sweep: Sweep, provider: Provider, model: Model) -> Message:
    return Message(
        id=new_id(),
        parent=sweep.plan.question,
        role=Role.ASSISTANT,
        text="",
        created=time.time(),
        status=Status.STREAMING,
        provider=provider.id,
        model=model.id,
    )


def _show_wait(sweep: Sweep, live: LiveCell, words: str) -> None:
    if live.waiting != words:
        live.waiting = words
        sweep.changed.notify(live.place)
