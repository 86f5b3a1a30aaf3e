"""Files of presets: there and back, and what hostile ones do."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InputError
from app.domain.parameters.presets import LONGEST_NAME, Preset
from app.formats.presets_json import LARGEST, MOST_PRESETS, read, written

#: What a file can hold: no halves of pairs, and no zero.
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0")
names = st.text(CHARACTERS, min_size=1, max_size=LONGEST_NAME).filter(
    lambda text: text == " ".join(text.split())
)
values = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.floats(0, 2),
        "top_k": st.integers(0, 10_000),
        "logprobs": st.booleans(),
        "stop": st.lists(st.text(CHARACTERS, min_size=1), min_size=1, max_size=4),
    },
)
presets = st.builds(
    Preset,
    st.just(""),
    names,
    st.text(CHARACTERS, max_size=100),
    values,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def file(records: Any, **more: Any) -> bytes:
    whole = {"format": "loquat-presets", "version": 1, "presets": records, **more}
    return msgspec.json.encode(whole)


@given(several=st.lists(presets, max_size=5))
def test_what_is_written_is_read_back(several: list[Preset]) -> None:
    found = read(written(several))
    assert found.presets == tuple(several)
    assert found.problems == ()


@given(
    records=st.lists(
        anything | st.dictionaries(st.sampled_from(["name", "about", "parameters"]), anything),
        max_size=5,
    )
)
def test_whatever_stands_there_what_is_taken_is_valid(records: list[Any]) -> None:
    found = read(file(records))
    assert read(written(found.presets)).problems == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b'{"format": "loquat", "version": 1, "presets": []}',
        b'{"format": "loquat-presets", "presets": []}',
        b'{"format": "loquat-presets", "version": true, "presets": []}',
        b'{"format": "loquat-presets", "version": 2, "presets": []}',
        b'{"format": "loquat-presets", "version": 1, "presets": {}}',
        b"[" * 100_000,
        b" " * (LARGEST + 1),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read(content)
    assert str(refused.value).endswith(".")


def test_what_is_not_taken_is_said_and_the_rest_is() -> None:
    record = {"name": "Calm", "parameters": {"temperature": 0.3, "top_p": 7, "mirostat": 2}}
    found = read(file([record, {"parameters": {}}, "x", {"name": "Y"}]))
    assert [one.parameters for one in found.presets] == [{"temperature": 0.3}]
    assert len(found.problems) == 5
    assert "mirostat" in " ".join(found.problems)


def test_a_file_with_too_many_is_read_so_far() -> None:
    found = read(file([{"name": str(n), "parameters": {}} for n in range(MOST_PRESETS + 1)]))
    assert len(found.presets) == MOST_PRESETS
    assert "Only the first" in found.problems[0]


def test_there_are_not_more_problems_than_anybody_reads() -> None:
    found = read(file([{"name": "A", "parameters": {str(n): 1 for n in range(5000)}}]))
    assert len(found.problems) == 101
