"""What is read in the conversation: wide tables, code, reasoning, a long question, new messages."""

import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.events import ReasoningDelta, TextDelta
from app.ui.transcript.actions import Surroundings
from tests.screenshots.studio import Studio
from tests.screenshots.texts import ARABIC, CHINESE, REASONING, WIDE

TABLE = """\
Three ways to keep a hedge, compared:

| Kind | What it needs in a dry summer, and how often | Height | Remarks |
|:-----|:---------------------------------------------|-------:|---------|
| Hornbeam | Water twice a week in the first two years, then only when the leaves curl | 4.5 m | \
Keeps its brown leaves through the winter; 越冬性が高い 🌿 |
| Yew | Hardly any, but the roots must never stand in water for more than a day | 2 m | Poisonous |
| `Ligustrum` | Once a week | 3 m | Grows back from anything, النمو سريع |

After the table.
"""
CODE = """\
```python
def harvest(tree: Tree, year: int, *, ripe_only: bool = True) -> list[Fruit]:
    for fruit in tree.fruits:
        if fruit.ripe_in(year) and fruit.weight > MINIMUM_WEIGHT and not fruit.damaged_by("frost"):
            yield Fruit(fruit.name, year)
```

And a short block:

```sh
make harvest
```
"""
LONG_QUESTION = "Please read this log and tell me what went wrong, in two sentences.\n\n" + "".join(
    f"2026-11-28 15:{n:02}:07 worker {n % 3}: harvested {n * 7} fruits of tree {n}\n"
    for n in range(40)
)


async def draw_reading(application: QApplication, theme: str, directory: Path) -> None:
    """Draw each state in a window of its own."""
    with tempfile.TemporaryDirectory() as data:
        # Nobody listens there, and nobody is asked.
        studio = Studio(Path(data), application, theme, "http://127.0.0.1:9/v1")
        studio.window.show()
        studio.window.pane.show_page(empty=False)
        await _draw(studio, directory)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()


def _said(text: str, **more: Any) -> Message:
    return Message("answer", "question", Role.ASSISTANT, text, 0.0, model="a/model", **more)


def _asked(text: str = "Show me.", id_: str = "question") -> Message:
    return Message(id_, None, Role.USER, text, 0.0)


async def _draw(studio: Studio, directory: Path) -> None:
    await _show(studio, directory, "reading-1-table", _asked(), _said(TABLE + WIDE))
    await _show(studio, directory, "reading-2-code", _asked(), _said(CODE))
    transcript = studio.main_window.conversation.transcript
    await _show(
        studio, directory, "reading-4-question-folded", _asked(LONG_QUESTION), _said("Frost.")
    )
    item = transcript.items()[0]
    item.unfold(reasoning=False)
    transcript.lay_out(item)
    transcript.refresh()
    await studio.settle()
    studio.shoot(directory, "reading-5-question-open")
    await _draw_thinking(studio, directory)
    await _draw_new(studio, directory)


async def _show(studio: Studio, directory: Path, state: str, *path: Message) -> None:
    transcript = studio.main_window.conversation.transcript
    transcript.show_path([], lambda _message: Surroundings())
    transcript.show_path(path, lambda _message: Surroundings())
    transcript.verticalScrollBar().setValue(0)
    await studio.settle()
    studio.shoot(directory, state)
    studio.window.resize(480, 720)
    await studio.settle()
    studio.shoot(directory, f"{state}-480", studio.window)
    studio.window.resize(1280, 800)
    await studio.settle()


async def _draw_thinking(studio: Studio, directory: Path) -> None:
    """Reasoning that arrives, and the first words of the answer after it."""
    transcript = studio.main_window.conversation.transcript
    placeholder = _said("", status=Status.STREAMING)
    await _show(studio, directory, "reading-6-waiting", _asked(ARABIC), placeholder)
    reply = Reply(placeholder)
    for piece in (REASONING, "\n\n", CHINESE, "\n\n", REASONING * 2):
        reply.apply(ReasoningDelta(piece))
        transcript.grow(reply)
        transcript.show_growth()
    await studio.settle()
    studio.shoot(directory, "reading-7-thinking")
    reply.apply(TextDelta("It falls."))
    transcript.grow(reply)
    transcript.show_growth()
    await studio.settle()
    studio.shoot(directory, "reading-8-thought")


async def _draw_new(studio: Studio, directory: Path) -> None:
    """A reader in the middle, far from the end, and then with new answers at the end."""
    transcript = studio.main_window.conversation.transcript
    path = [
        Message(f"m{n}", None, Role.ASSISTANT if n % 2 else Role.USER, REASONING, 0.0)
        for n in range(20)
    ]
    await _show(studio, directory, "reading-3-far", *path)
    transcript.verticalScrollBar().setValue(900)
    for number in range(3):
        said = Message(f"n{number}", None, Role.ASSISTANT, "It falls.", 0.0, model="a/model")
        transcript.append(said)
    await studio.settle()
    studio.shoot(directory, "reading-9-new")
    studio.window.resize(480, 720)
    await studio.settle()
    studio.shoot(directory, "reading-9-new-480", studio.window)
    studio.window.resize(1280, 800)
