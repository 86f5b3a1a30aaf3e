"""The one mutable thing in a stream: the answer as far as it has come."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.chat.conversation import Message, Status, Timings, ToolCall
from app.domain.chat.reasoning_details import DetailsBuilder
from app.domain.chat.text_buffer import Gathered
from app.domain.errors import Remedy
from app.domain.events import (
    Event,
    Finished,
    FinishReason,
    ReasoningDelta,
    ReasoningDetails,
    Served,
    TextDelta,
    TokenProbabilities,
    ToolCallDelta,
    Usage,
)
from app.domain.providers.prices import Price, cost_of
from app.domain.text.surrogates import Surrogates, mend
from app.domain.tokens.token_table import GrowingTable, TokenTable

#: No provider's id of an answer is longer.
LONGEST_ID = 200


@dataclass(slots=True)
class _OpenCall:
    id: str
    name: str
    arguments: list[str]


class Reply:
    """Gathers events into a message. `text` and `reasoning` only ever grow."""

    def __init__(
        self,
        message: Message,
        clock: Callable[[], float] = time.monotonic,
        *,
        probabilities: TokenTable | None = None,
    ) -> None:
        """`message` is what there is of it already, and `probabilities` those of its tokens."""
        self._message = message
        self._tokens_before = probabilities
        self._clock = clock
        self._started = clock()
        self._text = Gathered(message.text)
        self._reasoning = Gathered(message.reasoning)
        self._text_repair = Surrogates()
        self._reasoning_repair = Surrogates()
        self._details = DetailsBuilder(message.reasoning_details)
        self._calls: dict[int, _OpenCall] = {}
        self._first_token: float | None = None
        # Whether anything came of this try.
        self._came = False
        #: When the first piece of the answer itself came: until then it only reasoned.
        self.answer_began: float | None = None
        self._tokens = GrowingTable(probabilities)
        self.usage: Usage | None = None
        self.served = Served()
        self.finish_reason: FinishReason | None = None
        #: What the person should know of how it was asked for, in sentences.
        self.note = message.note

    @property
    def id(self) -> str:
        """The id of the message that this becomes."""
        return self._message.id

    @property
    def text(self) -> str:
        """The answer so far."""
        return str(self._text)

    @property
    def reasoning(self) -> str:
        """The reasoning so far."""
        return str(self._reasoning)

    def text_since(self, length: int) -> str:
        """What came of the answer after so many characters."""
        return self._text.since(length)

    def reasoning_since(self, length: int) -> str:
        """What came of the reasoning after so many characters."""
        return self._reasoning.since(length)

    @property
    def text_length(self) -> int:
        """Characters of the answer so far, without joining it."""
        return len(self._text)

    @property
    def reasoning_length(self) -> int:
        """Characters of the reasoning so far, without joining it."""
        return len(self._reasoning)

    @property
    def has_content(self) -> bool:
        """Whether anything came that a person could read."""
        return bool(self._text or self._reasoning or self._calls)

    @property
    def probabilities(self) -> TokenTable:
        """The probabilities of the tokens so far. Copies them."""
        return self._tokens.table()

    @property
    def cost_before(self) -> Decimal | None:
        """What the answer had cost before it was continued."""
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
        """Start the clock: the request goes out now. Starting an engine is not the model's time.

        Of a try before this one nothing stays but its note.
        """
        self._started = self._clock()
        self._details = DetailsBuilder(self._message.reasoning_details)
        self.usage, self.served = None, Served()
        self.finish_reason = None
        self._tokens = GrowingTable(self._tokens_before)
        self._came = False

    def apply(self, event: Event) -> None:
        """Take one event in. Cheap: nothing is joined, parsed or copied here."""
        self._came = True
        match event:
            case TextDelta(text):
                self._note_token()
                if self.answer_began is None:
                    self.answer_began = self.elapsed
                self._text.append(self._text_repair.feed(text))
            case ReasoningDelta(text):
                self._note_token()
                self._reasoning.append(self._reasoning_repair.feed(text))
            case ReasoningDetails(pieces):
                for piece in pieces:
                    self._details.add(piece)
            case ToolCallDelta():
                self._note_token()
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
            case Finished(reason):
                # The first reason counts: a usage chunk may follow it and say null.
                if self.finish_reason is None:
                    self.finish_reason = reason

    def message(
        self,
        status: Status,
        *,
        error: str = "",
        remedy: Remedy = Remedy.NONE,
        price: Price | None = None,
    ) -> Message:
        """The message as it stands, with its cost: the provider's word, else from `price`."""
        if status is not Status.STREAMING:
            self._text.append(self._text_repair.finish())
            self._reasoning.append(self._reasoning_repair.finish())
        cost, estimated = self._cost(price)
        total = None if status is Status.STREAMING else self.elapsed
        before, streaming = self._message, status is Status.STREAMING
        # An answer that goes on keeps what was known of it until more is.
        reason = self.finish_reason.value if self.finish_reason else ""
        timings = Timings(first_token=self._first_token, total=total)
        details = before.reasoning_details if streaming else self._details.written()
        return replace(
            self._message,
            text=self.text,
            reasoning=self.reasoning,
            status=status,
            error=error,
            remedy=remedy,
            served_by=self.served.provider or before.served_by,
            finish_reason=reason if self._came else before.finish_reason,
            reasoning_details=details,
            generation=self.served.id[:LONGEST_ID] or before.generation,
            note=self.note,
            usage=self.usage if self._came else before.usage,
            cost=cost,
            cost_estimated=estimated,
            timings=timings if self._came or not before.text else before.timings,
            tool_calls=tuple(
                ToolCall(mend(call.id), mend(call.name), mend("".join(call.arguments)))
                for _, call in sorted(self._calls.items())
            ),
        )

    def _note_token(self) -> None:
        if self._first_token is None:
            self._first_token = self.elapsed

    def _apply_call(self, delta: ToolCallDelta) -> None:
        call = self._calls.setdefault(delta.index, _OpenCall("", "", []))
        call.id = call.id or delta.id
        call.name = call.name or delta.name
        call.arguments.append(delta.arguments)

    def _cost(self, price: Price | None) -> tuple[Decimal | None, bool]:
        cost, estimated = self._cost_of_this(price)
        before = self._message.cost
        if before is None:
            return cost, estimated
        # Of an answer that was continued both halves cost.
        return before + (cost or 0), estimated or self._message.cost_estimated

    def _cost_of_this(self, price: Price | None) -> tuple[Decimal | None, bool]:
        if self.usage is None:
            return None, False
        if self.usage.cost is not None:
            return self.usage.cost, False
        cost = None if price is None else cost_of(price, self.usage, self._message.created)
        return cost, cost is not None
