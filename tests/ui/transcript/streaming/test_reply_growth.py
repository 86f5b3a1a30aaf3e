"""A growing reply is painted in parts: the screen shows what a whole painting would give."""

import random

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.events import ReasoningDelta, TextDelta
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.view import TranscriptView
from tests.ui.conftest import keep

#: Its code has no language: colours come at times of their own.
ANSWER = """# A heading

A paragraph of *some* words, `code` and [a link](https://example.org), which goes on for a while so
that it takes more than one line.

- one
- two
  1. deeper
  2. deep

> quoted
> twice

| a | b |
|---|---:|
| 1 | 2 |
| 3 | 4 |

```
def double(x: int) -> int:
    return x * 2
```

A title
===

A claim[^1] and [a reference].

[^1]: The note.

[a reference]: https://example.org
"""


def on_screen(view: TranscriptView) -> QImage:
    """What stands in the window, painted in however many parts."""
    corner = view.viewport().mapTo(view.window(), QPoint())
    size = view.viewport().size()
    place = (corner.x(), corner.y(), size.width(), size.height())
    return view.screen().grabWindow(view.winId(), *place).toImage()


def whole(view: TranscriptView) -> QImage:
    """The same, painted anew."""
    view.viewport().repaint()
    return on_screen(view)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("following", [True, False])
def test_what_is_painted_in_parts_is_what_is_painted_whole(
    qtbot: QtBot, theme: Theme, seed: int, following: bool
) -> None:
    view = TranscriptView(theme)
    keep(qtbot, view)
    view.resize(640, 400)
    with qtbot.waitExposed(view):
        view.show()
    before = [
        Message(id="q", parent=None, role=Role.USER, text="A question. " * 90, created=0),
        Message(
            id="a", parent="q", role=Role.ASSISTANT, text="", created=0, status=Status.STREAMING
        ),
    ]
    view.show_path(before, lambda _message: Surroundings())
    reply = Reply(before[1])
    dice = random.Random(seed)
    thought = TextDelta if seed % 2 else ReasoningDelta
    text = "Thinking about *it*.\n\n" * 9 if thought is ReasoningDelta else ANSWER
    parts = 0
    for part in (thought(text), TextDelta(ANSWER * 2)):
        place = 0
        while place < len(part.text):
            size = dice.randint(1, 60)
            reply.apply(type(part)(part.text[place : place + size]))
            place += size
            view.grow(reply)
            view.show_growth()
            if not following:
                view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() - 60)
            QApplication.processEvents()
            seen = on_screen(view)
            assert not seen.isNull()
            assert seen == whole(view), f"after {place} characters"
            parts += 1
    assert parts > 20
