"""Requests whose last message is the beginning of the answer, so that the model continues it.

Sources: OpenRouter's page on assistant prefill; DeepSeek's guide to chat prefix completion;
vLLM's protocol.py (`continue_final_message`); llama.cpp's server, which continues a trailing
message of the assistant by itself; Ollama's issues 5775 and 5890, where most templates begin a new
answer.
"""

from typing import Any
from urllib.parse import urlsplit

from app.api.dialects.dialect import NoPrefill, Prefill
from app.api.dialects.table import DIALECTS
from app.domain.providers.providers import ProviderKind


def why_no_prefill(kind: ProviderKind) -> str:
    """Return a sentence that says why a provider kind might begin a new answer instead of
    continuing a begun one; empty if it continues."""
    prefill = DIALECTS[kind].prefill
    return prefill.because if isinstance(prefill, NoPrefill) else ""


def prefilled(kind: ProviderKind, base_url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with the fields that make the provider continue the last message.

    The last message of `body` must be the assistant's. The body is returned unchanged if the kind,
    or the server at `base_url`, is not known to continue answers.
    """
    prefill = DIALECTS[kind].prefill
    if isinstance(prefill, NoPrefill) or not _applies(prefill, base_url):
        return body
    *before, last = body["messages"]
    return body | {"messages": [*before, {**last, **prefill.message_fields}], **prefill.fields}


def prefill_base(kind: ProviderKind, base_url: str) -> str:
    """Return the base address for a request that ends with a begun answer.

    It is `base_url`, with another path if the provider's own host takes such requests there.
    """
    prefill = DIALECTS[kind].prefill
    if isinstance(prefill, NoPrefill) or not prefill.path or not _applies(prefill, base_url):
        return base_url
    address = urlsplit(base_url)
    return f"{address.scheme}://{address.netloc}{prefill.path}"


def _applies(prefill: Prefill, base_url: str) -> bool:
    return not prefill.host or urlsplit(base_url).hostname == prefill.host
