"""The arguments of a call on one line."""

import pytest

from app.domain.chat.call_arguments import arguments_line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ('{"place": "Rome", "day": "today"}', "place: Rome, day: today"),
        ('{"place": "Rome, day: today"}', 'place: "Rome, day: today"'),
        ('{"text": "", "n": 1.0, "list": ["a"]}', 'text: "", n: 1.0, list: ["a"]'),
        ("{}", ""),
        # A tool may take the first value of a name or the last one.
        ('{"a": 1, "a": 2}', '{"a": 1, "a": 2}'),
        ("[1,\n2]", "[1, 2]"),
        ("{", "{"),
        ('{"a": "\u202egnp"}', 'a: "⇄gnp"'),
        ("[" * 100_000, "[" * 40 + "…"),
    ],
)
def test_arguments_are_shown_on_one_line(arguments: str, line: str) -> None:
    assert arguments_line(arguments, 40) == line
