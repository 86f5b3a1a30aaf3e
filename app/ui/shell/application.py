"""The start: a window on the library first, then everything that makes it work.

What the first frame needs is imported here, and nothing else: `running` brings asyncio, the
client, the engine and the transcript, which together cost more than the window.
"""

import logging
import os
import sys
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEventLoop, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import __version__
from app.domain.text.translation import _
from app.services.program.first_frame import StartupLibrary
from app.services.program.single_instance import Instance
from app.ui.shell.accessible_factory import Readings
from app.ui.shell.window import Window
from app.ui.theme.theme import STYLE_ARGUMENTS, Theme

#: A window that is never painted, as on another desktop, must come to life all the same.
PATIENCE_MS = 1500


def run(directory: Path, arguments: list[str]) -> int:
    """Open the window on a library; return the program's exit status.

    Raises LibraryError where the library can't be opened, before any window is shown.
    """
    instance = Instance.claim(directory)
    if instance is None:
        return _call_first(directory)
    try:
        _run(StartupLibrary(directory), _application(arguments))
    finally:
        instance.close()
    return 0


def _run(beginning: StartupLibrary, application: QApplication) -> None:
    readings = Readings()
    readings.install()
    theme = Theme(application, beginning.settings.theme)
    window = Window(theme, beginning.settings.window())
    window.sidebar.show_conversations(beginning.conversations(), (), "")
    _show(window)

    from app.ui.shell.main_loop import live

    try:
        live(application, window, theme, beginning)
    finally:
        beginning.close()
    # With the application Qt deletes what screen readers have read, whose methods are Python's:
    # left to the interpreter's end, which comes first, that was a crash.
    shiboken6.delete(window)
    application.shutdown()


def _application(arguments: list[str]) -> QApplication:
    qInstallMessageHandler(_log_qt)
    QGuiApplication.setDesktopFileName("loquat")
    application = QApplication([sys.argv[0], *STYLE_ARGUMENTS, *arguments])
    application.setApplicationName("Loquat")
    application.setApplicationDisplayName("Loquat")
    application.setApplicationVersion(__version__)
    # Qt would stop the loop with the last window, before what is open is kept.
    application.setQuitOnLastWindowClosed(False)
    return application


def _show(window: Window) -> None:
    """Show the window, and return when its first frame is on the screen."""
    painting = QEventLoop()
    end = QTimer(painting)
    end.timeout.connect(painting.quit)
    # The window paints before what lies in it; a timer comes when all of that is done.
    window.painted.connect(end.start)
    window.closed.connect(painting.quit)
    QTimer.singleShot(PATIENCE_MS, painting.quit)
    window.show()
    painting.exec()


def _call_first(directory: Path) -> int:
    import asyncio

    from app.services.program.second_start import raise_first_window

    if asyncio.run(raise_first_window(directory)):
        return 0
    words = _("Loquat is already open on {path}, but it doesn't answer.").format(path=directory)
    sys.stderr.write(words + os.linesep)
    return 1


def _log_qt(kind: QtMsgType, context: object, words: str) -> None:
    level = logging.DEBUG if kind is QtMsgType.QtDebugMsg else logging.WARNING
    logging.getLogger("qt").log(level, "%s", words)
