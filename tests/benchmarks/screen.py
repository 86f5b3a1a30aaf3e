"""A transcript on an offscreen window, and what a step of it costs the main thread."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

from tests.offscreen import qt_platform

os.environ["QT_QPA_PLATFORM"] = qt_platform()

from PySide6.QtWidgets import QApplication, QWidget

from app.domain.chat.conversation import Message
from app.ui.theme.theme import STYLE_ARGUMENTS, Theme
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.view import TranscriptView

Given = ParamSpec("Given")

SIZE = (800, 700)


def around(message: Message) -> Surroundings:
    """No branches anywhere."""
    return Surroundings()


@contextmanager
def transcript() -> Iterator[TranscriptView]:
    """An empty transcript that is on the screen."""
    view = TranscriptView(Theme(application(), "light"))
    with shown(view):
        view.show_path([], around)
        yield view


@contextmanager
def shown(widget: QWidget) -> Iterator[None]:
    """A widget on the screen, in the size in which everything is measured, without a collector:
    what is measured must not pay for what others left behind."""
    widget.resize(*SIZE)
    widget.show()
    application().processEvents()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        widget.close()
        widget.deleteLater()


def application() -> QApplication:
    """The one application of this process."""
    there = QApplication.instance()
    return there if isinstance(there, QApplication) else QApplication(["x", *STYLE_ARGUMENTS])


def cost(step: Callable[Given, object], *given: Given.args, **named: Given.kwargs) -> float:
    """Milliseconds of the main thread's processor time for a step and the painting after it."""
    began = time.thread_time()
    step(*given, **named)
    application().processEvents()
    return (time.thread_time() - began) * 1000


def high(figures: list[float], share: float = 0.99) -> float:
    """The figure that this share of them does not exceed."""
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * share))]
