"""What is understood, construct by construct, and what stays text."""

from __future__ import annotations

import pytest

from app.markup.blocks import (
    Block,
    Code,
    Footnote,
    Heading,
    Html,
    LinkDefinition,
    List,
    MathBlock,
    Paragraph,
    Quote,
    RawMarkdown,
    Rule,
    Span,
    SpanKind,
    Spans,
    Style,
    Table,
)
from app.markup.grammar import DEEPEST, LONGEST, MOST_BRACKETS, MOST_COLUMNS, MOST_LINES
from app.markup.parser import parse
from app.markup.rope import RopeSlice


def only(text: str) -> Block:
    (block,) = parse(text)
    return block


def inline(text: str) -> Spans:
    block = parse(text)[0]
    assert isinstance(block, Paragraph)
    return block.spans


def words(text: str) -> str:
    return "".join(span.text for span in inline(text))


def test_headings_have_levels() -> None:
    levels = [
        block.level for block in parse("# a\n###### b\nc\n---\n") if isinstance(block, Heading)
    ]
    assert levels == [1, 6, 2]


def test_a_fence_knows_its_language_and_whether_it_is_closed() -> None:
    code = only("```py title=x\na\n```\n")
    assert isinstance(code, Code)
    assert (code.info, code.language, str(code.text), code.closed) == (
        "py title=x",
        "py",
        "a",
        True,
    )
    quote = only("> ~~~\n> a\n")
    assert isinstance(quote, Quote)
    assert quote.children == (Code("", RopeSlice.of("a"), closed=False),)


def test_indented_code_is_code() -> None:
    assert isinstance(only("    a\n\n    b\n"), Code)


def test_a_task_is_open_or_done_and_other_items_are_neither() -> None:
    tasks = only("- [ ] a\n- [x] b\n- c\n")
    assert isinstance(tasks, List)
    assert [item.done for item in tasks.items] == [False, True, None]
    assert inline("[x] a")[0].text == "[x] a"


def test_an_ordered_list_begins_where_it_says() -> None:
    numbered = only("7. a\n8. b\n")
    assert isinstance(numbered, List)
    assert (numbered.ordered, numbered.start) == (True, 7)


def test_a_table_has_alignments_and_even_rows() -> None:
    table = only("| a | b | c |\n|:--|:-:|--:|\n| d | `e \\| f` |\n")
    assert isinstance(table, Table)
    assert table.alignments == ("left", "center", "right")
    assert table.rows == (((Span("d"),), (Span("e | f", Style.CODE),), ()),)


def test_quotes_hold_blocks() -> None:
    quote = only("> # a\n> b\n")
    assert isinstance(quote, Quote)
    assert [type(block) for block in quote.children] == [Heading, Paragraph]


def test_a_rule_and_html_are_blocks_and_html_is_its_text() -> None:
    assert isinstance(only("***\n"), Rule)
    html = only("<script>\n\nalert(1)\n</script>\n")
    assert isinstance(html, Html)
    assert html.text == "<script>\n\nalert(1)\n</script>"


def test_inline_html_is_text_but_for_a_line_break() -> None:
    assert inline('a <img src="file:///x"> b<br>c') == (Span('a <img src="file:///x"> b\nc'),)


def test_styles_add_up() -> None:
    assert inline("**a *b* ~~c~~**") == (
        Span("a ", Style.STRONG),
        Span("b", Style.STRONG | Style.EMPHASIS),
        Span(" ", Style.STRONG),
        Span("c", Style.STRONG | Style.STRIKE),
    )


def test_emphasis_within_emphasis_ends_with_the_outer() -> None:
    assert inline("*a *b* c* d")[-1] == Span(" d")


def test_line_breaks_are_hard_or_a_space() -> None:
    assert inline("a\nb  \nc\\\nd") == (Span("a b\nc\nd"),)


@pytest.mark.parametrize("scheme", ["http://", "https://", "mailto:", "HTTPS://"])
def test_a_link_leads_to_the_web_or_a_mailbox(scheme: str) -> None:
    (link,) = inline(f"[a]({scheme}x.y)")
    assert link.text == "a"
    assert link.href.lower() == f"{scheme}x.y".lower()


@pytest.mark.parametrize(
    "address",
    [
        "smb://host/x", "ms-msdt:/id", "ftp://x", "file:///etc/passwd", "javascript:alert(1)",
        "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "tel:1", "xmpp:a@b.cd",
    ],
)  # fmt: skip
def test_any_other_scheme_stays_as_it_was_written(address: str) -> None:
    for text in (f"[a]({address})", f"![a]({address})", f"<{address}>"):
        spans = inline(text)
        assert "".join(span.text for span in spans) == text
        assert all(not span.image for span in spans)
        assert all(span.href in ("", "mailto:a@b.cd") for span in spans)
    assert words(f"[a]\n\n[a]: {address}") == "[a]"


@pytest.mark.parametrize(
    "address", ["//host/share", "\\\\host\\share", "/etc/passwd", "a.md", "#b", ""]
)
def test_an_address_without_a_scheme_leads_nowhere(address: str) -> None:
    assert inline(f"[a]({address})") == (Span("a"),)


@pytest.mark.parametrize(
    "text", ["java\nscript:x", "java&Tab;script:x", "\x01javascript:x", "&#106;avascript:x"]
)
def test_a_disguised_scheme_leads_nowhere(text: str) -> None:
    assert not any(span.href for span in inline(f"[a](<{text}>)"))


def test_a_link_shows_the_true_host_in_its_address() -> None:
    (link,) = inline("[bank](http://аррӏе.com)")
    assert link.href == "http://xn--80ak6aa92e.com"


def test_an_image_is_its_description_and_address() -> None:
    text = "[![a *b* ![c](http://d)](http://e/f.png)](http://g)"
    assert inline(text) == (
        Span("a b c", href="http://g", kind=SpanKind.IMAGE, image="http://e/f.png"),
    )


def test_a_footnote_reference_needs_its_footnote() -> None:
    text = "a[^1] [^2]\n\n[^1]: b\n\n    c\n"
    assert inline(text) == (Span("a"), Span("1", kind=SpanKind.FOOTNOTE), Span(" [^2]"))
    note = parse(text)[1]
    assert isinstance(note, Footnote)
    assert note.label == "1"
    assert len(note.children) == 2


def test_a_link_definition_is_a_block_that_can_be_copied() -> None:
    definition, paragraph = parse("[a]: http://b\nc\n")
    assert definition == LinkDefinition("a", "http://b", source=definition.source)
    assert str(definition.source) == "[a]: http://b\n"
    assert str(paragraph.source) == "c\n"


def test_a_formula_on_its_own_lines_is_a_block() -> None:
    for text in ("$$\na\n+ b\n$$\n", "\\[ a\n+ b \\]\n"):
        formula = only(text)
        assert isinstance(formula, MathBlock)
        assert formula.text.split() == ["a", "+", "b"]


def test_text_deeper_than_the_limit_is_shown_as_it_was_written() -> None:
    blocks = list(parse("- " * (DEEPEST * 2) + "all the words\n\nafter\n"))
    assert isinstance(blocks[-1], Paragraph)
    block, depth = blocks[0], 0
    while isinstance(block, List):
        block, depth = block.items[0].children[0], depth + 1
    assert isinstance(block, RawMarkdown)
    assert depth == DEEPEST // 2
    assert block.text == "- " * (DEEPEST * 2 - depth) + "all the words"


def test_a_thousand_quotes_lose_no_word() -> None:
    text = "".join(">" * depth + f" w{depth}\n" for depth in range(1, 1000))
    assert "w999" in repr(parse(text))
    assert "w500" in repr(parse(text))


def test_a_long_line_is_plain_text() -> None:
    text = "*a* " * (LONGEST // 4) + "b"
    first, long, last = parse(f"*x*\n{text}\n*y*\n")
    assert isinstance(first, Paragraph)
    assert isinstance(long, Paragraph)
    assert isinstance(last, Paragraph)
    assert long.spans == (Span(text),)
    assert first.spans == (Span("x", Style.EMPHASIS),)
    assert last.spans == (Span("y", Style.EMPHASIS),)


def test_a_long_paragraph_is_plain_text_with_its_lines() -> None:
    text = ("*a* b" + " word" * 20 + "\n") * (LONGEST // 100)
    assert inline(text) == (Span(text.strip()),)


def test_after_very_many_lines_another_paragraph_begins() -> None:
    first, second = parse("a line\n" * MOST_LINES + "more\n===\n")
    assert isinstance(first, Paragraph)
    assert str(first.source) == "a line\n" * MOST_LINES
    assert isinstance(second, Heading)
    first, second = parse("> a line\n" * MOST_LINES + "> more\n")
    assert isinstance(first, Quote)
    assert isinstance(second, Quote)


@pytest.mark.parametrize("mark", ["[", "![", "[[]", "[^"])
def test_very_many_brackets_are_plain_text(mark: str) -> None:
    text = mark * (MOST_BRACKETS + 1)
    assert inline(text) == (Span(text),)
    assert words(mark * 100) == mark * 100


def test_a_table_that_is_too_wide_is_text() -> None:
    row = "|a" * (MOST_COLUMNS + 2)
    assert words(f"{row}\n{row.replace('a', '-')}\n").startswith("|a|a")
