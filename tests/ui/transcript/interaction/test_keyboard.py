"""Each action of the conversation's keys is known to its keyboard."""

import pytest
from pytestqt.qtbot import QtBot

from app.ui.common.actions import ACTIONS_BY_SCOPE, ActionId, Scope
from app.ui.theme.theme import Theme
from app.ui.transcript.interaction.keyboard import Keyboard
from tests.ui.transcript.interaction.test_selecting import showing


def test_each_action_of_the_conversation_is_done(qtbot: QtBot, theme: Theme) -> None:
    keyboard = Keyboard(showing(qtbot, theme, "One two.", "Three four."))
    for action in ACTIONS_BY_SCOPE[Scope.TRANSCRIPT]:
        keyboard.do(action.id)
    with pytest.raises(ValueError, match="new-line"):
        keyboard.do(ActionId.NEW_LINE)
