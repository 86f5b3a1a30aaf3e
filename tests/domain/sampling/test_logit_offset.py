"""Repetition penalties tell what logits are above log probabilities, or that they do not."""

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Candidate
from app.domain.sampling.logit_offset import PLAIN, TRIED, learned_offset, repeated


def softmax(logits: Sequence[float]) -> list[float]:
    weights = [math.exp(one - max(logits)) for one in logits]
    return [one / sum(weights) for one in weights]


def candidates(logits: Sequence[float]) -> list[Candidate]:
    shares = softmax(logits)
    return [Candidate(f"t{id_}", math.log(share), None, id_) for id_, share in enumerate(shares)]


def under(logits: Sequence[float], came: Mapping[int, int]) -> dict[float, dict[int, float]]:
    """What a server says that the penalties do."""
    found = {}
    for penalty in (PLAIN, *TRIED):
        moved = [repeated(one, penalty) if came.get(id_) else one for id_, one in enumerate(logits)]
        found[penalty] = dict(enumerate(softmax(moved)))
    return found


@given(
    logits=st.lists(st.floats(-12, 40), min_size=2, max_size=20),
    came=st.sets(st.integers(0, 18), min_size=1),
)
def test_it_is_learned_of_any_logits(logits: list[float], came: set[int]) -> None:
    # The last one never came: something has to stay where it is.
    counts = {id_: 2 for id_ in came if id_ < len(logits) - 1}
    given_ = candidates(logits)
    learned = learned_offset(given_, counts, under(logits, counts))
    if counts:
        assert learned is not None
        assert learned.give < 0.0001
        assert learned.value == pytest.approx(logits[0] - given_[0].logprob, abs=0.01)
    else:
        assert learned is None


def test_another_text_is_not_learned_from() -> None:
    logits, counts = [20.0, 18.0, 17.0, 12.0], {0: 1}
    fits = under(logits, counts)
    assert learned_offset(candidates(logits), counts, fits) is not None
    assert learned_offset(candidates([12.0, 17.0, 20.0, 18.0]), counts, fits) is None
    # Half of them are likely no more.
    kept = [*candidates(logits), *(Candidate("x", -2.0, None, 50 + n) for n in range(5))]
    assert learned_offset(kept, counts, fits) is None
    # Another penalty was at work than was asked for.
    swapped = {PLAIN: fits[PLAIN], TRIED[0]: fits[TRIED[1]], TRIED[1]: fits[TRIED[0]]}
    assert learned_offset(candidates(logits), counts, swapped) is None
    # What did not come moved, too.
    moved = under([20.0, 18.0, 16.9, 12.0], counts)
    assert learned_offset(candidates(logits), counts, {**fits, TRIED[0]: moved[TRIED[0]]}) is None


def test_what_is_read_at_once_is_rounded_otherwise_and_that_is_told() -> None:
    counts, fits = {0: 1, 3: 2}, under([20.0, 18.0, 17.0, 12.0], {0: 1, 3: 2})
    kept = candidates([20.1, 18.0, 16.9, 12.0])
    learned = learned_offset(kept, counts, fits)
    assert learned is not None
    assert learned.give == pytest.approx(0.2)
    assert learned.value == pytest.approx(20.1 - kept[0].logprob, abs=learned.give)


@pytest.mark.parametrize(
    "found", [{}, {1.1: {}, 1.2: {}}, {1.1: {0: 0.0, 1: 0.0}, 1.2: {0: 1.0}}, {1.1: {0: 0.5}}]
)
def test_a_server_that_says_nothing_teaches_nothing(
    found: Mapping[float, Mapping[int, float]],
) -> None:
    assert learned_offset(candidates([3.0, 2.0]), {0: 1}, found) is None
    never = [Candidate("a", -math.inf, None, 0), Candidate("b", math.nan, None, None)]
    assert learned_offset(never, {0: 1}, found) is None
