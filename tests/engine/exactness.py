"""Our sampling mathematics against llama.cpp's own, on the embedded model.

`python -m tests.engine.exactness` asks for all settings on all prompts and prints the table; the
tests ask for a part of them.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import erfc, sqrt
from typing import Any

import httpx

from app.domain.events import Candidate, TokenProbabilities
from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import Distribution, settings_of
from app.domain.tokens.unlisted_tokens import unlisted_tokens
from app.engine.engine import Engine
from tests.engine.penalties import ASKED, NEUTRAL, ORDER, answer_of, judge, lines_of

#: What a probability may differ by.
TOLERANCE = 0.0005
PROMPTS = (
    "Tell me about foxes.",
    "What is the capital of France?",
    "Write a poem about rain.",
    "Count to ten.",
    "Why is the sky blue?",
    "Name three fruits.",
    "Translate 'good morning' into Spanish.",
    "How do I plant a tree?",
    "Give me a recipe for soup.",
    "What is 12 times 12?",
    "Describe the ocean in one word.",
    "Who wrote Hamlet?",
    "Explain gravity to a child.",
    "Say something surprising.",
    "What should I read next?",
    "List the planets.",
    "Is a tomato a fruit?",
    "Write a limerick about a cat.",
    "What does a loquat taste like?",
    "Finish this sentence: Once upon a time",
)
#: 4 × 4 × 3 × 2 settings; top_k 0 keeps all.
GRID: Sequence[Mapping[str, Any]] = [
    {"temperature": temperature, "top_k": top_k, "top_p": top_p, "min_p": min_p}
    for temperature, top_k, top_p, min_p in product(
        (0.3, 0.8, 1.0, 1.7), (0, 1, 6, 16), (1.0, 0.9, 0.5), (0.0, 0.1)
    )
]


@dataclass(frozen=True, slots=True)
class Compared:
    """One setting on one prompt: what differs most, where it may be said."""

    settings: Mapping[str, Any]
    exact: bool
    worst: float


def question(prompt: str) -> list[dict[str, str]]:
    """A conversation that only asks this."""
    return [{"role": "user", "content": prompt}]


async def raw_token(
    client: httpx.AsyncClient, messages: Sequence[Mapping[str, str]], number: int = 0
) -> TokenProbabilities:
    """A token that the model says next, as it is before the samplers."""
    body = {
        "messages": messages,
        "max_tokens": number + 1,
        "logprobs": True,
        "top_logprobs": 20,
        "seed": 1,
        **NEUTRAL,
        "temperature": 0,
    }
    answer = (await client.post("/v1/chat/completions", json=body)).json()
    token = answer["choices"][0]["logprobs"]["content"][number]
    return TokenProbabilities(
        _candidate(token), tuple(_candidate(one) for one in token["top_logprobs"])
    )


async def answer_tokens(
    client: httpx.AsyncClient, messages: Sequence[Mapping[str, str]], values: Mapping[str, Any]
) -> list[TokenProbabilities]:
    """A hundred tokens drawn under these values, each as it was before the samplers."""
    asked = {"max_tokens": 100, "logprobs": True, "top_logprobs": 20, "seed": 5}
    body = {"messages": messages, **asked, **NEUTRAL, **values}
    answer = (await client.post("/v1/chat/completions", json=body)).json()
    return [
        TokenProbabilities(_candidate(token), tuple(map(_candidate, token["top_logprobs"])))
        for token in answer["choices"][0]["logprobs"]["content"]
    ]


async def sampled_token(
    client: httpx.AsyncClient, messages: Sequence[Mapping[str, str]], values: Mapping[str, Any]
) -> tuple[int, dict[int, float]]:
    """What llama.cpp samples the next token from under these values: the id that it drew, and
    id → probability of the likeliest."""
    body = {
        "messages": messages,
        "max_tokens": 1,
        "logprobs": True,
        "top_logprobs": 20,
        "post_sampling_probs": True,
        "seed": 1,
        **NEUTRAL,
        **values,
    }
    answer = (await client.post("/v1/chat/completions", json=body)).json()
    token = answer["choices"][0]["logprobs"]["content"][0]
    return token["id"], {one["id"]: one["prob"] for one in token["top_probs"]}


def predicted(
    token: TokenProbabilities, values: Mapping[str, Any], **known: Any
) -> tuple[Distribution, dict[int, float]]:
    """What we say: the distribution, and id → probability."""
    found = distribution(token, settings_of(values, {}), ORDER, vocabulary=49_152, **known)
    ids = [one.id for one in token.alternatives]
    return found, {
        id_: one.probability
        for id_, one in zip(ids, found.outcomes, strict=False)
        if id_ is not None
    }


def worst(ours: Mapping[int, float], theirs: Mapping[int, float]) -> float:
    """The largest difference of a probability."""
    return max(abs(ours.get(id_, 0.0) - theirs.get(id_, 0.0)) for id_ in {*ours, *theirs})


async def compare(
    client: httpx.AsyncClient, chosen: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[Compared]:
    """Ask for every pair of prompt and setting, and compare."""
    prompts = list(dict.fromkeys(prompt for prompt, _values in chosen))
    raw = {prompt: await raw_token(client, question(prompt)) for prompt in prompts}
    found = []
    for prompt, values in sorted(chosen, key=lambda one: prompts.index(one[0])):
        ours, by_id = predicted(raw[prompt], values)
        _drawn, theirs = await sampled_token(client, question(prompt), values)
        found.append(Compared(values, ours.exact, worst(by_id, theirs)))
    return found


async def penalty_counts(
    client: httpx.AsyncClient, messages: Sequence[Mapping[str, str]]
) -> Counter[int]:
    """How often each token stands among the last 64 of a prompt, which penalties look at."""
    prompt = (await client.post("/apply-template", json={"messages": messages})).json()["prompt"]
    body = {"content": prompt, "add_special": True, "parse_special": True}
    tokens = (await client.post("/tokenize", json=body)).json()["tokens"]
    return Counter(tokens[-64:])


def _candidate(token: Mapping[str, Any]) -> Candidate:
    return Candidate(token["token"], token["logprob"], bytes(token["bytes"]), token["id"])


def spread(per_setting: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Every setting on so many prompts, so that every prompt occurs."""
    return [
        (PROMPTS[(number * 7 + place * 3) % len(PROMPTS)], values)
        for number, values in enumerate(GRID)
        for place in range(per_setting)
    ]


def table(found: Sequence[Compared]) -> list[str]:
    """A line for each setting: how often it could be said exactly, and what differed most."""
    lines = [
        f"{'temperature':>11} {'top_k':>5} {'top_p':>5} {'min_p':>5}  exact  largest difference"
    ]
    for values in GRID:
        ours = [one for one in found if one.settings == values]
        exact = [one for one in ours if one.exact]
        if ours:
            most = max((one.worst for one in exact), default=0.0)
            cells = "".join(f"{value:>12}" for value in values.values())
            lines.append(f"{cells}  {len(exact):>2}/{len(ours):<2}  {most:.7f}")
    return lines


async def _whole() -> int:
    engine = Engine()
    endpoint = await engine.endpoint()
    headers = {"Authorization": f"Bearer {endpoint.key}"}
    unkept = httpx.Limits(max_keepalive_connections=0)
    try:
        async with httpx.AsyncClient(
            base_url=endpoint.native_url,
            headers=headers,
            limits=unkept,
            trust_env=False,
            timeout=60,
        ) as client:
            pairs = [(prompt, values) for prompt in PROMPTS for values in GRID]
            found = await compare(client, pairs)
            print("\n".join(table(found)))
            exact = [one.worst for one in found if one.exact]
            print(f"{len(exact)} of {len(found)} exact; largest difference {max(exact):.7f}")
            for asked in ASKED:
                await _print_penalties(client, asked)
            token = await raw_token(client, question(PROMPTS[0]))
            values = drawn_from(token)
            draws = await drawn(client, PROMPTS[0], values, 2000)
            print(f"2,000 draws: p = {chi_square(draws, predicted(token, values)[1]):.3f}")
    finally:
        await engine.close()
    return 0


async def _print_penalties(client: httpx.AsyncClient, asked: str) -> None:
    """Print how far penalties are off on an answer to a question."""
    answer = await answer_of(client, asked)
    entries, others = len(answer.table), sum(one.most for one in answer.unlisted.values())
    print(f"{asked!r}: {answer.counted} tokens, {entries} entries and {others} without")
    print(lines_of("tokenized", await judge(client, answer, answer.unlisted)))
    print(lines_of("not tokenized", await judge(client, answer, unlisted_tokens(answer.table))))
    print(lines_of("as if there were none", await judge(client, answer, {})))


def drawn_from(token: TokenProbabilities) -> dict[str, Any]:
    """How the tokens are drawn whose frequencies are compared. One without a text is banned:
    llama.cpp doesn't say that it was drawn."""
    banned = {str(one.id): -100 for one in token.alternatives if not one.token}
    return {"temperature": 1.2, "top_k": 12, "logit_bias": banned}


async def drawn(
    client: httpx.AsyncClient, prompt: str, values: Mapping[str, Any], count: int
) -> Counter[int]:
    """Tokens drawn with a seed each."""
    seeds = random.Random(7)
    found: Counter[int] = Counter()
    for _draw in range(count):
        seeded = {**values, "seed": seeds.randrange(2**31)}
        id_, _likely = await sampled_token(client, question(prompt), seeded)
        found[id_] += 1
    return found


def chi_square(found: Mapping[int, int], expected: Mapping[int, float]) -> float:
    """The probability that draws differ as much from what is expected, or more (Pearson). Those
    of which less than five are expected count together. Wilson and Hilferty's approximation."""
    total = sum(found.values())
    often = [id_ for id_, share in expected.items() if share * total >= 5]
    pairs = [(found.get(id_, 0), expected[id_] * total) for id_ in often]
    rest = total - sum(count for count, _share in pairs)
    left = total - sum(share for _count, share in pairs)
    if left > 0.5:
        pairs.append((rest, left))
    statistic = sum((count - share) ** 2 / share for count, share in pairs)
    freedom = max(1, len(pairs) - 1)
    root = (statistic / freedom) ** (1 / 3)
    spread_ = 2 / (9 * freedom)
    return 0.5 * erfc((root - (1 - spread_)) / sqrt(spread_) / sqrt(2))


if __name__ == "__main__":
    sys.exit(asyncio.run(_whole()))
