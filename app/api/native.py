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
#: Longer prompts are not asked for: tokenizing them takes the server seconds.
LONGEST_PROMPT = 200_000


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


async def prompt_tokens(
    client: Client, base_url: str, key: str | None, messages: list[Mapping[str, Any]]
) -> list[int]:
    """The ids of the tokens that messages become, as the model reads them. Raises ProviderError."""
    url = native_url(base_url)
    kind = ProviderKind.LLAMA_CPP
    applied = await client.fetch(
        f"{url}/apply-template", key, kind, body={"messages": messages}, most=MOST_BYTES
    )
    prompt = _mapping(applied).get("prompt")
    if not isinstance(prompt, str):
        return []
    body = {"content": mend(prompt[-LONGEST_PROMPT:]), "parse_special": True}
    tokenized = await client.fetch(f"{url}/tokenize", key, kind, body=body, most=MOST_BYTES)
    tokens = _mapping(tokenized).get("tokens")
    if not isinstance(tokens, list):
        return []
    return [one for one in tokens if isinstance(one, int) and not isinstance(one, bool)]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
