"""How a provider is told that the last message is the beginning of its answer.

Sources: OpenRouter's page on assistant prefill; DeepSeek's guide to chat prefix completion;
vLLM's protocol.py (`continue_final_message`); llama.cpp's server, which continues a trailing
message of the assistant by itself; Ollama's issues 5775 and 5890, where most templates begin a new
answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.domain.providers.providers import ProviderKind
from app.domain.text.translation import _


@dataclass(frozen=True, slots=True)
class Prefill:
    """Further fields of the request and of its last message; and the path that takes them at the
    provider's own host."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    message_fields: Mapping[str, Any] = field(default_factory=dict)
    host: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class NoPrefill:
    """An answer that was begun may be begun anew; `because` is a sentence for the person."""

    because: str


PREFILLS: Mapping[ProviderKind, Prefill | NoPrefill] = {
    ProviderKind.EMBEDDED: Prefill(),
    ProviderKind.LLAMA_CPP: Prefill(),
    ProviderKind.OPENROUTER: Prefill(),
    # Together they are allowed, and the one without the other is an error.
    ProviderKind.VLLM: Prefill({"continue_final_message": True, "add_generation_prompt": False}),
    ProviderKind.DEEPSEEK: Prefill(
        message_fields={"prefix": True}, host="api.deepseek.com", path="/beta"
    ),
    ProviderKind.OPENAI: NoPrefill(
        _("OpenAI's models don't continue an answer that was begun: they begin a new one.")
    ),
    ProviderKind.OLLAMA: NoPrefill(
        _("With Ollama most models begin a new answer instead of continuing one.")
    ),
    ProviderKind.LM_STUDIO: NoPrefill(
        _("LM Studio doesn't say that it continues an answer that was begun.")
    ),
    ProviderKind.OPENAI_COMPATIBLE: NoPrefill(
        _(
            "It isn't known whether this server continues an answer that was begun. If it is "
            "llama.cpp or vLLM, say so under Settings → Providers."
        )
    ),
}


def why_no_prefill(kind: ProviderKind) -> str:
    """Why a provider can't be relied on to continue what was begun; empty where it can."""
    prefill = PREFILLS[kind]
    return prefill.because if isinstance(prefill, NoPrefill) else ""


def prefilled(kind: ProviderKind, base_url: str, body: dict[str, Any]) -> dict[str, Any]:
    """A body whose last message is the assistant's, so that the provider continues it."""
    prefill = PREFILLS[kind]
    if isinstance(prefill, NoPrefill) or not _is_there(prefill, base_url):
        return body
    *before, last = body["messages"]
    return body | {"messages": [*before, {**last, **prefill.message_fields}], **prefill.fields}


def prefill_base(kind: ProviderKind, base_url: str) -> str:
    """Where such a request goes: its provider's own host may have another path for it."""
    prefill = PREFILLS[kind]
    if isinstance(prefill, NoPrefill) or not prefill.path or not _is_there(prefill, base_url):
        return base_url
    address = urlsplit(base_url)
    return f"{address.scheme}://{address.netloc}{prefill.path}"


def _is_there(prefill: Prefill, base_url: str) -> bool:
    return not prefill.host or urlsplit(base_url).hostname == prefill.host
