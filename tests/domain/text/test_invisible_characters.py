"""What can't be seen is shown, and nothing else changes."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.domain.text.invisible_characters import mark_invisible


def test_what_turns_the_order_around_and_what_is_nothing_can_be_seen() -> None:
    assert mark_invisible("a\u202eb\u2066c\u200bd\ufeffe") == "a⇄b⇄c␣d␣e"
    assert mark_invisible("\x1b[31mred\x07") == "␛[31mred␇"


@given(st.text())
def test_it_is_as_long_as_before_and_hides_nothing(text: str) -> None:
    shown = mark_invisible(text)
    assert len(shown) == len(text)
    for before, after in zip(text, shown, strict=True):
        if unicodedata.category(before) not in {"Cf", "Cc", "Mn"}:
            assert after == before


def test_tabs_and_line_ends_stay() -> None:
    assert mark_invisible("\ta\n\u2028é") == "\ta\n\u2028é"
