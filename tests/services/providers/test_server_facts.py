"""What stood before an answer is asked of a server that tells, once, and whatever it says."""

import asyncio
import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from app.api.endpoints.llama_cpp import shares_after, whole_prompt
from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import KINDS, Provider, ProviderKind
from app.domain.sampling.one_token import distribution
from app.domain.sampling.samplers import Distribution, SamplerSettings
from app.domain.tokens.token_table import TokenTable
from app.domain.tokens.unlisted_tokens import unlisted_tokens
from app.services.program.core import Core
from app.services.providers.server_facts import KEPT
from tests.servers import Connection, serving

REQUEST = {"model": "m", "temperature": 1, "messages": [{"role": "user", "content": "Why?"}]}


def server_at(url: str, kind: ProviderKind = ProviderKind.LLAMA_CPP) -> Provider:
    return Provider("l", "Mine", kind, f"{url}/v1", "m")


def telling(asked: list[Any], tokens: Any, prompt: Any = "<user>Why?") -> Callable[..., None]:
    """A server with a template and a tokenizer, that writes down what it is asked."""

    def script(connection: Connection) -> None:
        asked.append((connection.request.path, connection.request.json))
        template = connection.request.path == "/apply-template"
        connection.head(200, "application/json")
        connection.send(json.dumps({"prompt": prompt} if template else {"tokens": tokens}).encode())

    return script


async def test_the_last_tokens_before_an_answer_are_asked_for_once(core: Core) -> None:
    asked: list[Any] = []
    with serving(telling(asked, list(range(100)))) as server:
        for _again in range(2):
            found = await core.lore.prompt_of(server_at(server.url), "m", "answer", REQUEST)
            assert found == tuple(range(100 - KEPT, 100))
    assert [path for path, _body in asked] == ["/apply-template", "/tokenize"]
    assert asked[0][1] == {"messages": REQUEST["messages"]}
    assert asked[1][1] == {"content": "<user>Why?", "add_special": True, "parse_special": True}


async def test_a_beginning_that_was_sent_along_is_part_of_the_answer(core: Core) -> None:
    asked: list[Any] = []
    begun = [*REQUEST["messages"], {"role": "assistant", "content": "Because"}]  # type: ignore[misc]
    with serving(telling(asked, [1])) as server:
        await core.lore.prompt_of(server_at(server.url), "m", "a", {"messages": begun, "tools": []})
    assert asked[0][1] == {"messages": REQUEST["messages"], "tools": []}


async def test_of_a_long_prompt_only_the_end_is_sent(core: Core) -> None:
    asked: list[Any] = []
    with serving(telling(asked, [1], prompt="x" * 100_000)) as server:
        await core.lore.prompt_of(server_at(server.url), "m", "answer", REQUEST)
    assert len(asked[1][1]["content"]) < 10_000
    assert asked[1][1]["add_special"] is False


@pytest.mark.parametrize(
    ("tokens", "prompt"), [("no", "p"), ([None, "1", True, 1.5], "p"), ([1], None), ([], "p")]
)
async def test_a_server_that_talks_nonsense_tells_nothing(
    core: Core, tokens: Any, prompt: Any
) -> None:
    with serving(telling([], tokens, prompt)) as server:
        assert await core.lore.prompt_of(server_at(server.url), "m", "a", REQUEST) is None


@pytest.mark.parametrize("messages", [None, [{"role": "user", "content": [{"type": "image_url"}]}]])
async def test_pictures_have_no_tokens_that_could_be_counted(core: Core, messages: Any) -> None:
    asked: list[Any] = []
    with serving(telling(asked, [1])) as server:
        sent = {"messages": messages}
        assert await core.lore.prompt_of(server_at(server.url), "m", "a", sent) is None
    assert asked == []


async def test_others_are_not_asked(core: Core) -> None:
    asked: list[Any] = []
    with serving(telling(asked, [1])) as server:
        provider = server_at(server.url, ProviderKind.OPENAI)
        assert await core.lore.prompt_of(provider, "m", "answer", REQUEST) is None
    assert asked == []


@pytest.mark.engine
async def test_what_makes_a_repetition_penalty_exact_is_learned_of_the_embedded_model(
    core: Core,
) -> None:
    provider = core.providers.get("embedded")
    parameters = {"temperature": 0, "max_tokens": 12, "logprobs": True, "top_logprobs": 20}
    held = core.conversations.create(provider=provider.id, model="", parameters=parameters)
    work = core.chat.send(held, "Say: the fox and the hen and the fox and the hen")
    await asyncio.wait_for(work, 60)
    answer = held.path()[-1]
    sent = core.conversations.request(answer.id)
    assert sent is not None
    table = core.conversations.probabilities(answer.id)
    target = await core.providers.target(provider, "")
    prompt = await whole_prompt(core.client, target.base_url, target.key, sent[1])
    learned = 0
    for place in range(len(table)):
        before = [*prompt, *(table.word(one).id or 0 for one in range(place))]
        counts = Counter(before[-KEPT:])
        offset = await core.lore.offset_at(provider, "", sent[1], table, place)
        if offset is None:
            assert not any(counts[one.id or 0] for one in table[place].alternatives)
            continue
        learned += 1
        found, bounded = (
            distribution(
                table[place],
                SamplerSettings(repetition_penalty=1.4),
                KINDS[ProviderKind.EMBEDDED].sampler_order,
                counts=counts,
                vocabulary=49_152,
                offset=one,
            )
            for one in (offset, None)
        )
        theirs = await shares_after(
            core.client,
            target.base_url,
            target.key,
            before,
            repetition_penalty=1.4,
            looked_back=KEPT,
        )
        for one, outcome in zip(table[place].alternatives, found.outcomes, strict=False):
            share = theirs.get(one.id or 0, 0.0)
            assert outcome.low - 0.0005 <= share <= outcome.high + 0.0005
        assert widest(found) < widest(bounded) / 2
    assert learned > 6


def widest(found: Distribution) -> float:
    return max(one.high - one.low for one in found.outcomes)


def table_of(*ids: int | None) -> TokenTable:
    """An answer whose tokens have these ids, and two alternatives each."""
    other = Candidate("b", -1.0, b"b", 7)
    chosen = [Candidate("a", -0.5, b"a", one) for one in ids]
    return TokenTable.of([TokenProbabilities(one, (one, other)) for one in chosen])


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"completion_probabilities": [{"top_probs": [{"id": True, "prob": 0.5}, None]}]},
        {"completion_probabilities": [{"top_probs": [{"id": 7, "prob": 7}, {"id": 3}]}]},
        {"completion_probabilities": [{"top_probs": [{"id": 3, "prob": 0.5}]}]},
        {"completion_probabilities": "no"},
    ],
)
async def test_a_server_that_talks_nonsense_teaches_nothing(core: Core, said: Any) -> None:
    asked: list[Any] = []

    def script(connection: Connection) -> None:
        path = connection.request.path
        asked.append((path, connection.request.json))
        told = {"/apply-template": {"prompt": "Why?"}, "/tokenize": {"tokens": [1, 2]}}
        connection.head(200, "application/json")
        connection.send(json.dumps(told.get(path, said)).encode())

    with serving(script) as server:
        provider = server_at(server.url)
        found = await core.lore.offset_at(provider, "m", REQUEST, table_of(3, 3, 3), 2)
    assert found is None
    completed = [body for path, body in asked if path == "/completion"]
    assert {tuple(body["prompt"]) for body in completed} == {(1, 2, 3, 3)}
    # A server that says nothing is asked a few times with other seeds, and no more.
    assert 3 <= len(completed) <= 12


async def test_where_half_a_character_came_it_is_drawn_again(core: Core) -> None:
    def script(connection: Connection) -> None:
        path, body = connection.request.path, connection.request.json
        told: Any = {"prompt": "Why?", "tokens": [1, 2]}
        if path == "/completion":
            # Of two logits, 20 and 19.5, the first came before.
            odds = math.exp(20 / body["repeat_penalty"] - 19.5)
            shares = [(3, odds / (1 + odds)), (7, 1 / (1 + odds))]
            top = [{"id": id_, "prob": share} for id_, share in shares]
            told = {"completion_probabilities": [{"top_probs": top}] if body["seed"] else []}
        connection.head(200, "application/json")
        connection.send(json.dumps(told).encode())

    with serving(script) as server:
        found = await core.lore.offset_at(server_at(server.url), "m", REQUEST, table_of(3, 3), 1)
    assert found is not None
    assert found.value == pytest.approx(20 + math.log1p(math.exp(-0.5)))


async def test_who_tells_no_tokens_is_not_asked_for_scores(core: Core) -> None:
    asked: list[Any] = []
    with serving(telling(asked, [1])) as server:
        other = server_at(server.url, ProviderKind.OPENAI)
        mine = server_at(server.url)
        assert await core.lore.offset_at(other, "m", REQUEST, table_of(3, 3), 1) is None
        assert await core.lore.offset_at(mine, "m", REQUEST, table_of(None, 3), 1) is None
        assert asked == []
        assert await core.lore.offset_at(mine, "m", {}, table_of(3, 3), 1) is None
    assert asked == []


FOX = TokenTable.of(
    [
        TokenProbabilities(
            Candidate("🦊", -0.1, "🦊".encode(), 228), (Candidate("\ufffd", -0.1, b"\x8a", 228),)
        )
    ]
)


async def test_an_answer_is_tokenized_once_if_tokens_have_no_entry(core: Core) -> None:
    asked: list[Any] = []
    tokens = [
        {"id": 9, "piece": [240, 159]},
        {"id": 5, "piece": [166]},
        {"id": 228, "piece": [138]},
    ]
    with serving(telling(asked, tokens)) as server:
        for _again in range(2):
            words = await core.lore.spelling_of(server_at(server.url), "m", FOX)
        plain = TokenTable.of([TokenProbabilities(Candidate("a", -0.1, b"a", 1), ())])
        assert await core.lore.spelling_of(server_at(server.url), "m", plain) == ()
        other = server_at(server.url, ProviderKind.OPENAI)
        assert await core.lore.spelling_of(other, "m", FOX) == ()
    assert [word.id for word in words] == [9, 5, 228]
    assert unlisted_tokens(FOX, words)[0].ids == (9, 5)
    body = {"content": "🦊", "add_special": False, "parse_special": True, "with_pieces": True}
    assert asked == [("/tokenize", body)]


@pytest.mark.parametrize("tokens", ["no", [1, 2], [{"id": 1}], [{"id": 1, "piece": [300]}], []])
async def test_a_tokenizer_that_talks_nonsense_gives_no_tokens(core: Core, tokens: Any) -> None:
    with serving(telling([], tokens)) as server:
        assert await core.lore.spelling_of(server_at(server.url), "m", FOX) == ()
