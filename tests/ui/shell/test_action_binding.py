"""Each action of the window is bound to what does it; a missing or foreign one is an error."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.common.actions import ACTIONS_BY_SCOPE, ActionId, Handlers, Scope
from app.ui.shell.action_binding import bind_actions
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop, keep
from tests.ui.shell.test_window import opened

WINDOW = {action.id: action for action in ACTIONS_BY_SCOPE[Scope.WINDOW]}


class _Doer:
    """Notes that its action was done."""

    def __init__(self, action: ActionId, done: list[ActionId]) -> None:
        self._action, self._done = action, done

    def do(self) -> None:
        self._done.append(self._action)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    keep(qtbot, widget)
    return widget


def test_each_action_of_the_window_is_bound_with_words_and_keys(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await opened(core, theme, qtbot)
        bound = {one.objectName(): one for one in main_window.window.actions()}
        assert bound.keys() == WINDOW.keys()
        for action in WINDOW.values():
            keys = [sequence.toString() for sequence in bound[action.id].shortcuts()]
            assert (bound[action.id].text(), "; ".join(keys)) == (action.words, action.keys)
        await core.close()

    on_loop(work)


def test_an_action_does_what_its_owner_declares(window: QWidget) -> None:
    done: list[ActionId] = []
    # Qt's connections hold bound methods weakly.
    doers = {action: _Doer(action, done) for action in WINDOW}
    bind_actions(window, [{action: doer.do for action, doer in doers.items()}])
    for action in window.actions():
        action.trigger()
    assert done == list(WINDOW)


@pytest.mark.parametrize(
    ("owners", "named"),
    [
        ([dict.fromkeys(list(WINDOW)[1:], list)], "new-conversation"),
        ([dict.fromkeys(WINDOW, list), {ActionId.STOP: list}], "stop"),
        ([dict.fromkeys([*WINDOW, ActionId.COPY], list)], "copy"),
    ],
    ids=["missing", "twice", "of another scope"],
)
def test_a_wrong_handler_is_an_error(window: QWidget, owners: list[Handlers], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        bind_actions(window, owners)
