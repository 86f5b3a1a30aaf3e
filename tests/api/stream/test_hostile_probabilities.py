"""Whatever a server says of probabilities, its answer arrives, and what is shown is finite."""

import json
import math
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Candidate, TextDelta, TokenProbabilities
from app.domain.tokens.token_positions import places_of
from app.domain.tokens.token_statistics import (
    entropies,
    everything_else,
    figures_of,
    rank_of,
    surprises,
)
from app.domain.tokens.token_table import MOST_ALTERNATIVES, TokenTable
from app.store.probabilities import pack, unpack
from tests.api.stream.test_decoder import decoded


def told(token: bytes) -> tuple[str, list[TokenProbabilities]]:
    """The text and the tokens of a delta that says so much of its token."""
    raw = b'{"choices":[{"delta":{"content":"abc"},"logprobs":{"content":[' + token + b"]}}]}"
    events = decoded(raw)
    text = "".join(one.text for one in events if isinstance(one, TextDelta))
    return text, [one for one in events if isinstance(one, TokenProbabilities)]


@pytest.mark.parametrize(
    ("number", "logprob"),
    [
        (b"5.0", 0.0),
        (b"1e300", 0.0),
        (b"-1e300", -9999.0),
        (b"-1e999", -9999.0),
        (b"-Infinity", -9999.0),
        (b"-0.0", 0.0),
        (b"NaN", None),
        (b"Infinity", None),
        (b"1e999", None),
        (b"1e99999999999999999999", None),
        (b"9" * 5000, None),
        (b'"-1"', None),
        (b"true", None),
        (b"null", None),
        (b'{"x":[1]}', None),
    ],
)
def test_a_number_is_a_log_probability_or_its_token_is_left_out(
    number: bytes, logprob: float | None
) -> None:
    chosen = b'{"token":"a","logprob":' + number + b"}"
    text, tokens = told(chosen)
    assert text == "abc"
    assert [one.chosen.logprob for one in tokens] == ([] if logprob is None else [logprob])
    listed = b'{"token":"a","logprob":-1,"top_logprobs":[' + chosen + b"]}"
    text, tokens = told(listed)
    assert text == "abc"
    expected = [] if logprob is None else [logprob]
    assert [one.logprob for one in tokens[0].alternatives] == expected


@pytest.mark.parametrize(
    ("said", "raw"),
    [
        (b"[97]", b"a"),
        (b"[240,159]", b"\xf0\x9f"),
        (b"[97,999,98]", None),
        (b"[97,-1]", None),
        (b"[97.5]", None),
        (b"[true]", None),
        (b"[[97]]", None),
        (b'"abc"', None),
        (b"null", None),
        (b"[]", None),
    ],
)
def test_bytes_are_all_of_a_tokens_or_none(said: bytes, raw: bytes | None) -> None:
    text, (token,) = told(b'{"token":"a","logprob":-1,"bytes":' + said + b"}")
    assert text == "abc"
    assert token.chosen.bytes == raw


def test_a_token_without_text_may_have_no_bytes() -> None:
    _text, (token,) = told(b'{"token":"","logprob":-1,"bytes":[]}')
    assert token.chosen == Candidate("", -1.0, b"")


@pytest.mark.parametrize(
    "odd",
    [
        b'null,4,"x",[[[[]]]]',
        b'{"token":{"a":1},"logprob":-1}',
        b'{"token":"a","logprob":-1,"id":' + b"9" * 5000 + b"}",
        b'{"token":"a","logprob":-1,"id":-5}',
        b'{"token":"\xf0\x9f","logprob":-1}',
        b'{"token":"\\ud83c","logprob":-1}',
        b'{"token":"a","logprob":-1,"top_logprobs":"x"}',
        b'{"token":"a","logprob":-1,"top_logprobs":[null,3,{"token":null},{"logprob":NaN}]}',
        b'{"token":"a","logprob":-1,"top_logprobs":' + b"[" * 50 + b"]" * 50 + b"}",
    ],
)
def test_what_can_not_be_read_costs_no_text(odd: bytes) -> None:
    text, tokens = told(odd)
    assert text == "abc"
    for one in tokens:
        one.chosen.token.encode()
        assert one.alternatives == ()


def test_a_whole_vocabulary_is_cut_to_what_is_likeliest() -> None:
    listed = [{"token": str(place), "logprob": -place / 10} for place in range(200_000)]
    listed.reverse()
    token = {"token": "x", "logprob": -1, "top_logprobs": listed}
    _text, tokens = told(json.dumps(token).encode())
    assert [one.token for one in tokens[0].alternatives] == list(map(str, range(MOST_ALTERNATIVES)))


def test_what_is_kept_of_a_vocabulary_at_every_token_is_bounded() -> None:
    listed = [{"token": str(place), "logprob": -1} for place in range(20_000)]
    token = {"token": "x", "logprob": -1, "top_logprobs": listed}
    raw = json.dumps(token).encode()
    told(raw)
    tracemalloc.start()
    try:
        kept = TokenTable.of(told(raw)[1][0] for _number in range(20))
        held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept) == 20
    assert held < 2_000_000


scored: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "token": st.text(max_size=3) | st.none() | st.integers(),
        "logprob": st.floats() | st.floats(-20, 0) | st.text(max_size=2) | st.none(),
        "bytes": st.lists(st.integers(-2, 260), max_size=4) | st.none() | st.text(max_size=2),
        "id": st.integers(-3, 2**70) | st.integers(0, 3) | st.none(),
    },
)
tokens = st.lists(
    st.builds(
        lambda one, others: {**one, "top_logprobs": others},
        scored,
        st.lists(scored, max_size=4).map(lambda found: found + found[:2]) | st.none(),
    ),
    max_size=5,
)


@given(tokens=tokens)
def test_all_that_is_shown_is_finite(tokens: list[Any]) -> None:
    """`json` writes NaN and Infinity as Python servers do."""
    raw = json.dumps([{**one} for one in tokens])[1:-1].encode()
    text, found = told(raw)
    assert text == "abc"
    live = TokenTable.of(found)
    for table in (live, unpack(pack(live))):
        assert len(table) == len(found)
        # Not a number stands for a figure that is not known.
        figures_ = (*surprises(table), *entropies(table))
        shown = [figure for figure in figures_ if not math.isnan(figure)]
        shown += table.chosen_logprobs
        figures = figures_of(table)
        if figures is not None:
            shown += [figures.mean_logprob, figures.perplexity]
        shown += [everything_else(table, place) for place in range(len(table))]
        assert all(map(math.isfinite, shown))
        places = places_of(table, text)
        for place in range(len(table)):
            assert 0 <= places.start[place] <= places.end[place] <= len(text)
            rank = rank_of(table, place)
            assert rank is None or 1 <= rank <= len(table[place].alternatives)
