"""Writing below a long conversation: what a key costs, with the painting after it."""

import asyncio
import gc
import time

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.services.program.core import Core
from app.store.library import Library
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.benchmarks.lengths import length
from tests.benchmarks.libraries import many_conversations, new_directory
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.screen import application, high
from tests.benchmarks.texts import messages

MESSAGES, KEYS = length(10_000, 20), length(400, 5)
#: A new line comes after so many keys.
LINE = 40
#: Milliseconds of processor time that a key may take.
LIMIT = 8.0


def composer_key() -> Result:
    """Milliseconds a key in the message field, the painting included, against the limit."""
    with new_directory() as directory:
        many_conversations(directory, 1)
        library = Library.open(directory)
        for message in messages(MESSAGES):
            library.add_message("c0", message, updated=message.created)
        library.close()
        core = Core(directory)
        application().setQuitOnLastWindowClosed(False)
        with qasync.QEventLoop(application()) as loop:
            asyncio.set_event_loop(loop)
            figures: list[float] = loop.run_until_complete(_figures(core))
        asyncio.set_event_loop(None)
    mine = Sample(figures)
    return Result(
        "composer_key",
        high(figures),
        LIMIT,
        "ms",
        f"processor time of a key in the message field below {MESSAGES:,} messages, with the "
        f"painting after it, 99th percentile, against the limit; {len(figures)} keys, middle "
        f"{mine.middle:.1f}, {mine.spread(1)}",
    )


async def _figures(core: Core) -> list[float]:
    window = Window(Theme(application(), "light"), {})
    window.show()
    main_window = MainWindow(core, Theme(application(), "light"), window)
    main_window.open_conversation("c0")
    field = window.pane.composer.field
    field.setFocus()
    for _turn in range(500):
        if window.windowHandle().isExposed():
            break
        # Qt paints nothing before, and learns of it on its loop.
        await asyncio.sleep(0.01)
    _settle(window)
    gc.collect()
    gc.disable()
    figures = []
    for number in range(1, KEYS + 1):
        began = time.thread_time()
        if number % LINE:
            QTest.keyClick(field, Qt.Key.Key_X if number % 6 else Qt.Key.Key_Space)
        else:
            QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        _settle(window)
        figures.append((time.thread_time() - began) * 1000)
    gc.enable()
    main_window.conversation.transcript.formulas.end()
    window.close()
    await core.close()
    return figures


def _settle(window: QWidget) -> None:
    """Lay out and paint what has changed."""
    # Not processEvents, which would run other coroutines inside this one.
    QCoreApplication.sendPostedEvents()
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))
