"""llama.cpp's own requests: sampler defaults, vocabulary size, the prompt's tokens, probabilities.

Every answer is checked, because another server may answer at the address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.providers.providers import ProviderKind
from app.domain.text.surrogates import mend
from app.domain.tokens.token_table import Word

#: Largest answer in bytes; /props contains the chat template, which may be long.
MOST_BYTES = 4_000_000
#: Characters at the end of a prompt that are tokenized; a whole prompt may take seconds.
END_OF_PROMPT = 8_000
#: Characters of the longest answer that is tokenized; its tokens have to fit into MOST_BYTES.
LONGEST_ANSWER = 100_000
#: Number of next tokens to ask for, enough to contain those that a penalty pushes down.
LIKELIEST = 300
#: Attempts with other seeds: if the drawn token is half a character, the server sends no
#: probabilities.
DRAWS = 4
#: Values at which each of llama.cpp's samplers leaves the probabilities as they are.
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
#: Fields of a chat request, besides the messages, that the chat template reads.
_IN_PROMPT = ("tools", "tool_choice", "chat_template_kwargs")


def native_url(base_url: str) -> str:
    """Return the address of llama.cpp's own requests for an address that ends in /v1."""
    return base_url.rstrip("/").removesuffix("/v1")


async def sampler_defaults(client: Client, base_url: str, key: str | None) -> Mapping[str, Any]:
    """Return the server's default sampler settings under llama.cpp's names; empty if unknown.

    Raises ProviderError.
    """
    props = await _fetch(client, f"{native_url(base_url)}/props", key)
    settings = _mapping(_mapping(props).get("default_generation_settings"))
    return _mapping(settings.get("params"))


async def vocabulary_size(client: Client, base_url: str, key: str | None) -> int | None:
    """Return the number of tokens in the vocabulary of the server's first model; None if unknown.

    Raises ProviderError.
    """
    listed = await _fetch(client, f"{base_url}/models", key)
    models = _mapping(listed).get("data")
    first = _mapping(models[0]) if isinstance(models, list) and models else {}
    size = _mapping(first.get("meta")).get("n_vocab")
    return size if isinstance(size, int) and 0 < size < 100_000_000 else None


async def end_of_prompt(
    client: Client, base_url: str, key: str | None, request: Mapping[str, Any]
) -> list[int]:
    """Return the ids of the prompt's last tokens (some thousands), in order; empty if unknown.

    `request` is a chat request's body. Raises ProviderError.
    """
    prompt = await _prompt(client, base_url, key, request)
    return await _tokens(client, base_url, key, prompt, prompt[-END_OF_PROMPT:])


async def whole_prompt(
    client: Client, base_url: str, key: str | None, request: Mapping[str, Any]
) -> list[int]:
    """Return the ids of all tokens of the prompt; empty if unknown. Slow for a long prompt.

    `request` is a chat request's body. Raises ProviderError.
    """
    prompt = await _prompt(client, base_url, key, request)
    return await _tokens(client, base_url, key, prompt, prompt)


async def spelled_answer(client: Client, base_url: str, key: str | None, text: str) -> list[Word]:
    """Return the tokens of an answer's text with their bytes, as the server cuts it.

    Empty if the text is too long or the server does not give the bytes. Raises ProviderError.
    """
    if len(text) > LONGEST_ANSWER:
        return []
    body = {"content": mend(text), "add_special": False, "parse_special": True, "with_pieces": True}
    tokenized = await _fetch(client, f"{native_url(base_url)}/tokenize", key, body)
    tokens = _mapping(tokenized).get("tokens")
    words = []
    for entry in tokens if isinstance(tokens, list) else ():
        id_, piece = _mapping(entry).get("id"), _mapping(entry).get("piece")
        raw = _bytes_of(piece)
        if type(id_) is not int or raw is None:
            return []
        words.append(Word(raw.decode(errors="replace"), raw, id_))
    return words


def _bytes_of(piece: Any) -> bytes | None:
    """Return the bytes of a token, given as a text, or as numbers if it is part of a character."""
    if isinstance(piece, str):
        return mend(piece).encode()
    if not isinstance(piece, list):
        return None
    if not all(type(byte) is int and 0 <= byte < 256 for byte in piece):
        return None
    return bytes(piece)


async def shares_after(
    client: Client,
    base_url: str,
    key: str | None,
    prompt: Sequence[int],
    *,
    repetition_penalty: float,
    looked_back: int,
) -> Mapping[int, float]:
    """Return the probabilities of the likeliest next tokens after a prompt: id → 0 to 1.

    Only the repetition penalty acts, on the `looked_back` last tokens. Empty if the server sends
    no probabilities. Raises ProviderError.
    """
    body = {
        "prompt": [*prompt],
        "n_predict": 1,
        "n_probs": LIKELIEST,
        "post_sampling_probs": True,
        # Overrides the samplers that the server was started with.
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
    for entry in listed if isinstance(listed, list) else ():
        id_, share = _mapping(entry).get("id"), _mapping(entry).get("prob")
        if type(id_) is int and isinstance(share, int | float) and 0 <= share <= 1:
            found[id_] = float(share)
    return found


async def _prompt(
    client: Client, base_url: str, key: str | None, request: Mapping[str, Any]
) -> str:
    """Return the text that the chat template makes of a request's messages; empty if unknown."""
    messages = request.get("messages")
    if not isinstance(messages, list):
        return ""
    # A begun answer at the end belongs to the answer, not to the prompt.
    if messages and _mapping(messages[-1]).get("role") == "assistant":
        messages = messages[:-1]
    if not all(isinstance(_mapping(message).get("content"), str) for message in messages):
        # Pictures have no text tokens.
        return ""
    asked = {
        "messages": messages,
        **{name: request[name] for name in _IN_PROMPT if name in request},
    }
    applied = await _fetch(client, f"{native_url(base_url)}/apply-template", key, asked)
    prompt = _mapping(applied).get("prompt")
    return prompt if isinstance(prompt, str) else ""


async def _tokens(
    client: Client, base_url: str, key: str | None, prompt: str, part: str
) -> list[int]:
    """Return the token ids of `part`, the end of the prompt or all of it."""
    if not prompt:
        return []
    body = {"content": mend(part), "add_special": part == prompt, "parse_special": True}
    tokenized = await _fetch(client, f"{native_url(base_url)}/tokenize", key, body)
    tokens = _mapping(tokenized).get("tokens")
    return [token for token in tokens if type(token) is int] if isinstance(tokens, list) else []


async def _fetch(
    client: Client, url: str, key: str | None, body: Mapping[str, Any] | None = None
) -> Any:
    request = JsonRequest(url, key, ProviderKind.LLAMA_CPP, body=body, most=MOST_BYTES)
    return await client.fetch(request)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
