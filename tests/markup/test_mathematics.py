"""Formulas in running text, and what only looks like one."""

from __future__ import annotations

import pytest

from app.markup.blocks import MathBlock, Paragraph, SpanKind
from app.markup.parser import parse


def formulas(text: str) -> list[str]:
    block = parse(text)[0]
    assert isinstance(block, Paragraph)
    return [
        span.text for span in block.spans if span.kind in (SpanKind.MATH, SpanKind.DISPLAY_MATH)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("so $x^2$ is", ["x^2"]),
        ("the $n$th of $k$.", ["n", "k"]),
        ("$a_1*b_2*c$", ["a_1*b_2*c"]),
        ("$2 \\pi r$", ["2 \\pi r"]),
        ("$5 + x$", ["5 + x"]),
        ("$a \\$ b$", ["a \\$ b"]),
        ("公式$x$是", ["x"]),
        ("\\(a\\) and \\( b \\)", ["a", "b"]),
        ("then $$x$$ and \\[ y \\] here", ["x", "y"]),
        ("**$a$** `$b$`", ["a"]),
    ],
)
def test_a_formula_is_its_latex(text: str, found: list[str]) -> None:
    assert formulas(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "$5-$6",
        "$5 and US$",
        "between $1,000 and 2,000$ or so",
        "US$5 and x$",
        "$ x$",
        "$x $",
        "\\$x$",
        "a $ b",
        "$$ x",
        "$$$$",
        "\\(\\)",
        "\\( x",
        "\\[1\\] says",
        "`$HOME` and `$PATH`",
    ],
)
def test_money_escapes_and_lone_marks_are_text(text: str) -> None:
    assert formulas(text) == []


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("$$x$$\n", "x"),
        ("$$\nx\n$$", "x"),
        ("  \\[\n  x\n  \\]\n", "x"),
        ("$$ x\ny $$\n", "x\ny"),
        ("\\[x\\]\n", "x"),
    ],
)
def test_a_formula_may_fill_its_lines(text: str, latex: str) -> None:
    (block,) = parse(text)
    assert isinstance(block, MathBlock)
    assert block.text == latex


@pytest.mark.parametrize(
    "text", ["$$\nx\n", "$$\nx\n\ny\n$$\n", "$$", "\\[a](b)\n", "$$x$$ y\n", "$$\nx $$ y\n$$"]
)
def test_a_formula_that_does_not_end_is_text(text: str) -> None:
    assert not any(isinstance(block, MathBlock) for block in parse(text))


def test_a_formula_ends_a_paragraph() -> None:
    before, formula, after = parse("text\n$$\nx\n$$\ntext\n")
    assert isinstance(before, Paragraph)
    assert isinstance(formula, MathBlock)
    assert isinstance(after, Paragraph)
