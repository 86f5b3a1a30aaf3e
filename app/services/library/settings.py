"""What the person has chosen about the program itself, typed, and kept in the library."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.domain.chat.tool_command import ToolCommand, as_json, commands_from
from app.domain.errors import AddressError
from app.domain.parameters.logit_bias import LONGEST_WORD, MOST_ORIGINS, MOST_WORDS, Origin
from app.domain.providers.proxies import SYSTEM, normal_proxy
from app.store.library import Library

#: How the names of settings begin that keep what models have refused.
REFUSALS = "refused "
#: Above these a sweep is asked about first.
SWEEP_CELLS = 30
SWEEP_DOLLARS = 0.5
THEMES = ("system", "light", "dark")


class Settings:
    """Each setting is a property; a value that can't be right reads as its default."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def theme(self) -> str:
        """`system`, `light` or `dark`."""
        value = self._library.setting("theme")
        return value if value in THEMES else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        self._library.put_setting("theme", value)

    @property
    def enter_sends(self) -> bool:
        """Whether Enter sends, and Shift+Enter breaks the line; else Ctrl+Enter sends."""
        return self._library.setting("enter_sends") is not False

    @enter_sends.setter
    def enter_sends(self, value: bool) -> None:
        self._library.put_setting("enter_sends", value)

    @property
    def proxy(self) -> str:
        """`system`, `none`, or the address of a proxy."""
        value = self._library.setting("proxy")
        try:
            return normal_proxy(value) if isinstance(value, str) else SYSTEM
        except AddressError:
            return SYSTEM

    @proxy.setter
    def proxy(self, value: str) -> None:
        self._library.put_setting("proxy", value)

    @property
    def default_provider(self) -> str:
        """The id of the provider that a new conversation starts with."""
        value = self._library.setting("default_provider")
        return value if isinstance(value, str) else "embedded"

    @default_provider.setter
    def default_provider(self, value: str) -> None:
        self._library.put_setting("default_provider", value)

    @property
    def engine_model(self) -> Path | None:
        """The GGUF file to run instead of the one that comes with the program."""
        value = self._library.setting("engine_model")
        return Path(value) if isinstance(value, str) and value else None

    @engine_model.setter
    def engine_model(self, value: Path | None) -> None:
        self._library.put_setting("engine_model", str(value) if value else None)

    @property
    def tool_commands(self) -> tuple[ToolCommand, ...]:
        """The commands that answer calls of tools; entries that make no sense are left out."""
        return commands_from(self._library.setting("tool_commands"))

    @tool_commands.setter
    def tool_commands(self, value: Iterable[ToolCommand]) -> None:
        self._library.put_setting("tool_commands", [as_json(one) for one in value])

    @property
    def sweep_cells(self) -> int:
        """How many answers a sweep may ask for before the person is asked."""
        value = self._library.setting("sweep_cells")
        return value if isinstance(value, int) and value > 0 else SWEEP_CELLS

    @sweep_cells.setter
    def sweep_cells(self, value: int) -> None:
        self._library.put_setting("sweep_cells", value)

    @property
    def sweep_dollars(self) -> float:
        """How many US dollars a sweep may cost before the person is asked."""
        value = self._library.setting("sweep_dollars")
        known = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        return float(value) if known else SWEEP_DOLLARS

    @sweep_dollars.setter
    def sweep_dollars(self, value: float) -> None:
        self._library.put_setting("sweep_dollars", value)

    def draft(self, conversation_id: str) -> str:
        """What was written and not sent in a conversation; of "": before there is one."""
        value = self._library.setting(f"draft {conversation_id}")
        return value if isinstance(value, str) else ""

    def put_draft(self, conversation_id: str, text: str) -> None:
        """Remember what was written and not sent."""
        if text != self.draft(conversation_id):
            self._library.put_setting(f"draft {conversation_id}", text or None)

    def picks(self, name: str) -> list[tuple[str, str]]:
        """A list of models that was kept under a name, each by its provider's id and its own."""
        value = self._library.setting(name)
        if not isinstance(value, list):
            return []
        return [
            (one[0], one[1])
            for one in value
            if isinstance(one, list) and len(one) == 2 and all(isinstance(p, str) for p in one)
        ]

    def put_picks(self, name: str, picks: list[tuple[str, str]]) -> None:
        """Keep a list of models under a name."""
        self._library.put_setting(name, [list(pick) for pick in picks] or None)

    def refusals(self, origin: str, model: str) -> dict[str, str]:
        """The parameters that a model at an origin has refused, with its words."""
        value = self._library.setting(f"{REFUSALS}{origin} {model}")
        if not isinstance(value, dict):
            return {}
        return {name: str(words) for name, words in value.items()}

    def put_refusals(self, origin: str, model: str, words: dict[str, str]) -> None:
        """Remember what a model at an origin has refused."""
        self._library.put_setting(f"{REFUSALS}{origin} {model}", words or None)

    @property
    def token_origins(self) -> tuple[Origin, ...]:
        """Of which models token ids are known, the latest last; what makes no sense is left out."""
        value = self._library.setting("token_origins")
        listed = value if isinstance(value, list) else []
        found = [_origin(one) for one in listed[-MOST_ORIGINS:]]
        return tuple(one for one in found if one is not None)

    @token_origins.setter
    def token_origins(self, value: Iterable[Origin]) -> None:
        kept = [
            {
                "provider": one.provider,
                "model": one.model,
                "name": one.name[:200],
                # As hexadecimal digits: half of a character is no text.
                "words": {
                    str(id_): raw[: LONGEST_WORD + 1].hex() for id_, raw in one.words.items()
                },
            }
            for one in value
        ]
        self._library.put_setting("token_origins", kept or None)

    def window(self) -> dict[str, Any]:
        """How the window was left: sizes, folded panes, the conversation in view."""
        value = self._library.setting("window")
        return value if isinstance(value, dict) else {}

    def put_window(self, state: dict[str, Any]) -> None:
        """Remember how the window is."""
        self._library.put_setting("window", state)


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
