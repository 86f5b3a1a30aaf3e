"""Any text becomes text that can be kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.markup.text_repair import TextRepair
from tests.markup.texts import CUTS, cut_at

ALPHABET = st.sampled_from("ab\r\n\0\ud83d\ude00\U0001f600é")


def taken(*pieces: str) -> str:
    intake = TextRepair()
    return "".join(map(intake.take, pieces)) + intake.finish()


def test_a_pair_that_was_cut_is_its_character() -> None:
    assert taken("a\ud83d", "\ude00b") == "a\U0001f600b"
    assert taken("\ud83d", "", "\ude00") == "\U0001f600"


def test_a_lone_half_is_replaced() -> None:
    assert taken("\ud83d", "x\ude00", "\ude00\ud83d") == "\ufffdx\ufffd\ufffd\ufffd"


def test_every_line_ending_is_one_even_when_it_was_cut() -> None:
    assert taken("a\r", "\nb\r", "\rc\r\n", "\n\r") == "a\nb\n\nc\n\n\n"
    assert taken("a\r", "\n", "\n", "b") == "a\n\nb"


def test_nul_is_replaced() -> None:
    assert taken("a\0b") == "a\ufffdb"


@given(st.text(ALPHABET, max_size=30), CUTS)
def test_what_comes_out_does_not_depend_on_the_cuts(text: str, places: list[int]) -> None:
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    expected = expected.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    assert taken(*cut_at(text, places)) == expected
