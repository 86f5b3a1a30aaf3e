"""The whole program in a window while an answer streams in: what `live` measures.

    python -m tests.benchmarks.live_program DIRECTORY ADDRESS

It asks the server at ADDRESS one question and prints, as JSON, what its main thread did.
"""

import asyncio
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.offscreen import qt_platform

os.environ["QT_QPA_PLATFORM"] = qt_platform()

import qasync
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.shell.garbage_collection import GarbageCollector
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import STYLE_ARGUMENTS, Theme
from tests.benchmarks.lengths import length

#: Milliseconds between two beats that tell how long the main thread was held up.
BEAT = 8
#: Seconds for the program to come to rest before it is measured.
SETTLING = length(2.0, 0.2)
#: Seconds that a person takes to write a question at least.
WRITING = length(2.0, 0.1)


class Beats(QObject):
    """Beats on the main thread; one that is late was held up by something."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to beat."""
        self._last = time.monotonic()
        self._timer.start()

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def _beat(self) -> None:
        now = time.monotonic()
        self.late.append(max(0.0, (now - self._last) * 1000 - BEAT))
        self._last = now


class Frames(QObject):
    """When a widget was painted for the first time after its text was whole."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.last = 0.0
        self._whole = False
        widget.installEventFilter(self)

    def end(self) -> None:
        """The widget has the whole text now."""
        self._whole = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._whole and not self.last and event.type() is QEvent.Type.Paint:
            self.last = time.clock_gettime(time.CLOCK_MONOTONIC)
        return False


async def measure(application: QApplication, directory: Path, address: str) -> dict[str, float]:
    """Ask, watch, and return the figures: seconds, milliseconds, megabytes."""
    core = Core(directory)
    window = Window(Theme(application, "light"), {})
    provider = Provider("live", "Live", ProviderKind.OPENAI_COMPATIBLE, address, "m")
    core.providers.put(provider)
    core.settings.default_provider = provider.id
    main_window = MainWindow(core, Theme(application, "light"), window)
    window.resize(1280, 800)
    window.show()
    done = asyncio.Event()
    frames, beats = Frames(main_window.conversation.transcript.viewport()), Beats()
    # The main_window was told before, and has given the transcript what came.
    core.chat.finished.connect(lambda *_told: frames.end())
    core.chat.finished.connect(lambda *_told: done.set())
    await asyncio.sleep(SETTLING)
    garbage = GarbageCollector()
    main_window.pane.composer.put_text("Tell me everything")
    await asyncio.sleep(WRITING)
    beats.start()
    beating = await share_of(WRITING)
    beats.late.clear()
    own, before, spent, began = (
        resident("Anonymous"),
        resident(),
        time.thread_time(),
        time.monotonic(),
    )
    main_window.pane.composer.send.click()
    await done.wait()
    spent, lasted = time.thread_time() - spent, time.monotonic() - began
    beats.stop()
    await asyncio.sleep(0.2)
    late = sorted(beats.late)
    figures = {
        # Without what measuring takes, and the blinking of a cursor.
        "busy": spent / lasted - beating,
        "held_up": late[int(len(late) * 0.999)],
        "most": late[-1],
        "last_frame": frames.last,
        "grown": resident("Anonymous") - own,
        "resident": resident() - before,
    }
    del garbage
    window.close()
    await core.close()
    return figures


async def share_of(seconds: float) -> float:
    """How much of some time, in which nothing else is to be done, this thread works."""
    spent, began = time.thread_time(), time.monotonic()
    await asyncio.sleep(seconds)
    return (time.thread_time() - spent) / (time.monotonic() - began)


def resident(which: str = "Rss") -> float:
    """Megabytes that are in memory now: all, or "Anonymous", those that no file could give back."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith(f"{which}:"))
    return kilobytes * 1024 / 1e6


def main() -> None:
    """Measure what the command line names."""
    application = QApplication(["loquat", *STYLE_ARGUMENTS])
    application.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(application) as loop:
        # As the program has it.
        loop.set_default_executor(ThreadPoolExecutor(4, "loquat"))
        asyncio.set_event_loop(loop)
        work = measure(application, Path(sys.argv[1]), sys.argv[2])
        print(json.dumps(loop.run_until_complete(work)), flush=True)


if __name__ == "__main__":
    main()
