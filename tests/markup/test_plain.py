"""One parse of ours is one run of markdown-it: without this the parser's law could be vacuous."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markup.parser import parse
from app.markup.text_repair import TextRepair
from tests.markup.examples import EXAMPLES
from tests.markup.plain import of_blocks, of_text
from tests.markup.texts import GROWING, TEXTS


def normal(text: str) -> str:
    intake = TextRepair()
    return intake.take(text) + intake.finish()


@settings(deadline=None, max_examples=150)
@given(st.one_of(TEXTS, GROWING))
def test_blocks_are_what_markdown_it_finds(text: str) -> None:
    assert of_blocks(parse(text)) == of_text(normal(text))


@pytest.mark.parametrize("text", EXAMPLES, ids=[str(number) for number in range(len(EXAMPLES))])
def test_an_example_of_every_construct_is_what_markdown_it_finds(text: str) -> None:
    assert of_blocks(parse(text)) == of_text(normal(text))
