"""Titles that are made from questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.titles import LONGEST_TITLE, title_from
from app.domain.text.graphemes import cut_between_graphemes

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇩🇪"


@given(st.text())
def test_a_title_is_one_line_of_limited_length(text: str) -> None:
    title = title_from(text)
    assert len(title) <= LONGEST_TITLE
    assert title == " ".join(title.split())
    assert bool(title) == bool(text.split())


def test_a_title_is_whole_as_long_as_it_is_a_line_of_common_length() -> None:
    question = "How do I plant a loquat tree on a slope that has sun for half of the day only?"
    assert title_from(question) == question


def test_a_long_question_is_cut_between_words() -> None:
    title = title_from("How do I " + "really " * 60 + "cut this?")
    assert title.endswith("really…")


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("# Plan\n\nBuild **this**", "Plan Build this"),
        ("> quoted\n> again\n\nWhy?", "quoted again Why?"),
        ("- [ ] one\n- [x] two", "one two"),
        ("1. first\n2) second", "first second"),
        ("Explain `a * b` and ``c``", "Explain a * b and c"),
        ("```python\nprint(1)\n```\nWhat does it do?", "print(1) What does it do?"),
        (
            "See [the *docs*](https://example.org/a_b) and ![a cat](cat.png)",
            "See the docs and a cat",
        ),
        ("*very* ***much*** ~~not~~ **so**", "very much not so"),
        ("Title\n=====\nText\n---\nEnd", "Title Text End"),
        # Not marks:
        ("What is 2*3*4, and 2 * 3 * 4?", "What is 2*3*4, and 2 * 3 * 4?"),
        ("What does __init__ do in snake_case?", "What does __init__ do in snake_case?"),
        ("-5 degrees, #hashtag, 1.5 litres", "-5 degrees, #hashtag, 1.5 litres"),
        ("**", "**"),
        ("---", "---"),
    ],
)
def test_a_title_has_no_marks_of_markdown(question: str, title: str) -> None:
    assert title_from(question) == title


@pytest.mark.parametrize(
    "cluster",
    [
        FAMILY,
        FLAG,
        "👍🏽",
        "e\u0301\u0323",
        "❤️",
        "\u1100\u1161\u11a8",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
)
def test_a_cut_never_splits_a_character(cluster: str) -> None:
    text = cluster * 300
    for most in range(len(cluster), LONGEST_TITLE):
        cut = cut_between_graphemes(text, most)
        assert len(cut) == most - most % len(cluster)
    assert title_from(text).rstrip("…") == cluster * ((LONGEST_TITLE - 1) // len(cluster))


def test_a_pile_of_marks_is_cut_all_the_same() -> None:
    assert len(cut_between_graphemes("a" + "\u0301" * 500, 100)) == 100
