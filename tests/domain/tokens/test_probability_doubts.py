"""Probabilities that are not the model's own are noticed; those of the model are not doubted."""

import math

import pytest

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.probability_doubts import ProbabilityDoubt, doubt_of, sum_of_shares
from app.domain.tokens.token_table import TokenTable


def at(*logprobs: float, chosen: float | None = None) -> TokenProbabilities:
    """A token whose alternatives have these log probabilities; the first came."""
    made = tuple(Candidate(f"t{n}", one, None, n) for n, one in enumerate(logprobs))
    own = made[0] if chosen is None else Candidate("t0", chosen, None, 0)
    return TokenProbabilities(own, made)


HALF = math.log(0.5)
USUAL = at(HALF, math.log(0.25), math.log(0.1))
#: The model was sure, and top_p left the token alone.
ALONE, PAIR = at(0.0), at(HALF, HALF)


@pytest.mark.parametrize(
    ("tokens", "doubt"),
    [
        ([USUAL] * 20, ProbabilityDoubt.NONE),
        # A sure token among others is nothing strange.
        ([USUAL] * 19 + [at(-1e-6, -14.0, -15.0)], ProbabilityDoubt.NONE),
        # DeepSeek: the token that came was not among the likeliest.
        ([at(HALF, -2.0, -3.0, chosen=-9999.0)] * 20, ProbabilityDoubt.NONE),
        ([at(chosen=0.0)] * 20, ProbabilityDoubt.ALL_ZERO),
        ([at(chosen=-0.5)] * 20, ProbabilityDoubt.NONE),
        # vLLM's processed log probabilities, llama.cpp's post_sampling_probs, and greedy answers.
        ([at(HALF, HALF, -9999.0)] * 20, ProbabilityDoubt.AFTER_SAMPLERS),
        ([USUAL, ALONE, PAIR, ALONE] * 5, ProbabilityDoubt.AFTER_SAMPLERS),
        ([ALONE] * 20, ProbabilityDoubt.AFTER_SAMPLERS),
        # Too few tokens say nothing.
        ([ALONE] * 2, ProbabilityDoubt.NONE),
        ([], ProbabilityDoubt.NONE),
    ],
)
def test_an_answer_is_doubted_where_its_probabilities_say_so(
    tokens: list[TokenProbabilities], doubt: ProbabilityDoubt
) -> None:
    assert doubt_of(TokenTable.of(tokens)) is doubt


def test_shares_are_added_up_without_unknown_ones() -> None:
    table = TokenTable.of([at(HALF, math.log(0.25), -9999.0)])
    assert sum_of_shares(table, 0) == pytest.approx(0.75)
