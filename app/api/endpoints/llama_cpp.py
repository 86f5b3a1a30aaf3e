"""What llama.cpp's server says of itself beside the API that all servers have.

It is read with suspicion: another server may stand at the address, and say what it likes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.providers.providers import ProviderKind
from app.domain.text.surrogates import mend

#: The template of a chat model may be long; nothing else here is.
MOST_BYTES = 4_000_000
#: Of a prompt so many characters from its end are tokenized: a whole one may take seconds.
END_OF_PROMPT = 8_000
#: So many of the next tokens are asked for: what a penalty sinks is still among them.
LIKELIEST = 300
#: So often: where the token that is drawn is half a character, the server tells no probabilities.
DRAWS = 4
#: Every sampler that changes probabilities, told to change none.
NEUTRAL: Mapping[str, Any] = {
    "temperature": 1.0,
    "dynatemp_range": 0.0,
    "top_k": 0,
    "top_p": 1.0,
    "min_p": 0.0,
    "typical_p": 1.0,
    "top_n_sigma": -1.0,
    "xtc_probability": 0.0,
    "dry_multiplier": 0.0,
    "mirostat": 0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
}
#: What of a request a template makes its prompt from.
_IN_PROMPT = ("tools", "tool_choice", "chat_template_kwargs")


def native_url(base_url: str) -> str:
    """Where llama.cpp's own requests go, for an address that ends in /v1."""
    return base_url.rstrip("/").removesuffix("/v1")


async def sampler_defaults(client: Client, base_url: str, key: str | None) -> Mapping[str, Any]:
    """The sampler settings that the server uses where a request says nothing, under llama.cpp's
    names; empty where it doesn't say. Raises ProviderError."""
    props = await _fetch(client, f"{native_url(base_url)}/props", key)
    settings = _mapping(_mapping(props).get("default_generation_settings"))
    return _mapping(settings.get("params"))


async def vocabulary_size(client: Client, base_url: str, key: str | None) -> int | None:
    """How many tokens the server's model knows. Raises ProviderError."""
    listed = await _fetch(client, f"{base_url}/models", key)
    models = _mapping(listed).get("data")
    first = _mapping(models[0]) if isinstance(models, list) and models else {}
    size = _mapping(first.get("meta")).get("n_vocab")
    return size if isinstance(size, int) and 0 < size < 100_000_000 else None


async def end_of_prompt(
    client: Client, base_url: str, key: str | None, request: Mapping[str, Any]
) -> list[int]:
    """The ids of the last tokens, some thousands, that the model read before its answer to a
    request, the latest last; empty where the server doesn't say. Raises ProviderError."""
    prompt = await _prompt(client, base_url, key, request)
    return await _tokens(client, base_url, key, prompt, prompt[-END_OF_PROMPT:])


async def whole_prompt(
    client: Client, base_url: str, key: str | None, request: Mapping[str, Any]
) -> list[int]:
    """The ids of all tokens that the model read before its answer to a request; empty where the
    server doesn't say. It takes as long as the prompt. Raises ProviderError."""
    prompt = await _prompt(client, base_url, key, request)
    return await _tokens(client, base_url, key, prompt, prompt)


async def shares_after(
    client: Client,
    base_url: str,
    key: str | None,
    prompt: Sequence[int],
    *,
    repetition_penalty: float,
    looked_back: int,
) -> Mapping[int, float]:
    """Id → probability of the likeliest next tokens after a prompt, under this penalty alone over
    so many tokens before. Empty where the server doesn't say. Raises ProviderError."""
    body = {
        "prompt": [*prompt],
        "n_predict": 1,
        "n_probs": LIKELIEST,
        "post_sampling_probs": True,
        # Whatever the server does of itself, the penalty acts.
        "samplers": ["penalties", "temperature"],
        "repeat_last_n": looked_back,
        **NEUTRAL,
        "repeat_penalty": repetition_penalty,
    }
    url = f"{native_url(base_url)}/completion"
    for seed in range(DRAWS):
        answer = await _fetch(client, url, key, {**body, "seed": seed})
        if found := _shares(answer):
            return found
    return {}


def _shares(answer: Any) -> Mapping[int, float]:
    tokens = _mapping(answer).get("completion_probabilities")
    first = _mapping(tokens[0]) if isinstance(tokens, list) and tokens else {}
    listed = first.get("top_probs")
    found = {}
    for one in listed if isinstance(listed, list) else ():
        id_, share = _mapping(one).get("id"), _mapping(one).get("prob")
        if type(id_) is int and isinstance(share, int | float) and 0 <= share <= 1:
            found[id_] = float(share)
    return found


async def _prompt(
    client: Client, base_url: str, key: str | None, request: Mapping[str, Any]
) -> str:
    """The text that a request's messages become; empty where the server doesn't say."""
    messages = request.get("messages")
    if not isinstance(messages, list):
        return ""
    # The beginning of an answer that was sent along is part of that answer.
    if messages and _mapping(messages[-1]).get("role") == "assistant":
        messages = messages[:-1]
    if not all(isinstance(_mapping(one).get("content"), str) for one in messages):
        # Pictures are tokens of another kind.
        return ""
    asked = {"messages": messages, **{one: request[one] for one in _IN_PROMPT if one in request}}
    applied = await _fetch(client, f"{native_url(base_url)}/apply-template", key, asked)
    prompt = _mapping(applied).get("prompt")
    return prompt if isinstance(prompt, str) else ""


async def _tokens(
    client: Client, base_url: str, key: str | None, prompt: str, part: str
) -> list[int]:
    """The ids of a prompt's end, or of all of it."""
    if not prompt:
        return []
    body = {"content": mend(part), "add_special": part == prompt, "parse_special": True}
    tokenized = await _fetch(client, f"{native_url(base_url)}/tokenize", key, body)
    tokens = _mapping(tokenized).get("tokens")
    return [one for one in tokens if type(one) is int] if isinstance(tokens, list) else []


async def _fetch(
    client: Client, url: str, key: str | None, body: Mapping[str, Any] | None = None
) -> Any:
    request = JsonRequest(url, key, ProviderKind.LLAMA_CPP, body=body, most=MOST_BYTES)
    return await client.fetch(request)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
