"""The window as a screen reader has it: AT-SPI over D-Bus, spoken directly.

An accessible object is a bus name and a path. A tree is read level by level, with all questions
of a level under way at once: a round trip for each object would take seconds.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from jeepney import DBusAddress, Message, MessageType, Properties, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]
from jeepney.low_level import HeaderFields  # type: ignore[import-untyped]

from tests.end_to_end.screen import PATIENCE, wait_until

ATSPI = "org.a11y.atspi."
ROOT = "/org/a11y/atspi/accessible/root"
#: A longer name is cut in the picture of a tree.
SHOWN = 100


class State(IntEnum):
    """The bits of AT-SPI's StateType that tests ask for."""

    ACTIVE = 1
    BUSY = 3
    ENABLED = 8
    FOCUSED = 12
    SELECTED = 23
    SHOWING = 25
    VISIBLE = 30


class Gone(Exception):
    """The object is there no longer, or its program isn't."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object as it was when the tree was read."""

    element: "Element"
    role: str
    name: str
    states: frozenset[int]
    depth: int

    def __str__(self) -> str:
        shown = [state.name.lower() for state in State if state in self.states]
        name = self.name if len(self.name) <= SHOWN else f"{self.name[:SHOWN]}…"
        return f"{'  ' * self.depth}{self.role} {name!r} {' '.join(shown)}"


class Reader:
    """A connection to an accessibility bus."""

    def __init__(self, address: str) -> None:
        self._connection: DBusConnection = open_dbus_connection(address)

    def close(self) -> None:
        """Leave the bus."""
        self._connection.close()

    def ask(self, calls: Iterable[Message]) -> list[tuple[Any, ...] | None]:
        """Ask many things at once; what could not be answered is None."""
        waiting: dict[int, int] = {}
        for place, call in enumerate(calls):
            serial = next(self._connection.outgoing_serial)
            self._connection.send(call, serial=serial)
            waiting[serial] = place
        answers: list[tuple[Any, ...] | None] = [None] * len(waiting)
        while waiting:
            reply = self._connection.receive(timeout=PATIENCE)
            place = waiting.pop(reply.header.fields.get(HeaderFields.reply_serial, -1), -1)
            if place >= 0 and reply.header.message_type is MessageType.method_return:
                answers[place] = tuple(reply.body)
        return answers

    def program(self, process_id: int) -> "Element":
        """Return a process's top object, once it has come to the bus."""
        registry = Element(self, f"{ATSPI}Registry", ROOT)
        met: list[Element] = []

        def look() -> bool:
            children = registry.children()
            asked = [_call_bus("GetConnectionUnixProcessID", child.bus) for child in children]
            ids = [answer and answer[0] for answer in self.ask(asked)]
            met[:] = [child for child, id_ in zip(children, ids, strict=True) if id_ == process_id]
            return bool(met)

        wait_until(look, f"process {process_id} on the accessibility bus")
        return met[0]


@dataclass(frozen=True, slots=True)
class Element:
    """One accessible object."""

    reader: Reader
    bus: str
    path: str

    def call(self, interface: str, method: str, signature: str = "", *values: Any) -> Any:
        """Call a method of one of its interfaces, and return the first thing that it returns;
        raise Gone where nobody answers."""
        return next(iter(self.call_all(interface, method, signature, *values)), None)

    def call_all(
        self, interface: str, method: str, signature: str = "", *values: Any
    ) -> tuple[Any, ...]:
        """Call a method and return all that it returns."""
        address = DBusAddress(self.path, self.bus, ATSPI + interface)
        answer = self.reader.ask([new_method_call(address, method, signature or None, values)])[0]
        if answer is None:
            raise Gone(f"{interface}.{method} of {self.path}")
        return answer

    def get(self, interface: str, name: str) -> Any:
        """Read a property."""
        answer = self.reader.ask([_property(self, interface, name)])[0]
        if answer is None:
            raise Gone(f"{interface}.{name} of {self.path}")
        return answer[0][1]

    def children(self) -> list["Element"]:
        """What is directly in it."""
        return [Element(self.reader, *child) for child in self.call("Accessible", "GetChildren")]

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.get("Accessible", "Name"))

    @property
    def states(self) -> frozenset[int]:
        """The bits that are set of its states."""
        return _bits(self.call("Accessible", "GetState"))

    @property
    def text(self) -> str:
        """What stands in it."""
        return str(self.call("Text", "GetText", "ii", 0, -1))

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height in pixels."""
        width, height = self.call_all("Component", "GetSize")
        return width, height

    @property
    def middle(self) -> tuple[int, int]:
        """The place in its middle, on the screen."""
        (left, top, width, height), *_none = self.call_all("Component", "GetExtents", "u", 0)
        return left + width // 2, top + height // 2

    def type(self, text: str) -> None:
        """Put a text in place of what stands in it."""
        self.call("EditableText", "SetTextContents", "s", text)

    def press(self, action: str = "Press") -> None:
        """Do one of its actions. Qt presses a button like a finger: it takes 100 ms."""
        names = [each[0] for each in self.call("Action", "GetActions")]
        if action not in names:
            raise AssertionError(f"{self.name!r} has no action {action!r}, but {names}")
        self.call("Action", "DoAction", "i", names.index(action))

    def set(self, interface: str, name: str, value: float) -> None:
        """Change a property that is a number."""
        address = DBusAddress(self.path, self.bus, ATSPI + interface)
        if self.reader.ask([Properties(address).set(name, "d", value)])[0] is None:
            raise Gone(f"{interface}.{name} of {self.path}")

    def choose(self, name: str) -> None:
        """Choose one of a combo box's items, which are hidden while its list is closed."""
        for listed in self.children():
            for item in listed.children():
                if item.name == name:
                    item.press("Toggle")
                    return
        raise AssertionError(f"{self.name!r} has no item {name!r}")

    def focus(self) -> None:
        """Give it the keyboard."""
        self.call("Component", "GrabFocus")

    def walk(self) -> Iterator[Found]:
        """Everything in it that is shown, itself first, level by level."""
        level, depth = [self], 0
        while level:
            calls = [call for each in level for call in _questions(each)]
            answers = self.reader.ask(calls)
            below: list[Element] = []
            for place, element in enumerate(level):
                role, name, states, children = answers[4 * place : 4 * place + 4]
                if role is None or name is None or states is None or children is None:
                    continue  # gone between two levels
                found = Found(element, role[0], name[0][1], _bits(states[0]), depth)
                if depth and State.VISIBLE not in found.states and found.role != "application":
                    continue
                yield found
                below += [Element(self.reader, *child) for child in children[0]]
            level, depth = below, depth + 1

    def look_for(self, role: str, name: str | None = None) -> list[Found]:
        """Everything shown in it of this role and name, at this moment."""
        return [
            found
            for found in self.walk()
            if found.role == role and (name is None or found.name == name)
        ]

    def find(self, role: str, name: str) -> "Element":
        """Wait until exactly one thing of this role and name is shown, and return it."""
        met: list[Found] = []

        def look() -> bool:
            met[:] = self.look_for(role, name)
            return len(met) == 1

        wait_until(look, f"one {role} {name!r}", self.picture)
        return met[0].element

    def wait(self, true: Callable[[], bool], what: str) -> None:
        """Wait for something to come true of it; fail with a picture of it."""
        wait_until(true, what, self.picture)

    def picture(self) -> str:
        """Everything that is shown in it, as lines."""
        try:
            return "\n".join(str(found) for found in self.walk())
        except (Gone, TimeoutError, OSError) as failure:
            return f"no tree: {failure!r}"


def _questions(element: Element) -> Iterator[Message]:
    address = DBusAddress(element.path, element.bus, f"{ATSPI}Accessible")
    yield new_method_call(address, "GetRoleName")
    yield _property(element, "Accessible", "Name")
    yield new_method_call(address, "GetState")
    yield new_method_call(address, "GetChildren")


def _property(element: Element, interface: str, name: str) -> Message:
    return Properties(DBusAddress(element.path, element.bus, ATSPI + interface)).get(name)


def _call_bus(method: str, name: str) -> Message:
    address = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    return new_method_call(address, method, "s", (name,))


def _bits(words: Iterable[int]) -> frozenset[int]:
    number = sum(word << 32 * place for place, word in enumerate(words))
    return frozenset(bit for bit in range(number.bit_length()) if number >> bit & 1)
