"""Kills Loquat (SIGKILL) at random moments while an answer streams, and reads what is left.

    python -m tests.endurance.kills --kind ask|services|window --times 60

A scripted server on the loopback address sends numbered pieces and remembers when. After each kill
the library must open whole, with the question, a true beginning of the answer, marked as
interrupted, all earlier conversations, and the drafts, queued messages and rewrites that were kept
before. Printed are the milliseconds of the stream that were lost (median, 95th percentile, maximum)
and the faults; the exit status is 1 if there is a fault or more was lost than is allowed.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.chat.conversation import Message, Status
from app.domain.errors import LoquatError
from app.store.library import Library
from tests.end_to_end.program import use_server
from tests.end_to_end.reading import Reader
from tests.end_to_end.screen import shown_screen
from tests.endurance.numbered_stream import NumberedStream
from tests.endurance.victims import Ask, Services, Victim, Window, unsent
from tests.servers import Connection, serving

#: Milliseconds of a stream that may be lost: at the 95th percentile, and at most.
ALLOWED_95, ALLOWED_MOST = 250.0, 350.0
#: Longest time in seconds from an answer's first piece to the kill, by kind.
LONGEST = {"ask": 2.0, "services": 2.0, "window": 6.0}
#: Seconds within which an answer begins.
PATIENCE = 60.0

Start = Callable[[Path, str, str], Victim]


@dataclass
class Trial:
    """One data directory whose processes are killed one after another."""

    directory: Path
    choice: random.Random
    longest: float
    #: The stream of the current answer.
    stream: NumberedStream = field(default_factory=NumberedStream)
    #: Texts of all messages by id, as they were after the last kill.
    texts: dict[str, str] = field(default_factory=dict)
    lost: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    #: Numbers of drafts, queues and rewrites that had been kept before a kill, by kind.
    checked: Counter[str] = field(default_factory=Counter)

    def kill(self, number: int, start: Start) -> None:
        """Start a process, kill it while its answer streams, and check what is left."""
        self.stream = NumberedStream()
        question, before = f"Question {number:03d}", f"Question {number - 1:03d}" if number else ""
        victim = start(self.directory, question, before)
        killed: list[float] = []
        killer = threading.Thread(target=self._kill_later, args=(victim, killed))
        killer.start()
        victim.work()
        killer.join()
        victim.process.wait()
        if said := victim.said():
            self._note(number, f"complained: {said}")
        if not killed:
            self._note(number, "it ended by itself, or never asked")
            return
        try:
            self._check(number, question, victim.kept, killed[0])
        except LoquatError as failure:
            self._note(number, f"the library can't be read: {failure!r}")

    def answer(self, connection: Connection) -> None:
        """Answer one request with the current stream."""
        self.stream.script(connection)

    def _kill_later(self, victim: Victim, killed: list[float]) -> None:
        if self.stream.begun.wait(PATIENCE):
            time.sleep(self.choice.uniform(0, self.longest))
            if victim.process.poll() is None:
                killed.append(time.monotonic())
        victim.process.kill()

    def _note(self, number: int, fault: str) -> None:
        self.faults.append(fault)
        print(f"kill {number}: {fault}", flush=True)

    def _check(self, number: int, question: str, kept: Mapping[str, object], killed: float) -> None:
        library = Library.open(self.directory)
        try:
            report = library.report
            if report.read_only or report.set_aside or not library.is_whole():
                self._note(number, f"the library is damaged: {report}")
            for cell in library.damaged_cells():
                self._note(number, f"damaged: {cell}")
            found = {one.title: one.id for one in library.conversations()}
            if question not in found:
                self._note(number, f"the conversation is missing: {sorted(found)}")
                return
            messages = library.messages(found[question])
            for fault in self._faults_of(messages, question):
                self._note(number, fault)
            if len(messages) == 2:
                self.lost.append(self.stream.lost(messages[1].text, killed))
            for fault in self._missing(library):
                self._note(number, fault)
        finally:
            library.close()
        self._check_unsent(number, kept)

    def _faults_of(self, messages: list[Message], question: str) -> list[str]:
        if len(messages) != 2 or messages[0].text != question:
            return [f"question or answer is missing: {[one.text for one in messages]}"]
        answer, faults = messages[1], []
        if answer.status is not Status.INTERRUPTED:
            faults.append(f"the answer is marked as {answer.status}")
        if not self.stream.is_prefix(answer.text):
            faults.append(f"the answer is not what was streamed: …{answer.text[-40:]!r}")
        return faults

    def _missing(self, library: Library) -> list[str]:
        """Return what is missing of earlier conversations, and note the texts of all."""
        now = {
            message.id: message.text
            for conversation in library.conversations()
            for message in library.messages(conversation.id)
        }
        changed = [id_ for id_, text in self.texts.items() if now.get(id_) != text]
        self.texts = now
        return [f"earlier messages have changed: {changed}"] if changed else []

    def _check_unsent(self, number: int, kept: Mapping[str, object]) -> None:
        """Check that what had been kept is there, or what was written after it."""
        now = unsent(self.directory)
        for name, value in kept.items():
            self.checked[name.split()[0]] += 1
            if not _continues(now.get(name), value) and not _is_queued(value, now):
                self._note(number, f"{name} was {value!r}, and is {now.get(name)!r}")


def _continues(found: object, kept: object) -> bool:
    """Whether a queue is as it was or longer, or a text the one that was kept or a later one."""
    if isinstance(found, list) and isinstance(kept, list):
        return found[: len(kept)] == kept
    if isinstance(found, str) and isinstance(kept, str):
        return found == kept or int(found.split()[0]) > int(kept.split()[0])
    return False


def _is_queued(text: object, unsent_now: Mapping[str, object]) -> bool:
    """Whether a draft has become a queued message."""
    return any(
        isinstance(queue, list) and any(pair[1] == text for pair in queue)
        for queue in unsent_now.values()
    )


def main() -> int:
    """Run the trial; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=sorted(LONGEST), required=True)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills") as place, ExitStack() as stack:
        folder, choice = Path(place), random.Random(chosen.seed)
        trial = Trial(folder / "data", choice, LONGEST[chosen.kind])
        server = stack.enter_context(serving(trial.answer))
        use_server(trial.directory, server.url)
        _keep_unsent(trial.directory)
        start = _start_of(chosen.kind, stack, folder, choice)
        for number in range(chosen.times):
            trial.kill(number, start)
            if number % 10 == 9 and number + 1 < chosen.times:
                _print_result(chosen.kind, trial)
    return _print_result(chosen.kind, trial)


def _start_of(kind: str, stack: ExitStack, folder: Path, choice: random.Random) -> Start:
    if kind != "window":
        made = Ask if kind == "ask" else Services
        return lambda directory, question, _before: made(directory, question)
    screen = stack.enter_context(shown_screen(folder / "screen"))
    reader = Reader(screen.accessibility)
    stack.callback(reader.close)

    def start(directory: Path, question: str, before: str) -> Victim:
        return Window(
            directory, question, before=before, choice=choice, screen=screen, reader=reader
        )

    return start


def _keep_unsent(directory: Path) -> None:
    """Keep a draft, a queue and a rewrite that must survive every kill."""
    library = Library.open(directory)
    for name in ("draft x", "edit x"):
        library.put_setting(name, "0 from before")
    library.put_setting("queue x", [["id", "0 from before"]])
    library.close()


def _print_result(kind: str, trial: Trial) -> int:
    lost = sorted(trial.lost)
    if not lost:
        print(f"{kind}: no kill came in the middle of an answer")
        return 1
    percentile = lost[min(len(lost) - 1, int(len(lost) * 0.95))]
    print(
        f"{kind}: {len(lost)} kills; lost of the stream: median {statistics.median(lost):.0f} ms, "
        f"95th percentile {percentile:.0f} ms, at most {lost[-1]:.0f} ms; "
        f"{len(trial.faults)} faults; kept before and there: {dict(trial.checked)}"
    )
    return int(bool(trial.faults) or percentile > ALLOWED_95 or lost[-1] > ALLOWED_MOST)


if __name__ == "__main__":
    sys.exit(main())
