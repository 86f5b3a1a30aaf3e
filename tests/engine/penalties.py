"""Penalties on answers with emoji, Chinese and Japanese, against llama.cpp's own samplers.

The prompt, the answer's text so far and its tokens are sent to llama.cpp's /completion, which tells
the probabilities after its samplers; ours come from the log probabilities of the chat answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import log
from typing import Any

import httpx

from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.one_token import distribution
from app.domain.sampling.penalty_counts import counts_before
from app.domain.sampling.samplers import Distribution, SamplerOrder, settings_of
from app.domain.tokens.token_table import TokenTable, Word
from app.domain.tokens.unlisted_tokens import Unlisted, answer_bytes, unlisted_tokens

ORDER: SamplerOrder = KINDS[ProviderKind.EMBEDDED].sampler_order
#: Every sampler at the value at which it does nothing: llama.cpp has defaults of its own.
NEUTRAL: Mapping[str, Any] = {
    "temperature": 1.0,
    "top_k": 0,
    "top_p": 1.0,
    "min_p": 0.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
    "repeat_penalty": 1.0,
}
ASKED = (
    "Repeat exactly: 🦊🫧 日本語 🦊🫧 鱻 𠮷 fox 🦊🫧",
    "Repeat exactly: 狐狸和母鸡,狐狸和母鸡,狐狸和母鸡",
    "Write a line of emoji: 🌧️🌈☀️🌧️🌈☀️",
    "Repeat exactly: きつねとめんどり、きつねとめんどり",
)
_PENALTIES: Sequence[Mapping[str, Any]] = (
    {"presence_penalty": 1.5},
    {"frequency_penalty": 0.8},
    {"presence_penalty": -0.7, "frequency_penalty": 0.3},
    {"repeat_penalty": 1.3},
)
_CUTS: Sequence[Mapping[str, Any]] = (
    {"top_k": 10},
    {"top_k": 6, "top_p": 0.9, "temperature": 0.7},
    {"min_p": 0.05},
)
#: Penalties, and cuts after which only captured tokens are left.
SETTINGS: Sequence[Mapping[str, Any]] = [
    {**penalties, **cuts} for penalties, cuts in product(_PENALTIES, _CUTS)
]


@dataclass(frozen=True, slots=True)
class Judged:
    """One token under one setting: whether it was called exact, the largest difference of a
    probability, and how far the truth is outside the bounds."""

    settings: Mapping[str, Any]
    token: int
    exact: bool
    worst: float
    outside: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its prompt's tokens, and the ids of all of its own tokens."""

    prompt: Sequence[int]
    table: TokenTable
    unlisted: Mapping[int, Unlisted]
    #: Number of tokens by the server's usage, with those of an end that is cut off.
    counted: int


async def answer_of(client: httpx.AsyncClient, asked: str, count: int = 40) -> Answer:
    """Ask for an answer with log probabilities, and for the tokens of prompt and answer."""
    messages = [{"role": "user", "content": asked}]
    body = {"messages": messages, "max_tokens": count, "logprobs": True, "top_logprobs": 20}
    told = await client.post(
        "/v1/chat/completions", json={**body, "seed": 3, **NEUTRAL, "temperature": 0.3}
    )
    listed = told.json()["choices"][0]["logprobs"]["content"]
    counted = told.json()["usage"]["completion_tokens"]
    table = TokenTable.of(
        TokenProbabilities(_candidate(one), tuple(map(_candidate, one["top_logprobs"])))
        for one in listed
    )
    applied = await client.post("/apply-template", json={"messages": messages})
    prompt = await _tokens(client, applied.json()["prompt"], special=True)
    spelled = await _tokens(client, answer_bytes(table).decode(), special=False)
    unlisted = unlisted_tokens(table, spelled)
    return Answer([word.id or 0 for word in prompt], table, unlisted, counted)


async def judge(
    client: httpx.AsyncClient, answer: Answer, unlisted: Mapping[int, Unlisted], step: int = 3
) -> list[Judged]:
    """Compare every `step`th token under all settings; `unlisted` are the tokens without an entry,
    as far as they are to be known."""
    found = []
    for place in range(1, len(answer.table), step):
        before = ids_before(answer, place)
        if before is None:
            continue
        counts = counts_before(answer.table, place, unlisted, answer.prompt[-64:])
        read = [*answer.prompt, *before]
        token = _as_listed(answer.table[place], await _shares(client, read, {}))
        for values in SETTINGS:
            settings = settings_of(values, {})
            ours = distribution(token, settings, ORDER, counts=counts, vocabulary=49_152)
            theirs = await _shares(client, read, values)
            found.append(_judged(place, values, token, ours, theirs))
    return found


def _judged(
    place: int,
    values: Mapping[str, Any],
    token: TokenProbabilities,
    ours: Distribution,
    theirs: Mapping[int, float],
) -> Judged:
    pairs = [
        (one, theirs.get(candidate.id or 0, 0.0))
        for candidate, one in zip(token.alternatives, ours.outcomes, strict=False)
    ]
    return Judged(
        values,
        place,
        ours.exact,
        max(abs(one.probability - share) for one, share in pairs),
        max(max(one.low - share, share - one.high) for one, share in pairs),
    )


def lines_of(name: str, found: Sequence[Judged]) -> str:
    """Return a line of the table: how many are exact, and what differs most."""
    worst = max((one.worst for one in found if one.exact), default=0.0)
    outside = max((one.outside for one in found), default=0.0)
    exact = sum(one.exact for one in found)
    return f"{name:>28} {exact:>4}/{len(found):<4} exact, off by {worst:.7f}; bounds {outside:.7f}"


def ids_before(answer: Answer, place: int) -> list[int] | None:
    """Return the ids of the answer's tokens before one, None if not all are known."""
    ids: list[int] = []
    for number in range(place + 1):
        before = answer.unlisted.get(number)
        if before is not None:
            if before.ids is None:
                return None
            ids += before.ids
        if number < place:
            ids.append(answer.table.word(number).id or 0)
    return ids


def _as_listed(token: TokenProbabilities, shares: Mapping[int, float]) -> TokenProbabilities:
    """Return the alternatives with the log probabilities that the judge itself gives them: reading
    all tokens at once, llama.cpp rounds otherwise than token by token."""
    names = {one.id: one for one in token.alternatives}
    likeliest = sorted(shares.items(), key=lambda pair: -pair[1])[:20]
    made = tuple(
        Candidate(
            names[id_].token if id_ in names else "\ufffd",
            log(share),
            names[id_].bytes if id_ in names else None,
            id_,
        )
        for id_, share in likeliest
        if share > 0
    )
    return TokenProbabilities(made[0], made)


async def _shares(
    client: httpx.AsyncClient, prompt: Sequence[int], values: Mapping[str, Any]
) -> Mapping[int, float]:
    body = {
        "prompt": [*prompt],
        "n_predict": 1,
        "n_probs": 300,
        "post_sampling_probs": True,
        "repeat_last_n": 64,
        **NEUTRAL,
        **values,
    }
    for seed in range(8):
        answer = (await client.post("/completion", json={**body, "seed": seed})).json()
        listed = answer.get("completion_probabilities")
        if listed:
            return {one["id"]: one["prob"] for one in listed[0]["top_probs"]}
    return {}


async def _tokens(client: httpx.AsyncClient, text: str, *, special: bool) -> list[Word]:
    body = {"content": text, "add_special": special, "parse_special": True, "with_pieces": True}
    tokens = (await client.post("/tokenize", json=body)).json()["tokens"]
    return [
        Word("", piece.encode() if isinstance(piece, str) else bytes(piece), one["id"])
        for one in tokens
        for piece in (one["piece"],)
    ]


def _candidate(token: Mapping[str, Any]) -> Candidate:
    return Candidate(token["token"], token["logprob"], bytes(token["bytes"]), token["id"])
