"""Laws of the sampling mathematics, for any probabilities, however odd."""

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.sampling.one_token import candidates_of, distribution
from app.domain.sampling.penalty_counts import LOOKED_BACK
from app.domain.sampling.samplers import Sampler, SamplerOrder, SamplerSettings, settings_of
from app.domain.sampling.whole_answer import AnswerSampling
from app.domain.tokens.token_table import TokenTable

LLAMA = KINDS[ProviderKind.EMBEDDED].sampler_order
VLLM = KINDS[ProviderKind.VLLM].sampler_order
orders = st.sampled_from([LLAMA, VLLM])

odd = st.floats() | st.sampled_from([-9999.0, -math.inf, math.nan, -1e308, 0.0, 5.0])


def token_of(logprobs: list[float], chosen: int = 0) -> TokenProbabilities:
    """A token with these alternatives, whose ids count from 0."""
    candidates = [
        Candidate(f"t{id_}", logprob, f"t{id_}".encode(), id_)
        for id_, logprob in enumerate(sorted(logprobs, reverse=True))
    ]
    own = candidates[chosen] if chosen < len(candidates) else Candidate("x", -30.0, b"x", 999)
    return TokenProbabilities(own, tuple(candidates))


@st.composite
def whole_tokens(draw: st.DrawFn) -> TokenProbabilities:
    """A token all of whose probability is captured."""
    weights = draw(st.lists(st.floats(0.001, 1), min_size=1, max_size=20))
    total = sum(weights)
    return token_of([math.log(one / total) for one in weights])


@st.composite
def partial_tokens(draw: st.DrawFn) -> TokenProbabilities:
    """A token of whose probability some is not captured."""
    weights = draw(st.lists(st.floats(0.001, 1), min_size=2, max_size=20))
    total = sum(weights) / draw(st.floats(0.3, 0.999))
    return token_of([math.log(one / total) for one in weights])


settings_ = st.builds(
    SamplerSettings,
    temperature=st.just(0.0) | st.floats(0.05, 3),
    top_k=st.integers(0, 30),
    top_p=st.floats(0.01, 1),
    min_p=st.floats(0, 1),
)


def kept(
    token: TokenProbabilities, settings: SamplerSettings, order: SamplerOrder = LLAMA
) -> list[int]:
    found = distribution(token, settings, order)
    return [place for place, one in enumerate(found.outcomes) if one.cut is None]


@given(token=whole_tokens() | partial_tokens(), settings=settings_, order=orders)
def test_sums_are_one_and_bounds_hold(
    token: TokenProbabilities, settings: SamplerSettings, order: SamplerOrder
) -> None:
    found = distribution(token, settings, order)
    total = sum(one.probability for one in found.outcomes)
    assert total <= 1 + 1e-9
    if found.exact:
        assert total == pytest.approx(1)
        assert all(one.low == pytest.approx(one.high, abs=1e-9) for one in found.outcomes)
    for one in found.outcomes:
        assert 0 <= one.low <= one.probability + 1e-12
        assert one.probability <= one.high + 1e-12 <= 1 + 1e-9
        if one.cut is not None:
            assert one.probability == 0
    assert found.effective_after >= 1 - 1e-9


@given(token=whole_tokens(), settings=settings_, order=orders)
def test_what_is_wholly_captured_is_exact(
    token: TokenProbabilities, settings: SamplerSettings, order: SamplerOrder
) -> None:
    assert distribution(token, settings, order, vocabulary=len(token.alternatives)).exact


@given(token=whole_tokens(), order=orders)
def test_no_setting_changes_nothing(token: TokenProbabilities, order: SamplerOrder) -> None:
    found = distribution(token, SamplerSettings(), order)
    for one in found.outcomes:
        assert one.probability == pytest.approx(one.raw)
        assert one.cut is None


@given(token=whole_tokens() | partial_tokens())
def test_at_zero_the_likeliest_wins(token: TokenProbabilities) -> None:
    assert kept(token, SamplerSettings(temperature=0)) == [0]


@given(token=whole_tokens())
def test_near_zero_it_nearly_does(token: TokenProbabilities) -> None:
    found = distribution(token, SamplerSettings(temperature=0.005), LLAMA).outcomes
    first = token.alternatives[0].logprob
    ahead = [one for one in token.alternatives if first - one.logprob < 0.1]
    assert found[0].probability >= 1 / len(ahead) - 1e-6
    assert sum(one.probability for one in found[len(ahead) :]) < 1e-6


@given(token=whole_tokens(), share=st.floats(0.01, 0.999))
def test_top_p_keeps_the_smallest_beginning_that_reaches_it(
    token: TokenProbabilities, share: float
) -> None:
    count = len(kept(token, SamplerSettings(top_p=share)))
    shares = [math.exp(one.logprob) for one in token.alternatives]
    assert sum(shares[:count]) >= share * (1 - 1e-6)
    assert sum(shares[: count - 1]) < share or count == 1


@given(token=whole_tokens(), share=st.floats(0.01, 1))
def test_min_p_keeps_what_is_near_the_likeliest(token: TokenProbabilities, share: float) -> None:
    for place, one in enumerate(token.alternatives):
        near = one.logprob - token.alternatives[0].logprob - math.log(share)
        if abs(near) > 1e-6:
            assert (place in kept(token, SamplerSettings(min_p=share))) == (near > 0)


@given(token=partial_tokens(), count=st.integers(1, 20))
def test_top_k_keeps_so_many(token: TokenProbabilities, count: int) -> None:
    captured = len(token.alternatives)
    found = distribution(token, SamplerSettings(top_k=count), LLAMA)
    assert sum(one.cut is None for one in found.outcomes) == min(count, captured)
    assert found.exact == (count <= captured)


@given(token=whole_tokens(), settings=settings_)
def test_cuts_are_idempotent(token: TokenProbabilities, settings: SamplerSettings) -> None:
    """What a cut by number or by nearness has left it leaves the second time."""
    cuts = SamplerSettings(top_k=settings.top_k, min_p=settings.min_p)
    found = distribution(token, cuts, LLAMA)
    left = [one.probability for one in found.outcomes if one.cut is None]
    again = distribution(token_of([math.log(one) for one in left]), cuts, LLAMA)
    assert [one.probability for one in again.outcomes] == pytest.approx(left)


@given(token=whole_tokens(), settings=settings_, order=orders, seed=st.randoms())
def test_the_order_of_the_candidates_does_not_matter(
    token: TokenProbabilities, settings: SamplerSettings, order: SamplerOrder, seed: object
) -> None:
    logprobs = [one.logprob for one in token.alternatives]
    assume(len({round(one, 6) for one in logprobs}) == len(logprobs))
    shuffled = list(token.alternatives)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    before = distribution(token, settings, order).outcomes
    after = distribution(
        TokenProbabilities(token.chosen, tuple(shuffled)), settings, order
    ).outcomes
    for one, outcome in zip(shuffled, after, strict=True):
        expected = before[token.alternatives.index(one)].probability
        assert outcome.probability == pytest.approx(expected)


@given(
    logprobs=st.lists(odd, max_size=6),
    chosen=odd,
    settings=settings_,
    order=orders,
    bias=st.dictionaries(st.integers(0, 8), st.floats(-100, 100), max_size=3),
)
def test_nonsense_gives_numbers(
    logprobs: list[float],
    chosen: float,
    settings: SamplerSettings,
    order: SamplerOrder,
    bias: dict[int, float],
) -> None:
    token = TokenProbabilities(
        Candidate("c", chosen, None, 7),
        tuple(Candidate("a", one, None, place) for place, one in enumerate(logprobs)),
    )
    biased = SamplerSettings(
        settings.temperature,
        settings.top_k,
        settings.top_p,
        settings.min_p,
        presence_penalty=2,
        repetition_penalty=1.5,
        logit_bias=bias,
    )
    for one in (settings, biased):
        found = distribution(token, one, order, counts=Counter([0, 7]))
        assert len(found.outcomes) == len(candidates_of(token))
        for outcome in found.outcomes:
            assert 0 <= outcome.low <= outcome.high <= 1 + 1e-9
        assert math.isfinite(found.effective_after)
        table = TokenTable.of([token])
        after = AnswerSampling(table).after(one, order)
        assert math.isfinite(after.effective_after[0])
        assert math.isfinite(after.effective_before[0])


@given(
    tokens=st.lists(whole_tokens() | partial_tokens(), min_size=1, max_size=6),
    chosen=st.integers(0, 19),
    settings=settings_,
    order=orders,
)
def test_a_whole_answer_is_its_tokens(
    tokens: list[TokenProbabilities], chosen: int, settings: SamplerSettings, order: SamplerOrder
) -> None:
    tokens = [
        replace(one, chosen=one.alternatives[chosen % len(one.alternatives)]) for one in tokens
    ]
    after = AnswerSampling(TokenTable.of(tokens)).after(settings, order)
    for number, token in enumerate(tokens):
        alone = distribution(token, settings, order)
        weights = sorted((one.raw for one in alone.outcomes), reverse=True)
        # Single precision may fall on the other side of a cut, or tell equals apart.
        assume(all(abs(one - other) > 1e-4 * one for one, other in pairwise(weights)))
        survivors = sum(one.cut is None for one in alone.outcomes)
        assert abs(int(after.survivors[number]) - survivors) <= 1
        if alone.exact and after.survivors[number] == survivors:
            assert after.effective_after[number] == pytest.approx(alone.effective_after, rel=0.01)
        assert after.effective_before[number] == pytest.approx(alone.effective_before, rel=0.05)
        if after.survivors[number] == survivors:
            own = alone.outcomes[token.alternatives.index(token.chosen)]
            assert after.cut[number] == (own.cut is not None)


@given(
    chosen=st.lists(st.integers(0, 2), min_size=1, max_size=80),
    prompt=st.lists(st.integers(0, 5), max_size=80),
    bias=st.sampled_from([{}, {1: 0.7}]),
)
def test_penalties_of_a_whole_answer_look_back(
    chosen: list[int], prompt: list[int], bias: dict[int, float]
) -> None:
    tokens = [token_of([-0.7, -0.8, -3.0], one) for one in chosen]
    settings = SamplerSettings(frequency_penalty=0.1, presence_penalty=0.25, logit_bias=bias)
    after = AnswerSampling(TokenTable.of(tokens), prompt=prompt).after(settings, LLAMA)
    read = list(prompt)
    for number, token in enumerate(tokens):
        alone = distribution(token, settings, LLAMA, counts=Counter(read[-LOOKED_BACK:]))
        assert after.effective_after[number] == pytest.approx(alone.effective_after, rel=0.05)
        read.append(chosen[number])


@pytest.mark.parametrize(
    ("shares", "settings", "vocabulary"),
    [
        # A tail that can't fall far enough is even.
        ([0.0023] * 3, SamplerSettings(), 2000),
        ([0.02, 0.002], SamplerSettings(temperature=1.5), 600),
        # A cut in the head of the tail.
        (
            [0.19, 0.14, 0.094, 0.047, 0.029],
            SamplerSettings(temperature=1.9, top_p=0.75, min_p=0.34),
            None,
        ),
        ([0.1, 0.08, 0.05], SamplerSettings(min_p=0.3), None),
    ],
)
def test_bars_and_strip_take_the_same_tail_to_be_likely(
    shares: list[float], settings: SamplerSettings, vocabulary: int | None
) -> None:
    token = token_of([math.log(one) for one in shares])
    alone = distribution(token, settings, VLLM, vocabulary=vocabulary)
    whole = AnswerSampling(TokenTable.of([token]), vocabulary).after(settings, VLLM)
    assert whole.effective_before[0] == pytest.approx(alone.effective_before, rel=0.02)
    assert whole.effective_after[0] == pytest.approx(alone.effective_after, rel=0.03)


def test_of_an_answers_own_tokens_those_are_cut_that_could_not_have_come() -> None:
    shares = [math.log(one) for one in (0.4, 0.3, 0.1, 0.1)]
    tokens = [token_of(shares, 0), token_of(shares, 1), token_of(shares, 99)]

    def cut(**values: Any) -> list[bool]:
        after = AnswerSampling(TokenTable.of(tokens)).after(SamplerSettings(**values), LLAMA)
        return [bool(one) for one in after.cut]

    assert cut() == [False, False, False]
    assert cut(temperature=2) == [False, False, False]
    assert cut(temperature=0) == [False, True, True]
    assert cut(top_k=2) == [False, False, True]
    # What was not listed comes after what was; how far, nobody knows.
    assert cut(top_k=4) == [False, False, True]
    assert cut(top_k=5) == [False, False, False]
    assert cut(top_p=0.95) == [False, False, False]
    assert cut(min_p=0.8) == [False, True, True]
    assert cut(top_p=0.5) == [False, False, True]
    assert cut(top_k=1, logit_bias={1: 5}) == [True, False, True]
    assert cut(top_k=1, logit_bias={999: 100}) == [False, True, False]
    # A penalty on what came: the first token was the likeliest, and is the second now.
    again = [token_of(shares, 0), token_of(shares, 0)]
    after = AnswerSampling(TokenTable.of(again)).after(
        SamplerSettings(presence_penalty=1, top_k=1), LLAMA
    )
    assert list(after.cut) == [False, True]


def test_a_slider_of_a_cut_starts_from_what_the_penalties_left() -> None:
    tokens = [token_of([-0.7, -0.8, -3.0], one) for one in (0, 0, 1, 2)]
    kept = AnswerSampling(TokenTable.of(tokens))
    for top_p, presence in ((0.9, 0.5), (0.4, 0.5), (0.9, 1.5), (0.9, 0.5)):
        settings = SamplerSettings(top_p=top_p, presence_penalty=presence, temperature=0.7)
        after = AnswerSampling(TokenTable.of(tokens)).after(settings, LLAMA)
        again = kept.after(settings, LLAMA)
        assert list(again.effective_after) == list(after.effective_after)
        assert list(again.survivors) == list(after.survivors)


def test_a_token_that_was_not_listed_is_a_candidate() -> None:
    token = token_of([-0.5, -1.5], chosen=9)
    assert [one.id for one in candidates_of(token)] == [0, 1, 999]
    assert len(distribution(token, SamplerSettings(), LLAMA).outcomes) == 3


def test_each_cut_says_where_it_falls_and_what_it_dropped() -> None:
    token = token_of([math.log(one) for one in (0.5, 0.25, 0.15, 0.06, 0.04)])
    found = distribution(token, SamplerSettings(top_k=4, top_p=0.9, min_p=0.4), LLAMA)
    assert found.lines == {Sampler.TOP_K: 4, Sampler.TOP_P: 3, Sampler.MIN_P: 2}
    assert [one.cut for one in found.outcomes] == [
        None,
        None,
        Sampler.MIN_P,
        Sampler.TOP_P,
        Sampler.TOP_K,
    ]
    # Temperature last: the cuts are those of the raw probabilities. First: they aren't.
    hot = SamplerSettings(temperature=3, min_p=0.4)
    assert len(kept(token, hot, LLAMA)) == 2
    assert len(kept(token, hot, VLLM)) == 5


def test_a_bias_on_a_token_that_is_not_listed_is_a_bound() -> None:
    token = token_of([math.log(0.6), math.log(0.3)])
    found = distribution(token, SamplerSettings(logit_bias={500: 8.0}, top_k=2), LLAMA)
    assert not found.exact
    assert found.outcomes[0].low < 0.1 < found.outcomes[0].high


def test_settings_come_from_values_then_from_the_servers_defaults() -> None:
    defaults = {"temperature": 0.8, "top_k": 40, "repeat_penalty": 1.1, "samplers": ["x"]}
    values = {"temperature": 0.2, "logit_bias": {"5": -100, "x": 1}, "seed": 4}
    found = settings_of(values, defaults)
    assert found == SamplerSettings(0.2, 40, repetition_penalty=1.1, logit_bias={5: -100})
    assert settings_of({"top_p": "much", "top_k": -3}, {}) == SamplerSettings()
    assert settings_of({"repeat_penalty": 0, "min_p": math.nan}, {}) == SamplerSettings()
    assert found.penalises
    assert not SamplerSettings().penalises


@pytest.mark.parametrize("kind", ProviderKind)
def test_every_kind_of_provider_has_an_order(kind: ProviderKind) -> None:
    order = KINDS[kind].sampler_order
    assert set(order.steps) == set(Sampler)
    assert order.source
