"""API keys: cleaning a pasted key, and the environment variable that stands for it."""

import unicodedata

from app.domain.errors import InvalidKey
from app.domain.providers.addresses import is_loopback, origin_of
from app.domain.providers.providers import KINDS
from app.domain.text.translation import _

#: The environment variable for servers whose kind has no variable of its own.
OWN_KEY_VARIABLE = "LOQUAT_API_KEY"
#: Shortest secret in characters that is redacted. Servers on this computer take any key, such as
#: "x", and a word that short occurs in ordinary messages.
SHORTEST_SECRET = 8
#: The text that stands for a redacted secret.
REDACTED = "•••"


def key_variable_for(url: str) -> str | None:
    """Return the environment variable that stands for the key in a printed request to this URL.

    None for a server on this computer, because such servers ask for no key.
    """
    try:
        if is_loopback(url):
            return None
        origin = origin_of(url)
    except ValueError:
        # Only a damaged library holds an address that cannot be parsed.
        return OWN_KEY_VARIABLE
    own = (
        traits.key_variable
        for traits in KINDS.values()
        if traits.base_url and origin_of(traits.base_url) == origin
    )
    return next((name for name in own if name), OWN_KEY_VARIABLE)


def without_secret(text: str, secret: str | None) -> str:
    """Return a text with every occurrence of a key, or of another secret, redacted."""
    if secret is None or len(secret) < SHORTEST_SECRET:
        return text
    return text.replace(secret, REDACTED)


def clean_key(text: str) -> str:
    """Return a pasted key without surrounding white space.

    Raises InvalidKey if an HTTP header cannot carry it (a line break, a zero-width space, letters
    outside ASCII), if it is empty, or longer than 4,096 characters. The error never quotes it.
    """
    key = text.strip()
    if not key:
        raise InvalidKey(_("The key is empty."))
    if len(key) > 4096:
        raise InvalidKey(_("The key is too long."))
    for character in key:
        if not "!" <= character <= "~":
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise InvalidKey(
                _("The key has a character that isn't allowed ({name}). Copy it again.").format(
                    name=name
                )
            )
    return key
