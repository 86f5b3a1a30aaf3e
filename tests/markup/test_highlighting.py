"""Highlighting: the right syntax, in order, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.markup.highlighting import LONGEST, HighlightedRun, SyntaxClass, highlight

PYTHON = '''\
def harvest(tree: Tree) -> int:  # ripe
    """Take it."""
    return 12 if tree else "none"
'''


def runs(text: str, language: str) -> list[HighlightedRun]:
    return [run for run in highlight(text, language) if run is not None]


@pytest.mark.parametrize(
    ("words", "syntax"),
    [
        ("def", SyntaxClass.KEYWORD),
        ("harvest", SyntaxClass.NAME),
        ("# ripe", SyntaxClass.COMMENT),
        ('"""Take it."""', SyntaxClass.STRING),
        ("12", SyntaxClass.NUMBER),
        ('"none"', SyntaxClass.STRING),
    ],
)
def test_each_part_of_a_program_has_its_class(words: str, syntax: SyntaxClass) -> None:
    start = PYTHON.index(words)
    assert HighlightedRun(start, start + len(words), syntax) in runs(PYTHON, "python")


def test_a_diff_shows_what_came_and_went() -> None:
    syntaxes = [run.syntax for run in runs("-old\n+new", "diff")]
    assert syntaxes == [SyntaxClass.REMOVED, SyntaxClass.ADDED]


@pytest.mark.parametrize(
    "language", ["", "no such language", "../../etc/passwd", "pythön", "a" * 999]
)
def test_an_unknown_language_is_plain(language: str) -> None:
    assert runs("def a(): pass", language) == []


@given(
    st.text(alphabet="def class'\"#/*(){}\n\t<>&=01 é🍊\\", max_size=200),
    st.sampled_from(["python", "c", "html", "javascript", "bash", "json", "rust", "sql", "diff"]),
)
def test_runs_are_in_order_and_within_the_text(text: str, language: str) -> None:
    end = 0
    for run in runs(text, language):
        assert end <= run.start < run.end <= len(text)
        end = run.end


def test_what_is_too_long_is_plain_beyond_a_limit() -> None:
    assert runs("x = 1" + "0" * 5_000, "python") == []
    long = runs("x = 1\n" * (LONGEST // 4), "python")
    assert long
    assert long[-1].end <= LONGEST
