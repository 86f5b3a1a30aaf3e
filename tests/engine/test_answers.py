"""What the embedded server takes and gives: everything that the program asks of it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from app.engine.engine import EngineEndpoint

pytestmark = pytest.mark.engine

CHAT = "/v1/chat/completions"


def question(**more: object) -> dict[str, object]:
    return {
        "messages": [{"role": "user", "content": "Tell me about foxes."}],
        "stream": True,
        "max_tokens": 12,
        **more,
    }


async def chunks(
    client: httpx.AsyncClient, body: dict[str, object]
) -> AsyncGenerator[dict[str, Any], None]:
    async with client.stream("POST", CHAT, json=body) as response:
        assert response.status_code == 200
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                yield json.loads(line.removeprefix("data: "))


async def answer(client: httpx.AsyncClient, body: dict[str, object]) -> str:
    pieces = [
        choice["delta"].get("content") or ""
        async for chunk in chunks(client, body)
        for choice in chunk["choices"]
    ]
    return "".join(pieces)


async def test_answers_in_a_stream_that_ends_with_usage(wire: httpx.AsyncClient) -> None:
    body = question(stream_options={"include_usage": True})
    got = [chunk async for chunk in chunks(wire, body)]
    assert got[-1]["usage"]["completion_tokens"] == 12
    assert "SmolLM2" in got[-1]["model"]
    assert got[-2]["choices"][0]["finish_reason"] == "length"


async def test_the_same_seed_gives_the_same_answer(wire: httpx.AsyncClient) -> None:
    body = question(seed=7, temperature=1.2, top_k=50, min_p=0.02, cache_prompt=False)
    first = await answer(wire, body)
    assert first == await answer(wire, body)
    assert first != await answer(wire, {**body, "seed": 8})


async def test_gives_log_probabilities_of_each_token(wire: httpx.AsyncClient) -> None:
    body = question(logprobs=True, top_logprobs=3)
    tokens = [
        token
        async for chunk in chunks(wire, body)
        for choice in chunk["choices"]
        if choice.get("logprobs")
        for token in choice["logprobs"]["content"]
    ]
    assert len(tokens) == 12
    assert all(len(token["top_logprobs"]) == 3 and token["logprob"] <= 0 for token in tokens)


async def test_continues_a_trailing_assistant_message(wire: httpx.AsyncClient) -> None:
    messages = [
        {"role": "user", "content": "Count to ten."},
        {"role": "assistant", "content": "One, two, three, four,"},
    ]
    assert (await answer(wire, question(messages=messages, temperature=0))).startswith(" five")


async def test_tokenizes_with_pieces(wire: httpx.AsyncClient) -> None:
    got = await wire.post("/tokenize", json={"content": "hello world", "with_pieces": True})
    assert [token["piece"] for token in got.json()["tokens"]] == ["hello", " world"]


async def test_reports_the_context_of_one_answer(
    wire: httpx.AsyncClient, endpoint: EngineEndpoint
) -> None:
    body = question(messages=[{"role": "user", "content": "fox " * 9000}])
    got = await wire.post(CHAT, json=body)
    assert got.status_code == 400
    assert got.json()["error"]["n_ctx"] == endpoint.context == 8192


async def test_two_answers_run_side_by_side(wire: httpx.AsyncClient) -> None:
    long = chunks(wire, question(max_tokens=2000, ignore_eos=True))
    await anext(long)
    assert await answer(wire, question())
    assert (await anext(long))["choices"]
    await long.aclose()


async def test_leaving_a_stream_frees_the_model(wire: httpx.AsyncClient) -> None:
    for _ in range(2):
        await leave(wire, question(max_tokens=4000, ignore_eos=True))
    # Both slots would still be taken for half a minute if leaving had not freed them.
    async with asyncio.timeout(15):
        assert await answer(wire, question(max_tokens=1))


async def test_leaving_while_the_prompt_is_read_frees_the_model(wire: httpx.AsyncClient) -> None:
    for start in "ab":
        prompt = [{"role": "user", "content": start + " fox" * 5000}]
        await leave(wire, question(messages=prompt, return_progress=True))
    async with asyncio.timeout(15):
        assert await answer(wire, question(max_tokens=1))


async def leave(client: httpx.AsyncClient, body: dict[str, object]) -> None:
    stream = chunks(client, body)
    await anext(stream)
    await stream.aclose()


@pytest.mark.parametrize("path", ["/v1/models", "/models", "/props", "/slots", "/metrics"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_nothing_is_told_without_the_key(
    endpoint: EngineEndpoint, path: str, headers: dict[str, str]
) -> None:
    async with httpx.AsyncClient(base_url=endpoint.native_url, trust_env=False) as stranger:
        assert (await stranger.get(path, headers=headers)).status_code == 401


async def test_no_answer_without_the_key(endpoint: EngineEndpoint) -> None:
    async with httpx.AsyncClient(base_url=endpoint.base_url, trust_env=False) as stranger:
        assert (await stranger.post("/chat/completions", json=question())).status_code == 401


async def test_no_web_page_may_read_an_answer(wire: httpx.AsyncClient) -> None:
    origin = {"Origin": "https://example.org"}
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    for got in (await wire.get("/health", headers=origin), await wire.options(CHAT, headers=asked)):
        assert got.headers["access-control-allow-origin"] == ""
    assert (await wire.get("/")).status_code == 404
