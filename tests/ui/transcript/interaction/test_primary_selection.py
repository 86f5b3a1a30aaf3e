"""The primary selection offers the selected text, made only when somebody asks for it."""

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.interaction.primary_selection import PrimarySelection
from app.ui.transcript.interaction.selecting import Position, Selecting, Selection
from app.ui.transcript.view import TranscriptView

#: More messages than are kept when their conversation goes out of view.
MANY = 300


class Clipboard:
    """A clipboard with a primary selection, which the offscreen platform has not."""

    def __init__(self) -> None:
        self.offered: QMimeData | None = None

    def supportsSelection(self) -> bool:
        return True

    def setMimeData(self, data: QMimeData, mode: QClipboard.Mode) -> None:
        assert mode is QClipboard.Mode.Selection
        self.offered = data

    def clear(self, mode: QClipboard.Mode) -> None:
        assert mode is QClipboard.Mode.Selection
        self.offered = None


@pytest.fixture
def clipboard(monkeypatch: pytest.MonkeyPatch) -> Clipboard:
    made = Clipboard()
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: made)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Selection]:
    """The selections whose text was made."""
    selections: list[Selection] = []
    make = Selecting.text_of

    def text_of(self: Selecting, selection: Selection) -> str:
        selections.append(selection)
        return make(self, selection)

    monkeypatch.setattr(Selecting, "text_of", text_of)
    return selections


def show(view: TranscriptView, count: int) -> None:
    path = [Message(f"m{n}", None, Role.USER, f"word {n}", 1.0) for n in range(count)]
    view.show_path(path, lambda _message: Surroundings(1, 1, last=False))


def test_the_text_is_made_when_it_is_asked_for(
    view: TranscriptView, qtbot: QtBot, clipboard: Clipboard, asked: list[Selection]
) -> None:
    PrimarySelection(view.selecting, view)
    show(view, MANY)
    view.selecting.choose_all()
    qtbot.waitUntil(lambda: clipboard.offered is not None)
    assert asked == []
    assert clipboard.offered is not None
    assert clipboard.offered.text().startswith("word 0\n\nword 1\n\n")
    clipboard.offered.text()
    assert len(asked) == 1


def test_a_short_selection_outlives_its_conversation_and_a_long_one_does_not(
    view: TranscriptView, clipboard: Clipboard
) -> None:
    primary = PrimarySelection(view.selecting, view)
    show(view, MANY)
    view.selecting.begin(Position(1, 0))
    view.selecting.extend(Position(1, 4))
    primary.offer()
    primary.keep()
    offered = clipboard.offered
    view.show_path([], lambda _message: Surroundings(1, 1, last=True))
    assert offered is not None
    assert offered.text() == "word"
    show(view, MANY)
    view.selecting.choose_all()
    primary.offer()
    primary.keep()
    assert clipboard.offered is None


def test_an_empty_selection_leaves_the_last(view: TranscriptView, clipboard: Clipboard) -> None:
    primary = PrimarySelection(view.selecting, view)
    show(view, 2)
    view.selecting.choose_all()
    primary.offer()
    view.selecting.clear()
    primary.offer()
    assert clipboard.offered is not None
    assert clipboard.offered.text() == "word 0\n\nword 1"
