"""The table of actions is whole, and nothing beside it names a key."""

import re
from collections import Counter

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence

from app.ui.common.actions import ACTIONS, ACTIONS_BY_SCOPE, Action, ActionId, Scope
from app.ui.theme.icons import glyph
from tests.checkout import ROOT

ROWS = [action for actions in ACTIONS_BY_SCOPE.values() for action in actions]
COMMON = ROOT / "app" / "ui" / "common"
#: A key's name or code, where it is no words of a docstring.
KEYS = re.compile(r'"[^"]*\b(?:Ctrl|Alt|Shift)\+|Key_(?!Left|Right)[A-Z]|QKeySequence|QShortcut')


def test_each_action_has_one_row() -> None:
    assert Counter(action.id for action in ROWS) == Counter(ActionId)


def test_each_scope_has_actions() -> None:
    assert set(ACTIONS_BY_SCOPE) == set(Scope)


@pytest.mark.parametrize("scope", Scope)
def test_no_two_actions_of_a_scope_have_one_key(scope: Scope) -> None:
    with_keys = [action.keys for action in ACTIONS_BY_SCOPE[scope] if action.keys]
    keys = [each for keys in with_keys for each in keys.split("; ")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("action", ROWS, ids=lambda action: action.id)
def test_qt_reads_the_keys_as_they_are_written(action: Action) -> None:
    read = QKeySequence.listFromString(action.keys)
    assert "; ".join(sequence.toString() for sequence in read) == action.keys


def test_each_icon_is_one_of_the_programs(qapp: QGuiApplication) -> None:
    for action in ACTIONS.values():
        assert not action.icon or not glyph(action.icon).isEmpty(), action.id


def test_keys_are_named_in_the_table_alone() -> None:
    # Left and right apart, which a number field keeps for its cursor.
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app" / "ui").glob("**/*.py")
        if path.parent != COMMON and KEYS.search(path.read_text("utf-8"))
    }
    assert naming == set()
