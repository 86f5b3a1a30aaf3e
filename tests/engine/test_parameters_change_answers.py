"""Shows on the real llama.cpp that each parameter, as our table spells it, does what it is for."""

import asyncio
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import aclosing
from typing import Any

import httpx
import jsonschema
import pytest

from app.api.dialects.request_body import chat_body, chat_url
from app.api.dialects.table import not_taken
from app.api.http.client import Client
from app.domain.chat.conversation import Message, Role
from app.domain.chat.reply import Reply
from app.domain.chat.request import ChatRequest
from app.domain.events import FinishReason, TokenProbabilities
from app.domain.parameters.kinds import Values
from app.domain.parameters.table import BY_NAME, validated
from app.domain.providers.models import EMBEDDED_MODEL
from app.domain.providers.providers import ProviderKind
from app.engine.engine import Engine, EngineEndpoint

pytestmark = pytest.mark.engine

QUESTION = "Tell me about foxes."
COLD = {"temperature": 0, "max_tokens": 12}
#: Any token of the vocabulary may come: what is left out here llama.cpp sets itself (top_k 40,
#: top_p 0.95, min_p 0.05), and then a field that never arrived could seem to work.
WILD = {"temperature": 2, "top_k": 0, "top_p": 1, "min_p": 0, "max_tokens": 12}
#: The scores are the model's own, before any parameter has changed them.
SCORED = {"logprobs": True, "top_logprobs": 20}

NOT_TAKEN = ["include_reasoning", "reasoning", "structured_outputs", "tool_choice", "tools"]


def body_of(values: Values, text: str = QUESTION) -> dict[str, Any]:
    """The body of a question to the embedded model, with parameters as the panel has them."""
    return chat_body(
        ChatRequest(
            kind=ProviderKind.EMBEDDED,
            base_url="",
            model=EMBEDDED_MODEL,
            messages=(Message("question", None, Role.USER, text, 0),),
            system="",
            parameters=validated(values),
        )
    )


async def ask(endpoint: EngineEndpoint, values: Values, text: str = QUESTION) -> Reply:
    """Ask the running engine, and wait for the end of its answer."""
    # A prompt that is read anew, or from the cache, differs in the last digits of the scores.
    body = body_of(values, text) | {"cache_prompt": False}
    url, reply = chat_url(endpoint.base_url), Reply(Message("a", "q", Role.ASSISTANT, "", 0))
    async with aclosing(Client()) as client:
        async for events in client.stream(url, body, endpoint.key, ProviderKind.EMBEDDED):
            for event in events:
                reply.apply(event)
    return reply


async def ask_engine(engine: Engine, values: Values) -> Reply:
    return await ask(await engine.endpoint(), values)


@pytest.fixture(scope="module")
def likeliest(running_engine: Engine) -> Reply:
    """What the likeliest tokens say."""
    return asyncio.run(ask_engine(running_engine, COLD | SCORED))


@pytest.fixture(scope="module")
def wild(running_engine: Engine) -> Reply:
    """What comes of a high temperature and the seed 1."""
    return asyncio.run(ask_engine(running_engine, WILD | SCORED | {"seed": 1}))


def ids(reply: Reply) -> list[int | None]:
    return [one.chosen.id for one in reply.probabilities]


def spoken(tokens: Iterable[TokenProbabilities]) -> bytes:
    return b"".join(one.chosen.bytes or b"" for one in tokens)


def likelier(one: TokenProbabilities) -> list[float]:
    """The probabilities of the tokens that were likelier than the one that came."""
    scores = (other.logprob for other in one.alternatives)
    return [math.exp(score) for score in scores if score > one.chosen.logprob]


def mean_score(reply: Reply) -> float:
    return sum(one.chosen.logprob for one in reply.probabilities) / len(reply.probabilities)


@pytest.mark.parametrize("seed", [1, 2])
async def test_at_temperature_0_the_likeliest_token_comes_whatever_the_seed(
    endpoint: EngineEndpoint, likeliest: Reply, seed: int
) -> None:
    reply = await ask(endpoint, COLD | SCORED | {"seed": seed})
    assert not any(likelier(one) for one in reply.probabilities)
    assert reply.text == likeliest.text


async def test_the_hotter_the_less_likely_are_the_tokens(
    endpoint: EngineEndpoint, likeliest: Reply, wild: Reply
) -> None:
    warm = await ask(endpoint, WILD | SCORED | {"temperature": 1, "seed": 1})
    # Measured: -0.7, then -1.3 to -3.9 by the seed, then -8 to -12.
    assert mean_score(likeliest) > mean_score(warm) > mean_score(wild)


@pytest.mark.parametrize(
    "only_one", [{"top_k": 1}, {"top_p": 0.000001}, {"min_p": 1}], ids=lambda one: next(iter(one))
)
async def test_where_one_token_is_left_no_temperature_matters(
    endpoint: EngineEndpoint, likeliest: Reply, wild: Reply, only_one: dict[str, Any]
) -> None:
    reply = await ask(endpoint, WILD | only_one | {"seed": 1})
    assert reply.text == likeliest.text != wild.text


@pytest.mark.parametrize(
    ("limit", "is_kept"),
    [
        pytest.param({"top_k": 3}, lambda one: len(likelier(one)) < 3, id="top_k"),
        pytest.param({"top_p": 0.5}, lambda one: sum(likelier(one)) < 0.5, id="top_p"),
        pytest.param(
            {"min_p": 0.2},
            lambda one: math.exp(one.chosen.logprob - one.alternatives[0].logprob) >= 0.2,
            id="min_p",
        ),
    ],
)
async def test_only_tokens_within_the_limit_come(
    endpoint: EngineEndpoint,
    wild: Reply,
    limit: dict[str, Any],
    is_kept: Callable[[TokenProbabilities], bool],
) -> None:
    reply = await ask(endpoint, WILD | SCORED | limit | {"seed": 1, "max_tokens": 16})
    assert all(is_kept(one) for one in reply.probabilities)
    # Others than the likeliest came too, and without the limit any.
    assert any(likelier(one) for one in reply.probabilities)
    assert not all(is_kept(one) for one in wild.probabilities)


async def test_the_same_seed_says_the_same_and_another_does_not(
    endpoint: EngineEndpoint, wild: Reply
) -> None:
    assert (await ask(endpoint, WILD | {"seed": 1})).text == wild.text
    assert (await ask(endpoint, WILD | {"seed": 2})).text != wild.text


def favourite(likeliest: Reply) -> dict[str, float]:
    """A bias by which a token that isn't in the question comes again and again."""
    return {str(likeliest.probabilities[4].chosen.id): 15}


def chosen_by_formula(
    reply: Reply, prompt: list[int], bias: Mapping[str, float], frequency: float, presence: float
) -> list[int | None]:
    """What comes of the scores less both penalties: llama.cpp's `llama_sampler_penalties_apply`.

    The prompt's tokens count as well where they are among the last 64; these all are.
    """
    seen: Counter[int | None] = Counter(prompt)
    chosen = []
    for one in reply.probabilities:
        scores = {
            other.id: other.logprob
            + bias.get(str(other.id), 0)
            - frequency * seen[other.id]
            - presence * (seen[other.id] > 0)
            for other in (one.chosen, *one.alternatives)
        }
        chosen.append(max(scores, key=lambda token: scores[token]))
        seen[one.chosen.id] += 1
    return chosen


async def tokens_of_the_prompt(wire: httpx.AsyncClient) -> list[int]:
    written = await wire.post("/apply-template", json={"messages": body_of({})["messages"]})
    read = await wire.post("/tokenize", json={"content": written.json()["prompt"]})
    tokens: list[int] = read.json()["tokens"]
    return tokens


@pytest.mark.parametrize(
    ("frequency", "presence"), [(2, 0), (0, 2)], ids=["frequency_penalty", "presence_penalty"]
)
async def test_one_penalty_grows_with_the_count_and_the_other_does_not(
    endpoint: EngineEndpoint,
    wire: httpx.AsyncClient,
    likeliest: Reply,
    frequency: int,
    presence: int,
) -> None:
    bias = favourite(likeliest)
    penalties = {"frequency_penalty": frequency, "presence_penalty": presence}
    again = COLD | SCORED | {"logit_bias": bias, "max_tokens": 16}
    reply = await ask(endpoint, again | penalties)
    prompt = await tokens_of_the_prompt(wire)
    assert ids(reply) == chosen_by_formula(reply, prompt, bias, frequency, presence)
    # Neither the other penalty in its place nor none would have chosen so.
    assert ids(reply) != chosen_by_formula(reply, prompt, bias, presence, frequency)
    assert ids(reply) != chosen_by_formula(reply, prompt, bias, 0, 0)


async def test_the_repetition_penalty_makes_a_token_come_back_less(
    endpoint: EngineEndpoint, likeliest: Reply
) -> None:
    bias = favourite(likeliest)
    again = COLD | SCORED | {"logit_bias": bias}
    plain = await ask(endpoint, again)
    penalized = await ask(endpoint, again | {"repetition_penalty": 1.5})
    token = int(next(iter(bias)))
    # Measured: 8 of 12 tokens without it, 1 with it.
    assert ids(penalized).count(token) * 3 < ids(plain).count(token)


async def test_a_banned_token_never_comes_but_the_next_likely_one(
    endpoint: EngineEndpoint, likeliest: Reply
) -> None:
    first, second = (one.id for one in likeliest.probabilities[0].alternatives[:2])
    reply = await ask(endpoint, COLD | SCORED | {"logit_bias": {str(first): -100}})
    assert first not in ids(reply)
    assert ids(reply)[0] == second


async def test_a_token_that_is_wanted_enough_always_comes(
    endpoint: EngineEndpoint, likeliest: Reply
) -> None:
    second = likeliest.probabilities[0].alternatives[1].id
    wanted = {"logit_bias": {str(second): 100}, "max_tokens": 4}
    assert ids(await ask(endpoint, COLD | SCORED | wanted)) == [second] * 4


async def test_the_answer_ends_before_whichever_stop_comes_first(
    endpoint: EngineEndpoint, likeliest: Reply
) -> None:
    whole = likeliest.text
    # It begins in one token and ends in the next.
    seam = len(spoken(likeliest.probabilities[:5]))
    first, later = whole[seam - 2 : seam + 2], whole.split()[-1]
    reply = await ask(endpoint, COLD | {"stop": [later, first]})
    assert reply.text == whole[: whole.index(first)]
    assert reply.finish_reason is FinishReason.STOP


@pytest.mark.parametrize("most", [1, 5])
async def test_the_answer_is_cut_after_so_many_tokens(
    endpoint: EngineEndpoint, likeliest: Reply, most: int
) -> None:
    reply = await ask(endpoint, COLD | {"max_tokens": most})
    assert reply.text.encode() == spoken(likeliest.probabilities[:most])
    assert reply.usage is not None
    assert reply.usage.completion_tokens == most
    assert reply.finish_reason is FinishReason.LENGTH


@pytest.mark.parametrize("most", [1, 3])
async def test_every_token_comes_with_so_many_alternatives(
    endpoint: EngineEndpoint, most: int
) -> None:
    reply = await ask(endpoint, COLD | {"logprobs": True, "top_logprobs": most, "max_tokens": 6})
    assert len(reply.probabilities) == 6
    for one in reply.probabilities:
        scores = [other.logprob for other in one.alternatives]
        assert len(scores) == most
        assert scores == sorted(scores, reverse=True)
        assert sum(map(math.exp, scores)) <= 1
        assert one.alternatives[0] == one.chosen


async def test_no_probabilities_come_unasked(endpoint: EngineEndpoint) -> None:
    assert not (await ask(endpoint, COLD | {"max_tokens": 2})).probabilities


async def test_the_tokens_join_to_the_text_even_where_a_letter_takes_several(
    endpoint: EngineEndpoint,
) -> None:
    reply = await ask(endpoint, COLD | SCORED, "Repeat after me: 🦊🐔🦊🐔")
    assert spoken(reply.probabilities).decode() == reply.text
    assert not reply.text.isascii()


async def test_a_schema_is_kept_at_any_temperature(endpoint: EngineEndpoint) -> None:
    schema = {
        "type": "object",
        "properties": {
            "fruit": {"const": "loquat"},
            "seeds": {"type": "integer", "minimum": 5, "maximum": 7},
        },
        "required": ["fruit", "seeds"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "fruit", "schema": schema}}
    wanted = {"response_format": form, "seed": 1, "max_tokens": 200}
    reply = await ask(endpoint, WILD | wanted)
    jsonschema.validate(json.loads(reply.text), schema)


async def test_json_is_json(endpoint: EngineEndpoint) -> None:
    wanted = {"response_format": {"type": "json_object"}, "max_tokens": 200}
    reply = await ask(endpoint, COLD | wanted, "Name a fox.")
    assert isinstance(json.loads(reply.text), dict)


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_nothing_is_sent_of_what_the_model_does_not_take(name: str) -> None:
    assert body_of({name: BY_NAME[name].start}) == body_of({})


def test_everything_else_is_taken() -> None:
    assert sorted(not_taken(ProviderKind.EMBEDDED, EMBEDDED_MODEL)) == NOT_TAKEN
