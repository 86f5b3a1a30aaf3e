"""The log is made when there is news, and is nobody else's to read."""

import logging
from pathlib import Path

from app.services.program.log_file import keep_log, log_bug

log = logging.getLogger("app.services.test")


def test_no_news_is_no_file(tmp_path: Path) -> None:
    with keep_log(tmp_path / "data"):
        log.debug("nothing that matters")
    assert list(tmp_path.iterdir()) == []


def test_what_happened_is_in_the_log_and_not_on_the_terminal(tmp_path: Path, capfd: object) -> None:
    with keep_log(tmp_path / "data"):
        log.info("an answer failed")
    log.info("too late")
    path = tmp_path / "data" / "logs" / "loquat.log"
    assert "an answer failed" in path.read_text()
    assert "too late" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_bug_is_written_down_with_its_traceback(tmp_path: Path) -> None:
    try:
        _ = 1 // int("0")
    except ZeroDivisionError as bug:
        where = log_bug(bug, tmp_path)
    assert "test_log_file.py" in Path(where).read_text()


def test_a_log_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    with keep_log(file):
        log.error("lost")
    assert "no log" in log_bug(ValueError(), file)
    assert file.read_text() == "not a folder"
