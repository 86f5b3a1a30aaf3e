"""Words are cut by the real model as its own answers are, and come back as they were written."""

from pathlib import Path

import pytest

from app.domain.providers.providers import EMBEDDED
from app.services.program.core import Core

pytestmark = pytest.mark.engine


async def test_the_ways_to_write_a_word_are_looked_up_in_the_embedded_model(
    tmp_path: Path,
) -> None:
    core = Core(tmp_path)
    try:
        assert core.tokenizing.why_not(EMBEDDED) == ""
        cuts = await core.tokenizing.cuts(EMBEDDED, EMBEDDED.model, "hello")
        assert [one.text for one in cuts] == [" hello", "hello", " Hello", "Hello"]
        for cut in cuts:
            assert b"".join(word.raw for word in cut.words).decode() == cut.text
        assert len({word.id for cut in cuts for word in cut.words}) >= 4
        (half, *_rest) = await core.tokenizing.tokens(EMBEDDED, EMBEDDED.model, "🫧")
        with pytest.raises(UnicodeDecodeError):
            half.raw.decode()
        # A token that was looked up is found again by what it stands for.
        words = {word.id or 0: word.raw for word in cuts[0].words}
        moved = await core.tokenizing.moved(EMBEDDED, EMBEDDED.model, {999_999: b" hello"} | words)
        assert moved[999_999].id in words
    finally:
        await core.close()
