"""The tokens that a server tells are read as they are, and nothing that makes no sense."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.api.endpoints.tokenize import (
    LONGEST_PIECE,
    LONGEST_TEXT,
    MOST_ASKED,
    MOST_TOKENS,
    Tokenizer,
)
from app.api.http.client import Client
from app.domain.errors import NotAnApi, ProviderError, TooLarge
from app.domain.providers.providers import ProviderKind
from app.domain.tokens.token_table import Word
from tests.servers import Connection, Script, Server, serving

LLAMA, VLLM = ProviderKind.LLAMA_CPP, ProviderKind.VLLM


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    made = Client()
    yield made
    await made.aclose()


def says(answer: Any, status: int = 200) -> Script:
    def script(connection: Connection) -> None:
        connection.head(status, "application/json")
        connection.send(json.dumps(answer).encode())

    return script


def tokenizer(client: Client, server: Server, kind: ProviderKind) -> Tokenizer:
    return Tokenizer(client, f"{server.url}/v1", "sk-x", kind, "m")


async def test_llama_cpp_tells_ids_and_pieces(client: Client) -> None:
    pieces = [{"id": 7, "piece": " lo"}, {"id": 9, "piece": [0xF0, 0x9F]}]
    with serving(says({"tokens": pieces})) as server:
        found = await tokenizer(client, server, LLAMA).tokens(" lo\ud83e")
    assert [(one.id, one.raw) for one in found] == [(7, b" lo"), (9, b"\xf0\x9f")]
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/tokenize")
    wanted = {"content": " lo�", "add_special": False, "with_pieces": True}
    assert request.json == wanted
    assert request.headers["authorization"] == "Bearer sk-x"


async def test_a_single_token_without_a_piece_is_what_was_asked(client: Client) -> None:
    with serving(says({"tokens": [7]})) as server:
        found = await tokenizer(client, server, LLAMA).tokens("tree")
    assert found == (Word("tree", b"tree", 7),)


async def test_vllm_spells_tokens_as_gpt_2_does(client: Client) -> None:
    answer = {"count": 2, "tokens": [1, 2], "token_strs": ["ĠÃ¼", "ber"]}
    with serving(says(answer)) as server:
        found = await tokenizer(client, server, VLLM).tokens(" über")
    assert [one.raw for one in found] == [" ü".encode(), b"ber"]
    (request,) = server.requests
    assert request.path == "/tokenize"
    assert request.json == {
        "model": "m",
        "prompt": " über",
        "add_special_tokens": False,
        "return_token_strs": True,
    }


async def test_vllm_spells_tokens_as_sentencepiece_does(client: Client) -> None:
    answer = {"tokens": [1, 2], "token_strs": ["▁ü", "ber"]}
    with serving(says(answer)) as server:
        found = await tokenizer(client, server, VLLM).tokens("über")
    assert [one.raw.decode() for one in found] == [" ü", "ber"]


async def test_vllm_is_asked_for_texts_that_it_did_not_tell(client: Client) -> None:
    ids = list(range(MOST_ASKED + 2))
    with serving(says({"tokens": ids}), says({"prompt": "ab"}), says({}, 500)) as server:
        found = await tokenizer(client, server, VLLM).tokens("ab" * 18)
    assert [one.id for one in found] == ids
    assert [one.raw for one in found[:3]] == [b"ab", b"", b""]
    assert [one.path for one in server.requests[:2]] == ["/tokenize", "/detokenize"]
    assert len(server.requests) == 1 + MOST_ASKED


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"tokens": "7"},
        {"tokens": [True]},
        {"tokens": [-1]},
        {"tokens": [2**31]},
        {"tokens": [{"piece": "a"}]},
        {"tokens": [{"id": 1.5, "piece": "a"}]},
        {"tokens": [None]},
    ],
)
@pytest.mark.parametrize("kind", [LLAMA, VLLM])
async def test_nonsense_is_no_token(client: Client, kind: ProviderKind, answer: Any) -> None:
    with serving(says(answer)) as server, pytest.raises(NotAnApi, match="Enter token ids"):
        await tokenizer(client, server, kind).tokens("a")


async def test_odd_pieces_are_none_and_long_ones_are_cut(client: Client) -> None:
    odd: list[Any] = [{}, [300], ["a"], [1] * 5000, 7, None, "a\0", "x" * 9999]
    answer = {"tokens": [{"id": n, "piece": one} for n, one in enumerate(odd)]}
    with serving(says(answer)) as server:
        found = await tokenizer(client, server, LLAMA).tokens("a")
    assert [one.raw for one in found[:6]] == [b""] * 6
    assert found[6].raw.decode() == "a�"
    assert len(found[7].raw) == LONGEST_PIECE


async def test_what_is_enormous_is_bounded(client: Client) -> None:
    with serving(says({"tokens": [5] * 60_000}), says({"tokens": [5] * 600_000})) as server:
        asked = tokenizer(client, server, LLAMA)
        assert len(await asked.tokens("a" * 9999)) == MOST_TOKENS
        assert len(server.requests[0].json["content"]) == LONGEST_TEXT
        with pytest.raises(TooLarge):
            await asked.tokens("a")


async def test_a_server_without_tokenize_fails_in_words(client: Client) -> None:
    script = says({"error": {"message": "Not Found"}}, 404)
    with serving(script) as server, pytest.raises(ProviderError, match="Not Found"):
        await tokenizer(client, server, VLLM).tokens("a")
