"""Payloads come out whole, wherever the network cut the bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.stream.event_stream import EventStream
from app.domain.errors import TooLarge

SIZES = (1, 2, 3, 7, None)


def decode(data: bytes, size: int | None = None) -> list[bytes]:
    stream = EventStream()
    step = size or max(len(data), 1)
    pieces = [data[start : start + step] for start in range(0, len(data), step)]
    return [payload for piece in pieces for payload in stream.feed(piece)] + stream.finish()


def reference(data: bytes) -> list[bytes]:
    """The standard's algorithm, a line at a time over the whole text."""
    text = data.decode("latin-1").removeprefix("\xef\xbb\xbf") + "\n\n"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    payloads: list[bytes] = []
    held: list[str] = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "":
            if held:
                payloads.append("\n".join(held).encode("latin-1"))
            held = []
        elif name == "data":
            held.append(value.removeprefix(" "))
    return payloads


PARTS = st.sampled_from(
    [b"data:", b"data: ", b"data", b"\n", b"\n\n", b"\r", b"\r\n", b" ", b":", b"x", b"event: e"]
    + [text.encode() for text in ("é", "\u2028", "\x85", "\ufeff", "😀", "\x0b", "\x0c", "\x1c")]
)


@given(st.lists(PARTS).map(b"".join), st.lists(st.integers(1, 9), max_size=30))
def test_any_bytes_in_any_pieces_decode_as_the_standard_says(data: bytes, cuts: list[int]) -> None:
    stream = EventStream()
    payloads, rest = [], data
    for cut in cuts:
        payloads += stream.feed(rest[:cut])
        rest = rest[cut:]
    payloads += stream.feed(rest)
    assert payloads + stream.finish() == reference(data)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("data", "payloads"),
    [
        (b"data: a\n\ndata: b\n\n", [b"a", b"b"]),
        (b"data: a\r\n\r\ndata: b\r\n\r\n", [b"a", b"b"]),
        (b"data: a\r\rdata: b\r\r", [b"a", b"b"]),
        (b"data:a\n\ndata:  b\n\n", [b"a", b" b"]),
        (b"data: one\ndata: two\n\n", [b"one\ntwo"]),
        (b": waiting\n\nevent: message\nid: 7\nretry: 1\ndata: a\n\n", [b"a"]),
        (b"\xef\xbb\xbfdata: a\n\n", [b"a"]),
        (b"data: \xef\xbb\xbf\n\n", [b"\xef\xbb\xbf"]),
        (
            'data: "\u2028\u2029\x85\x0b\x0c\x1c"\n\n'.encode(),
            ['"\u2028\u2029\x85\x0b\x0c\x1c"'.encode()],
        ),
        ("data: é😀\n\n".encode(), ["é😀".encode()]),
        (b"data: a", [b"a"]),
        (b"database: no\n\nDATA: no\n\n", []),
        (b"", []),
    ],
)
def test_every_form_decodes_at_every_cut(data: bytes, payloads: list[bytes], size: int) -> None:
    assert decode(data, size) == payloads


def test_an_event_beyond_the_bound_is_too_large() -> None:
    stream = EventStream(max_event_bytes=100)
    with pytest.raises(TooLarge):
        stream.feed(b"data: " + b"x" * 100)


def test_many_short_lines_of_one_event_are_bounded_too() -> None:
    stream = EventStream(max_event_bytes=100)
    with pytest.raises(TooLarge):
        stream.feed(b"data:\n" * 200)


def test_what_came_before_the_large_event_is_returned_first() -> None:
    stream = EventStream(max_event_bytes=100)
    assert stream.feed(b"data: a\n\ndata: " + b"x" * 200) == [b"a"]
    with pytest.raises(TooLarge):
        stream.feed(b"x")


def test_events_up_to_the_bound_pass_however_many() -> None:
    stream = EventStream(max_event_bytes=100)
    assert len(stream.feed(b"data: " + b"x" * 90 + b"\n\n")) == 1
    assert len(stream.feed((b"data: " + b"x" * 90 + b"\n\n") * 50)) == 50


@pytest.mark.parametrize(("length", "size"), [(50_000_000, 65_536), (200_000, 1)])
def test_a_long_line_in_pieces_costs_its_length_and_not_its_square(length: int, size: int) -> None:
    stream = EventStream(max_event_bytes=60_000_000)
    data = b"data: " + b"x" * length + b"\n\n"
    payloads: list[bytes] = []
    for start in range(0, len(data), size):
        payloads += stream.feed(data[start : start + size])
    assert [len(payload) for payload in payloads] == [length]
