"""What stood before an answer is asked of a server that tells, once, and whatever it says."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.providers import Provider, ProviderKind
from app.services.core import Core
from app.services.sampler_facts import KEPT
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
