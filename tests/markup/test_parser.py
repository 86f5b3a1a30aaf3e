"""The law of the parser, and what is parsed again."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from app.markup import grammar
from app.markup import parser as parser_module
from app.markup.blocks import Block, Code, List, Paragraph, Span, Table
from app.markup.grammar import Markdown, outline
from app.markup.parser import Parser, parse
from tests.markup.examples import EXAMPLES
from tests.markup.texts import CUTS, GROWING, TEXTS, cut_at, cut_every

SIZES = (1, 2, 3, 7)


def fed(pieces: Iterable[str]) -> tuple[Block, ...]:
    parser = Parser()
    for piece in pieces:
        parser.feed(piece)
        parser.update()
    parser.finish()
    parser.update()
    return tuple(parser.blocks)


@settings(deadline=None, max_examples=80)
@given(st.one_of(TEXTS, GROWING))
def test_blocks_are_those_of_one_parse_however_the_text_is_cut(text: str) -> None:
    expected = parse(text)
    for size in SIZES:
        assert fed(cut_every(text, size)) == expected
    assert fed([text]) == expected


@settings(deadline=None, max_examples=100)
@given(st.one_of(TEXTS, GROWING), CUTS)
def test_blocks_are_right_after_every_piece(text: str, places: list[int]) -> None:
    parser = Parser()
    pieces = list(cut_at(text, places))
    for piece, so_far in zip(pieces, accumulate(pieces), strict=True):
        parser.feed(piece)
        parser.update()
        if not "\ud800" <= so_far[-1:] <= "\udbff":
            assert tuple(parser.blocks) == parse(so_far)


@settings(deadline=None, max_examples=300)
@given(st.one_of(TEXTS, GROWING), CUTS, st.integers(1, 4))
def test_the_law_holds_where_paragraphs_and_quotes_end_early(
    text: str, places: list[int], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grammar, "MOST_LINES", most)
        expected = parse(text)
        assert fed(cut_every(text, 1)) == expected
        assert fed(cut_at(text, places)) == expected


@settings(deadline=None, max_examples=60)
@given(st.one_of(TEXTS, GROWING), CUTS)
def test_an_update_says_what_changed_and_keeps_the_rest(text: str, places: list[int]) -> None:
    parser = Parser()
    before: Sequence[Block] = ()
    for piece in cut_at(text, places):
        parser.feed(piece)
        change = parser.update()
        now = tuple(parser.blocks)
        for index, (old, new) in enumerate(zip(before, now, strict=False)):
            if index < change.first and index not in change.reopened:
                assert new is old
        assert change.first <= len(now)
        assert all(index < change.first for index in change.reopened)
        before = now


@settings(deadline=None, max_examples=40)
@given(TEXTS)
def test_pieces_may_pile_up_between_updates(text: str) -> None:
    parser = Parser()
    for number, piece in enumerate(cut_every(text, 2)):
        parser.feed(piece)
        if number % 5 == 4:
            parser.update()
    parser.finish()
    parser.update()
    assert tuple(parser.blocks) == parse(text)


@pytest.mark.parametrize("text", EXAMPLES, ids=[str(number) for number in range(len(EXAMPLES))])
def test_the_law_holds_on_an_example_of_every_construct(text: str) -> None:
    for size in SIZES:
        parser = Parser()
        for end, piece in enumerate(cut_every(text, size), 1):
            parser.feed(piece)
            parser.update()
            if not "\ud800" <= piece[-1] <= "\udbff":
                assert tuple(parser.blocks) == parse(text[: end * size])


@settings(deadline=None, max_examples=40)
@given(TEXTS, CUTS)
def test_the_sources_of_the_blocks_are_the_text(text: str, places: list[int]) -> None:
    blocks = fed(cut_at(text, places))
    assert blocks == parse(text)
    source = "".join(str(block.source) for block in blocks)
    if blocks:
        normal = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        normal = normal.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        assert source == normal


def test_a_finished_block_keeps_its_identity() -> None:
    parser = Parser()
    parser.feed("# One\n\ntwo\n\nthree")
    parser.update()
    heading, paragraph, _ = parser.blocks
    parser.feed(" and more\n\nfour")
    change = parser.update()
    assert parser.blocks[0] is heading
    assert parser.blocks[1] is paragraph
    assert change.first == 2
    assert change.reopened == ()


def test_nothing_new_changes_nothing() -> None:
    parser = Parser()
    parser.feed("text")
    parser.update()
    assert parser.update().first == 1
    parser.feed("")
    assert parser.update().first == 1


def test_a_late_definition_reopens_only_the_blocks_that_name_it() -> None:
    parser = Parser()
    parser.feed("see [a]\n\nno name\n\nsee [A]\n\nsee [b]\n\n")
    parser.update()
    parser.feed("[a]: https://example.com\n")
    change = parser.update()
    assert change.reopened == (0, 2)
    assert parser.blocks[0] == parse("see [a]\n\n[a]: https://example.com")[0]


def test_a_late_definition_reaches_the_finished_items_and_rows() -> None:
    text = (
        "- x\n- [a]\n- y\n\n> q\n\n| [a] | [b] |\n|-|-|\n| [a] | c |\n| d | e |\n\n[b]: http://b\n"
    )
    text += "\n[a]: http://a\n"
    assert fed(cut_every(text, 3)) == parse(text)


def test_a_definition_that_is_taken_back_takes_its_links_back() -> None:
    parser = Parser()
    parser.feed("[a]\n\n[a]: http://x")
    parser.update()
    assert parser.blocks[0] == parse("[a]\n\n[a]: http://x")[0]
    parser.feed(" no title\n\n")
    assert parser.update().reopened == (0,)
    assert isinstance(parser.blocks[0], Paragraph)
    assert parser.blocks[0].spans == (Span("[a]"),)


def test_the_first_definition_of_a_name_wins() -> None:
    blocks = fed(cut_every("[a]: http://one\n\n[a]\n\n[a]: http://two\n", 1))
    assert isinstance(blocks[1], Paragraph)
    assert blocks[1].spans == (Span("a", href="http://one"),)


class Parsed:
    """Counts the characters that are parsed."""

    def __init__(self) -> None:
        self.characters = 0

    def outline(self, markdown: Markdown, text: str, *, goes_on: bool = False) -> list[Token]:
        self.characters += len(text)
        return outline(markdown, text, goes_on=goes_on)


@pytest.mark.parametrize(
    ("beginning", "line"),
    [
        ("```py\n", "x = 1\n"),
        ("  ~~~\n", "  x = 1\n"),
        ("", "- item\n"),
        ("", "7. item\n\n"),
        ("| a | b |\n|---|---|\n", "| c | d |\n"),
        ("", "para\n\n"),
        ("", "# heading\n"),
        ("", "[a name]: https://example.org/address\n"),
        ("", "```\nx\n```\n"),
    ],
)
def test_what_is_parsed_does_not_grow_with_the_text(
    beginning: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = Parsed()
    monkeypatch.setattr(parser_module, "outline", parsed.outline)
    parser = Parser()
    parser.feed(beginning + line * 1000)
    parser.update()
    parsed.characters = 0
    for piece in cut_every(line * 20, 4):
        parser.feed(piece)
        parser.update()
    assert parsed.characters < 20 * len(line) * 20
    assert tuple(parser.blocks) == parse(beginning + line * 1020)


def test_an_open_fence_grows_without_being_parsed() -> None:
    parser = Parser()
    parser.feed("```py\n" + "x = 1\n" * 1000)
    parser.update()
    parser.feed("y")
    parser.update()
    (code,) = parser.blocks
    assert isinstance(code, Code)
    assert not code.closed
    assert code.text.since(6 * 1000) == "y"


def test_a_fence_closes_only_with_its_own_mark() -> None:
    text = "~~~~\n```\n~~~\n    ~~~~\n~~~~ x\n ~~~~~  \nafter\n"
    assert fed(cut_every(text, 1)) == parse(text)
    code, after = fed(cut_every(text, 5))
    assert isinstance(code, Code)
    assert code.closed
    assert str(code.text) == "```\n~~~\n    ~~~~\n~~~~ x"
    assert isinstance(after, Paragraph)


def test_a_list_becomes_loose_late() -> None:
    (tight,) = fed(cut_every("- a\n- b\n- c\n", 1))
    (loose,) = fed(cut_every("- a\n- b\n- c\n\n- d\n", 1))
    assert isinstance(tight, List)
    assert isinstance(loose, List)
    assert tight.tight
    assert not loose.tight
    assert len(loose.items) == 4


def test_a_table_that_lacks_too_many_cells_ends_as_in_one_parse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # `markdown_it.rules_block.table` is the function; its module is found by name alone.
    for module in ("markdown_it.rules_block.table", "app.markup.open_lists_and_tables"):
        monkeypatch.setattr(sys.modules[module], "MAX_AUTOCOMPLETED_CELLS", 100)
    text = "|a|a|a|\n|-|-|-|\n" + "|x\n|y|y|y|y\n" * 20 + "|z\n" * 60 + "end\n"
    expected = parse(text)
    assert isinstance(expected[0], Table)
    assert len(expected[0].rows) < 90
    for size in SIZES:
        assert fed(cut_every(text, size)) == expected
