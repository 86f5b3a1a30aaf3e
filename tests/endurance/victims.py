"""The three kinds of process that `kills.py` kills in the middle of an answer.

The drafts, rewrites and queued messages that they write begin with a number, which grows with each
text that replaces another.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from app.domain.errors import LoquatError
from app.store.library import Library
from tests.checkout import ROOT
from tests.end_to_end.program import Program
from tests.end_to_end.reading import Element, Reader, State
from tests.end_to_end.screen import Screen

#: Beginnings of the names under which drafts, queues and rewrites are kept as settings.
UNSENT = ("draft ", "queue ", "edit ")


class Victim(Protocol):
    """A process that asks a question."""

    process: subprocess.Popen[bytes]
    #: Settings by name that were on the disk before the kill.
    kept: dict[str, object]

    def work(self) -> None:
        """Act while the answer streams; return when the process is dead."""

    def said(self) -> str:
        """What the process complained of."""


def unsent(directory: Path) -> Mapping[str, object]:
    """Read all drafts, queues and rewrites of a library that may be in use."""
    library = Library.open_to_read(directory)
    if library is None:
        return {}
    try:
        found: dict[str, object] = {}
        for beginning in UNSENT:
            found |= library.settings_named(beginning)
        return found
    finally:
        library.close()


class Ask:
    """`loquat ask`."""

    def __init__(self, directory: Path, question: str) -> None:
        self.kept = dict(unsent(directory))
        self.process = _started(["-m", "app", "--data-dir", str(directory), "ask", question])

    def work(self) -> None:
        """Read what it prints."""
        self.process.communicate()

    def said(self) -> str:
        """Return nothing: its errors are read with its output."""
        return ""


class Services:
    """A process with `Core` and no window."""

    def __init__(self, directory: Path, question: str) -> None:
        self.kept = dict(unsent(directory))
        module = "tests.endurance.services_process"
        self.process = _started(["-m", module, str(directory), question])

    def work(self) -> None:
        """Read the lines that it writes; the last may be cut off."""
        written, _errors = self.process.communicate()
        for line in written.decode().split("\n")[:-1]:
            name, value = json.loads(line)
            self.kept[name] = value

    def said(self) -> str:
        """Return nothing: a failure ends the process before the kill, which is noticed."""
        return ""


class Window:
    """The real window. While the answer streams, a message is queued, a draft is written, and the
    question of the conversation before is rewritten."""

    def __init__(
        self,
        directory: Path,
        question: str,
        *,
        before: str,
        choice: random.Random,
        screen: Screen,
        reader: Reader,
    ) -> None:
        self._directory = directory
        self._question, self._before, self._choice = question, before, choice
        self.kept: dict[str, object] = {}
        self._program = Program(screen, reader, directory)
        self.process = self._program.process
        program = self._program
        program.keys("ctrl+n")
        program.conversation.wait_for(lambda names: not names, "the empty page")
        program.send(question)
        # Qt presses a button for 100 ms, and sends what is in the field then.
        program.wait(lambda: program.message.text == "", "the field is empty")

    def work(self) -> None:
        """Use the window until it is gone."""
        try:
            self._act()
        except Exception as failure:
            # The kill comes at any step, and each fails in a way of its own.
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
            if self.process.poll() is None:
                print(f"the window was not used to the end: {failure!r}", flush=True)
        while self.process.poll() is None:
            self._look()

    def said(self) -> str:
        """Return what it complained of."""
        return self._program.said()

    def _act(self) -> None:
        program, question = self._program, self._question
        for number in range(2):
            program.write(f"{number} queued in {question}")
            self._find("push button", "Queue").press()
            program.wait(lambda: program.message.text == "", "the field is empty")
            self._pause()
        program.write(f"2 draft in {question}")
        self._pause(0.9)
        if not self._before:
            return
        program.choose_conversation(self._before)
        program.conversation.wait_for(
            lambda names: bool(names) and names[0] == f"You: {self._before}", "the one before"
        )
        (shown,) = program.top.look_for("list", "Messages")
        item = shown.element.look_for("list item")[0].element
        next(button for button in item.children() if button.name.startswith("Edit")).press()
        field_ = self._find("text", "Edit message")
        program.wait(lambda: State.FOCUSED in field_.states, "the editor")
        for number in range(100):
            field_.type(f"{number} rewrite of {self._before}")
            self._pause(0.7)

    def _find(self, role: str, name: str) -> Element:
        """Wait until a thing is shown, or the process is dead."""
        self._program.wait(lambda: self._program.is_shown(role, name), name)
        return self._program.top.find(role, name)

    def _pause(self, seconds: float = 0.1) -> None:
        end = time.monotonic() + self._choice.uniform(0, seconds)
        while True:
            self._look()
            if time.monotonic() > end:
                return
            time.sleep(0.02)

    def _look(self) -> None:
        """Note what is kept, unless the process died meanwhile."""
        with suppress(LoquatError):
            found = dict(unsent(self._directory))
            if self.process.poll() is None:
                self.kept = found


def _started(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
