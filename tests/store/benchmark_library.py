"""What the library costs, beside SQLite's own reading of the same rows; it asserts nothing.

Run it as `python -m tests.store.benchmark_library`. Wall time, the median of several calls on a
library in the system's temporary directory.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import apsw

from app.domain.chat.conversation import Conversation, Message, Role, Status, Timings
from app.domain.events import Candidate, TokenProbabilities, Usage
from app.domain.ids import new_id
from app.store.library import Library
from tests.benchmarks.lengths import length
from tests.store.values import URL, question

EXCHANGES = length(500, 3)
#: Messages of the long conversation, and conversations beside it.
MANY, OTHERS = length(10_000, 20), length(1_000, 5)
USAGE = Usage(120, 480, None, None, Decimal("0.00021"))


class Times:
    """Gathers how long each kind of call took, in microseconds."""

    def __init__(self) -> None:
        self._of: dict[str, list[float]] = {}

    def measure(self, name: str, call: Callable[[], Any], count: int = 1) -> Any:
        """Call, and take the time of it."""
        result = None
        for _number in range(count):
            began = time.perf_counter()
            result = call()
            self._of.setdefault(name, []).append((time.perf_counter() - began) * 1e6)
        return result

    def median(self, name: str) -> float:
        """The median of a kind of call."""
        return median(self._of[name])

    def print(self) -> None:
        """Print a line for each kind of call."""
        for name, taken in self._of.items():
            last = sorted(taken)[len(taken) * 95 // 100]
            print(f"{name:42} median {median(taken):8.0f} µs, 95 % below {last:8.0f} µs")


def converse(library: Library, times: Times) -> str:
    """Stream so many answers of 2,000 characters, eight chunks each; the last one's id."""
    library.add_conversation(Conversation("c", "Title", 1.0, 1.0))
    history: list[dict[str, Any]] = []
    parent = None
    for number in range(EXCHANGES):
        asked = question(f"question {number} " * 20, name=new_id(), parent=parent)
        times.measure("add_message", partial(library.add_message, "c", asked, updated=2.0))
        history.append({"role": "user", "content": asked.text})
        begun = Message(new_id(), asked.id, Role.ASSISTANT, "", 2.0, Status.STREAMING)
        body = {"model": "m", "messages": list(history), "stream": True}
        times.measure("begin_answer", partial(library.begin_answer, "c", begun, body, url=URL))
        for _chunk in range(8):
            chunk = partial(library.append_to_answer, begun.id, "word " * 50, "")
            times.measure("append_to_answer", chunk)
        final = replace(
            begun,
            text="word " * 400,
            status=Status.COMPLETE,
            usage=USAGE,
            cost=USAGE.cost,
            timings=Timings(0.3, 2.0),
        )
        times.measure("finish_answer", partial(library.finish_answer, final, [], updated=3.0))
        history.append({"role": "assistant", "content": final.text})
        parent = final.id
    return final.id


def many_messages(library: Library) -> None:
    """Make a conversation of MANY messages of 500 characters."""
    library.add_conversation(Conversation("long", "Title", 1.0, 1.0))
    for number in range(MANY):
        message = question("text " * 100, name=new_id())
        if number % 2:
            message = replace(
                message, role=Role.ASSISTANT, usage=USAGE, cost=USAGE.cost, timings=Timings(0.3, 2)
            )
        library.add_message("long", message, updated=2.0)


def main() -> None:
    """Measure and print."""
    times = Times()
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "data"
        library = times.measure("open, a new one", lambda: Library.open(directory))
        last = converse(library, times)
        times.measure("request, the last one", lambda: library.request(last), 9)
        many_messages(library)
        for number in range(OTHERS):
            library.add_conversation(Conversation(f"c{number}", "Title", 1.0, float(number)))
        times.measure("conversations", library.conversations, 9)
        times.measure(f"messages, {MANY:,}", lambda: library.messages("long"), 9)
        with apsw.Connection(str(directory / "library.db")) as rows:
            query = "SELECT * FROM messages WHERE conversation = 2 ORDER BY sequence"
            times.measure("  their rows alone", lambda: rows.execute(query).fetchall(), 9)
        candidate = Candidate("token", -1.25, b"token", 1234)
        token = TokenProbabilities(candidate, (candidate,) * 5)
        message = library.messages("c")[-1]
        library.finish_answer(message, [token] * 1000, updated=4.0)
        times.measure("probabilities, 1,000 × 5", lambda: library.probabilities(message.id), 9)
        times.measure("put_setting", lambda: library.put_setting("name", "value"), 99)
        times.measure("setting", lambda: library.setting("name"), 99)
        times.measure("providers", library.providers, 99)
        times.measure("changed_elsewhere", library.changed_elsewhere, 99)
        times.measure("close", library.close)
        library = times.measure("open", lambda: Library.open(directory))
        library.close()
        times.print()
        ratio = times.median(f"messages, {MANY:,}") / times.median("  their rows alone")
        print(f"reading messages costs {ratio:.1f} times what their rows alone cost")


if __name__ == "__main__":
    main()
