"""The README says what the program does."""

import re

from app.ui.common.actions import ACTIONS
from app.ui.common.keys import key_words
from tests.readme import README, with_tables

#: A key with Ctrl, Alt or Shift, as the README's text names it.
KEYS = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)+(?:[A-Z]\w*|[^\w\s])")


def test_the_tables_are_the_programs_own() -> None:
    text = README.read_text()
    assert with_tables(text) == text, "run: python -m tests.readme"


def test_each_key_that_the_text_names_is_a_key_of_the_program() -> None:
    known = {key_words(keys) for action in ACTIONS.values() for keys in action.keys.split("; ")}
    named = set(KEYS.findall(README.read_text()))
    assert len(named) > 10
    assert named <= known
