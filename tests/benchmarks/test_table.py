"""The printed forms of the benchmarks; the figures are not tested."""

from tests.benchmarks.__main__ import table
from tests.benchmarks.result import Result

RESULT = Result("start", 0.25, 0.125, "s", "process start to first frame")


def test_json_has_ours_over_the_reference() -> None:
    assert RESULT.as_json() == {
        "name": "start",
        "ours": 0.25,
        "reference": 0.125,
        "ratio": 2.0,
        "unit": "s",
        "what": "process start to first frame",
    }


def test_the_table_has_a_row_and_a_sentence_for_each() -> None:
    head, row, _blank, sentence = table([RESULT]).splitlines()
    assert head.split() == ["name", "ours", "reference", "ratio"]
    assert row.split() == ["start", "0.25", "s", "0.125", "s", "2"]
    assert sentence == "start: process start to first frame."
