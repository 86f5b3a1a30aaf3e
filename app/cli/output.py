"""Standard output and error of the commands, safe for terminals and closed pipes."""

import errno
import io
import os
import shutil
import sys
from typing import TextIO

from app.domain.errors import InputError
from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.domain.text.translation import _

_DIM, _PLAIN = "\x1b[2m", "\x1b[22m"


class ReaderGone(Exception):
    """The reader closed standard output, as `head` does. This is no failure."""


class Output:
    """Standard output and standard error. A file or pipe gets all characters, in UTF-8; a
    terminal gets marks for characters that command it, turn its text around or are invisible."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        # The streams are None in a program that was started without them.
        self._out = out or sys.stdout or io.StringIO()
        self._err = err or sys.stderr or io.StringIO()
        self.is_terminal = self._out.isatty()
        self.shows_progress = self._err.isatty()
        self._progress = ""
        #: The last characters that were written and thought, for those that join with them.
        self._written, self._thought = "", ""
        if isinstance(self._out, io.TextIOWrapper):
            encoding = None if self.is_terminal else "utf-8"
            self._out.reconfigure(encoding=encoding, errors="replace")

    def write(self, text: str) -> None:
        """Write to standard output at once. Raises ReaderGone, or InputError for a full disk."""
        self._clear_progress()
        try:
            self._out.write(inert(text, self._written) if self.is_terminal else text)
            self._out.flush()
            self._written = text[-1:] or self._written
        except OSError as error:
            raise self._failure(error) from error

    def write_bytes(self, piece: bytes) -> None:
        """Write UTF-8 to standard output. Raises as `write` does."""
        if self.is_terminal or not isinstance(self._out, io.TextIOWrapper):
            self.write(piece.decode())
            return
        try:
            self._out.buffer.write(piece)
        except OSError as error:
            raise self._failure(error) from error

    def finish(self) -> None:
        """Write buffered output. Raises as `write` does."""
        self._clear_progress()
        try:
            self._out.flush()
        except OSError as error:
            raise self._failure(error) from error

    def note(self, sentence: str) -> None:
        """Print a sentence for the person on one line of standard error."""
        self._clear_progress()
        self._tell(f"loquat: {one_line(sentence)}\n")

    def thought(self, text: str) -> None:
        """Print a piece of the reasoning, dimmed, if standard error is a terminal."""
        if self.shows_progress:
            self._clear_progress()
            self._tell(f"{_DIM}{inert(text, self._thought)}{_PLAIN}")
            self._thought = text[-1:] or self._thought

    def progress(self, words: str) -> None:
        """Show a progress text if standard error is a terminal; "" removes it."""
        if self.shows_progress:
            self._clear_progress()
            # A text of several lines could not be removed again.
            width = shutil.get_terminal_size().columns
            self._progress = one_line(words)[: width - 1]
            if self._progress:
                self._tell(f"{_DIM}{self._progress}{_PLAIN}")

    def _clear_progress(self) -> None:
        if self._progress:
            self._progress = ""
            self._tell("\r\x1b[K")

    def _tell(self, text: str) -> None:
        # A failure of standard error can't be reported anywhere.
        try:
            self._err.write(text)
            self._err.flush()
        except OSError:
            self._err = io.StringIO()

    def _failure(self, error: OSError) -> Exception:
        self._leave()
        # Windows reports a closed pipe as EINVAL.
        if error.errno in {errno.EPIPE, errno.EINVAL}:
            return ReaderGone()
        return InputError(
            _("The output could not be written: {reason}.").format(reason=error.strerror or error)
        )

    def _leave(self) -> None:
        """Redirect standard output to nowhere. Otherwise the interpreter reports an error when it
        flushes the buffer at exit."""
        try:
            descriptor = self._out.fileno()
        except OSError:
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def inert(text: str, before: str = "") -> str:
    """Replace characters that command a terminal, turn its text around or are invisible by marks.

    `before` is the text that was shown before. A carriage return is left out: alone, it would let
    a line be overwritten.
    """
    return mark_invisible_in_prose(text, before).replace("\r", "")


def one_line(text: str) -> str:
    """Put a text on one line, with marks as `inert` makes them."""
    return inert(" ".join(text.split()))
