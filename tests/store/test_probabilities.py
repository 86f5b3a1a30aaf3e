"""Packed probabilities: how exact they are, what was written before, and what is damaged."""

import math
import random
import struct
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_table import TokenTable
from app.store.probabilities import pack, unpack


def token(logprobs: list[float], chosen: int = 0) -> TokenProbabilities:
    made = tuple(Candidate(f"t{n}", one, f"t{n}".encode(), n) for n, one in enumerate(logprobs))
    return TokenProbabilities(made[chosen], made)


@given(weights=st.lists(st.floats(1e-9, 1), min_size=1, max_size=20), chosen=st.integers(0, 19))
def test_what_is_likely_and_what_is_left_are_right_to_a_twenty_thousandth(
    weights: list[float], chosen: int
) -> None:
    total = sum(weights) * 1.01
    logprobs = sorted((math.log(one / total) for one in weights), reverse=True)
    (read,) = unpack(pack(TokenTable.of([token(logprobs, chosen % len(logprobs))])))
    shares = [math.exp(one.logprob) for one in read.alternatives]
    for share, logprob in zip(shares, logprobs, strict=True):
        assert share == pytest.approx(math.exp(logprob), abs=0.00005)
    assert sum(shares) == pytest.approx(1 / 1.01, abs=0.0002)


@given(left=st.floats(1e-6, 0.05), other=st.floats(0.1, 0.9))
def test_of_a_token_that_was_nearly_sure_the_little_that_is_left_is_known(
    left: float, other: float
) -> None:
    """High temperatures and penalties make much of it."""
    logprobs = [math.log1p(-left), math.log(left * other)]
    (read,) = unpack(pack(TokenTable.of([token(logprobs)])))
    assert 1 - math.exp(read.alternatives[0].logprob) == pytest.approx(left, rel=0.001, abs=1e-7)
    (read,) = unpack(pack(TokenTable.of([token(logprobs, 1)])))
    assert 1 - math.exp(read.alternatives[0].logprob) == pytest.approx(left, rel=0.01)


def test_a_token_that_is_listed_otherwise_stays_as_it_was_listed() -> None:
    listed = (Candidate("a", -1.0), Candidate("b", -2.0))
    for own in (-0.5, math.nan, 7.0, -math.inf):
        (read,) = unpack(pack(TokenTable.of([TokenProbabilities(Candidate("a", own), listed)])))
        assert read.alternatives[0].logprob == pytest.approx(-1.0, abs=0.001)


def written_before(steps: list[int]) -> bytes:
    """One token and its alternatives, as the first columns were written."""
    words = [(f"t{n}", True, n) for n in range(len(steps))]
    numbers = struct.pack(f"<{len(steps)}H", *range(len(steps)))
    columns = (
        words,
        struct.pack("<H", 0),
        struct.pack("<f", -0.25),
        b"\0",
        struct.pack("<H", len(steps)),
        numbers,
        struct.pack(f"<{len(steps)}H", *steps),
    )
    return b"LQP1" + zlib.compress(msgspec.msgpack.encode(columns))


def test_even_steps_are_read_still() -> None:
    (read,) = unpack(written_before([512, 2048, 0xFFFF]))
    assert [one.logprob for one in read.alternatives] == [-0.25, -1.0, -math.inf]
    assert read.chosen.logprob == -0.25


def test_whatever_is_damaged_reads_as_nothing_or_as_a_table() -> None:
    dice = random.Random(4)
    whole = pack(TokenTable.of([token([-0.5, -1.5, -3.0]), token([-0.1])] * 20))
    for cut in range(len(whole)):
        # The last bytes are a sum over the others, which may be all there without it.
        assert len(unpack(whole[:cut])) in ({0} if cut < len(whole) - 8 else {0, 40})
    for _try in range(3000):
        damaged = bytearray(whole)
        for _byte in range(dice.randint(1, 3)):
            damaged[dice.randrange(len(whole))] = dice.randrange(256)
        assert len(unpack(bytes(damaged))) in {0, 40}
    plain = msgspec.msgpack.decode(zlib.decompress(whole[4:]))
    wrong: object
    for place in range(len(plain)):
        for wrong in (b"", b"\xff" * 6, b"\xff" * 7, None, [], plain[place][:-1]):
            columns = [*plain[:place], wrong, *plain[place + 1 :]]
            packed = whole[:4] + zlib.compress(msgspec.msgpack.encode(columns))
            read = unpack(packed)
            assert list(read) == [] or len(read) == 40


def test_what_unpacks_to_more_than_any_answer_is_not_unpacked() -> None:
    bomb = b"LQP2" + zlib.compress(msgspec.msgpack.encode([[], *[b"\0" * 60_000_000] * 6]), 9)
    assert len(bomb) < 1_000_000
    assert len(unpack(bomb)) == 0
