"""What the lab says that samplers do is what llama.cpp does, on the embedded model."""

import httpx
import pytest

from app.domain.sampling.logit_offset import PLAIN, TRIED, learned_offset
from app.domain.sampling.samplers import settings_of
from app.domain.sampling.whole_answer import AnswerSampling
from app.domain.tokens.token_table import TokenTable
from app.domain.tokens.unlisted_tokens import unlisted_tokens
from tests.engine.exactness import (
    GRID,
    PROMPTS,
    TOLERANCE,
    answer_tokens,
    chi_square,
    compare,
    drawn,
    drawn_from,
    penalty_counts,
    predicted,
    question,
    raw_token,
    sampled_token,
    spread,
    worst,
)
from tests.engine.penalties import ASKED, ORDER, answer_of, judge

pytestmark = pytest.mark.engine

#: What repeats, so that penalties have something to do.
PARROT = (
    {"role": "user", "content": "Say: the fox and the hen and the fox and the hen"},
    {"role": "assistant", "content": "The fox and the hen and the fox and the hen. The"},
)


async def test_the_grid_is_llama_cpps(wire: httpx.AsyncClient) -> None:
    chosen = spread(3)
    assert {prompt for prompt, _values in chosen} == set(PROMPTS)
    found = await compare(wire, chosen)
    exact = [one for one in found if one.exact]
    assert len(exact) > len(found) / 2
    assert len({tuple(one.settings.items()) for one in exact}) >= 60
    assert max(one.worst for one in exact) <= TOLERANCE


async def test_where_it_is_not_exact_the_bounds_hold(wire: httpx.AsyncClient) -> None:
    wild = [values for values in GRID if not values["top_k"] and values["top_p"] == 1.0]
    seen = 0
    for prompt in PROMPTS[:4]:
        token = await raw_token(wire, question(prompt))
        for values in wild:
            found, _by_id = predicted(token, values)
            _drawn, theirs = await sampled_token(wire, question(prompt), values)
            for one, outcome in zip(token.alternatives, found.outcomes, strict=False):
                share = theirs.get(one.id or -1, 0.0)
                if share > TOLERANCE:
                    assert outcome.low - TOLERANCE <= share <= outcome.high + TOLERANCE
                    seen += not found.exact
    assert seen > 20


@pytest.mark.parametrize(
    "values",
    [
        {"presence_penalty": 1.5, "top_k": 10},
        {"presence_penalty": 0.7, "temperature": 0.6, "top_k": 15},
        {"frequency_penalty": 0.8, "top_k": 10},
        {"frequency_penalty": 1.9, "presence_penalty": 0.4, "top_k": 7, "top_p": 0.8},
    ],
)
async def test_penalties_are_exact(wire: httpx.AsyncClient, values: dict[str, float]) -> None:
    token = await raw_token(wire, PARROT)
    counts = await penalty_counts(wire, PARROT)
    assert any(counts[one.id or -1] for one in token.alternatives)
    found, by_id = predicted(token, values, counts=counts)
    _drawn, theirs = await sampled_token(wire, PARROT, values)
    assert found.exact
    assert worst(by_id, theirs) <= TOLERANCE
    without, _by_id = predicted(token, values)
    assert [one.probability for one in without.outcomes] != pytest.approx(
        [one.probability for one in found.outcomes], abs=0.01
    )


async def test_biases_are_exact(wire: httpx.AsyncClient) -> None:
    token = await raw_token(wire, question(PROMPTS[0]))
    ids = [one.id for one in token.alternatives]
    biases = {str(ids[0]): -100, str(ids[1]): -1.5, str(ids[2]): 2.25}
    values = {"logit_bias": biases, "top_k": 12}
    found, by_id = predicted(token, values)
    _drawn, theirs = await sampled_token(wire, question(PROMPTS[0]), values)
    assert found.exact
    assert worst(by_id, theirs) <= TOLERANCE


async def test_a_repetition_penalty_lies_in_its_bounds_and_can_be_learned(
    wire: httpx.AsyncClient,
) -> None:
    token = await raw_token(wire, PARROT)
    counts = await penalty_counts(wire, PARROT)
    first = {"repeat_penalty": 1.1, "top_k": 15}
    found, by_id = predicted(token, first, counts=counts)
    _drawn, theirs = await sampled_token(wire, PARROT, first)
    assert not found.exact
    for other, outcome in zip(token.alternatives, found.outcomes, strict=False):
        share = theirs.get(other.id or -1, 0.0)
        if share > TOLERANCE:
            assert outcome.low - TOLERANCE <= share <= outcome.high + TOLERANCE
    # What two penalties do tells what logits are above log probabilities.
    tried = {}
    for one in (PLAIN, *TRIED):
        # What the penalty sinks is to be among them still.
        values = {"repeat_penalty": one, "top_logprobs": 100}
        _drawn, tried[one] = await sampled_token(wire, PARROT, values)
    offset = learned_offset(token.alternatives, counts, tried)
    assert offset is not None
    second = {"repeat_penalty": 1.3, "temperature": 0.9, "top_k": 15}
    learned, by_id = predicted(token, second, counts=counts, offset=offset)
    _drawn, theirs = await sampled_token(wire, PARROT, second)
    assert worst(by_id, theirs) <= TOLERANCE
    assert learned.exact


@pytest.mark.parametrize(
    "values",
    [
        {"temperature": 0.8, "top_k": 40, "top_p": 0.95, "min_p": 0.05},
        {"temperature": 1.6, "top_k": 30},
        {"temperature": 1.3, "top_p": 0.9},
        {"temperature": 2.0, "min_p": 0.02},
        {"temperature": 0.0},
    ],
)
async def test_nothing_that_came_is_said_to_be_cut_by_what_it_came_under(
    wire: httpx.AsyncClient, values: dict[str, float]
) -> None:
    tokens = await answer_tokens(wire, question(PROMPTS[2]), values)
    assert len(tokens) > 30
    sampling = AnswerSampling(TokenTable.of(tokens), 49_152)
    assert not sampling.after(settings_of(values, {}), ORDER).cut.any()
    if values["temperature"]:
        assert sampling.after(settings_of({"temperature": 0}, {}), ORDER).cut.any()


async def test_what_is_drawn_comes_as_often_as_predicted(wire: httpx.AsyncClient) -> None:
    token = await raw_token(wire, question(PROMPTS[0]))
    values = drawn_from(token)
    found, expected = predicted(token, values)
    assert found.exact
    draws = await drawn(wire, PROMPTS[0], values, 300)
    assert chi_square(draws, expected) > 0.001
    # It would notice another temperature.
    _other, colder = predicted(token, {**values, "temperature": 0.6})
    assert chi_square(draws, colder) < 0.001


async def test_penalties_count_tokens_that_have_no_entry(wire: httpx.AsyncClient) -> None:
    answer = await answer_of(wire, ASKED[0])
    assert len(answer.unlisted) > 3
    assert all(one.ids is not None for one in answer.unlisted.values())
    known = await judge(wire, answer, answer.unlisted)
    assert sum(one.exact for one in known) > len(known) / 2
    assert max(one.worst for one in known if one.exact) <= TOLERANCE
    assert max(one.outside for one in known) <= TOLERANCE
    # Where the tokenizer is not known, there are bounds, and they hold.
    unknown = await judge(wire, answer, unlisted_tokens(answer.table))
    assert sum(one.exact for one in unknown) < sum(one.exact for one in known)
    assert max(one.worst for one in unknown if one.exact) <= TOLERANCE
    assert max(one.outside for one in unknown) <= TOLERANCE
    # It would notice if they were not counted.
    without = await judge(wire, answer, {})
    assert max(one.worst for one in without if one.exact) > 0.05
