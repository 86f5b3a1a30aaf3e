"""A token is the same by its id, else its bytes, else its text, and counts once."""

import math

import pytest

from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.one_token import candidates_of, distribution
from app.domain.sampling.samplers import SamplerSettings
from app.domain.tokens.token_identity import is_same, without_repeats
from app.domain.tokens.token_table import TokenTable

FOX = Candidate("fox", math.log(0.5), b"fox", 7)


def test_the_best_fact_that_both_have_decides() -> None:
    assert is_same(FOX, Candidate("FOX", -1.0, b"FOX", 7))
    assert not is_same(FOX, Candidate("fox", -1.0, b"fox", 8))
    assert is_same(FOX, Candidate("other", -1.0, b"fox"))
    assert is_same(FOX, Candidate("fox", -1.0))
    assert not is_same(Candidate("\ufffd", -1.0), Candidate("\ufffd", -2.0))


def test_a_repeated_alternative_counts_once() -> None:
    hen = Candidate("hen", math.log(0.25), b"hen", 8)
    for twice in ((FOX, FOX, hen), (FOX, Candidate("fox", FOX.logprob, b"fox", 7), hen)):
        token = TokenProbabilities(FOX, twice)
        assert candidates_of(token) == [FOX, hen]
        assert len(TokenTable.of([token])[0].alternatives) == 2
        found = distribution(
            token, SamplerSettings(top_k=2), KINDS[ProviderKind.EMBEDDED].sampler_order
        )
        shares = [one.probability for one in found.outcomes]
        assert shares == pytest.approx([2 / 3, 1 / 3])
    parts = [Candidate("\ufffd", -1.0), Candidate("\ufffd", -2.0)]
    assert len(without_repeats(parts)) == 2


def test_the_chosen_token_is_found_among_alternatives_without_bytes() -> None:
    token = TokenProbabilities(Candidate("fox", -0.5, b"fox"), (Candidate("fox", -0.5),))
    assert len(candidates_of(token)) == 1
