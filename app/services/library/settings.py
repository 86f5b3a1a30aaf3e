"""The table of settings: what the person has chosen about the program, typed and stored.

A setting is declared once, in `Settings`. Its attribute reads and keeps it, the settings window
makes a row of it if it has a control, and `Settings.changed` tells of every new value. The other
methods keep what the program remembers by itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from app.domain.chat.tool_command import ToolCommand, as_json, commands_from
from app.domain.errors import LibraryReadOnly
from app.domain.parameters.token_origins import LONGEST_WORD, MOST_ORIGINS, MOST_WORDS, Origin
from app.domain.providers.proxies import SYSTEM
from app.domain.providers.routed_model import RoutedModel
from app.domain.text.translation import _
from app.services.library.setting import (
    Setting,
    amount,
    choice,
    declared_in,
    model_file,
    proxy_address,
    short_text,
    switch,
    whole_number,
)
from app.services.observers import Observers

Value = TypeVar("Value")


class Stored(Protocol):
    """The stored JSON values by name: a library, or its table of settings alone."""

    def setting(self, name: str) -> Any:
        """Return the value that is kept under a name; None if there is none."""

    def put_setting(self, name: str, value: Any) -> None:
        """Keep a value under a name; None deletes what is there. Raises LibraryError."""


#: The beginning of the names under which the refusals of models are kept.
REFUSALS = "refused "
#: Default limits of a sweep: answers, and US dollars.
SWEEP_CELLS, SWEEP_DOLLARS = 30, 0.5
#: The greatest limit of answers that can be set.
MOST_CELLS = 10**9


def _origin(value: Any) -> Origin | None:
    if not isinstance(value, dict) or not isinstance(value.get("words"), dict):
        return None
    provider, model, name = (value.get(field) for field in ("provider", "model", "name"))
    if not (isinstance(provider, str) and isinstance(model, str) and isinstance(name, str)):
        return None
    words = {}
    for id_, digits in list(value["words"].items())[-MOST_WORDS:]:
        try:
            raw = bytes.fromhex(digits)
        except (TypeError, ValueError):
            continue
        if id_.isascii() and id_.isdigit() and len(id_) < 12:
            words[int(id_)] = raw if len(raw) <= LONGEST_WORD else b""
    return Origin(provider, model, name, words)


def _origins(value: Any) -> tuple[Origin, ...]:
    listed = value if isinstance(value, list) else []
    origins = [_origin(record) for record in listed[-MOST_ORIGINS:]]
    return tuple(origin for origin in origins if origin is not None)


def _origins_json(origins: Iterable[Origin]) -> list[Any] | None:
    records = [
        {
            "provider": origin.provider,
            "model": origin.model,
            "name": origin.name[:200],
            # As hexadecimal digits: half of a character is no text.
            "words": {str(id_): raw[: LONGEST_WORD + 1].hex() for id_, raw in origin.words.items()},
        }
        for origin in origins
    ]
    return records or None


def _routed_model(value: Any) -> RoutedModel | None:
    if not isinstance(value, dict):
        return None
    provider, model, routing = (value.get(name) for name in ("provider", "model", "routing"))
    if not isinstance(provider, str) or not isinstance(model, str):
        return None
    return RoutedModel(provider, model, routing if isinstance(routing, dict) else {})


def _routed_model_json(used: RoutedModel | None) -> dict[str, Any] | None:
    if used is None:
        return None
    return {"provider": used.provider, "model": used.model, "routing": dict(used.routing)}


def _key_origins(value: Any) -> dict[str, bool | None] | None:
    if not isinstance(value, dict):
        return None
    return {origin: kept if isinstance(kept, bool) else None for origin, kept in value.items()}


class Settings:
    """Each setting is a typed attribute; a stored value that can't be right reads as its default.

    Assigning to one raises LibraryError where the library can't be written.
    """

    theme = choice(
        "system",
        {"system": _("System"), "light": _("Light"), "dark": _("Dark")},
        _("Theme"),
    )
    #: Whether Enter sends, and Shift+Enter breaks the line. Otherwise Ctrl+Enter sends.
    enter_sends = switch(True, _("Enter key"), _("Enter sends, Shift+Enter starts a new line"))
    #: Whether a new conversation asks for the probabilities of its answers' tokens.
    ask_probabilities = switch(
        False,
        _("Probabilities"),
        _("Ask for probabilities"),
        _(
            "For the heat map and the lab. Applies to new chats with a model that "
            "supports it. To turn it off in one chat, turn off Log probabilities. "
            "Answers need more space."
        ),
    )
    #: The GGUF file to run instead of the file that comes with the program.
    engine_model = model_file(
        _("Model file"),
        _("the one that comes with Loquat"),
        _(
            "The model on this computer can be any GGUF file. Choose only files from "
            "sources that you trust."
        ),
    )
    #: `system`, `none`, or the address of a proxy.
    proxy = proxy_address(SYSTEM, _("Proxy"))
    #: The id of the provider that a new conversation starts with until a model has been used.
    default_provider = short_text("embedded")
    #: The model that was used last, in any conversation, with its routing: a new conversation
    #: starts with it. None if there is none yet, or the default provider was chosen since.
    last_model: Setting[RoutedModel | None] = Setting(None, _routed_model, _routed_model_json)
    #: The number of answers from which on the person is asked before a sweep.
    sweep_cells = whole_number(SWEEP_CELLS, 1, MOST_CELLS)
    #: The price in US dollars from which on the person is asked before a sweep.
    sweep_dollars = amount(SWEEP_DOLLARS)
    #: The commands that answer calls of tools. Entries that make no sense are left out.
    tool_commands: Setting[tuple[ToolCommand, ...]] = Setting(
        (), commands_from, lambda commands: [as_json(command) for command in commands]
    )
    #: The origins of servers that have a key in the keyring (True), have none (False), or may have
    #: one (None); None in a library in which that was not noted yet. Never a key.
    key_origins: Setting[Mapping[str, bool | None] | None] = Setting(
        None, _key_origins, lambda origins: None if origins is None else dict(origins)
    )
    #: The models whose token ids are known, the latest last. Damaged entries are left out.
    token_origins: Setting[tuple[Origin, ...]] = Setting((), _origins, _origins_json)

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        #: Values by name that a read-only library can't keep: they hold until the program ends.
        self._unkept: dict[str, Any] = {}
        #: A setting has another value; the listener gets its name.
        self.changed: Observers[[str]] = Observers()

    def get(self, setting: Setting[Value]) -> Value:
        """Read the setting with this declaration."""
        return setting.__get__(self, Settings)

    def put(self, setting: Setting[Value], value: Value) -> None:
        """Keep a value of the setting with this declaration. Raises LibraryError."""
        setting.__set__(self, value)

    def read(self, name: str) -> Any:
        """Return the JSON value that is kept under a name; None if there is none."""
        return self._unkept[name] if name in self._unkept else self._stored.setting(name)

    def write(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name, in memory where the library is read-only. Raises
        LibraryError."""
        try:
            self._stored.put_setting(name, value)
        except LibraryReadOnly:
            self._unkept[name] = value

    def tell(self, name: str) -> None:
        """Say that a setting has another value."""
        self.changed.notify(name)

    def picks(self, name: str) -> list[tuple[str, str]]:
        """Return a list of models that is kept under a name, as pairs of provider id and model
        id."""
        value = self.read(name)
        if not isinstance(value, list):
            return []
        return [
            (one[0], one[1])
            for one in value
            if isinstance(one, list) and len(one) == 2 and all(isinstance(p, str) for p in one)
        ]

    def put_picks(self, name: str, picks: list[tuple[str, str]]) -> None:
        """Store a list of models under a name."""
        self.write(name, [list(pick) for pick in picks] or None)

    def refusals(self, origin: str, model: str) -> dict[str, str]:
        """Return the parameters that a model at an origin has refused, with the server's words."""
        value = self.read(f"{REFUSALS}{origin} {model}")
        if not isinstance(value, dict):
            return {}
        return {name: str(words) for name, words in value.items()}

    def put_refusals(self, origin: str, model: str, words: dict[str, str]) -> None:
        """Store the parameters that a model at an origin has refused, with the server's words."""
        self.write(f"{REFUSALS}{origin} {model}", words or None)

    def window(self) -> dict[str, Any]:
        """Return the state of the window when it was closed: sizes, folded panes, conversation."""
        value = self.read("window")
        return value if isinstance(value, dict) else {}

    def put_window(self, state: dict[str, Any]) -> None:
        """Store the state of the window."""
        self.write("window", state)


#: The settings in the order in which they are declared and shown.
SETTINGS = declared_in(Settings)
