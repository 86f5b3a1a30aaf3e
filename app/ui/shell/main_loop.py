"""Runs Qt and asyncio in one event loop, from the first frame until all is stored."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from types import TracebackType

import qasync
from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from app.services.program.core import Core
from app.services.program.ending import PATIENCE, SignalWatch, end_within, signals_to_take
from app.services.program.first_frame import StartupLibrary
from app.services.program.input_method import wanted_input_method
from app.services.program.log_file import keep_log
from app.services.program.second_start import SecondStartServer
from app.services.tasks import use_daemon_threads
from app.ui.shell.garbage_collection import GarbageCollector
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.theme.window_icon import window_icon

#: Exit status after SIGINT: 128 and its number.
INTERRUPTED = 130

log = logging.getLogger(__name__)


def live(
    application: QApplication,
    window: Window,
    theme: Theme,
    beginning: StartupLibrary,
) -> int:
    """Connect a visible window to a running program; return when the window is closed and all is
    stored. Returns the exit status: 0, or 130 after an interrupt (SIGINT)."""
    # Drawn only now, since the icon would delay the first frame.
    application.setWindowIcon(window_icon())
    # The loop must be closed before the application is deleted, or Qt aborts at exit.
    with keep_log(beginning.directory), qasync.QEventLoop(application) as loop:
        use_daemon_threads(loop)
        asyncio.set_event_loop(loop)
        status: int = loop.run_until_complete(_Loquat(window, theme, beginning).run())
    asyncio.set_event_loop(None)
    return status


class _Loquat:
    """The running program: makes the core and the main window's parts, and closes them in reverse
    order."""

    def __init__(self, window: Window, theme: Theme, beginning: StartupLibrary) -> None:
        self._window = window
        self._theme = theme
        self._calls = SecondStartServer(beginning.directory)
        self._main_window: MainWindow | None = None
        self._garbage: GarbageCollector | None = None
        self._core = Core.after(beginning, self._report)
        sys.excepthook = self._take_exception

    async def run(self) -> int:
        """Run until the window is closed, then store what is open; return the exit status."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._take_loop_failure)
        closed: asyncio.Future[None] = loop.create_future()
        self._window.closed.connect(lambda: None if closed.done() else closed.set_result(None))
        signals = _Signals(self._window.close)
        try:
            # The window may have been closed before the loop ran.
            if not self._window.is_closed:
                self._main_window = MainWindow(self._core, self._theme, self._window)
                self._core.tasks.spawn(self._settle_in(), "settle in")
                await closed
        finally:
            end_within(PATIENCE, signals.status)
            signals.close()
            self._calls.close()
            await self._core.close()
        return signals.status

    async def _settle_in(self) -> None:
        """Start work that can wait until the window is usable: garbage collection, calls from later
        starts, upkeep of the library."""
        self._garbage = GarbageCollector()
        log.info("input method: %s", wanted_input_method(os.environ).value)
        await self._calls.listen(self._window.come_forward)
        self._core.tasks.spawn(self._core.upkeep(), "upkeep")

    def _report(self, failure: BaseException) -> None:
        """Show an unexpected failure in the window."""
        if self._main_window is not None:
            self._main_window.report(failure)

    def _take_exception(
        self,
        kind: type[BaseException],
        failure: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        log.error("uncaught", exc_info=(kind, failure, trace))
        self._report(failure)

    def _take_loop_failure(
        self, loop: asyncio.AbstractEventLoop, context: dict[str, object]
    ) -> None:
        failure = context.get("exception")
        log.error("%s", context.get("message"), exc_info=failure)  # type: ignore[arg-type]
        if isinstance(failure, Exception):
            self._report(failure)


class _Signals(QObject):
    """Closes the window on SIGINT, SIGTERM and SIGHUP.

    Python runs signal handlers only between its own instructions, and Qt holds the main thread most
    of the time. The watch's thread writes to a socket, which makes Qt run a slot, and so gives
    Python a turn.
    """

    def __init__(self, close: Callable[[], object]) -> None:
        super().__init__()
        #: The exit status: 130 after an interrupt, as shells expect; 0 when the session asked the
        #: program to end.
        self.status = 0
        self._close = close
        self._reading, self._writing = socket.socketpair()
        self._writing.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        for number in signals_to_take():
            signal.signal(number, self._end)
        self._watch = SignalWatch(self._ring)

    def close(self) -> None:
        """Stop listening; later signals only see to it that the process ends."""
        self._notifier.setEnabled(False)
        self._watch.close()
        self._reading.close()
        self._writing.close()

    def _ring(self) -> None:
        self._writing.send(b"\0")

    def _wake(self) -> None:
        self._reading.recv(64)

    def _end(self, number: int, frame: object) -> None:
        if number == signal.SIGINT:
            self.status = INTERRUPTED
        # Python may call this in the middle of a paint, so the window is closed in the next turn of
        # the loop.
        QTimer.singleShot(0, self._close)
