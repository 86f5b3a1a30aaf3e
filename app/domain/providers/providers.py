"""Providers and their kinds. To add a kind: a member of `ProviderKind`, an entry in `KINDS`, and
a dialect in `api/dialects/table.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.providers.addresses import origin_of
from app.domain.providers.known_servers import (
    KnownServer,
    Probe,
    is_llama_cpp_props,
    is_lm_studio_list,
    is_old_lm_studio_list,
    is_ollama_version,
)
from app.domain.providers.models import DEEPSEEK_V4_PRO, DEEPSEEK_V4_PRO_DIRECT, EMBEDDED_MODEL
from app.domain.providers.traits import (
    ProviderTraits,
    TokenizeApi,
)
from app.domain.sampling.samplers import LLAMA_CPP_ORDER, VLLM_ORDER
from app.domain.text.translation import _


class ProviderKind(StrEnum):
    """The API that a provider speaks. The values are stored in the library."""

    EMBEDDED = "embedded"
    OPENROUTER = "openrouter"
    DEEPSEEK = "deepseek"
    OPENAI = "openai"
    OLLAMA = "ollama"
    LM_STUDIO = "lm_studio"
    LLAMA_CPP = "llama_cpp"
    VLLM = "vllm"
    OPENAI_COMPATIBLE = "openai_compatible"


#: The facts of every kind. `tests/services/providers/test_kinds.py` checks that none is missing.
KINDS: Mapping[ProviderKind, ProviderTraits] = {
    ProviderKind.EMBEDDED: ProviderTraits(
        label=_("On this computer"),
        name=_("On this computer"),
        subject=_("The model on this computer"),
        base_url="",
        model=EMBEDDED_MODEL.id,
        models=(EMBEDDED_MODEL,),
        sampler_order=LLAMA_CPP_ORDER,
        embedded=True,
        speaks_llama_cpp=True,
        tokenize_api=TokenizeApi.LLAMA_CPP,
    ),
    ProviderKind.OPENROUTER: ProviderTraits(
        label="OpenRouter",
        name="OpenRouter",
        subject="OpenRouter",
        base_url="https://openrouter.ai/api/v1",
        model=DEEPSEEK_V4_PRO.id,
        keys_page="https://openrouter.ai/keys",
        credit_page="https://openrouter.ai/credits",
        key_variable="OPENROUTER_API_KEY",
        models=(DEEPSEEK_V4_PRO,),
        routes=True,
        signs_in=True,
        lists_publicly=True,
    ),
    ProviderKind.DEEPSEEK: ProviderTraits(
        label="DeepSeek",
        name="DeepSeek",
        subject="DeepSeek",
        base_url="https://api.deepseek.com",
        model=DEEPSEEK_V4_PRO_DIRECT.id,
        keys_page="https://platform.deepseek.com/api_keys",
        credit_page="https://platform.deepseek.com/top_up",
        key_variable="DEEPSEEK_API_KEY",
        models=(DEEPSEEK_V4_PRO_DIRECT,),
    ),
    ProviderKind.OPENAI: ProviderTraits(
        label="OpenAI",
        name="OpenAI",
        subject="OpenAI",
        base_url="https://api.openai.com/v1",
        keys_page="https://platform.openai.com/api-keys",
        credit_page="https://platform.openai.com/settings/organization/billing",
        key_variable="OPENAI_API_KEY",
    ),
    ProviderKind.OLLAMA: ProviderTraits(
        label="Ollama",
        name="Ollama",
        subject="Ollama",
        base_url="http://127.0.0.1:11434/v1",
        servers=(
            KnownServer(
                "Ollama",
                ports=(11434,),
                # The owner of a model's name, which is "library" for most models.
                owners=("library",),
                probes=(Probe("/api/version", is_ollama_version),),
            ),
        ),
    ),
    ProviderKind.LM_STUDIO: ProviderTraits(
        label="LM Studio",
        name="LM Studio",
        subject="LM Studio",
        base_url="http://127.0.0.1:1234/v1",
        servers=(
            KnownServer(
                "LM Studio",
                ports=(1234,),
                owners=("organization_owner",),
                probes=(
                    Probe("/api/v1/models", is_lm_studio_list),
                    Probe("/api/v0/models", is_old_lm_studio_list),
                ),
            ),
        ),
    ),
    ProviderKind.LLAMA_CPP: ProviderTraits(
        label=_("llama.cpp server"),
        name="llama.cpp",
        subject="llama.cpp",
        base_url="http://127.0.0.1:8080/v1",
        servers=(
            KnownServer(
                "llama.cpp",
                ports=(8080, 9931),
                owners=("llamacpp",),
                probes=(Probe("/props", is_llama_cpp_props),),
            ),
        ),
        sampler_order=LLAMA_CPP_ORDER,
        speaks_llama_cpp=True,
        tokenize_api=TokenizeApi.LLAMA_CPP,
    ),
    ProviderKind.VLLM: ProviderTraits(
        label="vLLM",
        name="vLLM",
        subject="vLLM",
        base_url="http://127.0.0.1:8000/v1",
        servers=(KnownServer("vLLM", ports=(8000,), owners=("vllm",)),),
        sampler_order=VLLM_ORDER,
        tokenize_api=TokenizeApi.VLLM,
    ),
    ProviderKind.OPENAI_COMPATIBLE: ProviderTraits(
        label=_("OpenAI-compatible server"),
        name=_("New server"),
        subject=_("This server"),
        base_url="http://127.0.0.1:8080/v1",
        servers=(
            KnownServer("Jan", ports=(1337,)),
            KnownServer("KoboldCpp", ports=(5001,), owners=("koboldcpp",)),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Provider:
    """A server or service that models are used from, as the person configured it.

    `base_url` ends before `/chat/completions`; it is empty for the embedded engine. `model` is
    the id of the model that a new conversation starts with.
    """

    id: str
    name: str
    kind: ProviderKind
    base_url: str
    model: str

    @property
    def traits(self) -> ProviderTraits:
        """The facts about this provider's kind."""
        return KINDS[self.kind]

    @property
    def origin(self) -> str:
        """Scheme, host and port, which a key is bound to. Empty for the embedded engine."""
        return origin_of(self.base_url) if self.base_url else ""


def _usual(kind: ProviderKind) -> Provider:
    traits = KINDS[kind]
    return Provider(kind.value, traits.name, kind, traits.base_url, traits.model)


EMBEDDED = _usual(ProviderKind.EMBEDDED)
OPENROUTER = _usual(ProviderKind.OPENROUTER)
#: The providers of a new library.
STARTING_PROVIDERS = (EMBEDDED, OPENROUTER)
