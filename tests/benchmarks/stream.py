"""An answer as OpenRouter and OpenAI send it, and the pieces in which a network delivers it."""

import json
import random
from typing import Any

from tests.benchmarks.lengths import length

CHUNKS = length(20_000, 200)
#: The sizes of single reads, from less than one chunk to a full TLS record.
LEAST, MOST = 64, 16_384

_WORDS = (
    " the", " of", "ing", " and", ",", ".", " answer", " is", " sécurité", "\n\n", " `code`", '"',
    " 模型", "的", " ответ", "🙂", " therefore", " 42", "\\frac", " = ", " **bold**", "\u2028",
)  # fmt: skip

_SERVED = {
    "id": "gen-1759420128-xKj2mPqR",
    "object": "chat.completion.chunk",
    "created": 1759420128,
    "model": "deepseek/deepseek-v4-pro",
}


def answer_bytes(seed: int = 1) -> bytes:
    """A stream of CHUNKS chunks of about 250 bytes, with the comments of a router that waits.

    The first half comes as OpenRouter writes it, a tenth of it reasoning; the second as OpenAI.
    """
    chance = random.Random(seed)
    events = [b": OPENROUTER PROCESSING\n\n"] * 3
    for number in range(CHUNKS):
        word = chance.choice(_WORDS)
        if number < CHUNKS // 2:
            events.append(_event(_openrouter(word, reasoning=number < CHUNKS // 10)))
        else:
            events.append(_event(_openai(word)))
    events.append(_event(_last()))
    events.append(b"data: [DONE]\n\n")
    return b"".join(events)


def pieces_of(data: bytes, seed: int = 2) -> list[bytes]:
    """Cut a stream as a network does: anywhere, most often small, sometimes many chunks at once."""
    chance = random.Random(seed)
    pieces, start = [], 0
    while start < len(data):
        size = int(LEAST * (MOST / LEAST) ** chance.random())
        pieces.append(data[start : start + size])
        start += size
    return pieces


def _event(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return b"data: " + text.encode() + b"\n\n"


def _openrouter(word: str, *, reasoning: bool) -> dict[str, Any]:
    delta: dict[str, Any] = {"role": "assistant", "content": "" if reasoning else word}
    if reasoning:
        delta["reasoning"] = word
    choice = {"index": 0, "delta": delta, "finish_reason": None, "native_finish_reason": None}
    return {**_SERVED, "provider": "DeepInfra", "choices": [choice]}


def _openai(word: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": word}, "logprobs": None, "finish_reason": None}
    return {**_SERVED, "system_fingerprint": "fp_50ca", "choices": [choice], "usage": None}


def _last() -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 812, "completion_tokens": CHUNKS, "total_tokens": CHUNKS + 812}
    return {**_SERVED, "choices": [choice], "usage": usage}
