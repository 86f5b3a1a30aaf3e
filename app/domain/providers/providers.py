"""Providers, and the rules that keep a key with the server it was given for."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.domain.errors import AddressError, InvalidKey
from app.domain.text.translation import _


class ProviderKind(StrEnum):
    """How a provider speaks; each has its dialect in `api`."""

    EMBEDDED = "embedded"
    OPENROUTER = "openrouter"
    DEEPSEEK = "deepseek"
    OPENAI = "openai"
    OLLAMA = "ollama"
    LM_STUDIO = "lm_studio"
    LLAMA_CPP = "llama_cpp"
    VLLM = "vllm"
    OPENAI_COMPATIBLE = "openai_compatible"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where models are had. `base_url` ends before `/chat/completions`; the embedded one has none.

    `model` is the one that a new conversation starts with.
    """

    id: str
    name: str
    kind: ProviderKind
    base_url: str
    model: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key is bound to. Empty for the embedded provider."""
        return origin_of(self.base_url) if self.base_url else ""


EMBEDDED = Provider(
    id="embedded",
    name=_("On this computer"),
    kind=ProviderKind.EMBEDDED,
    base_url="",
    model="SmolLM2-135M-Instruct",
)
OPENROUTER = Provider(
    id="openrouter",
    name="OpenRouter",
    kind=ProviderKind.OPENROUTER,
    base_url="https://openrouter.ai/api/v1",
    model="deepseek/deepseek-v4-pro",
)
STARTING_PROVIDERS = (EMBEDDED, OPENROUTER)


@dataclass(frozen=True, slots=True)
class Preset:
    """Where providers of a kind are usually had, to begin with."""

    name: str
    base_url: str
    model: str = ""
    #: Where a key is made; empty where none is needed.
    keys: str = ""
    #: Where money is paid in.
    credit: str = ""
    #: The environment variable that its users keep a key in.
    variable: str = ""


PRESETS: Mapping[ProviderKind, Preset] = {
    ProviderKind.OPENROUTER: Preset(
        "OpenRouter",
        OPENROUTER.base_url,
        OPENROUTER.model,
        keys="https://openrouter.ai/keys",
        credit="https://openrouter.ai/credits",
        variable="OPENROUTER_API_KEY",
    ),
    ProviderKind.DEEPSEEK: Preset(
        "DeepSeek",
        "https://api.deepseek.com",
        "deepseek-v4-pro",
        keys="https://platform.deepseek.com/api_keys",
        credit="https://platform.deepseek.com/top_up",
        variable="DEEPSEEK_API_KEY",
    ),
    ProviderKind.OPENAI: Preset(
        "OpenAI",
        "https://api.openai.com/v1",
        keys="https://platform.openai.com/api-keys",
        credit="https://platform.openai.com/settings/organization/billing",
        variable="OPENAI_API_KEY",
    ),
    ProviderKind.OLLAMA: Preset("Ollama", "http://127.0.0.1:11434/v1"),
    ProviderKind.LM_STUDIO: Preset("LM Studio", "http://127.0.0.1:1234/v1"),
    ProviderKind.LLAMA_CPP: Preset("llama.cpp", "http://127.0.0.1:8080/v1"),
    ProviderKind.VLLM: Preset("vLLM", "http://127.0.0.1:8000/v1"),
    ProviderKind.OPENAI_COMPATIBLE: Preset(_("New server"), "http://127.0.0.1:8080/v1"),
}

_DEFAULT_PORTS = {"http": 80, "https": 443}


def normal_address(text: str) -> str:
    """Read a server's address as typed; return it without a trailing slash or endpoint path.

    Raises AddressError unless it is http or https with a host and no user name or password.
    """
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    address = address.rstrip("/").removesuffix("/chat/completions")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AddressError(
            _("“{address}” is not an address.").format(address=text[:200])
        ) from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port == 0:
        raise AddressError(
            _("“{address}” is not an http or https address.").format(address=text[:200])
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise AddressError(_("An address has no user name, question mark or hash sign in it."))
    if any(character.isspace() or not character.isprintable() for character in address):
        raise AddressError(_("The address has a space or an invisible character in it."))
    return address


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, the port always written."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def is_loopback(url: str) -> bool:
    """Whether a URL names this computer, which no proxy should ever see."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # A name, and 127.0.0.1.example.com is anybody's.
        return host == "localhost"


#: Where it has none.
OWN_KEY_VARIABLE = "LOQUAT_API_KEY"


def key_variable_for(url: str) -> str | None:
    """The environment variable that stands for the key in texts about a request to this address.

    None on this computer, where servers ask for no key.
    """
    try:
        if is_loopback(url):
            return None
        origin = origin_of(url)
    except ValueError:
        # No address at all, as only a damaged library has it.
        return OWN_KEY_VARIABLE
    own = (one.variable for one in PRESETS.values() if origin_of(one.base_url) == origin)
    return next((name for name in own if name), OWN_KEY_VARIABLE)


def clean_key(text: str) -> str:
    """Take a key as pasted, without surrounding white space.

    Raises InvalidKey where a header couldn't carry it: a line break inside, a zero-width space,
    letters outside ASCII. The sentence never quotes the key.
    """
    key = text.strip()
    if not key:
        raise InvalidKey(_("The key is empty."))
    if len(key) > 4096:
        raise InvalidKey(_("That is too long for a key."))
    for character in key:
        if not "!" <= character <= "~":
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise InvalidKey(
                _("The key has a character that no key has ({name}). Copy it again.").format(
                    name=name
                )
            )
    return key
