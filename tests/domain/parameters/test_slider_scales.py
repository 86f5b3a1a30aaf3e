"""Scales of sliders: rising, there and back, and the interesting range has the room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.parameters.slider_scales import COUNTS, NEAR_ONE, NEAR_ZERO, SliderScale
from app.domain.parameters.table import PARAMETERS

SCALES = (NEAR_ZERO, NEAR_ONE, COUNTS, SliderScale(((0.0, -2.0), (1.0, 2.0))))
shares = st.floats(0, 1)
scales = st.sampled_from(SCALES)


@given(scale=scales, first=shares, second=shares)
def test_further_on_is_never_less(scale: SliderScale, first: float, second: float) -> None:
    low, high = sorted((first, second))
    if scale.end is None or high < 1:
        assert scale.value(low) <= scale.value(high)


@given(scale=scales, part=shares)
def test_a_value_is_found_where_it_stands(scale: SliderScale, part: float) -> None:
    share = scale.knots[0][0] + part * (scale.knots[-1][0] - scale.knots[0][0])
    if scale.end is None or share < 1:
        assert scale.share(scale.value(share)) == pytest.approx(share, abs=1e-9)


def test_zero_keeps_all_and_stands_beyond_the_greatest_count() -> None:
    assert COUNTS.value(1.0) == 0
    assert COUNTS.share(0) == 1.0
    assert COUNTS.share(1_000_000) < 1
    assert COUNTS.value(0.0) == 1


def test_the_interesting_range_has_the_room() -> None:
    assert NEAR_ZERO.share(0.2) >= 0.65
    assert 1 - NEAR_ONE.share(0.8) >= 0.6


def test_knots_that_fall_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        SliderScale(((0.0, 1.0), (1.0, 0.5)))


def test_every_scale_of_the_table_covers_the_range() -> None:
    for parameter in PARAMETERS:
        if parameter.scale is not None and parameter.high is not None:
            assert parameter.scale.value(0) == parameter.low
            assert parameter.scale.value(1) == parameter.high
