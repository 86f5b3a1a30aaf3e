"""The list of models is read from any shape, once the key is proved."""

from typing import Any

import pytest

from app.api.client import Client
from app.domain.errors import KeyRefused, NotAnApi
from app.domain.providers import ProviderKind
from tests.api.asking import KEY
from tests.servers import Server, answer, event, serving


def models(value: Any) -> Any:
    return answer(event(value)[len(b"data: ") :], content_type="application/json")


async def list_models(server: Server, kind: ProviderKind, key: str | None = KEY) -> list[str]:
    client = Client()
    try:
        return await client.model_ids(f"{server.url}/v1/", key, kind)
    finally:
        await client.aclose()


@pytest.mark.parametrize(
    "value",
    [
        {"data": [{"id": "b"}, {"id": "a", "x": 1}, {"id": "b"}, {"name": "no"}, 7, {"id": ""}]},
        {"models": ["b", "a"]},
        [{"id": "b"}, "a"],
    ],
)
async def test_models_are_listed_from_any_shape(value: Any) -> None:
    with serving(models(value)) as server:
        assert await list_models(server, ProviderKind.LLAMA_CPP) == ["b", "a"]
    assert [request.path for request in server.requests] == ["/v1/models"]


async def test_at_openrouter_the_key_is_proved_before_the_list_that_anybody_gets() -> None:
    refusal = answer(b'{"error":{"code":401}}', status=401, content_type="application/json")
    with serving(refusal) as server:
        with pytest.raises(KeyRefused):
            await list_models(server, ProviderKind.OPENROUTER)
        assert server.requests[0].path == "/v1/key"
    with serving(models({"data": [{"id": "a"}]})) as server:
        assert await list_models(server, ProviderKind.OPENROUTER) == ["a"]
        assert await list_models(server, ProviderKind.OPENROUTER, key=None) == ["a"]
    assert [request.path for request in server.requests] == ["/v1/key", "/v1/models", "/v1/models"]


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"data":7}', b"", b"[" * 5000])
async def test_what_lists_no_models_is_not_an_api(body: bytes) -> None:
    script = answer(body, content_type="application/json")
    with serving(script) as server, pytest.raises(NotAnApi):
        await list_models(server, ProviderKind.OPENAI_COMPATIBLE)
