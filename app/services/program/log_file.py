"""The log file for bug reports; it is created when the first line is written."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.domain.text.translation import _
from app.store.paths import Paths, private_directory, private_file

#: Size in bytes at which a new log file is begun; the last two are kept.
MOST_BYTES = 1_000_000

log = logging.getLogger(__name__)


class _Logbook(RotatingFileHandler):
    """A handler that creates its directory and file, readable by their owner only, at first use."""

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
            # A log that can't be written must not stop the program.
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """Print nothing: a full disk is reported where it matters, by LibraryFull."""


@contextmanager
def keep_log(directory: Path) -> Iterator[None]:
    """Context manager that writes log records, from level INFO of `app`, to the log file only."""
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


def log_bug(bug: BaseException, directory: Path) -> str:
    """Log an exception with its traceback.

    Returns the log's path, or words that fit into the same sentence if no log can be written.
    """
    with keep_log(directory):
        log.error("a bug", exc_info=bug)
    path = Paths(directory).log
    return str(path) if path.exists() else _("no log could be written")
