"""Standard output and error as the commands use them: inert on a terminal, quiet when cut off."""

import errno
import io
import os
import re
import shutil
import sys
from typing import TextIO

from app.domain.errors import InputError
from app.domain.text.translation import _

#: C0 but for tab and line feed, delete, and C1: what could move a cursor, ring, or rename the
#: window. What a model says is never an instruction to the terminal.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DIM, _PLAIN = "\x1b[2m", "\x1b[22m"


class ReaderGone(Exception):
    """Whoever read standard output has enough, as `head` does. Not a failure."""


class Output:
    """The two streams. What isn't a terminal gets UTF-8, every character as it is."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        # A program started without standard streams has None there.
        self._out = out or sys.stdout or io.StringIO()
        self._err = err or sys.stderr or io.StringIO()
        self.is_terminal = self._out.isatty()
        self.shows_progress = self._err.isatty()
        self._progress = ""
        if isinstance(self._out, io.TextIOWrapper):
            encoding = None if self.is_terminal else "utf-8"
            self._out.reconfigure(encoding=encoding, errors="replace")

    def write(self, text: str) -> None:
        """Write to standard output at once. Raises ReaderGone, or InputError for a full disk."""
        self._clear_progress()
        try:
            self._out.write(inert(text) if self.is_terminal else text)
            self._out.flush()
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
        """Write what is still held back. Raises as `write` does."""
        self._clear_progress()
        try:
            self._out.flush()
        except OSError as error:
            raise self._failure(error) from error

    def note(self, sentence: str) -> None:
        """Tell the person something, on one line of standard error."""
        self._clear_progress()
        self._tell(f"loquat: {one_line(sentence)}\n")

    def thought(self, text: str) -> None:
        """Show a piece of the reasoning, dimmed, where a person is looking."""
        if self.shows_progress:
            self._clear_progress()
            self._tell(f"{_DIM}{inert(text)}{_PLAIN}")

    def progress(self, words: str) -> None:
        """Show what is being waited for, where a person is looking; no words: it is over."""
        if self.shows_progress:
            self._clear_progress()
            # What is longer than the terminal is wide could not be taken back.
            width = shutil.get_terminal_size().columns
            self._progress = one_line(words)[: width - 1]
            if self._progress:
                self._tell(f"{_DIM}{self._progress}{_PLAIN}")

    def _clear_progress(self) -> None:
        if self._progress:
            self._progress = ""
            self._tell("\r\x1b[K")

    def _tell(self, text: str) -> None:
        # There is nowhere left to say that standard error is gone.
        try:
            self._err.write(text)
            self._err.flush()
        except OSError:
            self._err = io.StringIO()

    def _failure(self, error: OSError) -> Exception:
        self._leave()
        # Windows says EINVAL for a pipe that nobody reads.
        if error.errno in {errno.EPIPE, errno.EINVAL}:
            return ReaderGone()
        return InputError(
            _("The output could not be written: {reason}.").format(reason=error.strerror or error)
        )

    def _leave(self) -> None:
        """Send what is still buffered nowhere, or the interpreter complains at its exit."""
        try:
            descriptor = self._out.fileno()
        except OSError:
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def inert(text: str) -> str:
    """Take out the characters that command a terminal."""
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """Put a text on one line, without the characters that command a terminal."""
    return " ".join(inert(text.replace("\r", " ")).split())
