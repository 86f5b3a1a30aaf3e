"""A held key is told from one that is pressed again, also where Qt doesn't say so."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.common.action_widgets import bind
from app.ui.common.actions import ActionId
from app.ui.common.held_key import HELD_MS, HeldKey, ignore_held_keys
from tests.ui.conftest import keep

PRESS, RELEASE = QEvent.Type.ShortcutOverride, QEvent.Type.KeyRelease
DELETE = Qt.Key.Key_Delete


def event(kind: QEvent.Type, time: int, key: Qt.Key = DELETE, *, again: bool = False) -> QKeyEvent:
    made = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", again)
    made.setTimestamp(time)
    return made


def doing(action: ActionId, done: list[ActionId]) -> Callable[[], None]:
    """Return a function that notes an action as done."""

    def do() -> None:
        done.append(action)

    return do


@pytest.mark.parametrize(
    ("events", "repeated"),
    [
        ([event(PRESS, 1000)], False),
        # As an X server tells of a held key.
        ([event(PRESS, 1000), event(RELEASE, 1660), event(PRESS, 1660)], True),
        ([event(PRESS, 1000), event(PRESS, 1660, again=True)], True),
        ([event(PRESS, 1000), event(RELEASE, 1080), event(PRESS, 1080 + HELD_MS + 1)], False),
        ([event(RELEASE, 1000, Qt.Key.Key_A), event(PRESS, 1000)], False),
        # Without times, as a screen reader or a test makes them.
        ([event(PRESS, 0), event(RELEASE, 0), event(PRESS, 0)], False),
    ],
)
def test_a_press_right_after_the_release_is_a_repeated_one(
    qtbot: QtBot, events: list[QKeyEvent], repeated: bool
) -> None:
    widget = QWidget()
    keep(qtbot, widget)
    held = HeldKey(widget)
    for each in events:
        QApplication.sendEvent(widget, each)
    assert held.is_repeated is repeated


def test_a_destructive_action_is_done_once_however_long_its_key_is_held(qtbot: QtBot) -> None:
    widget = QWidget()
    keep(qtbot, widget)
    done: list[ActionId] = []
    for action in (ActionId.DELETE_CONVERSATION, ActionId.FIND_NEXT):
        bind(widget, action, doing(action, done))
    times = (1000, 1660, 1700, 1740)
    for time, released in zip(times, (*times[1:], 1780), strict=True):
        QApplication.sendEvent(widget, event(PRESS, time))
        for bound in widget.actions():
            bound.trigger()
        QApplication.sendEvent(widget, event(RELEASE, released))
    assert done.count(ActionId.DELETE_CONVERSATION) == 1
    assert done.count(ActionId.FIND_NEXT) == 4


def test_a_held_space_key_presses_a_button_that_deletes_once(qtbot: QtBot) -> None:
    button = QPushButton("Delete")
    keep(qtbot, button)
    ignore_held_keys(button)
    done: list[ActionId] = []
    button.clicked.connect(doing(ActionId.DELETE_PRESET, done))
    times = (1000, 1660, 1700, 1740)
    for time, released in zip(times, (*times[1:], 1780), strict=True):
        for kind in (PRESS, QEvent.Type.KeyPress):
            QApplication.sendEvent(button, event(kind, time, Qt.Key.Key_Space))
        QApplication.sendEvent(button, event(RELEASE, released, Qt.Key.Key_Space))
    assert len(done) == 1
