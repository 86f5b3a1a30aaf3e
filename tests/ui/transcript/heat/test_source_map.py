"""Rendered words find their places in the source, whatever marks stand between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.heat.source_map import PATIENCE, map_source


def aligned(source: str, *pieces: str) -> list[tuple[str, str]]:
    """Each rendered character beside the one of the source, where it has one."""
    whole = "\n".join(pieces)
    found = map_source(source, pieces)
    places = [(one, found.source_of(place)) for place, one in enumerate(whole)]
    return [(one, source[at]) for one, at in places if at is not None]


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("A **bold** and *soft* word.\n", ["A bold and soft word."]),
        ("See [the page](https://host/the) now.\n", ["See the page now."]),
        ("`code` and ``more ` code``\n", ["code and more ` code"]),
        ("- one\n- two\n  - three\n", ["one", "two", "three"]),
        ("| a | b |\n|---|---|\n| 5 | **6** |\n", ["a\tb", "5\t6"]),
        ("```python\nx = 1\ny = 2\n```\n", ["x = 1", "y = 2"]),
        ("# Title #\n", ["Title"]),
        ("> quoted\n> words\n", ["quoted words"]),
        ("浜辺の**枇杷**の木\n", ["浜辺の枇杷の木"]),
        ("مرحبا **بالعالم**\n", ["مرحبا بالعالم"]),
        ("two 🍃 ~~leaves~~ 🍃\n", ["two 🍃 leaves 🍃"]),
        ("1. first\n2. second\n", ["first", "second"]),
        ("**a** **a** **a**\n", ["a a a"]),
    ],
)
def test_every_rendered_word_is_found(source: str, pieces: list[str]) -> None:
    found = aligned(source, *pieces)
    assert all(one == other or (one.isspace() and other.isspace()) for one, other in found)
    words = [one for one in "".join(pieces) if not one.isspace()]
    assert [one for one, _other in found if not one.isspace()] == words


def test_places_go_on_after_what_has_none() -> None:
    found = map_source("Tom &amp; Jerry run home.\n", ["Tom & Jerry run home."])
    assert found.source_of(0) == 0
    assert found.source_of(6) == len("Tom &amp; ")


def test_a_link_text_is_not_taken_for_its_address() -> None:
    source = "[host](https://host.example) is a host\n"
    found = map_source(source, ["host is a host"])
    assert found.source_of(0) == 1
    assert found.source_of(10) == source.rindex("host")


@given(
    words=st.lists(st.text("abcxyz", min_size=1, max_size=8), min_size=1, max_size=20),
    marks=st.lists(st.sampled_from(["", "*", "**", "`", "~~"]), min_size=20, max_size=20),
)
def test_marked_words_are_found_in_order(words: list[str], marks: list[str]) -> None:
    source = " ".join(f"{mark}{word}{mark}" for word, mark in zip(words, marks, strict=False))
    rendered = " ".join(words)
    found = map_source(source, [rendered])
    places = [found.source_of(place) for place in range(len(rendered))]
    known = [place for place in places if place is not None]
    assert known == sorted(set(known))
    assert len(known) == len(rendered)
    for place, one in enumerate(rendered):
        at = places[place]
        assert at is not None
        assert source[at] == one


@given(source=st.text(max_size=80), rendered=st.text(max_size=80))
def test_anything_maps_to_what_is_the_same(source: str, rendered: str) -> None:
    for one, other in aligned(source, rendered):
        assert one == other or (one.isspace() and other.isspace())


def test_what_has_no_place_is_not_looked_for_without_end() -> None:
    words = "plain words " * 10
    source = words + "ab " * (PATIENCE + 100)
    found = map_source(source, [words + "b" * (PATIENCE + 100)])
    assert found.source_of(len(words) - 2) == len(words) - 2
    assert found.source_of(len(words) + 2 * 100) is not None
    assert found.source_of(len(words) + PATIENCE + 50) is None
