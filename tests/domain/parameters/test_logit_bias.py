"""A word has several tokens, and an id means a word of one model alone."""

import pytest

from app.domain.parameters.logit_bias import BIASES, origin_of, variants, with_origin
from app.domain.parameters.token_origins import MOST_ORIGINS, MOST_WORDS, Origin


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("tree", (" tree", "tree", " Tree", "Tree")),
        (" Tree ", (" Tree", "Tree", " tree", "tree")),
        ("ßen", (" ßen", "ßen")),
        ("中文", (" 中文", "中文")),
        ("!", (" !", "!")),
        (" ", (" ",)),
        ("\n", (" \n", "\n")),
        ("", ()),
    ],
)
def test_a_word_is_written_in_several_ways(text: str, forms: tuple[str, ...]) -> None:
    assert variants(text) == forms


def test_ids_are_of_this_model_where_it_knows_them_all() -> None:
    mine, other = Origin("p", "a", "A", {1: b"x", 2: b"y"}), Origin("p", "b", "B", {1: b"z"})
    assert origin_of([1], "p", "a", [mine, other]) is mine
    assert origin_of([1], "p", "b", [mine, other]) is other
    assert origin_of([1, 2], "p", "b", [mine, other]) is mine
    # Of two that know as many the latest is meant.
    assert origin_of([1], "p", "c", [mine, other]) is other
    assert origin_of([3], "p", "a", [mine, other]) is None
    assert origin_of([], "p", "a", [mine]) is None


def test_what_is_remembered_is_added_and_bounded() -> None:
    known = with_origin((Origin("p", "a", "A", {1: b"x"}),), Origin("p", "a", "A", {2: b"y"}))
    assert known == (Origin("p", "a", "A", {1: b"x", 2: b"y"}),)
    many = Origin("p", "a", "A", dict.fromkeys(range(10, 10 + MOST_WORDS), b""))
    (one,) = with_origin(known, many)
    assert dict(one.words) == dict(many.words)
    for number in range(2 * MOST_ORIGINS):
        known = with_origin(known, Origin("p", str(number), "", {}))
    assert len(known) == MOST_ORIGINS
    assert known[-1].model == str(2 * MOST_ORIGINS - 1)


def test_half_of_the_slider_is_for_nudges() -> None:
    assert (BIASES.value(0), BIASES.value(0.5), BIASES.value(1)) == (-100, 0, 100)
    assert BIASES.share(10) - BIASES.share(-10) == 0.5
