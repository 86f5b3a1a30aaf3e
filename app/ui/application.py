"""Qt and asyncio on one loop, from the first frame to the last write."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import qasync
import shiboken6
from PySide6.QtCore import QObject, QSocketNotifier, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import __version__
from app.domain.errors import LibraryError
from app.domain.texts import _
from app.services.core import Core
from app.services.instance import Instance, call_first
from app.services.logbook import keep_log
from app.ui.readings import Readings
from app.ui.theme.theme import Theme
from app.ui.window import Window

log = logging.getLogger(__name__)


class Loquat:
    """The running program: application, loop, core and window, made and unmade in order."""

    def __init__(self, application: QApplication, directory: Path, instance: Instance) -> None:
        self._instance = instance
        self._window: Window | None = None
        self.core = Core(directory, self._report)
        self.theme = Theme(application, self.core.settings.theme)
        self.window = self._window = Window(self.core, self.theme)
        sys.excepthook = self._take_exception

    async def run(self) -> None:
        """Show the window until it is closed, then keep what is open."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._take_loop_failure)
        closed: asyncio.Future[None] = loop.create_future()
        self.window.closed.connect(lambda: None if closed.done() else closed.set_result(None))
        signals = _Signals(self.window.close)
        self.window.show()
        self.core.tasks.spawn(self._settle_in(), "settle in")
        try:
            await closed
        finally:
            signals.close()
            await self._instance.close()
            await self.core.close()

    async def _settle_in(self) -> None:
        """What the first frame must not wait for."""
        gc.freeze()
        gc.enable()
        await self._instance.listen(self.window.come_forward)
        try:
            self.core.conversations.empty_trash()
        except LibraryError as failure:
            log.info("the trash was not emptied: %s", failure)

    def _report(self, failure: BaseException) -> None:
        if self._window is not None:
            self._window.report(failure)

    def _take_exception(
        self,
        kind: type[BaseException],
        failure: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self.window.close()
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
    """Ends the program cleanly on SIGINT and SIGTERM, though Qt holds the main thread.

    Python runs its handlers between two instructions of its own; the wake-up descriptor makes
    Qt give it one.
    """

    def __init__(self, close: Callable[[], object]) -> None:
        super().__init__()
        self._close = close
        self._reading, self._writing = socket.socketpair()
        self._writing.setblocking(False)
        self._old = signal.set_wakeup_fd(self._writing.fileno())
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, self._end)

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old)
        self._reading.close()
        self._writing.close()

    def _wake(self) -> None:
        self._reading.recv(64)

    def _end(self, number: int, frame: object) -> None:
        # Python calls this between any two instructions, be it in the middle of a paint.
        QTimer.singleShot(0, self._close)


def run(directory: Path, arguments: list[str]) -> int:
    """Open the window on a library; return the program's exit status.

    Raises LibraryError where the library can't be opened, before any window is shown.
    """
    instance = Instance.claim(directory)
    if instance is None:
        return _call_first(directory)
    qInstallMessageHandler(_log_qt)
    QGuiApplication.setDesktopFileName("loquat")
    application = QApplication([sys.argv[0], *arguments])
    application.setApplicationName("Loquat")
    application.setApplicationDisplayName("Loquat")
    application.setApplicationVersion(__version__)
    readings = Readings()
    readings.install()
    # Qt would stop the loop with the last window, before what is open is kept.
    application.setQuitOnLastWindowClosed(False)
    with keep_log(directory):
        _run(application, directory, instance)
    return 0


def _run(application: QApplication, directory: Path, instance: Instance) -> None:
    # The loop must be closed before the application goes, or Qt aborts at exit.
    with qasync.QEventLoop(application) as loop:
        loop.set_default_executor(ThreadPoolExecutor(4, "loquat"))
        asyncio.set_event_loop(loop)
        loquat = Loquat(application, directory, instance)
        loop.run_until_complete(loquat.run())
    # With the application Qt deletes what screen readers have read, whose methods are Python's:
    # left to the interpreter's end, which comes first, that was a crash.
    shiboken6.delete(loquat.window)
    application.shutdown()


def _call_first(directory: Path) -> int:
    if asyncio.run(call_first(directory)):
        return 0
    words = _("Loquat is already open on {path}, but it doesn't answer.").format(path=directory)
    sys.stderr.write(words + os.linesep)
    return 1


def _log_qt(kind: QtMsgType, context: object, words: str) -> None:
    level = logging.DEBUG if kind is QtMsgType.QtDebugMsg else logging.WARNING
    logging.getLogger("qt").log(level, "%s", words)
