"""Each parameter changes what the embedded model says, as it is meant to; spelled by our table."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest

from app.api.dialects.request_body import chat_body, chat_url
from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.chat.request import ChatRequest
from app.domain.events import FinishReason, TokenProbabilities
from app.domain.parameters.table import BY_NAME, validated
from app.domain.providers.models import EMBEDDED_MODEL
from app.domain.providers.providers import ProviderKind
from app.engine.engine import EngineEndpoint
from app.services.schemas.validation import violations

pytestmark = pytest.mark.engine

SCHEMA = {
    "type": "object",
    "properties": {"animal": {"enum": ["fox", "hen"]}, "legs": {"type": "integer"}},
    "required": ["animal", "legs"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Answered:
    """What came of a question."""

    message: Message
    tokens: list[TokenProbabilities]

    @property
    def text(self) -> str:
        return self.message.text


async def ask(
    endpoint: EngineEndpoint, text: str = "Tell me about foxes.", **parameters: Any
) -> Answered:
    """Ask the running engine with parameters as the panel has them."""
    question = Message("q", None, Role.USER, text, 0)
    request = ChatRequest(
        kind=ProviderKind.EMBEDDED,
        base_url=endpoint.base_url,
        model=EMBEDDED_MODEL,
        messages=(question,),
        system="",
        parameters=validated({"max_tokens": 16, **parameters}),
    )
    client = Client()
    reply = Reply(Message("a", "q", Role.ASSISTANT, "", 0))
    try:
        url, body = chat_url(request.base_url), chat_body(request)
        # What stands in the cache of prompts changes the last digits of the scores.
        body["cache_prompt"] = False
        async for events in client.stream(url, body, endpoint.key, request.kind):
            for event in events:
                reply.apply(event)
    finally:
        await client.aclose()
    return Answered(reply.message(Status.COMPLETE), list(reply.probabilities))


async def greedy(endpoint: EngineEndpoint, **more: Any) -> str:
    """What the likeliest tokens say."""
    return (await ask(endpoint, temperature=0, **more)).text


async def test_at_temperature_0_the_seed_decides_nothing_and_at_2_it_does(
    endpoint: EngineEndpoint,
) -> None:
    cold = {(await ask(endpoint, temperature=0, seed=seed)).text for seed in (1, 2, 3)}
    hot = {(await ask(endpoint, temperature=2, seed=seed)).text for seed in (1, 2, 3)}
    assert (len(cold), len(hot)) == (1, 3)


@pytest.mark.parametrize(
    "parameters", [{"top_k": 1}, {"top_p": 0.000001}, {"min_p": 1}], ids=lambda one: next(iter(one))
)
async def test_with_one_candidate_left_the_likeliest_wins_at_any_temperature(
    endpoint: EngineEndpoint, parameters: dict[str, Any]
) -> None:
    wanted = await greedy(endpoint)
    seeds = (1, 2)
    said = {(await ask(endpoint, temperature=2, seed=n, **parameters)).text for n in seeds}
    assert said == {wanted}
    # Without it nothing of the kind would happen.
    assert {(await ask(endpoint, temperature=2, seed=n)).text for n in seeds} != {wanted}


async def test_the_same_seed_twice_is_identical(endpoint: EngineEndpoint) -> None:
    first = await ask(endpoint, temperature=1.5, seed=11)
    assert (await ask(endpoint, temperature=1.5, seed=11)).text == first.text
    assert (await ask(endpoint, temperature=1.5, seed=12)).text != first.text


POEM = "Write a poem in which every line begins with the word night."


def repeated(text: str) -> float:
    """The share of words that had come before."""
    words = text.lower().split()
    return 1 - len(set(words)) / len(words)


@pytest.mark.parametrize("name", ["frequency_penalty", "presence_penalty", "repetition_penalty"])
async def test_a_penalty_makes_words_come_back_less(endpoint: EngineEndpoint, name: str) -> None:
    strongest = BY_NAME[name].high
    plain = await ask(endpoint, POEM, temperature=0, max_tokens=64)
    less = await ask(endpoint, POEM, temperature=0, max_tokens=64, **{name: strongest})
    # Measured: 0.69 without, 0.02 to 0.21 with one.
    assert repeated(less.text) < repeated(plain.text) / 2


async def test_a_banned_token_never_comes_and_a_wanted_one_does(endpoint: EngineEndpoint) -> None:
    plain = await ask(endpoint, temperature=0, logprobs=True, top_logprobs=5)
    first = plain.tokens[0]
    token = first.chosen.id
    assert token is not None
    banned = await ask(
        endpoint, temperature=0, logprobs=True, top_logprobs=1, logit_bias={str(token): -100}
    )
    assert token not in {one.chosen.id for one in banned.tokens}
    other = next(one.id for one in first.alternatives if one.id not in {token, None})
    wanted = await ask(
        endpoint, temperature=0, max_tokens=3, logprobs=True, logit_bias={str(other): 100}
    )
    assert {one.chosen.id for one in wanted.tokens} == {other}


async def test_the_answer_ends_before_a_stop(endpoint: EngineEndpoint) -> None:
    plain = await greedy(endpoint, max_tokens=40)
    word = plain.split()[6]
    stopped = await ask(endpoint, temperature=0, max_tokens=40, stop=[word])
    assert stopped.text == plain[: plain.index(word)]
    assert stopped.message.finish_reason == FinishReason.STOP


async def test_the_answer_has_so_many_tokens_at_most(endpoint: EngineEndpoint) -> None:
    for most in (1, 7):
        cut = await ask(endpoint, temperature=0, max_tokens=most)
        assert cut.message.usage is not None
        assert cut.message.usage.completion_tokens == most
        assert cut.message.finish_reason == FinishReason.LENGTH


async def test_every_token_comes_with_its_probability_and_the_likeliest_others(
    endpoint: EngineEndpoint,
) -> None:
    answered = await ask(endpoint, temperature=0, logprobs=True, top_logprobs=4)
    assert len(answered.tokens) == 16
    joined = b"".join(one.chosen.bytes or b"" for one in answered.tokens)
    assert joined.decode("utf-8", "replace") == answered.text
    for one in answered.tokens:
        assert len(one.alternatives) == 4
        assert one.alternatives[0].id == one.chosen.id
        scores = [other.logprob for other in one.alternatives]
        assert scores == sorted(scores, reverse=True)
        assert all(score <= 0 for score in scores)
    assert not (await ask(endpoint, temperature=0)).tokens


async def test_a_schema_is_kept_and_without_it_prose_comes(endpoint: EngineEndpoint) -> None:
    question = "Which animal hunts, and how many legs has it?"
    form = {"type": "json_schema", "json_schema": {"name": "animal", "schema": SCHEMA}}
    shaped = await ask(endpoint, question, temperature=0, max_tokens=60, response_format=form)
    assert await asyncio.to_thread(violations, shaped.text, SCHEMA) == []
    prose = await ask(endpoint, question, temperature=0, max_tokens=60)
    assert await asyncio.to_thread(violations, prose.text, SCHEMA) != []


async def test_json_of_any_shape_is_json(endpoint: EngineEndpoint) -> None:
    shaped = await ask(
        endpoint,
        "Name a fox.",
        temperature=0,
        max_tokens=200,
        response_format={"type": "json_object"},
    )
    assert isinstance(json.loads(shaped.text), dict)


@pytest.mark.parametrize(
    "name", ["reasoning", "include_reasoning", "structured_outputs", "tools", "tool_choice"]
)
async def test_what_the_model_does_not_take_never_reaches_it(
    endpoint: EngineEndpoint, name: str
) -> None:
    plain = await greedy(endpoint)
    assert await greedy(endpoint, **{name: BY_NAME[name].start}) == plain
