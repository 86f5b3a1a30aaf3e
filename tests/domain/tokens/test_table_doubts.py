"""Log probabilities that are not the model's own are noticed; real ones are not blamed."""

import math

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.table_doubts import TableDoubt, doubt_of
from app.domain.tokens.token_table import TokenTable


def position(*shares: float) -> TokenProbabilities:
    """A token that is the first of its alternatives; a share of 0 is written as −9999."""
    listed = tuple(
        Candidate(f"t{id_}", math.log(share) if share else -9999.0, None, id_)
        for id_, share in enumerate(shares)
    )
    return TokenProbabilities(listed[0], listed)


def test_an_answer_of_zeros_is_noticed() -> None:
    zeros = [TokenProbabilities(Candidate(one, 0.0), ()) for one in "abc"]
    assert doubt_of(TokenTable.of(zeros)) is TableDoubt.ZEROS
    assert doubt_of(TokenTable.of([position(1.0)] * 3)) is TableDoubt.ZEROS
    zeros[1] = TokenProbabilities(Candidate("b", -0.1), ())
    assert doubt_of(TokenTable.of(zeros)) is None


def test_probabilities_after_the_samplers_are_noticed() -> None:
    cut = [position(0.6, 0.4, 0), position(1.0, 0, 0), position(0.5, 0.3, 0.2)]
    assert doubt_of(TokenTable.of(cut)) is TableDoubt.AFTER_SAMPLERS
    shorter = [position(0.6, 0.4), position(1.0), position(0.5, 0.3, 0.2)]
    assert doubt_of(TokenTable.of(shorter)) is TableDoubt.AFTER_SAMPLERS


def test_a_sure_model_is_believed() -> None:
    sure = [position(0.99999, 0.000009), position(0.9, 0.09)]
    assert doubt_of(TokenTable.of(sure)) is None
    assert doubt_of(TokenTable.of([position(0.99995, 0.00005)] * 9)) is None
    assert doubt_of(TokenTable.of([])) is None
