"""Sweeps as use cases: plan, cost, start, stop, retry, resume, keep a cell, use its settings."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.token_estimate import estimate_tokens
from app.domain.errors import InputError
from app.domain.ids import new_id
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.sweep.cost import Estimate, PricedRequest, estimate
from app.domain.sweep.plan import (
    SEED,
    Cell,
    CellPosition,
    CellState,
    ParameterAxis,
    Plan,
    PresetAxis,
    Seeds,
    cells_of,
    conflicts_of_cells,
)
from app.domain.text.figures import dollars
from app.domain.text.translation import _, ngettext
from app.domain.tokens.token_table import TokenTable
from app.services.chat.branching import Branching
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.chat.delivery import Delivery, Sleep
from app.services.library.settings import Settings
from app.services.observers import Observers
from app.services.providers.providers import Providers
from app.services.sweep.runner import MOST_TRIES, SweepRunner, state_of
from app.services.sweep.running_sweep import UNFINISHED, LiveCell, Sweep
from app.services.tasks import Tasks
from app.store.library import Library
from app.store.sweeps import KeptSweep

#: Name of the parameter that limits an answer's tokens, for estimates.
LIMIT = "max_tokens"
#: Greatest number of sentences that `objections` returns.
MOST_OBJECTIONS = 8


@dataclass(frozen=True, slots=True)
class CellSettings:
    """The settings of a cell for a conversation: the provider's and model's id, all parameters."""

    provider: str
    model: str
    parameters: Mapping[str, Any]


class Sweeping:
    """The sweeps of the library. Every method that writes may raise LibraryError."""

    def __init__(
        self,
        library: Library,
        conversations: Conversations,
        settings: Settings,
        *,
        providers: Providers,
        chat: Chat,
        branching: Branching,
        client: Client,
        tasks: Tasks,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`sleep` waits between tries; tests pass another one."""
        self._library = library
        self._conversations = conversations
        self._providers, self.provider_names = providers, providers.names
        #: Returns the provider with an id.
        self.provider = providers.get
        self._chat = chat
        self._settings = settings
        self._runner = SweepRunner(
            library, providers, branching, Delivery(client, sleep, most_tries=MOST_TRIES), tasks
        )
        self._open: dict[str, Sweep] = {}
        #: Called with a conversation's id when its list of sweeps has changed.
        self.listed: Observers[[str]] = Observers()
        #: Called when the library could not be written; the answers in memory are complete.
        self.unsaved = self._runner.unsaved
        conversations.deleted.connect(self._stop_all_of)
        conversations.rearranged.connect(self._stop_without_question)

    def plan(self, opened: OpenConversation, question_id: str, **fields: Any) -> Plan:
        """Make a plan with the conversation's current settings; `fields` are other `Plan` fields.

        Raises InputError if there is no such message, or it is an answer.
        """
        self._check_question(opened, question_id)
        conversation = opened.conversation
        base = Plan(
            question=question_id,
            provider=self._providers.get(conversation.provider).id,
            model=conversation.model,
            parameters=dict(conversation.parameters),
            system=conversation.system,
            routing=dict(conversation.routing),
        )
        return replace(base, **fields)

    def seed_check(
        self, opened: OpenConversation, question_id: str, repeats: int, seed: int | None = None
    ) -> Plan:
        """Make a plan that sends the same request `repeats` times with the same seed.

        The seed is `seed`, else the conversation's own, else 1. `domain.sweep.seed_check` compares
        the answers. Raises InputError as `plan` does.
        """
        own = opened.conversation.parameters.get(SEED)
        first = seed if seed is not None else own if isinstance(own, int) else 1
        return self.plan(opened, question_id, repeats=repeats, seeds=Seeds.SHARED, first_seed=first)

    def objections(self, plan: Plan) -> list[str]:
        """Return sentences about conflicts between a plan's values, and about swept parameters
        that a model doesn't support. The plan can be started nevertheless. Raises as `cells_of`.
        """
        cells = cells_of(plan)
        conflicts = conflicts_of_cells(cells)
        sentences: dict[str, None] = {}
        for conflict in conflicts:
            sentences[
                _("{sentence} This affects {count} of {all} answers.").format(
                    sentence=conflict.found.sentence, count=conflict.count, all=len(cells)
                )
            ] = None
        for cell, provider, model in self._with_models(cells):
            for found in self._providers.conflicts(provider, model, cell.parameters):
                sentences.setdefault(found.sentence, None)
            refused = self._providers.not_taken(provider, model, plan.routing)
            for name in self._swept(plan) & refused.keys():
                sentences.setdefault(refused[name], None)
        counted = {conflict.found.sentence for conflict in conflicts}
        return [text for text in sentences if text not in counted][:MOST_OBJECTIONS]

    def cost(self, opened: OpenConversation, plan: Plan) -> Estimate:
        """Estimate a plan's cost. Raises as `cells_of`, and InputError if its question is gone."""
        self._check_question(opened, plan.question)
        path = opened.tree.path(plan.question)
        text = estimate_tokens(plan.system) + sum(_tokens(message) for message in path)
        # A chat template adds a few tokens to each message.
        prompt = text + 4 * (len(path) + 1)
        answers = [opened.tree[reply] for reply in opened.tree.children(plan.question)]
        answers += [message for message in path if message.role is Role.ASSISTANT]
        earlier = [
            message.usage.completion_tokens
            for message in answers
            if message.status is Status.COMPLETE
            and message.usage is not None
            and message.usage.completion_tokens
        ]
        requests = []
        for cell, _provider, model in self._with_models(cells_of(plan)):
            limit = cell.parameters.get(LIMIT)
            known = limit if isinstance(limit, int) else model.max_output
            requests.append(PricedRequest(prompt, known, model.price))
        return estimate(requests, earlier, time.time())

    def needs_asking(self, opened: OpenConversation, plan: Plan) -> str:
        """Return why the person must confirm a plan, as sentences; empty if no limit is exceeded.

        The limits are `settings.sweep_cells` and `settings.sweep_dollars`. Raises as `cost`.
        """
        cost = self.cost(opened, plan)
        reasons = []
        if cost.count > self._settings.sweep_cells:
            reasons.append(
                ngettext(
                    "This requests {n} answer.", "This requests {n} answers.", cost.count
                ).format(n=cost.count)
            )
        if cost.upper > Decimal(str(self._settings.sweep_dollars)):
            reasons.append(_("This may cost up to about {cost}.").format(cost=dollars(cost.upper)))
        return " ".join(reasons)

    def start(self, opened: OpenConversation, plan: Plan) -> Sweep:
        """Start a sweep without confirmation: see `needs_asking`. It runs until `finished`.

        Raises as `cells_of`, and InputError if its question is gone."""
        self._check_question(opened, plan.question)
        cells = cells_of(plan)
        sweep = Sweep(new_id(), opened.id, plan, time.time())
        sweep.put(tuple(LiveCell(cell) for cell in cells))
        self._library.sweeps.add(KeptSweep(sweep.id, opened.id, sweep.created, plan))
        self._open[sweep.id] = sweep
        self._runner.begin(sweep, sweep.cells, opened.tree.path(plan.question))
        self.listed.notify(opened.id)
        return sweep

    def is_running(self, sweep: Sweep) -> bool:
        """Whether any cell of a sweep is queued or streaming."""
        return self._runner.is_running(sweep)

    def stop(self, sweep: Sweep) -> None:
        """Stop all cells, keeping their texts; does nothing if none is running."""
        self._runner.stop_all(sweep)

    def stop_cell(self, sweep: Sweep, place: CellPosition) -> None:
        """Stop one cell, keeping its text; does nothing if it is not running."""
        self._runner.stop(sweep, sweep.at(place))

    def retry(self, sweep: Sweep, place: CellPosition) -> None:
        """Send one cell again, replacing its answer; does nothing if it is streaming.

        Raises InputError with the reason of `why_not_resume`, and NotFoundError if the sweep or its
        conversation was deleted.
        """
        self._send_again(sweep, [sweep.at(place)])

    def resume(self, sweep: Sweep) -> None:
        """Send every cell that has no complete answer. Raises as `retry`."""
        self._send_again(sweep, [live for live in sweep.cells if live.state in UNFINISHED])

    def why_not_resume(self, sweep: Sweep) -> str:
        """Return why no cell can be sent again, as a sentence; empty if cells can be sent.

        Raises NotFoundError if the conversation was deleted."""
        if sweep.elsewhere:
            return _("Another Loquat is running this sweep. Open it again when it has finished.")
        opened = self._conversations.open(sweep.conversation)
        if sweep.plan.question not in opened.tree:
            return _("The question of this sweep was deleted.")
        return ""

    def _send_again(self, sweep: Sweep, cells: Sequence[LiveCell]) -> None:
        if reason := self.why_not_resume(sweep):
            raise InputError(reason)
        # Raises if the sweep is in the trash, though its window may still be open.
        self._library.sweeps.get(sweep.id)
        self._open.setdefault(sweep.id, sweep)
        waiting = [live for live in cells if live.state is not CellState.STREAMING]
        if waiting:
            opened = self._conversations.open(sweep.conversation)
            self._library.sweeps.claim(sweep.id)
            self._runner.begin(sweep, waiting, opened.tree.path(sweep.plan.question))

    def sweeps_of(self, conversation_id: str) -> list[KeptSweep]:
        """Return the sweeps of a conversation without their cells, newest first."""
        return self._library.sweeps.of(conversation_id)

    def open(self, sweep_id: str) -> Sweep:
        """Return a sweep with its cells; a running one is the same object each time. Answers cut
        off by the program's end are interrupted. Raises NotFoundError, InputError (damaged plan).
        """
        if sweep_id in self._open:
            return self._open[sweep_id]
        kept = self._library.sweeps.get(sweep_id)
        sweep = Sweep(kept.id, kept.conversation, kept.plan, kept.created)
        sweep.elsewhere = kept.elsewhere
        cells = tuple(LiveCell(cell) for cell in cells_of(kept.plan))
        for stored in self._library.sweeps.cells(sweep_id):
            runs = kept.elsewhere and stored.answer.status is Status.STREAMING
            if 0 <= stored.number < len(cells) and not runs:
                live = cells[stored.number]
                live.state, live.mean_logprob = state_of(stored.answer), stored.mean_logprob
                live.answer = _as_it_ended(stored.answer)
        sweep.put(cells)
        if not kept.elsewhere:
            self._open[sweep_id] = sweep
        return sweep

    def release(self, sweep: Sweep) -> None:
        """Drop a sweep from memory after its window was closed, unless it is running."""
        if not self.is_running(sweep):
            self._open.pop(sweep.id, None)

    def delete(self, sweep: Sweep) -> None:
        """Stop a sweep and move it to the trash; `restore` brings it back."""
        self._runner.stop_all(sweep)
        self._library.sweeps.delete(sweep.id)
        self._open.pop(sweep.id, None)
        self.listed.notify(sweep.conversation)

    def restore(self, sweep: Sweep) -> None:
        """Bring a sweep back from the trash. Raises NotFoundError."""
        self._library.sweeps.restore(sweep.id)
        # Its window may still be open, and each sweep has one object only.
        self._open.setdefault(sweep.id, sweep)
        self.listed.notify(sweep.conversation)

    def probabilities(self, sweep: Sweep, place: CellPosition) -> TokenTable:
        """Return the probabilities of a cell's tokens so far; an empty table if there are none."""
        live = sweep.at(place)
        if live.reply is not None:
            return live.reply.probabilities
        return self._library.sweeps.probabilities(sweep.id, live.cell.number)

    def request(self, sweep: Sweep, place: CellPosition) -> tuple[str, dict[str, Any]] | None:
        """Return the URL and JSON body that were sent for a cell; None before it has ended."""
        return self._library.sweeps.request(sweep.id, sweep.at(place).cell.number)

    def why_not_keep(self, opened: OpenConversation, sweep: Sweep, place: CellPosition) -> str:
        """Return why a cell can't become a branch, as a sentence; empty if it can."""
        live = sweep.at(place)
        if live.answer is None or not (live.answer.text or live.answer.tool_calls):
            return _("There is no answer here yet.")
        if sweep.plan.question not in opened.tree:
            return _("The question of this sweep was deleted.")
        if self._chat.is_answering(opened.id):
            return _("An answer is streaming in this chat. Stop it first.")
        return ""

    def keep(self, opened: OpenConversation, sweep: Sweep, place: CellPosition) -> Message:
        """Copy a cell's answer to a new branch of the conversation, and show that branch.

        Raises InputError with the reason of `why_not_keep`."""
        if reason := self.why_not_keep(opened, sweep, place):
            raise InputError(reason)
        answer = sweep.at(place).answer
        assert answer is not None  # noqa: S101 - checked by why_not_keep
        # A new id each time, so that one cell can be kept twice.
        message = replace(answer, id=new_id(), parent=sweep.plan.question)
        self._conversations.add_branch(
            opened, message, self.probabilities(sweep, place), self.request(sweep, place)
        )
        return message

    def use(self, sweep: Sweep, place: CellPosition) -> CellSettings:
        """Return a cell's settings for the conversation, without a seed that the sweep added,
        which would make every later answer use the same random numbers."""
        cell = sweep.at(place).cell
        values = dict(cell.parameters)
        if sweep.plan.seeds is not Seeds.NONE:
            values.pop(SEED, None)
            if (own := sweep.plan.parameters.get(SEED)) is not None:
                values[SEED] = own
        return CellSettings(cell.provider, cell.model, values)

    async def close(self) -> None:
        """Interrupt every sweep and wait up to 2 seconds until its answers are stored."""
        await self._runner.close()

    def _stop_all_of(self, conversation_id: str) -> None:
        for sweep in self._runner.running():
            if sweep.conversation == conversation_id:
                self._runner.stop_all(sweep)

    def _stop_without_question(self, conversation_id: str) -> None:
        # Answers to a deleted question would cost money in vain. After undo they can be resumed.
        if (opened := self._conversations.opened(conversation_id)) is None:
            return
        for sweep in self._runner.running():
            if sweep.conversation == conversation_id and sweep.plan.question not in opened.tree:
                self._runner.stop_all(sweep)

    def _with_models(self, cells: Sequence[Cell]) -> list[tuple[Cell, Provider, Model]]:
        known: dict[tuple[str, str], tuple[Provider, Model]] = {}
        for cell in cells:
            if (cell.provider, cell.model) not in known:
                provider = self._providers.get(cell.provider)
                model = self._providers.model(provider, cell.model)
                known[cell.provider, cell.model] = (provider, model)
        return [(cell, *known[cell.provider, cell.model]) for cell in cells]

    @staticmethod
    def _swept(plan: Plan) -> set[str]:
        names: set[str] = set()
        for axis in plan.axes:
            if isinstance(axis, ParameterAxis):
                names.add(axis.name)
            elif isinstance(axis, PresetAxis):
                names.update(name for preset in axis.presets for name in preset.parameters)
        if plan.seeds is not Seeds.NONE:
            names.add(SEED)
        return names

    @staticmethod
    def _check_question(opened: OpenConversation, question_id: str) -> None:
        known = question_id in opened.tree
        if not known or opened.tree[question_id].role is Role.ASSISTANT:
            raise InputError(_("A sweep needs a question."))


def _tokens(message: Message) -> int:
    results = sum(estimate_tokens(result.text) for result in message.tool_results)
    return estimate_tokens(message.text) + results


def _as_it_ended(message: Message) -> Message:
    if message.status is not Status.STREAMING:
        return message
    sentence = _("Interrupted: Loquat was closed. The answer so far is kept.")
    return replace(message, status=Status.INTERRUPTED, error=sentence)
