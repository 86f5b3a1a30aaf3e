"""`loquat ask -`: the question comes from standard input, whatever bytes stand there."""

import io
import sys

import pytest

from app.cli import ask
from tests.cli.conftest import Loquat
from tests.servers import answer, chat, serving


def give_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Have these bytes on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_the_question_comes_from_standard_input(
    loquat: Loquat, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_input(monkeypatch, b"\xef\xbb\xbf  a\xff\xc3\xbc\nb\r\n")
    with serving(answer(chat("One"))) as server:
        loquat("ask", "-", "--base-url", server.url)
    assert server.requests[0].json["messages"][0]["content"] == "  a\ufffdü\nb"


@pytest.mark.parametrize("data", [b"", b" \n\n"])
def test_nothing_on_standard_input_is_a_sentence(
    loquat: Loquat, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    give_input(monkeypatch, data)
    ran = loquat("ask", "-")
    assert (ran.status, ran.err) == (1, "loquat: The question is empty.\n")


def test_too_much_on_standard_input_is_a_sentence(
    loquat: Loquat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "MOST_INPUT_BYTES", 2**20)
    give_input(monkeypatch, b"a" * (2**20 + 1))
    ran = loquat("ask", "-")
    assert ran.status == 1
    assert "The limit is 1 MB" in ran.err
