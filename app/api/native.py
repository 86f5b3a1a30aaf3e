"""What llama.cpp's server says of itself beside the API that all servers have.

It is read with suspicion: another server may stand at the address, and say what it likes.
"""

from collections.abc import Mapping
from typing import Any

from app.api.client import Client
from app.domain.providers import ProviderKind
from app.domain.surrogates import mend

#: The template of a chat model may be long; nothing else here is.
MOST_BYTES = 4_000_000
#: Of a prompt so many characters from its end are tokenized: a whole one may take seconds.
END_OF_PROMPT = 8_000
#: What of a request a template makes its prompt from.
_IN_PROMPT = ("tools", "tool_choice", "chat_template_kwargs")


def native_url(base_url: str) -> str:
    """Where llama.cpp's own requests go, for an address that ends in /v1."""
    return base_url.rstrip("/").removesuffix("/v1")


async def sampler_defaults(client: Client, base_url: str, key: str | None) -> Mapping[str, Any]:
    """The sampler settings that the server uses where a request says nothing, under llama.cpp's
    names; empty where it doesn't say. Raises ProviderError."""
    props = await client.fetch(
        f"{native_url(base_url)}/props", key, ProviderKind.LLAMA_CPP, most=MOST_BYTES
    )
    settings = _mapping(_mapping(props).get("default_generation_settings"))
    return _mapping(settings.get("params"))


async def vocabulary_size(client: Client, base_url: str, key: str | None) -> int | None:
    """How many tokens the server's model knows. Raises ProviderError."""
    listed = await client.fetch(f"{base_url}/models", key, ProviderKind.LLAMA_CPP, most=MOST_BYTES)
    models = _mapping(listed).get("data")
    first = _mapping(models[0]) if isinstance(models, list) and models else {}
    size = _mapping(first.get("meta")).get("n_vocab")
    return size if isinstance(size, int) and 0 < size < 100_000_000 else None


async def end_of_prompt(
    client: Client, base_url: str, key: str | None, request: Mapping[str, Any]
) -> list[int]:
    """The ids of the last tokens, some thousands, that the model read before its answer to a
    request, the latest last; empty where the server doesn't say. Raises ProviderError."""
    messages = request.get("messages")
    if not isinstance(messages, list):
        return []
    # The beginning of an answer that was sent along is part of that answer.
    if messages and _mapping(messages[-1]).get("role") == "assistant":
        messages = messages[:-1]
    if not all(isinstance(_mapping(one).get("content"), str) for one in messages):
        # Pictures are tokens of another kind.
        return []
    url, kind = native_url(base_url), ProviderKind.LLAMA_CPP
    asked = {"messages": messages, **{one: request[one] for one in _IN_PROMPT if one in request}}
    applied = await client.fetch(f"{url}/apply-template", key, kind, body=asked, most=MOST_BYTES)
    prompt = _mapping(applied).get("prompt")
    if not isinstance(prompt, str):
        return []
    body = {
        "content": mend(prompt[-END_OF_PROMPT:]),
        "add_special": len(prompt) <= END_OF_PROMPT,
        "parse_special": True,
    }
    tokenized = await client.fetch(f"{url}/tokenize", key, kind, body=body, most=MOST_BYTES)
    tokens = _mapping(tokenized).get("tokens")
    if not isinstance(tokens, list):
        return []
    return [one for one in tokens if type(one) is int]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
