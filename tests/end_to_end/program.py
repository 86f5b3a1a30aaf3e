"""The real program in its window, as a person with a screen reader and a keyboard uses it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.domain.chat.conversation import Conversation, Message
from app.domain.parameters.table import PARAMETERS
from app.domain.providers.providers import Provider, ProviderKind
from app.store.library import Library
from app.store.paths import Paths
from tests.checkout import ROOT
from tests.end_to_end.reading import Element, Found, Reader, State
from tests.end_to_end.screen import PATIENCE, Screen, wait_until

#: What a log may say though all is well. Qt warns where a tree changes while it is read.
NEWS = (" INFO ", "qt: Could not find accessible on path", "qt: Accessible invalid")


def start(
    screen: Screen, directory: Path, errors: Path, through: Sequence[str] = ()
) -> subprocess.Popen[bytes]:
    """Start the program on a data directory, its standard error going to a file.

    `through` is a command that becomes the one that follows it.
    """
    with errors.open("ab") as log:
        return subprocess.Popen(
            [*through, sys.executable, "-W", "error", "-m", "app", "--data-dir", str(directory)],
            cwd=ROOT,
            env=screen.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


class Program:
    """One run of the program, from its window's first frame on."""

    def __init__(
        self, screen: Screen, reader: Reader, directory: Path, through: Sequence[str] = ()
    ) -> None:
        self.screen = screen
        self.directory = directory
        self.errors = directory.with_name(f"{directory.name}.errors")
        self.process = start(screen, directory, self.errors, through)
        try:
            self.top = reader.program(self.process.pid)
            self.message = self.top.find("text", "Message")
            self.conversation = ConversationReading(self)
        except BaseException:
            self.kill()
            print(self.said())
            raise

    def said(self) -> str:
        """What it wrote to the terminal, and what of its log is more than news."""
        said = self.errors.read_text(errors="replace")
        log = Paths(self.directory).log
        lines = log.read_text(errors="replace").splitlines(keepends=True) if log.exists() else []
        return said + "".join(line for line in lines if not any(news in line for news in NEWS))

    def write(self, text: str) -> None:
        """Put a text into the message field."""
        self.message.type(text)

    def send(self, text: str) -> None:
        """Write a message and send it."""
        self.write(text)
        button = self.top.find("push button", "Send")
        self.wait(lambda: State.ENABLED in button.states, "Send is enabled")
        button.press()

    def stop_answer(self) -> None:
        """Press Stop."""
        self.press("Stop")

    def show_panel(self) -> None:
        """Show the panel, which is folded at the first start."""
        self.press("Parameters")
        self.wait(lambda: self.is_shown("text", "System prompt"), "the panel")

    def press(self, name: str) -> None:
        """Press a button."""
        self.top.find("push button", name).press()

    def parameter(self, role: str, name: str) -> Element:
        """Find the control of a parameter, after opening the group in which it is."""
        label = name.removesuffix(" slider")
        group = next(one.group.label for one in PARAMETERS if one.label == label)
        if not self.is_shown(role, name):
            self.group(group).press("Toggle")
        return self.top.find(role, name)

    def group(self, label: str) -> Element:
        """Find the heading of a group of parameters; behind the label it has a count."""
        met: list[Found] = []

        def look() -> bool:
            headings = self.top.look_for("check box")
            met[:] = [one for one in headings if one.name.partition(",")[0] == label]
            return len(met) == 1

        self.wait(look, f"the group {label}")
        return met[0].element

    def keys(self, *keys: str) -> None:
        """Press real keys while the window has the keyboard."""
        self.wait(self.is_active, "the window has the keyboard")
        self.screen.press(*keys)

    def is_active(self) -> bool:
        """Whether one of its windows has the keyboard."""
        return any(State.ACTIVE in window.states for window in self.top.children())

    def is_shown(self, role: str, name: str) -> bool:
        """Whether something of this role and name is to be seen now."""
        return bool(self.top.look_for(role, name))

    def titles(self) -> list[str]:
        """The conversations in the sidebar, without the names of days."""
        [listed] = self.top.look_for("list", "Chats")
        items = listed.element.look_for("list item")
        return [item.name for item in items if State.ENABLED in item.states]

    def choose_conversation(self, title: str) -> None:
        """Go to a conversation in the sidebar."""
        listed = self.top.find("list", "Chats")
        listed.find("list item", title).press("Toggle")

    def wait(self, true: Callable[[], bool], what: str) -> None:
        """Wait for something to come true; a program that ended says what it said."""

        def look() -> bool:
            if (status := self.process.poll()) is not None:
                raise AssertionError(f"{what}: ended with status {status}\n{self.said()}")
            return true()

        wait_until(look, what, self.top.picture)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it as a session does that closes, and return its exit status."""
        self.process.send_signal(by)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it by force."""
        self.process.kill()
        self.process.wait()

    def engines(self) -> list[int]:
        """The ids of its embedded model's processes."""
        return [id_ for id_ in children_of(self.process.pid) if _is_engine(id_)]


class ConversationReading:
    """The conversation in view."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def names(self) -> list[str]:
        """Every message as it is read aloud."""
        lists = self._program.top.look_for("list", "Messages")
        return [item.name for item in lists[0].element.look_for("list item")] if lists else []

    def last(self) -> str:
        """The last message, or nothing where there is none."""
        names = self.names()
        return names[-1] if names else ""

    def wait_for(self, true: Callable[[list[str]], bool], what: str) -> list[str]:
        """Wait until the messages are so, and return them."""
        met: list[list[str]] = [[]]

        def look() -> bool:
            met[0] = self.names()
            return true(met[0])

        self._program.wait(look, what)
        return met[0]

    def wait_for_end(self) -> None:
        """Wait until no answer is on its way."""
        self._program.wait(lambda: self._program.is_shown("push button", "Send"), "the answer ends")


@contextmanager
def opened(directory: Path) -> Iterator[Library]:
    """The library of a directory, only to read."""
    library = Library.open_to_read(directory)
    assert library is not None
    try:
        yield library
    finally:
        library.close()


def stored(directory: Path) -> list[tuple[Conversation, list[Message]]]:
    """Every conversation on the disk with its messages."""
    with opened(directory) as library:
        return [(one, library.messages(one.id)) for one in library.conversations()]


def use_server(directory: Path, url: str, name: str = "Scripted") -> None:
    """Make a server the one that new conversations start with, before the program starts."""
    library = Library.open(directory)
    kind = ProviderKind.OPENAI_COMPATIBLE
    library.put_provider(Provider(id=name, name=name, kind=kind, base_url=f"{url}/v1", model="m"))
    library.put_setting("default_provider", name)
    library.close()


def children_of(process_id: int) -> list[int]:
    """The ids of a process's children."""
    text = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    return [int(id_) for id_ in text.split()]


def is_running(process_id: int) -> bool:
    """Whether a process is there and more than a dead one's remains."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _is_engine(process_id: int) -> bool:
    return b"app.engine" in Path(f"/proc/{process_id}/cmdline").read_bytes()
