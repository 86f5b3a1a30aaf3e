"""A growing text shows no raw marks that its next words turn into styles."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.markup.blocks import (
    Block,
    Code,
    Footnote,
    Heading,
    List,
    Paragraph,
    Quote,
    Spans,
    Style,
    Table,
)
from app.markup.open_marks import shown_while_open
from app.markup.parser import Parser, parse
from tests.markup.texts import GROWING, TEXTS


def plain(block: Block) -> str:
    """All words of a block, without its structure."""

    def of(spans: Spans) -> str:
        return " ".join(span.text for span in spans)

    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            return of(spans)
        case Quote(children=children) | Footnote(children=children):
            return " ".join(map(plain, children))
        case List(items=items):
            return " ".join(plain(child) for item in items for child in item.children)
        case Table(header=header, rows=rows):
            return " ".join(of(cell) for row in (header, *rows) for cell in row)
        case Code(text=text):
            return str(text)
        case _:
            return ""


def shown(text: str) -> Block:
    return shown_while_open(parse(text)[-1])


@pytest.mark.parametrize(
    ("text", "words", "style"),
    [
        ("A **bold", "bold", Style.STRONG),
        ("A *word", "word", Style.EMPHASIS),
        ("A _word", "word", Style.EMPHASIS),
        ("A ~~word", "word", Style.STRIKE),
        ("A ~~word~", "word", Style.STRIKE),
        ("Run `make al", "make al", Style.CODE),
        ("A **bold and *both", "both", Style.STRONG | Style.EMPHASIS),
        ("A ***both", "both", Style.STRONG | Style.EMPHASIS),
    ],
)
def test_words_after_an_open_mark_have_its_style(text: str, words: str, style: Style) -> None:
    block = shown(text)
    assert isinstance(block, Paragraph)
    assert (block.spans[-1].text, block.spans[-1].style) == (words, style)
    assert not re.search(r"[*_~`]", "".join(span.text for span in block.spans))


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 and 4 ** 5",
        "snake_case and __init__.py",
        "a file*name",
        "Closed **bold** words.",
        "Escaped \\`code and more",
        "**" + "far " * 100,
        "A plain text.",
        "|x| is an absolute value",
    ],
)
def test_other_text_is_shown_as_it_is(text: str) -> None:
    block = parse(text)[-1]
    assert shown_while_open(block) is block or "Escaped" in text


@pytest.mark.parametrize("text", ["So **", "So `", "So [", "So ![", "So ~~", "So *"])
def test_marks_at_the_very_end_wait_for_what_they_are(text: str) -> None:
    block = shown(text)
    assert isinstance(block, Paragraph)
    assert "".join(span.text for span in block.spans).strip() == "So"


@pytest.mark.parametrize("address", ["", "https", "https://example.org/a", "/path"])
def test_an_open_link_is_its_label(address: str) -> None:
    block = shown(f"See [the page]({address}")
    assert isinstance(block, Paragraph)
    assert "".join(span.text for span in block.spans) == "See the page"


def test_a_table_is_a_table_from_its_header_on() -> None:
    for text in ("| Sort | Pri", "| Sort | Price |\n", "| Sort | Price |\n|--", "| Sort |\n|:-:|"):
        block = shown(text)
        assert isinstance(block, Table), text
        assert block.header[0][0].text == "Sort"


def test_a_closing_fence_is_no_line_of_the_code() -> None:
    for end in ("`", "``", "```"):
        block = shown(f"```python\nx = 1\n{end}")
        assert isinstance(block, Code)
        assert str(block.text) == "x = 1"


def test_it_reaches_into_lists_quotes_and_cells() -> None:
    for text in ("- a\n- b **bo", "> q\n> **bo", "| a |\n|---|\n| **bo", "1. x\n   - **bo"):
        assert "**" not in plain(shown(text)), text


@settings(deadline=None, max_examples=200)
@given(st.one_of(TEXTS, GROWING))
@example("| <br>\n")
@example("| a &lt; b")
@example("*e*\n**s\n")
def test_any_text_can_be_shown_and_loses_only_marks(text: str) -> None:
    parser = Parser()
    parser.feed(text)
    parser.update()
    for block in parser.blocks[-1:]:
        marks = re.compile(r"[\W_]")
        before = marks.sub("", plain(block))
        after = marks.sub("", plain(shown_while_open(block)))
        # The address of an open link is left out, and nothing else.
        assert after == before or "](" in text


@pytest.mark.parametrize(
    "text", ["a *b* **c", "*e*\n**s\n", "`x` and *y* and ~~z", "*a* *b* *c* *d"]
)
def test_what_stands_before_an_open_mark_stays(text: str) -> None:
    parser = Parser()
    parser.feed(text)
    parser.update()
    [block] = parser.blocks
    marks = re.compile(r"[\W_]")
    assert marks.sub("", plain(shown_while_open(block))) == marks.sub("", text)
