"""Data directories: new ones, and one that has been in use."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.chat.conversation import Conversation, Message, Role
from app.services.library.settings import Settings
from app.store.library import Library
from tests.benchmarks.lengths import length

CONVERSATIONS = length(200, 3)
#: Of the conversation in view; the others have one each.
MESSAGES = length(40, 4)
_ANSWER = """Yes. There are **two** ways, and which is better depends on the size of the list:

1. Sort it once with `sorted`, then look things up by bisection.
2. Build a dictionary, which costs memory and answers at once.

```python
index = {one.id: one for one in things}
```

> The second is what most programs do.
"""


@contextmanager
def new_directory() -> Iterator[Path]:
    """A directory that the program has never seen."""
    with TemporaryDirectory(prefix="loquat-benchmark-") as name:
        yield Path(name) / "data"


@contextmanager
def used_directory() -> Iterator[Path]:
    """One with CONVERSATIONS conversations, of which the newest is in view, with MESSAGES."""
    with new_directory() as directory:
        library = Library.open(directory)
        try:
            for number in range(CONVERSATIONS):
                last = number == CONVERSATIONS - 1
                _add_conversation(library, number, MESSAGES if last else 1)
            Settings(library).put_window({"conversation": f"c{CONVERSATIONS - 1}"})
        finally:
            library.close()
        yield directory


def _add_conversation(library: Library, number: int, messages: int) -> None:
    name, moment = f"c{number}", 1_790_000_000.0 + number
    title = f"Finding one thing among {number}"
    library.add_conversation(Conversation(name, title, moment, moment, provider="embedded"))
    parent = None
    for turn in range(messages):
        role = Role.ASSISTANT if turn % 2 else Role.USER
        text = _ANSWER if turn % 2 else f"How do I find one of {turn + 2} things quickly?"
        message = Message(f"{name}-{turn}", parent, role, text, moment)
        library.add_message(name, message, updated=moment)
        parent = message.id


def many_conversations(
    directory: Path, count: int, provider: str = "embedded", model: str = ""
) -> None:
    """Make a library of conversations with a model and without messages, `c0` the oldest, half
    an hour apart, in one transaction: 100,000 take about three seconds."""
    library, now = Library.open(directory), time.time()
    try:
        with library._db.transaction():
            for number in range(count):
                moment = now - (count - number) * 1800
                title = f"Finding one thing among {number}"
                library.add_conversation(
                    Conversation(
                        f"c{number}", title, moment, moment, provider=provider, model=model
                    )
                )
    finally:
        library.close()
