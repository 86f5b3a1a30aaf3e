"""The record of facts about one provider kind; `providers.py` has the table of them."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.providers.known_servers import KnownServer
from app.domain.providers.models import Model
from app.domain.sampling.samplers import UNKNOWN_ORDER, SamplerOrder


class TokenizeApi(StrEnum):
    """The form of a server's /tokenize request and answer."""

    LLAMA_CPP = "llama_cpp"
    VLLM = "vllm"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTraits:
    """Facts about one provider kind. The wire format of the kind is its dialect in `api`."""

    #: In the settings' list of kinds.
    label: str
    #: The name that a new provider of this kind is given.
    name: str
    #: The subject of a sentence about the kind: "DeepSeek", "The model on this computer".
    subject: str
    #: The usual address, which ends before `/chat/completions`; empty for the embedded engine.
    base_url: str
    #: The id of the model that a new provider starts with; empty if the server decides.
    model: str = ""
    #: The web page where a person makes a key; empty if no key is needed.
    keys_page: str = ""
    #: The web page where a person buys credit; empty if nothing is paid.
    credit_page: str = ""
    #: The environment variable that usually holds the key; empty if no key is needed.
    key_variable: str = ""
    #: Models that are known, with their prices, before the provider's list has been fetched.
    models: tuple[Model, ...] = ()
    #: Server programs that discovery recognises as this kind.
    servers: tuple[KnownServer, ...] = ()
    sampler_order: SamplerOrder = UNKNOWN_ORDER
    #: Whether the model runs in the program's own child process, without address or key.
    embedded: bool = False
    #: Whether a request may say which hosts serve it, and the hosts of a model can be listed.
    routes: bool = False
    #: Whether a key can be had by signing in with the browser, and GET /key tells its limits.
    signs_in: bool = False
    #: Whether the list of models is served without a key.
    lists_publicly: bool = False
    #: Whether the server has llama.cpp's own requests: /props, /apply-template, /completion.
    speaks_llama_cpp: bool = False
    #: The form of its /tokenize; None if it does not tokenize.
    tokenize_api: TokenizeApi | None = None
