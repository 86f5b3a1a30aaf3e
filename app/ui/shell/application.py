"""The start of the program: first a window that shows the library, then everything else.

Only imports for the first frame are at the top. asyncio, the HTTP client, the engine and the
transcript, which together cost more time than the window, are imported once the window is painted.
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
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.services.program.first_frame import StartupLibrary
from app.services.program.input_method import choose_input_method
from app.services.program.single_instance import Instance
from app.ui.shell.accessible_factory import AccessibleFactory
from app.ui.shell.window import Window
from app.ui.theme.theme import STYLE_ARGUMENTS, Theme

#: Longest wait for the first frame, in milliseconds: a window on another desktop may never be
#: painted.
PATIENCE_MS = 1500


def run(directory: Path, arguments: list[str]) -> int:
    """Open the window on the library in `directory`; return the exit status of the process: 0, 1,
    or 130 after an interrupt (SIGINT). If the library is already open in another process, that
    process is asked to come to the front.

    Raises LibraryError if the library cannot be opened; no window is shown then.
    """
    instance = Instance.claim(directory)
    if instance is None:
        return _call_first(directory)
    try:
        return _run(StartupLibrary(directory), _application(arguments))
    finally:
        instance.close()


def _run(beginning: StartupLibrary, application: QApplication) -> int:
    readings = AccessibleFactory()
    readings.install()
    theme = Theme(application, beginning.settings.theme)
    window = Window(theme, beginning.settings.window())
    window.sidebar.show_list(beginning.listing)
    _show(window)

    from app.ui.shell.main_loop import live

    try:
        status = live(application, window, theme, beginning)
    finally:
        beginning.close()
    # Qt deletes the accessibility interfaces, whose methods are in Python, together with the
    # application. Left to the end of the interpreter, that came after Python was gone and crashed.
    shiboken6.delete(window)
    application.shutdown()
    return status


def _application(arguments: list[str]) -> QApplication:
    qInstallMessageHandler(_log_qt)
    choose_input_method()
    QGuiApplication.setDesktopFileName("loquat")
    application = QApplication([sys.argv[0], *STYLE_ARGUMENTS, *arguments])
    application.setApplicationName("Loquat")
    application.setApplicationDisplayName("Loquat")
    application.setApplicationVersion(__version__)
    # Qt would end the event loop with the last window, before open conversations are stored.
    application.setQuitOnLastWindowClosed(False)
    return application


def _show(window: Window) -> None:
    """Show the window, and return once its first frame is painted or PATIENCE_MS have passed."""
    painting = QEventLoop()
    end = QTimer(painting)
    end.timeout.connect(painting.quit)
    # The window is painted before its children; a timer event comes after all of them.
    window.painted.connect(end.start)
    window.closed.connect(painting.quit)
    QTimer.singleShot(PATIENCE_MS, painting.quit)
    window.show()
    painting.exec()


def _call_first(directory: Path) -> int:
    """Ask the running process to come to the front; return the exit status."""
    import asyncio

    from app.services.program.second_start import raise_first_window

    if asyncio.run(raise_first_window(directory)):
        return 0
    words = _("Loquat is already open on {path}, but it doesn't answer.").format(path=directory)
    sys.stderr.write(mark_invisible(words) + os.linesep)
    return 1


def _log_qt(kind: QtMsgType, context: object, words: str) -> None:
    """Write Qt's messages to the log."""
    level = logging.DEBUG if kind is QtMsgType.QtDebugMsg else logging.WARNING
    logging.getLogger("qt").log(level, "%s", words)
