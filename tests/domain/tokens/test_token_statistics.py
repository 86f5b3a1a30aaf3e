"""A probability that a server does not give is not zero."""

import math

import pytest

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_statistics import (
    entropies,
    figures_of,
    likelihoods,
    rank_of,
    surprises,
)
from app.domain.tokens.token_table import TokenTable

LISTED = (Candidate("a", math.log(0.5)), Candidate("b", math.log(0.25)))
UNKNOWN = Candidate("z", -9999.0)
TABLE = TokenTable.of(
    [
        TokenProbabilities(LISTED[0], LISTED),
        TokenProbabilities(UNKNOWN, LISTED),
        TokenProbabilities(UNKNOWN, ()),
        TokenProbabilities(LISTED[1], ()),
    ]
)


def test_a_token_that_was_not_listed_is_left_out_of_the_mean() -> None:
    figures = figures_of(TABLE)
    assert figures is not None
    assert (figures.tokens, figures.left_out) == (2, 2)
    assert figures.perplexity == pytest.approx(math.sqrt(8))


def test_its_probability_is_at_most_that_of_the_last_listed_one() -> None:
    assert [*likelihoods(TABLE)[:2]] == pytest.approx([0.5, 0.25])
    assert [*surprises(TABLE)[:2]] == pytest.approx([1.0, 2.0])
    assert math.isnan(likelihoods(TABLE)[2])
    assert math.isnan(surprises(TABLE)[2])


def test_there_is_no_entropy_without_alternatives() -> None:
    assert entropies(TABLE)[0] == pytest.approx(1.5)
    assert math.isnan(entropies(TABLE)[2])
    assert math.isnan(entropies(TABLE)[3])


def test_a_token_without_an_id_has_a_rank() -> None:
    table = TokenTable.of([TokenProbabilities(Candidate("b", -1.0, b"b"), LISTED)])
    assert rank_of(table, 0) == 2
