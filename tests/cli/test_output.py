"""What a terminal gets can't command it; what a file gets is whole."""

import errno
import io
import os
from collections.abc import Iterator
from typing import NoReturn

import pytest

from app.cli.output import Output, ReaderGone, one_line
from app.domain.errors import InputError


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


class Full(io.StringIO):
    """A file on a disk without room."""

    def write(self, _text: str) -> NoReturn:
        """Fail as the system does."""
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def pipe() -> Iterator[io.TextIOWrapper]:
    """A pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="ascii") as file:  # noqa: PTH123 (it is a descriptor)
        yield file


def test_a_terminal_gets_nothing_that_commands_it() -> None:
    out = Terminal()
    Output(out, io.StringIO()).write("a\x1b[31mb\x07\x00\x9b2Jc\td\r\ne\x7fü😀\u2028")
    assert out.getvalue() == "a␛[31mb␇␀␛2Jc\td\ne␡ü😀\u2028"


def test_a_terminal_shows_what_turns_its_text_around_and_what_is_invisible() -> None:
    out, err = Terminal(), Terminal()
    output = Output(out, err)
    output.write("a\u202eb\u2066c\u200bd\ufeffe\U000e0041")
    output.note("\u202eno")
    output.thought("\u202ehm")
    assert out.getvalue() == "a⇄b⇄c␣d␣e␣"
    assert "\u202e" not in err.getvalue()


def test_an_emoji_that_comes_in_pieces_stays_whole() -> None:
    out = Terminal()
    output = Output(out, io.StringIO())
    for piece in "👩\u200d💻":
        output.write(piece)
    assert out.getvalue() == "👩\u200d💻"


def test_a_file_gets_every_character() -> None:
    raw = io.BytesIO()
    output = Output(io.TextIOWrapper(raw, encoding="ascii"), io.StringIO())
    output.write("a\x1b[31mü")
    output.write_bytes("😀".encode())
    output.finish()
    assert raw.getvalue() == "a\x1b[31mü😀".encode()


def test_a_note_is_one_line_whatever_is_in_it() -> None:
    err = io.StringIO()
    Output(io.StringIO(), err).note("First.\r\nThen \x1b[2J\n\nmore.")
    assert err.getvalue() == "loquat: First. Then ␛[2J more.\n"


def test_thoughts_and_progress_are_for_people_alone() -> None:
    err = io.StringIO()
    output = Output(Terminal(), err)
    output.thought("Hm.")
    output.progress("Loading…")
    assert err.getvalue() == ""


def test_progress_is_gone_before_anything_else_is_written() -> None:
    out, err = Terminal(), Terminal()
    output = Output(out, err)
    output.progress("Loading…")
    output.write("Hello")
    assert err.getvalue().endswith("\r\x1b[K")
    assert out.getvalue() == "Hello"


def test_a_reader_that_went_away_is_no_failure(pipe: io.TextIOWrapper) -> None:
    output = Output(pipe, io.StringIO())
    with pytest.raises(ReaderGone):
        output.write("Hello")
    output.finish()


def test_a_full_disk_is_a_sentence() -> None:
    with pytest.raises(InputError, match="No space left"):
        Output(Full(), io.StringIO()).write("Hello")


def test_one_line_keeps_letters_and_spaces() -> None:
    assert one_line(" a\tb\n c\x85 ") == "a b c"
