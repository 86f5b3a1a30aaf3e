"""Decodes the payloads of a stream into events, for every provider kind."""

from collections.abc import Iterable
from typing import Any

from app.api.failures.provider import Failures
from app.api.stream.chunk_values import add_probabilities, text_in, usage_of
from app.api.stream.chunks import (
    OPENING,
    Choice,
    Chunk,
    Delta,
    Logprobs,
    ToolCallChunk,
    read_chunk,
    thought_count,
)
from app.api.stream.odd_payloads import (
    is_keep_alive,
    may_be_of_answer,
    reported_error,
    says_nothing,
)
from app.api.stream.tool_call_pieces import ToolCalls
from app.domain.errors import Interrupted, NotAnApi, ProviderError
from app.domain.events import (
    Event,
    Finished,
    FinishReason,
    Loss,
    PieceLost,
    ReasoningDelta,
    ReasoningDetails,
    Served,
    TextDelta,
)
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Consecutive payloads that aren't JSON at which the answer is given up.
MAX_NONSENSE = 5

_REASONS = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
    "content_filter": FinishReason.CONTENT_FILTER,
}
#: Finish reasons that are failures; the second is DeepSeek's.
_FAILED = {"error", "insufficient_system_resource"}
_NO_DELTA = Delta()


class Decoder:
    """Decodes the payloads of one answer into events. No I/O.

    After `feed`, `failure` is the error that the provider reported, if any; the events before it
    have been returned.
    """

    def __init__(self, failures: Failures) -> None:
        self._failures = failures
        self._served = Served()
        self._calls = ToolCalls()
        self._nonsense = 0
        self._understood = False
        # Whether the latest text belonged to the reasoning.
        self._thinking = False
        #: Whether nothing was understood yet, or the last payload was not.
        self._in_doubt = True
        #: The index of the choice that is the answer; None until one says something.
        self._choice: int | None = None
        #: Whether a damaged payload came, of which nothing was said yet.
        self._has_gap = False
        #: An object with a message that may be an error: it is, if no answer follows.
        self._suspect: Any = None
        self._losses: set[Loss] = set()
        self.failure: ProviderError | None = None
        #: Whether a finish reason came. The usage may still follow.
        self.finished = False
        #: Whether `[DONE]` came, after which nothing follows.
        self.done = False
        #: Number of payloads that were not JSON.
        self.skipped = 0

    def feed(self, payloads: Iterable[bytes]) -> list[Event]:
        """Return the events of some payloads, in order."""
        events: list[Event] = []
        for payload in payloads:
            if self.done or self.failure is not None:
                break
            if payload == b"[DONE]":
                self._finish_at_done(events)
            elif (chunk := read_chunk(payload)) is not None:
                if self._in_doubt:
                    self._understand(events)
                self._read(chunk, payload, events)
            elif payload.strip():
                self._read_odd(payload, events)
        return events

    def whole(self, body: bytes) -> list[Event]:
        """Return the events of an answer that was not streamed, a JSON body."""
        events: list[Event] = []
        chunk = read_chunk(body)
        if chunk is None or not (chunk.choices or chunk.error):
            reported = reported_error(body)
            self.failure = (
                self._not_an_api() if reported is None else self._failures.of_object(reported[0])
            )
            return events
        self._read(chunk, body, events)
        if self.failure is None and not self.finished:
            self._finish(events, FinishReason.OTHER, "")
        return events

    def end(self) -> ProviderError | None:
        """Return the error of a stream that ends here; None if it is complete."""
        if self.failure is not None or self.finished:
            return self.failure
        if self._suspect is not None:
            return self._failures.of_object(self._suspect)
        if self.skipped and not self._understood:
            return self._not_an_api()
        return Interrupted(
            _(
                "The answer from {host} ended early and may be incomplete. The answer so "
                "far is kept. Try again."
            ).format(host=self._failures.host),
            "no finish reason",
        )

    def _read_odd(self, payload: bytes, events: list[Event]) -> None:
        """Read a payload that is no JSON object."""
        self._in_doubt = True
        if _is_done(payload):
            self._finish_at_done(events)
            return
        lines = payload.split(b"\n")
        if len(lines) > 1 and any(_is_done(line) or read_chunk(line) is not None for line in lines):
            # Some servers end an event with a single line break, so that several become one.
            events += self.feed(lines)
        elif (reported := reported_error(payload)) is not None and reported[1]:
            self.failure = self._failures.of_object(reported[0])
        else:
            if self.finished and may_be_of_answer(payload):
                # Noted at once: nothing need follow, and the answer counts as whole.
                self._note_gap(events)
            elif not self.finished and not is_keep_alive(payload):
                self._has_gap = True
            self._count_nonsense()

    def _understand(self, events: list[Event]) -> None:
        """Take note that a payload was understood, the first or the first after others."""
        self._in_doubt, self._understood, self._nonsense = False, True, 0
        if self._has_gap:
            self._note_gap(events)

    def _note_gap(self, events: list[Event]) -> None:
        # Without a finish reason only once more comes: at a stream's end the answer counts as
        # interrupted anyway.
        self._has_gap = False
        events.append(PieceLost(Loss.UNREADABLE))

    def _read(self, chunk: Chunk, payload: bytes, events: list[Event]) -> None:
        served = self._served
        if (
            (chunk.id and chunk.id != served.id)
            or (chunk.model and chunk.model != served.model)
            or (chunk.provider and chunk.provider != served.provider)
        ):
            self._note_server(chunk, events)
        if choices := chunk.choices:
            if len(choices) == 1 and (choices[0].index or 0) == self._choice:
                self._read_choice(choices[0], events)
            else:
                self._read_choices(choices, events)
        elif chunk.usage is None and not chunk.error:
            self._read_error(None, payload)
        if chunk.usage is not None:
            events.append(usage_of(chunk.usage))
        if chunk.error:
            self._read_error(chunk.error, payload)

    def _read_error(self, error: Any, payload: bytes) -> None:
        """Take note of an error, in its own field or in an object of another shape."""
        if isinstance(error, dict | str) and error:
            if not says_nothing(error):
                self.failure = self._failures.of_object(error)
        elif (reported := reported_error(payload)) is not None:
            value, sure = reported
            if sure:
                self.failure = self._failures.of_object(value)
            else:
                self._suspect = value

    def _read_choices(self, choices: list[Choice], events: list[Event]) -> None:
        read = False
        for choice in choices:
            index = choice.index or 0
            if not read and (self._choice is None or self._choice == index):
                known = len(events)
                self._read_choice(choice, events)
                read = True
                if len(events) > known or self.finished:
                    self._choice = index
            elif Loss.OTHER_ANSWER not in self._losses and _has_words(choice):
                # The request is for one answer; a server may send more.
                self._losses.add(Loss.OTHER_ANSWER)
                events.append(PieceLost(Loss.OTHER_ANSWER))

    def _read_choice(self, choice: Choice, events: list[Event]) -> None:
        delta = choice.delta or choice.message or _NO_DELTA
        # Some servers send the same reasoning under both names.
        if reasoning := delta.reasoning or delta.reasoning_content:
            events.append(ReasoningDelta(reasoning))
        if delta.reasoning_details:
            events.append(ReasoningDetails(tuple(delta.reasoning_details)))
        if content := delta.content or delta.refusal or choice.text or delta.audio:
            if not isinstance(content, str):
                content = text_in(content)
            if content is None:
                events.append(PieceLost(Loss.UNREADABLE))
            elif content:
                events.append(TextDelta(content))
        if delta.tool_calls or delta.function_call:
            self._read_calls(delta, events)
        if choice.logprobs is not None:
            self._read_probabilities(choice.logprobs, bool(reasoning), bool(content), events)
        if choice.finish_reason and not self.finished:
            self._read_finish(choice, choice.finish_reason, events)
        if choice.error:
            self.failure = self._failures.of_object(choice.error)

    def _read_probabilities(
        self, listed: Logprobs, reasoning: bool, content: bool, events: list[Event]
    ) -> None:
        """Add the probabilities of a delta that has reasoning, content, both or neither.

        Only DeepSeek lists the reasoning's tokens separately. Elsewhere tokens belong to the
        reasoning if the delta has only reasoning, or nothing, as with a <think> before it or a
        </think> after it.
        """
        tokens = listed.content or []
        add_probabilities(listed.reasoning_content, True, events)
        thoughts = 0
        if reasoning and content:
            thoughts = thought_count(tokens)
        elif reasoning or (not content and (self._thinking or thought_count(tokens, OPENING))):
            thoughts = len(tokens)
        if reasoning or content:
            self._thinking = not content
        add_probabilities(tokens[:thoughts], True, events)
        add_probabilities(tokens[thoughts:], False, events)

    def _read_calls(self, delta: Delta, events: list[Event]) -> None:
        pieces = list(delta.tool_calls or ())
        if delta.function_call is not None:
            pieces.append(ToolCallChunk(function=delta.function_call))
        for piece in pieces:
            events += self._calls.read(piece, late=self.finished)

    def _read_finish(self, choice: Choice, reason: str, events: list[Event]) -> None:
        if reason not in _FAILED:
            known = _REASONS.get(reason, FinishReason.OTHER)
            self._finish(events, known, choice.native_finish_reason or reason)
        elif not choice.error:
            # An error object in the chunk replaces this error later.
            self.failure = self._failures.of_object({"code": reason})

    def _finish(self, events: list[Event], reason: FinishReason, native: str) -> None:
        self.finished = True
        events.append(Finished(reason, mend(native)))

    def _finish_at_done(self, events: list[Event]) -> None:
        self.done = True
        if self._has_gap:
            self._note_gap(events)
        if not self.finished and self._suspect is not None:
            self.failure = self._failures.of_object(self._suspect)
        elif not self.finished:
            self._finish(events, FinishReason.OTHER, "")

    def _note_server(self, chunk: Chunk, events: list[Event]) -> None:
        self._served = Served(
            id=chunk.id or self._served.id,
            model=chunk.model or self._served.model,
            provider=chunk.provider or self._served.provider,
        )
        served = self._served
        events.append(Served(mend(served.id), mend(served.model), mend(served.provider)))

    def _count_nonsense(self) -> None:
        self.skipped += 1
        self._nonsense += 1
        if self._nonsense < MAX_NONSENSE:
            return
        if not self._understood:
            self.failure = self._not_an_api()
        else:
            self.failure = Interrupted(
                _(
                    "{host} sent data that can't be read. The answer so far is kept. Try again."
                ).format(host=self._failures.host),
                f"{self.skipped} payloads that are not JSON",
            )

    def _not_an_api(self) -> NotAnApi:
        return NotAnApi(
            _("The server at {host} doesn't use a supported protocol. Check the address.").format(
                host=self._failures.host
            ),
            "no chat completion in the answer",
        )


def _is_done(payload: bytes) -> bool:
    return payload.strip() == b"[DONE]"


def _has_words(choice: Choice) -> bool:
    delta = choice.delta or choice.message or _NO_DELTA
    return bool(delta.content or delta.tool_calls or delta.function_call or choice.text)
