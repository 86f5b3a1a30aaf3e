"""Mending text, and estimating tokens."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.token_estimate import estimate_tokens
from app.domain.text.surrogates import SurrogateRepair, mend

WILD = st.text(st.characters(codec=None, categories=None) | st.characters(categories=["Cs"]))


@given(WILD)
def test_mended_text_can_be_written_anywhere(text: str) -> None:
    mended = mend(text)
    mended.encode()
    assert "\x00" not in mended


@given(st.lists(WILD))
def test_mending_in_pieces_is_mending_at_once(pieces: list[str]) -> None:
    mending = SurrogateRepair()
    mended = "".join(map(mending.feed, pieces)) + mending.finish()
    assert mended == mend("".join(pieces))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_whole_text_stays_as_it_is(text: str) -> None:
    assert mend(text) == text


def test_an_english_sentence_is_about_as_many_tokens_as_words() -> None:
    assert (
        8 <= estimate_tokens("Explain quantum entanglement in one simple sentence, please.") <= 14
    )


def test_an_estimate_grows_with_the_text() -> None:
    assert estimate_tokens("word " * 100_000) > 50 * estimate_tokens("word " * 1000)
    assert estimate_tokens("") == 0
