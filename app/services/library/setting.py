"""The declaration of one setting, from which storage, the settings window and notices follow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, overload

from app.domain.errors import AddressError
from app.domain.providers.proxies import normal_proxy

Value = TypeVar("Value")


class Control(Enum):
    """The control that a setting has in the settings window."""

    NONE = auto()
    SWITCH = auto()
    CHOICE = auto()
    WHOLE_NUMBER = auto()
    MODEL_FILE = auto()
    PROXY = auto()


class ValueStore(Protocol):
    """The place where settings are kept, as JSON values by name."""

    def read(self, name: str) -> Any:
        """Return the value that is kept under a name; None if there is none."""

    def write(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name. Raises LibraryError."""

    def tell(self, name: str) -> None:
        """Announce that a setting has another value."""


@dataclass(eq=False)
class Setting(Generic[Value]):
    """A typed attribute of `Settings`: `settings.theme` reads it, `settings.theme = …` keeps it.

    Assigning raises LibraryError. Read from the class, as in `Settings.theme`, it is this
    declaration.
    """

    default: Value
    #: Makes a value of the stored JSON. None: the JSON makes no sense, and the default is read.
    from_json: Callable[[Any], Value | None]
    #: Makes the JSON value that is kept.
    to_json: Callable[[Value], Any]
    control: Control = Control.NONE
    #: The label of its row in the settings window.
    label: str = ""
    #: The words beside a switch, or in an empty field.
    words: str = ""
    #: A sentence below the row.
    help_text: str = ""
    #: Of a choice: the words that are shown, by value.
    choices: Mapping[str, str] = field(default_factory=dict)
    #: Of a number: the least and the greatest value.
    range: tuple[int, int] = (0, 0)
    #: The attribute's name, which is also the name in the library.
    name: str = ""

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, storage: None, owner: type) -> "Setting[Value]": ...
    @overload
    def __get__(self, storage: ValueStore, owner: type) -> Value: ...
    def __get__(self, storage: ValueStore | None, owner: type) -> "Setting[Value] | Value":
        if storage is None:
            return self
        value = self.from_json(storage.read(self.name))
        return self.default if value is None else value

    def __set__(self, storage: ValueStore, value: Value) -> None:
        before = self.__get__(storage, type(storage))
        storage.write(self.name, self.to_json(value))
        if self.__get__(storage, type(storage)) != before:
            storage.tell(self.name)


def switch(default: bool, label: str, words: str, help_text: str = "") -> Setting[bool]:
    """Declare a setting that is on or off."""
    return Setting(default, _flag, bool, Control.SWITCH, label, words, help_text)


def choice(
    default: str, choices: Mapping[str, str], label: str, help_text: str = ""
) -> Setting[str]:
    """Declare a choice of one of a few values, each with the words that are shown for it."""

    def known(value: Any) -> str | None:
        return value if isinstance(value, str) and value in choices else None

    return Setting(default, known, str, Control.CHOICE, label, help_text=help_text, choices=choices)


def whole_number(
    default: int, least: int, most: int, label: str = "", help_text: str = ""
) -> Setting[int]:
    """Declare a whole number from `least` to `most`. Without a label it is in no window."""

    def within(value: Any) -> int | None:
        known = isinstance(value, int) and not isinstance(value, bool)
        return value if known and least <= value <= most else None

    control = Control.WHOLE_NUMBER if label else Control.NONE
    return Setting(default, within, int, control, label, help_text=help_text, range=(least, most))


def amount(default: float) -> Setting[float]:
    """Declare an amount of at least 0, which is in no window."""

    def positive(value: Any) -> float | None:
        known = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if known and value >= 0 else None

    return Setting(default, positive, float)


def short_text(default: str) -> Setting[str]:
    """Declare a text, which is in no window."""
    return Setting(default, _text, str)


def model_file(label: str, words: str, help_text: str) -> Setting[Path | None]:
    """Declare a file that may be chosen; None is no choice."""
    return Setting(
        None,
        lambda value: Path(value) if isinstance(value, str) and value else None,
        lambda path: str(path) if path else None,
        Control.MODEL_FILE,
        label,
        words,
        help_text,
    )


def proxy_address(default: str, label: str) -> Setting[str]:
    """Declare a way to the internet, as `normal_proxy` reads it."""
    return Setting(default, _proxy, str, Control.PROXY, label)


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _proxy(value: Any) -> str | None:
    try:
        return normal_proxy(value) if isinstance(value, str) else None
    except AddressError:
        return None


def declared_in(owner: type) -> Iterable[Setting[Any]]:
    """The settings of a class, in the order in which they are declared."""
    return tuple(one for one in vars(owner).values() if isinstance(one, Setting))
