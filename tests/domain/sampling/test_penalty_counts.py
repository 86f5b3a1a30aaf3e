"""Penalties count what is known, and where that is not all, bounds hold whatever came."""

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.logit_offset import Offset
from app.domain.sampling.one_token import distribution
from app.domain.sampling.penalty_counts import LOOKED_BACK, PenaltyCounts, counts_before
from app.domain.sampling.samplers import SamplerSettings
from app.domain.sampling.whole_answer import AnswerSampling
from app.domain.tokens.token_table import TokenTable
from app.domain.tokens.unlisted_tokens import Unlisted

ORDER = KINDS[ProviderKind.EMBEDDED].sampler_order
SHARES = (0.4, 0.25, 0.15, 0.1, 0.06)


def token(shares: tuple[float, ...] = SHARES, chosen: int = 0) -> TokenProbabilities:
    """A token whose alternatives are the bytes 0x80, 0x81 …, with the ids 0, 1 …"""
    made = tuple(
        Candidate("\ufffd", math.log(share), bytes([0x80 + id_]), id_)
        for id_, share in enumerate(shares)
    )
    return TokenProbabilities(made[chosen], made)


def table(count: int) -> TokenTable:
    return TokenTable.of(token(chosen=number % 3) for number in range(count))


def test_tokens_without_an_entry_count_by_their_ids() -> None:
    unlisted = {2: Unlisted(b"ab", (7, 8)), 3: Unlisted(b"a", (7,))}
    counts = counts_before(table(4), 3, unlisted, (50, 0))
    assert counts == PenaltyCounts(Counter({0: 2, 1: 1, 2: 1, 7: 2, 8: 1, 50: 1}))
    assert counts.is_certain


def test_the_window_has_as_many_tokens_as_penalties_read() -> None:
    before = {99: Unlisted(b"abc", (7, 8, 9))}
    counts = counts_before(table(100), 99, before, [1] * 64)
    assert sum(counts.known.values()) == LOOKED_BACK
    assert counts.known[7] == 1


def test_of_tokens_whose_ids_are_unknown_the_bytes_limit_the_counts() -> None:
    counts = counts_before(table(3), 2, {1: Unlisted(b"\x81\x83\x83")}, ())
    limits = [counts.limits(one) for one in token().alternatives]
    assert limits == [(1, 1), (1, 2), (0, 0), (0, 2), (0, 0)]
    assert counts.strange == 3
    # With unknown tokens it is not certain which ones are too far back.
    far = counts_before(table(LOOKED_BACK + 2), LOOKED_BACK + 1, {50: Unlisted(b"xyz")}, ())
    assert sum(far.known.values()) == LOOKED_BACK - 3
    assert sum(far.more.values()) == 2


def test_a_prompt_that_is_not_known_may_have_had_any_token() -> None:
    counts = counts_before(table(3), 2, {}, None)
    assert counts.unread == LOOKED_BACK - 2
    assert counts.limits(token().alternatives[4]) == (0, LOOKED_BACK - 2)
    found = distribution(
        token(), SamplerSettings(presence_penalty=1, top_k=3), ORDER, counts=counts
    )
    assert not found.exact
    assert distribution(token(), SamplerSettings(top_k=3), ORDER, counts=counts).exact


settings_ = st.builds(
    SamplerSettings,
    temperature=st.sampled_from([0.0, 0.7, 1.0, 1.6]),
    top_k=st.sampled_from([0, 2, 3, 4]),
    top_p=st.sampled_from([1.0, 0.9, 0.6]),
    min_p=st.sampled_from([0.0, 0.2]),
    presence_penalty=st.sampled_from([0.0, 0.8, -0.5]),
    frequency_penalty=st.sampled_from([0.0, 0.5, -0.3]),
    repetition_penalty=st.sampled_from([1.0, 1.3, 0.8]),
)


@given(
    settings=settings_,
    least=st.lists(st.integers(0, 2), min_size=8, max_size=8),
    came=st.lists(st.integers(0, 2), min_size=8, max_size=8),
    offset=st.floats(0, 40),
    weights=st.lists(st.floats(0.01, 1), min_size=8, max_size=8),
)
def test_bounds_hold_whatever_came(
    settings: SamplerSettings,
    least: list[int],
    came: list[int],
    offset: float,
    weights: list[float],
) -> None:
    """Five of eight tokens are captured; which of the others came is not known either."""
    weights = sorted(weights, reverse=True)
    total = sum(weights)
    shares = [weight / total for weight in weights]
    hidden = b"".join(bytes([0x80 + id_]) * count for id_, count in enumerate(came))
    counts = PenaltyCounts(dict(enumerate(least)), hidden=[hidden] if hidden else [])
    found = distribution(token(tuple(shares[:5])), settings, ORDER, counts=counts, vocabulary=8)
    truth = distribution(
        token(tuple(shares)),
        settings,
        ORDER,
        counts={id_: one + other for id_, (one, other) in enumerate(zip(least, came, strict=True))},
        vocabulary=8,
        offset=None if settings.repetition_penalty == 1 else _at(offset),
    )
    for one, other in zip(found.outcomes, truth.outcomes, strict=False):
        assert one.low - 1e-6 <= other.probability <= one.high + 1e-6
    rest = sum(other.probability for other in truth.outcomes[5:])
    assert rest <= found.tail_high + 1e-6
    if found.exact:
        for one, other in zip(found.outcomes, truth.outcomes, strict=False):
            assert abs(one.probability - other.probability) < 1e-6


def test_of_equal_candidates_either_may_win() -> None:
    counts = PenaltyCounts({4: 1}, hidden=[b"\x83"])
    settings = SamplerSettings(temperature=0.0, repetition_penalty=0.8)
    found = distribution(token((0.125,) * 5), settings, ORDER, counts=counts, vocabulary=8)
    assert [(one.low, one.high) for one in found.outcomes[3:]] == [(0.0, 1.0)] * 2


def _at(offset: float) -> Offset:
    return Offset(offset)


def test_the_strip_counts_tokens_without_an_entry_and_marks_no_cut_in_doubt() -> None:
    settings = SamplerSettings(presence_penalty=2, top_k=1)
    answer = TokenTable.of([token(chosen=1), token(chosen=1)])
    known = AnswerSampling(answer, unlisted={1: Unlisted(b"\x80", (0,))}).after(settings, ORDER)
    assert list(known.cut) == [True, True]
    one = distribution(token(), settings, ORDER, counts={1: 1, 0: 1})
    assert math.isclose(known.effective_after[1], one.effective_after, rel_tol=0.01)
    guessed = AnswerSampling(answer, unlisted={1: Unlisted(b"\x80")}).after(settings, ORDER)
    assert list(guessed.cut) == [True, False]


def test_a_token_that_was_not_listed_is_not_impossible() -> None:
    """−9999 says that it was not among the likeliest."""
    listed = token().alternatives
    odd = TokenProbabilities(Candidate("x", -9999.0, b"x", 9), listed)
    found = distribution(odd, SamplerSettings(), ORDER)
    own = found.outcomes[-1]
    assert (own.known, own.cut, own.low) == (False, None, 0.0)
    assert 0.04 - 1e-9 <= own.high <= 0.041
    assert not found.exact
    cut = distribution(odd, SamplerSettings(top_k=3), ORDER)
    assert cut.exact
    assert cut.outcomes[-1].cut is not None
    after = AnswerSampling(TokenTable.of([odd]))
    assert not after.after(SamplerSettings(), ORDER).cut[0]
    assert not after.after(SamplerSettings(top_p=0.99), ORDER).cut[0]
    assert after.after(SamplerSettings(top_k=3), ORDER).cut[0]
    alone = TokenProbabilities(odd.chosen, ())
    assert distribution(alone, SamplerSettings(), ORDER).outcomes[0].high == 1
    assert not AnswerSampling(TokenTable.of([alone])).after(SamplerSettings(top_k=3), ORDER).cut[0]


def test_shares_above_one_are_told() -> None:
    assert distribution(token((0.8, 0.7)), SamplerSettings(), ORDER).excess > 0.4
    assert distribution(token(), SamplerSettings(), ORDER).excess == 0
