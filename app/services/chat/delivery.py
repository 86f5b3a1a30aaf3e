"""Requests one answer: sends, repeats after passing failures, and leaves out unsupported
parameters."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.api.dialects.refused_parameters import Cause, Refusal, refusal_of
from app.api.dialects.request_body import chat_body, url_of
from app.api.failures.provider import MAX_WORDS, shortened
from app.api.http.client import Client
from app.domain.chat.reply import Reply
from app.domain.chat.request import ChatRequest
from app.domain.errors import Refused, RequestRejected, UseValue
from app.domain.parameters.kinds import conflicts_among
from app.domain.parameters.table import BY_NAME, PARAMETERS, validated
from app.domain.providers.routing import checked_routing
from app.domain.text.translation import _, ngettext
from app.services.chat.recording import Recorder

#: Most requests for one answer, and most parameters left out of them.
MOST_TRIES = 3
#: Seconds before the second and the third request if the provider names none. A random part is
#: added, so that not all clients return at the same moment.
WAITS = (1.0, 2.0)
#: Longest wait, in seconds, that a provider may ask for. A longer one means a quota, and the person
#: must decide.
LONGEST_WAIT = 60.0
#: Statuses that pass by themselves: the request was not taken, so nothing was billed.
PASSING = {408, 429, 500, 502, 503, 504, 524, 529}

#: Characters of a refused value that are shown.
MOST_SHOWN = 40

_DAILY = re.compile(r"per[- ]day|daily|per[- ]month|monthly", re.IGNORECASE)

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Progress:
    """Callbacks by which a delivery reports its state."""

    #: Called with the reason for a wait, as a sentence; empty when the wait is over.
    waiting: Callable[[str], None]
    #: Called after the reply has grown.
    grew: Callable[[], None]
    #: Called with the name of a parameter that is not supported, and the provider's sentence.
    refused: Callable[[str, str], None]
    #: Waited for before each try, where many share a provider.
    turn: Callable[[], Awaitable[None]] | None = None


class Delivery:
    """Streams answers into replies. `sleep` is asyncio.sleep, except in tests."""

    def __init__(
        self, client: Client, sleep: Sleep = asyncio.sleep, *, most_tries: int = MOST_TRIES
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._most_tries = most_tries

    async def run(
        self,
        request: ChatRequest,
        key: str | None,
        reply: Reply,
        recording: Recorder,
        progress: Progress,
    ) -> None:
        """Stream an answer into its reply, to the end.

        Before the first event, failures that pass by themselves are repeated after a wait, and a
        parameter that the server doesn't support is left out, which the reply's note says. A
        refused value is never left out. Raises ProviderError.
        """
        begun = reply.text_length, reply.reasoning_length
        tries = 0
        refused: list[tuple[str, str]] = []
        while True:
            try:
                await self._once(request, key, reply, recording, progress)
            except Refused as failure:
                if (reply.text_length, reply.reasoning_length) != begun or reply.has_calls:
                    raise
                refusal = _refusal(request, failure)
                if refusal is not None and refusal.cause is not Cause.UNSUPPORTED:
                    # Without a limit, say, the answer would be another than the person wanted.
                    raise _explained(request, refusal, failure) from failure
                if refusal is not None and len(refused) < MOST_TRIES:
                    name = refusal.parameter
                    refused.append((name, failure.words))
                    repaired = replace(request, parameters=_without(request.parameters, name))
                    reply.note = f"{reply.note} {_left_out(request, repaired)}".strip()
                    request = repaired
                    continue
                tries += 1
                if tries >= self._most_tries or not passes(failure):
                    raise
                await self._wait(failure, tries, progress.waiting)
            else:
                # Known as the cause only now that it went well without.
                for name, words in refused:
                    progress.refused(name, words)
                return

    async def _once(
        self,
        request: ChatRequest,
        key: str | None,
        reply: Reply,
        recording: Recorder,
        progress: Progress,
    ) -> None:
        url, body = prepare(request)
        if progress.turn is not None:
            await progress.turn()
        recording.begin(url, body)
        reply.sent()
        stream = self._client.stream(url, body, key, request.kind)
        try:
            async for events in stream:
                for event in events:
                    reply.apply(event)
                recording.note()
                progress.grew()
        finally:
            await stream.aclose()

    async def _wait(self, failure: Refused, tries: int, waiting: Callable[[str], None]) -> None:
        pause = failure.retry_after
        if pause is None:
            pause = WAITS[min(tries, len(WAITS)) - 1] * (1 + random.random() / 4)  # noqa: S311 - no secret
        left = max(1, round(pause))
        while left > 0:
            words = ngettext(
                "Trying again in {n} second ({next} of {most}). Stop cancels.",
                "Trying again in {n} seconds ({next} of {most}). Stop cancels.",
                left,
            ).format(n=left, next=tries + 1, most=self._most_tries)
            waiting(f"{failure} {words}")
            await self._sleep(1)
            left -= 1
        waiting("")


def _refusal(request: ChatRequest, failure: Refused) -> Refusal | None:
    if not isinstance(failure, RequestRejected):
        return None
    return refusal_of(request.kind, request.model, request.parameters, failure)


def _explained(request: ChatRequest, refusal: Refusal, failure: Refused) -> RequestRejected:
    """Return the error that says which value was refused, with a value to use instead if known."""
    parameter, allowed = BY_NAME[refusal.parameter], refusal.allowed
    value = request.parameters[parameter.name]
    what = parameter.label
    if isinstance(value, str | int | float):
        what = f"{what} {parameter.format(value)[:MOST_SHOWN]}"
    if refusal.cause is Cause.COMBINATION:
        sentence = _("{what} was refused together with another setting.")
        advice = _("Change or reset one of them, then try again.")
    elif allowed is None:
        sentence, advice = _("{what} was refused."), _("Change or reset it, then try again.")
    else:
        sentence = _("{what} was refused.")
        advice = _("Use {value} or another value, then try again.").format(
            value=parameter.format(allowed)
        )
    text = sentence.format(what=what)
    if failure.words:
        words = shortened(failure.words.rstrip("."), MAX_WORDS)
        text = _("{sentence} Message from the server: “{words}”").format(sentence=text, words=words)
    return RequestRejected(
        f"{text} {advice}",
        failure.detail,
        status=failure.status,
        words=failure.words,
        use=None if allowed is None else UseValue(parameter.name, allowed),
    )


def passes(failure: Refused) -> bool:
    """Return whether a failure may pass soon, by the provider's own statement or else by the HTTP
    status."""
    if failure.retry_after is not None and failure.retry_after > LONGEST_WAIT:
        return False
    if _DAILY.search(failure.unredacted):
        # A quota that no minute brings back.
        return False
    return failure.status in PASSING if failure.retryable is None else failure.retryable


def prepare(request: ChatRequest) -> tuple[str, dict[str, Any]]:
    """Build the URL and the exact body of a request. Raises ParameterError."""
    checked = replace(
        request,
        parameters=validated(request.parameters),
        routing=checked_routing(request.routing),
    )
    return url_of(request), chat_body(checked)


def _without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The values without one, and without those that need it."""
    before = {found.parameter for found in conflicts_among(values, PARAMETERS)}
    rest = {other: value for other, value in values.items() if other != name}
    alone = {found.parameter for found in conflicts_among(rest, PARAMETERS)} - before
    return {other: value for other, value in rest.items() if other not in alone}


def _left_out(before: ChatRequest, after: ChatRequest) -> str:
    gone = [name for name in before.parameters if name not in after.parameters]
    labels = ", ".join(BY_NAME[name].label for name in gone)
    return _("Sent without {labels}, which this model refused.").format(labels=labels)
