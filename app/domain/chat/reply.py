"""The reply that is being streamed: applies events, measures times, and makes the message."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.chat.conversation import Message, Status, Timings, ToolCall
from app.domain.chat.reasoning_details import DetailsBuilder
from app.domain.chat.text_buffer import TextBuffer
from app.domain.chat.verdict_marks import MISSING
from app.domain.errors import Remedy, UseValue
from app.domain.events import (
    CallDoubt,
    Event,
    Finished,
    FinishReason,
    Loss,
    PieceLost,
    ReasoningDelta,
    ReasoningDetails,
    Served,
    TextDelta,
    TokenProbabilities,
    ToolCallDelta,
    ToolCallDoubt,
    Usage,
)
from app.domain.providers.prices import Price, cost_of
from app.domain.text.surrogates import SurrogateRepair, mend
from app.domain.text.translation import _, ngettext
from app.domain.tokens.token_table import GrowingTable, TokenTable

#: Longest id of an answer that is stored, in characters; no known provider's is longer.
LONGEST_ID = 200


@dataclass(slots=True)
class _PartialCall:
    id: str
    name: str
    arguments: list[str]
    doubt: CallDoubt = CallDoubt.NONE


class Reply:
    """An answer that grows by events. `text` and `reasoning` only grow, they never change."""

    def __init__(
        self,
        message: Message,
        clock: Callable[[], float] = time.monotonic,
        *,
        probabilities: TokenTable | None = None,
    ) -> None:
        """Begin with `message`, which has text if an answer is continued.

        `probabilities` are those of the tokens in that text. `clock` returns monotonic seconds.
        """
        self._message = message
        self._tokens_before = probabilities
        self._clock = clock
        self._started = clock()
        self._text = TextBuffer(message.text)
        self._reasoning = TextBuffer(message.reasoning)
        self._text_repair = SurrogateRepair()
        self._reasoning_repair = SurrogateRepair()
        self._details = DetailsBuilder(message.reasoning_details)
        self._calls: dict[int, _PartialCall] = {}
        self._first_token: float | None = None
        # Whether any event arrived since the request was sent.
        self._has_events = False
        # Seconds until the first piece of reasoning.
        self._reasoning_began: float | None = None
        #: Seconds from the first piece of reasoning to the answer, measured once as that begins;
        #: None before, and without reasoning.
        self.reasoning_seconds = message.timings.reasoning
        self._tokens = GrowingTable(probabilities)
        self.usage: Usage | None = None
        self.served = Served()
        self.finish_reason: FinishReason | None = None
        #: Number of pieces that were lost, by the reason.
        self._losses: dict[Loss, int] = {}
        #: Sentences for the person about how the request was changed or repeated.
        self.note = message.note

    @property
    def id(self) -> str:
        """The id of the message that this reply becomes."""
        return self._message.id

    @property
    def text(self) -> str:
        """The text of the answer so far."""
        return str(self._text)

    @property
    def reasoning(self) -> str:
        """The reasoning so far."""
        return str(self._reasoning)

    def text_since(self, length: int) -> str:
        """Return the text of the answer after its first `length` characters."""
        return self._text.since(length)

    def reasoning_since(self, length: int) -> str:
        """Return the reasoning after its first `length` characters."""
        return self._reasoning.since(length)

    @property
    def text_length(self) -> int:
        """Number of characters of the answer so far; O(1), without joining its pieces."""
        return len(self._text)

    @property
    def reasoning_length(self) -> int:
        """Number of characters of the reasoning so far; O(1), without joining its pieces."""
        return len(self._reasoning)

    @property
    def has_content(self) -> bool:
        """Whether text, reasoning or a tool call has arrived."""
        return bool(self._text or self._reasoning or self._calls)

    @property
    def probabilities(self) -> TokenTable:
        """A copy of the probabilities of the tokens so far."""
        return self._tokens.table()

    @property
    def cost_before(self) -> Decimal | None:
        """Cost in US dollars of the answer before it was continued; None if new or unknown."""
        return self._message.cost

    @property
    def has_calls(self) -> bool:
        """Whether the model has begun to call a tool."""
        return bool(self._calls)

    @property
    def elapsed(self) -> float:
        """Seconds since the request was sent."""
        return self._clock() - self._started

    def sent(self) -> None:
        """Restart the clock as the request is sent, and forget an earlier try but for its note.

        Called after an engine has started, since that time is not the model's.
        """
        self._started = self._clock()
        self._details = DetailsBuilder(self._message.reasoning_details)
        self.usage, self.served = None, Served()
        self.finish_reason = None
        self._reasoning_began = None
        self._losses = {}
        self._tokens = GrowingTable(self._tokens_before)
        self._has_events = False

    def apply(self, event: Event) -> None:
        """Apply one event, in O(its size): nothing is joined, parsed or copied here."""
        self._has_events = True
        match event:
            case TextDelta(text):
                self._note_token()
                self._end_reasoning()
                self._text.append(self._text_repair.feed(text))
            case ReasoningDelta(text):
                self._note_token()
                if self._reasoning_began is None:
                    self._reasoning_began = self.elapsed
                self._reasoning.append(self._reasoning_repair.feed(text))
            case ReasoningDetails(pieces):
                for piece in pieces:
                    self._details.add(piece)
            case ToolCallDelta() | ToolCallDoubt():
                self._note_token()
                self._end_reasoning()
                self._apply_call(event)
            case TokenProbabilities():
                self._tokens.append(event)
            case Usage():
                self.usage = event
            case Served():
                self.served = Served(
                    id=event.id or self.served.id,
                    model=event.model or self.served.model,
                    provider=event.provider or self.served.provider,
                )
            case PieceLost(loss):
                self._losses[loss] = self._losses.get(loss, 0) + 1
            case Finished(reason):
                # The first reason counts, since a later usage chunk may report null.
                if self.finish_reason is None:
                    self.finish_reason = reason

    def message(
        self,
        status: Status,
        *,
        error: str = "",
        remedy: Remedy | UseValue = Remedy.NONE,
        price: Price | None = None,
    ) -> Message:
        """Make the message with the given status from what has arrived so far.

        The cost is the provider's own figure, or else is estimated from `price` and the usage.
        """
        if status is not Status.STREAMING:
            self._text.append(self._text_repair.finish())
            self._reasoning.append(self._reasoning_repair.finish())
            self._end_reasoning()
        cost, estimated = self._cost(price)
        total = None if status is Status.STREAMING else self.elapsed
        before, streaming = self._message, status is Status.STREAMING
        # A continued answer keeps the facts of its first part until events replace them.
        reason = self.finish_reason.value if self.finish_reason else ""
        timings = Timings(self._first_token, total, self.reasoning_seconds)
        details = before.reasoning_details if streaming else self._details.written()
        return replace(
            self._message,
            text=self.text,
            reasoning=self.reasoning,
            status=status,
            error=error,
            remedy=remedy,
            served_by=self.served.provider or before.served_by,
            finish_reason=reason if self._has_events else before.finish_reason,
            reasoning_details=details,
            generation=self.served.id[:LONGEST_ID] or before.generation,
            note="\n".join(filter(None, (self.note, *self._lines_of_loss()))),
            usage=self.usage if self._has_events else before.usage,
            cost=cost,
            cost_estimated=estimated,
            timings=timings if self._has_events or not before.text else before.timings,
            tool_calls=self._tool_calls(),
        )

    def _tool_calls(self) -> tuple[ToolCall, ...]:
        # A lost piece may have been one of any call.
        lost = CallDoubt.NONE
        if self._losses:
            lost = CallDoubt.LOST if Loss.UNREADABLE in self._losses else CallDoubt.SEVERAL
        return tuple(
            ToolCall(
                mend(call.id),
                mend(call.name),
                mend("".join(call.arguments)),
                call.doubt or lost,
            )
            for _number, call in sorted(self._calls.items())
        )

    def _lines_of_loss(self) -> list[str]:
        return [
            MISSING
            + ngettext(
                "{n} part of this answer was damaged and is missing. Regenerate for a "
                "complete answer.",
                "{n} parts of this answer were damaged and are missing. Regenerate for "
                "a complete answer.",
                count,
            ).format(n=count)
            if loss is Loss.UNREADABLE
            else MISSING + _("The server sent several answers at once. Only the first is shown.")
            for loss, count in self._losses.items()
        ]

    def _note_token(self) -> None:
        if self._first_token is None:
            self._first_token = self.elapsed

    def _end_reasoning(self) -> None:
        if self.reasoning_seconds is None and self._reasoning_began is not None:
            self.reasoning_seconds = self.elapsed - self._reasoning_began

    def _apply_call(self, delta: ToolCallDelta | ToolCallDoubt) -> None:
        if isinstance(delta, ToolCallDoubt):
            self._calls[delta.index].doubt = delta.doubt
            return
        call = self._calls.setdefault(delta.index, _PartialCall("", "", []))
        call.id = call.id or delta.id
        call.name = call.name or delta.name
        call.arguments.append(delta.arguments)

    def _cost(self, price: Price | None) -> tuple[Decimal | None, bool]:
        cost, estimated = self._cost_of_request(price)
        before = self._message.cost
        if before is None:
            return cost, estimated
        # A continued answer costs the sum of its requests.
        return before + (cost or 0), estimated or self._message.cost_estimated

    def _cost_of_request(self, price: Price | None) -> tuple[Decimal | None, bool]:
        if self.usage is None:
            return None, False
        if self.usage.cost is not None:
            return self.usage.cost, False
        cost = None if price is None else cost_of(price, self.usage, self._message.created)
        return cost, cost is not None
