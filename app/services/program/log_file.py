"""The log of a run: what failed and why, for whoever helps; nothing is made until there is news."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.domain.text.translation import _
from app.store.paths import Paths, private_directory, private_file

MOST_BYTES = 1_000_000

log = logging.getLogger(__name__)


class _Logbook(RotatingFileHandler):
    """A log file that makes its private place when the first line is written."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        super().__init__(
            paths.log, maxBytes=MOST_BYTES, backupCount=2, encoding="utf-8", delay=True
        )
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            private_directory(self._paths.directory)
            private_directory(self._paths.logs)
            private_file(self._paths.log)
        except OSError:
            # A log that can't be written must not stop what it tells of.
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """Stay quiet: on a full disk the person reads of it where it matters."""


@contextmanager
def keep_log(directory: Path) -> Iterator[None]:
    """Send the program's log lines to its file while entered, and none to the terminal."""
    handler = _Logbook(Paths(directory))
    root, own = logging.getLogger(), logging.getLogger("app")
    level = own.level
    root.addHandler(handler)
    own.setLevel(logging.INFO)
    try:
        yield
    finally:
        own.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def write_down(bug: BaseException, directory: Path) -> str:
    """Log a bug with its traceback; return where it can be read, as words for the person."""
    with keep_log(directory):
        log.error("a bug", exc_info=bug)
    path = Paths(directory).log
    return str(path) if path.exists() else _("no log, since none can be written,")
