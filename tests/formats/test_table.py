"""Every format of the table writes any conversation, and says what it keeps."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli.arguments import parse
from app.domain.chat.conversation import Conversation
from app.formats.full_message import FullMessage
from app.formats.table import BY_NAME, FORMATS, Format
from tests.checkout import ROOT
from tests.formats.test_loquat_json import libraries

formats = st.sampled_from(FORMATS)


def by_name(format_: Format) -> str:
    return format_.name


@pytest.mark.parametrize("format_", FORMATS, ids=by_name)
def test_a_format_says_what_it_is(format_: Format) -> None:
    assert format_.name == format_.name.strip().lower() != ""
    assert format_.keeps.endswith(".")
    assert format_.suffixes
    assert all(suffix.startswith(".") for suffix in format_.suffixes)


def test_no_two_formats_share_a_name() -> None:
    assert list(BY_NAME.values()) == list(FORMATS)


@settings(max_examples=40)
@given(formats, libraries)
def test_whatever_is_in_a_conversation_is_written_as_utf_8(
    format_: Format, library: list[tuple[Conversation, list[FullMessage]]]
) -> None:
    text = b"".join(format_.write(library)).decode()
    assert text.endswith("\n")
    # As an iterator that can be read once, as an export gives it.
    again = format_.write((one, iter(messages)) for one, messages in library)
    assert b"".join(again).decode() == text


@pytest.mark.parametrize("format_", FORMATS, ids=by_name)
def test_the_command_line_takes_each_format(format_: Format) -> None:
    arguments = ["export", "--all", "--format", format_.name, "--output", "-"]
    assert parse(arguments).format == format_.name


def test_the_table_loads_no_writer() -> None:
    code = "import sys, app.formats.table; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"msgspec", "app.formats.loquat_json"} & set(done.stdout.split())
