"""Sweeps as use cases: plan, cost, start, stop, retry, resume, keep a cell, use its parameters."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role, Status, new_id
from app.domain.chat.token_estimate import estimate_tokens
from app.domain.errors import InputError
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.sweep.cost import Asking, Estimate, estimate
from app.domain.sweep.plan import (
    SEED,
    Cell,
    CellState,
    ParameterAxis,
    Place,
    Plan,
    PresetAxis,
    Seeds,
    cells_of,
    contradictions,
)
from app.domain.text.translation import _, ngettext
from app.domain.tokens.token_table import TokenTable
from app.services.chat.branching import Branching
from app.services.chat.chat import Chat
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.chat.delivery import Delivery, Sleep
from app.services.library.settings import Settings
from app.services.observers import News
from app.services.providers.providers import Providers
from app.services.sweep.runner import MOST_TRIES, SweepRunner, state_of
from app.services.sweep.running_sweep import UNFINISHED, LiveCell, Sweep
from app.services.tasks import Tasks
from app.store.library import Library
from app.store.sweeps import KeptSweep

#: Which parameter limits an answer, for estimates.
LIMIT = "max_tokens"
#: So many sentences a person reads.
MOST_OBJECTIONS = 8


@dataclass(frozen=True, slots=True)
class Use:
    """What "use these" sets in a conversation: the provider's id, the model, all parameters."""

    provider: str
    model: str
    parameters: Mapping[str, Any]


class Sweeping:
    """The use case of the lab's grids. Every call that writes may raise LibraryError."""

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
        """`sleep` is asyncio's own but in tests."""
        self._library = library
        self._conversations = conversations
        self._providers, self.provider_names = providers, providers.names
        self._chat = chat
        self._settings = settings
        self._runner = SweepRunner(
            library, providers, branching, Delivery(client, sleep, most_tries=MOST_TRIES), tasks
        )
        self._open: dict[str, Sweep] = {}
        #: The sweeps of a conversation, by its id, are others now.
        self.listed: News[[str]] = News()
        #: The library could not be written; what is on the screen is still whole.
        self.unsaved = self._runner.unsaved
        conversations.deleted.connect(self._stop_all_of)
        conversations.rearranged.connect(self._stop_without_question)

    def plan(self, held: OpenConversation, question_id: str, **fields: Any) -> Plan:
        """A plan with what the conversation says now; `fields` are those of `Plan` besides.

        Raises InputError where there is no such message, or it is an answer.
        """
        self._check_question(held, question_id)
        one = held.conversation
        base = Plan(
            question=question_id,
            provider=self._providers.get(one.provider).id,
            model=one.model,
            parameters=dict(one.parameters),
            system=one.system,
            routing=dict(one.routing),
        )
        return replace(base, **fields)

    def seed_check(
        self, held: OpenConversation, question_id: str, repeats: int, seed: int | None = None
    ) -> Plan:
        """A plan that sends the very same request `repeats` times.

        The seed is `seed`, else the conversation's own, else 1: a check without one would check
        nothing. `domain.seed_check` compares what comes.
        """
        own = held.conversation.parameters.get(SEED)
        first = seed if seed is not None else own if isinstance(own, int) else 1
        return self.plan(held, question_id, repeats=repeats, seeds=Seeds.SHARED, first_seed=first)

    def objections(self, plan: Plan) -> list[str]:
        """What speaks against a plan, each a sentence: contradictions between its values, and
        swept parameters that a model doesn't take. Such a plan can be started nevertheless.

        Raises as `cells_of`.
        """
        cells = cells_of(plan)
        said: dict[str, None] = {}
        for one in contradictions(cells):
            said[
                _("{sentence} This concerns {count} of {all} answers.").format(
                    sentence=one.found.sentence, count=one.count, all=len(cells)
                )
            ] = None
        for cell, provider, model in self._askings(cells):
            for found in self._providers.conflicts(provider, model, cell.parameters):
                said.setdefault(found.sentence, None)
            refused = self._providers.not_taken(provider, model, plan.routing)
            for name in self._swept(plan) & refused.keys():
                said.setdefault(refused[name], None)
        plain = {one.found.sentence for one in contradictions(cells)}
        return [one for one in said if one not in plain][:MOST_OBJECTIONS]

    def cost(self, held: OpenConversation, plan: Plan) -> Estimate:
        """What a plan will cost, about. Raises as `cells_of`, and InputError without its
        question."""
        self._check_question(held, plan.question)
        path = held.tree.path(plan.question)
        text = estimate_tokens(plan.system) + sum(_tokens(message) for message in path)
        # A few tokens of every message go into its frame.
        prompt = text + 4 * (len(path) + 1)
        answers = [held.tree[one] for one in held.tree.children(plan.question)]
        answers += [message for message in path if message.role is Role.ASSISTANT]
        earlier = [
            message.usage.completion_tokens
            for message in answers
            if message.status is Status.COMPLETE
            and message.usage is not None
            and message.usage.completion_tokens
        ]
        askings = []
        for cell, _provider, model in self._askings(cells_of(plan)):
            limit = cell.parameters.get(LIMIT)
            known = limit if isinstance(limit, int) else model.max_output
            askings.append(Asking(prompt, known, model.price))
        return estimate(askings, earlier, time.time())

    def needs_asking(self, held: OpenConversation, plan: Plan) -> str:
        """Why the person must be asked before a plan is started: a sentence; empty where not.

        The limits are `settings.sweep_cells` and `settings.sweep_dollars`. Raises as `cost`.
        """
        cost = self.cost(held, plan)
        reasons = []
        if cost.count > self._settings.sweep_cells:
            reasons.append(
                ngettext(
                    "{n} answer is asked for.", "{n} answers are asked for.", cost.count
                ).format(n=cost.count)
            )
        if cost.upper > Decimal(str(self._settings.sweep_dollars)):
            reasons.append(
                _("This may cost up to {cost} US dollars.").format(cost=f"{cost.upper:.2f}")
            )
        return " ".join(reasons)

    def start(self, held: OpenConversation, plan: Plan) -> Sweep:
        """Begin a sweep; it goes on until it has finished or is stopped. Asks nobody whether:
        see `needs_asking`. Raises as `cells_of`, and InputError without its question."""
        self._check_question(held, plan.question)
        cells = cells_of(plan)
        sweep = Sweep(new_id(), held.id, plan, time.time())
        sweep.put(tuple(LiveCell(cell) for cell in cells))
        self._library.sweeps.add(KeptSweep(sweep.id, held.id, sweep.created, plan))
        self._open[sweep.id] = sweep
        self._runner.begin(sweep, sweep.cells, held.tree.path(plan.question))
        self.listed.tell(held.id)
        return sweep

    def is_running(self, sweep: Sweep) -> bool:
        """Whether anything of a sweep is on its way, or will be."""
        return self._runner.is_running(sweep)

    def stop(self, sweep: Sweep) -> None:
        """Stop all of it, keeping what came. Nothing to stop is no error."""
        self._runner.stop_all(sweep)

    def stop_cell(self, sweep: Sweep, place: Place) -> None:
        """Stop one cell, keeping what came. Nothing to stop is no error."""
        self._runner.stop(sweep, sweep.at(place))

    def retry(self, sweep: Sweep, place: Place) -> None:
        """Ask one cell again, in the place of its answer. One on its way stays so.

        Raises InputError where it can't be asked: see `why_not_resume`; NotFoundError where the
        sweep or its conversation was deleted.
        """
        self._again(sweep, [sweep.at(place)])

    def resume(self, sweep: Sweep) -> None:
        """Ask every cell that has no complete answer. Raises as `retry`."""
        self._again(sweep, [one for one in sweep.cells if one.state in UNFINISHED])

    def why_not_resume(self, sweep: Sweep) -> str:
        """Why no cell can be asked again: a sentence; empty where it can. Raises NotFoundError
        where the conversation was deleted."""
        if sweep.elsewhere:
            return _("Another Loquat runs this sweep now. Open it again when that has ended.")
        held = self._conversations.open(sweep.conversation)
        if sweep.plan.question not in held.tree:
            return _("The question of this sweep was deleted.")
        return ""

    def _again(self, sweep: Sweep, cells: Sequence[LiveCell]) -> None:
        if reason := self.why_not_resume(sweep):
            raise InputError(reason)
        # One in the trash is asked no more, though its window may still be open.
        self._library.sweeps.get(sweep.id)
        self._open.setdefault(sweep.id, sweep)
        waiting = [one for one in cells if one.state is not CellState.STREAMING]
        if waiting:
            held = self._conversations.open(sweep.conversation)
            self._library.sweeps.claim(sweep.id)
            self._runner.begin(sweep, waiting, held.tree.path(sweep.plan.question))

    def sweeps_of(self, conversation_id: str) -> list[KeptSweep]:
        """The sweeps of a conversation, the newest first, without their cells."""
        return self._library.sweeps.of(conversation_id)

    def open(self, sweep_id: str) -> Sweep:
        """A sweep with its cells, the one that runs where it does; what its program's end cut
        off is interrupted. Raises NotFoundError, InputError where its plan is damaged."""
        if sweep_id in self._open:
            return self._open[sweep_id]
        kept = self._library.sweeps.get(sweep_id)
        sweep = Sweep(kept.id, kept.conversation, kept.plan, kept.created)
        sweep.elsewhere = kept.elsewhere
        cells = tuple(LiveCell(cell) for cell in cells_of(kept.plan))
        for one in self._library.sweeps.cells(sweep_id):
            runs = kept.elsewhere and one.answer.status is Status.STREAMING
            if 0 <= one.number < len(cells) and not runs:
                live = cells[one.number]
                live.state, live.mean_logprob = state_of(one.answer), one.mean_logprob
                live.answer = _as_it_ended(one.answer)
        sweep.put(cells)
        if not kept.elsewhere:
            self._open[sweep_id] = sweep
        return sweep

    def release(self, sweep: Sweep) -> None:
        """Forget a sweep whose window is closed, unless it runs."""
        if not self.is_running(sweep):
            self._open.pop(sweep.id, None)

    def delete(self, sweep: Sweep) -> None:
        """Stop a sweep and put it into the trash, from which `restore` takes it."""
        self._runner.stop_all(sweep)
        self._library.sweeps.delete(sweep.id)
        self._open.pop(sweep.id, None)
        self.listed.tell(sweep.conversation)

    def restore(self, sweep: Sweep) -> None:
        """Take a sweep out of the trash. Raises NotFoundError."""
        self._library.sweeps.restore(sweep.id)
        # Its window may still be open: there is one of each sweep.
        self._open.setdefault(sweep.id, sweep)
        self.listed.tell(sweep.conversation)

    def probabilities(self, sweep: Sweep, place: Place) -> TokenTable:
        """The probabilities of a cell's tokens so far; empty where there are none."""
        live = sweep.at(place)
        if live.reply is not None:
            return live.reply.probabilities
        return self._library.sweeps.probabilities(sweep.id, live.cell.number)

    def request(self, sweep: Sweep, place: Place) -> tuple[str, dict[str, Any]] | None:
        """The address and the exact body that were sent for a cell, when it has ended."""
        return self._library.sweeps.request(sweep.id, sweep.at(place).cell.number)

    def why_not_keep(self, held: OpenConversation, sweep: Sweep, place: Place) -> str:
        """Why a cell can't become a branch: a sentence; empty where it can."""
        live = sweep.at(place)
        if live.answer is None or not (live.answer.text or live.answer.tool_calls):
            return _("There is no answer here yet.")
        if sweep.plan.question not in held.tree:
            return _("The question of this sweep was deleted.")
        if self._chat.is_answering(held.id):
            return _("This conversation is being answered. Stop the answer first.")
        return ""

    def keep(self, held: OpenConversation, sweep: Sweep, place: Place) -> Message:
        """Make a cell's answer a branch of the conversation, which is shown then; the sweep keeps
        it, too. Raises InputError where `why_not_keep` says why."""
        if reason := self.why_not_keep(held, sweep, place):
            raise InputError(reason)
        answer = sweep.at(place).answer
        assert answer is not None  # noqa: S101 - why_not_keep has looked
        # Another id each time, so that one cell can be kept twice.
        message = replace(answer, id=new_id(), parent=sweep.plan.question)
        self._library.add_answer(
            held.id,
            message,
            self.probabilities(sweep, place),
            request=self.request(sweep, place),
            updated=time.time(),
        )
        held.tree.put(message)
        held.conversation = replace(held.conversation, current=message.id, updated=time.time())
        self._conversations.rearranged.tell(held.id)
        self._conversations.listed.tell()
        return message

    def use(self, sweep: Sweep, place: Place) -> Use:
        """What makes a conversation ask as a cell was asked. A seed that only the sweep gave is
        left out: it would pin every later answer to one throw."""
        cell = sweep.at(place).cell
        values = dict(cell.parameters)
        if sweep.plan.seeds is not Seeds.NONE:
            values.pop(SEED, None)
            if (own := sweep.plan.parameters.get(SEED)) is not None:
                values[SEED] = own
        return Use(cell.provider, cell.model, values)

    async def close(self) -> None:
        """Stop every sweep and wait until what came is kept; `resume` goes on another time."""
        await self._runner.close()

    def _stop_all_of(self, conversation_id: str) -> None:
        for sweep in self._runner.running():
            if sweep.conversation == conversation_id:
                self._runner.stop_all(sweep)

    def _stop_without_question(self, conversation_id: str) -> None:
        # Nobody wants to pay for answers to what was deleted; undone, the sweep can be resumed.
        if (held := self._conversations.opened(conversation_id)) is None:
            return
        for sweep in self._runner.running():
            if sweep.conversation == conversation_id and sweep.plan.question not in held.tree:
                self._runner.stop_all(sweep)

    def _askings(self, cells: Sequence[Cell]) -> list[tuple[Cell, Provider, Model]]:
        known: dict[tuple[str, str], tuple[Provider, Model]] = {}
        found = []
        for cell in cells:
            who = (cell.provider, cell.model)
            if who not in known:
                provider = self._providers.get(cell.provider)
                known[who] = (provider, self._providers.model(provider, cell.model))
            found.append((cell, *known[who]))
        return found

    @staticmethod
    def _swept(plan: Plan) -> set[str]:
        names: set[str] = set()
        for axis in plan.axes:
            if isinstance(axis, ParameterAxis):
                names.add(axis.name)
            elif isinstance(axis, PresetAxis):
                names.update(name for one in axis.presets for name in one.parameters)
        if plan.seeds is not Seeds.NONE:
            names.add(SEED)
        return names

    @staticmethod
    def _check_question(held: OpenConversation, question_id: str) -> None:
        known = question_id in held.tree
        if not known or held.tree[question_id].role is Role.ASSISTANT:
            raise InputError(_("A sweep needs a question to ask."))


def _tokens(message: Message) -> int:
    results = sum(estimate_tokens(one.text) for one in message.tool_results)
    return estimate_tokens(message.text) + results


def _as_it_ended(message: Message) -> Message:
    if message.status is not Status.STREAMING:
        return message
    said = _("Loquat ended in the middle of this answer.")
    return replace(message, status=Status.INTERRUPTED, error=said)
