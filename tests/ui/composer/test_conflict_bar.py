"""What contradicts itself is explained before it is sent, with ways out."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.composer.conflict_bar import ConflictBar
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, keep, until, use_server


def press(bar: ConflictBar, words: str) -> None:
    """Press a button by its words or name, or choose the entry of a menu."""
    for button in bar.findChildren(QAbstractButton):
        if words in {button.text(), button.accessibleName()}:
            button.click()
            return
    actions = [action for menu in bar.findChildren(QMenu) for action in menu.actions()]
    next(action for action in actions if action.text() == words).trigger()


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("Turn on Log probabilities", {"logprobs": True, "top_logprobs": 3}),
        ("Reset Top log probabilities", {}),
        ("Send anyway", {"top_logprobs": 3}),
        ("Don't send", None),
    ],
)
def test_a_conflict_holds_a_question_back_until_it_is_settled(
    qtbot: QtBot,
    core: Core,
    theme: Theme,
    on_loop: OnLoop,
    words: str,
    sent: dict[str, Any] | None,
) -> None:
    async def work() -> None:
        with serving(answer(chat("Hi"))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.show()
            main_window.in_view.set_value("top_logprobs", 3)
            window.pane.composer.put_text("Well?")
            window.pane.composer.send.click()
            bar = main_window.writing.conflicts
            assert bar.isVisible()
            assert main_window.in_view.conversation is None
            assert window.pane.composer.text() == "Well?"
            assert not window.pane.composer.send.isEnabled()
            press(bar, words)
            assert not bar.isVisible()
            assert window.pane.composer.send.isEnabled() == bool(window.pane.composer.text())
            if sent is not None:
                await until(lambda: len(server.requests) == 1)
                body = server.requests[0].json
                assert {name: body[name] for name in body if "logprobs" in name} == sent
                await until(
                    lambda: (
                        main_window.in_view.conversation is not None
                        and not main_window.in_view.conversation.reply
                    )
                )
            else:
                assert window.pane.composer.text() == "Well?"
                assert server.requests == []
        await core.close()

    on_loop(work)


def test_conflicts_that_are_mended_elsewhere_go_and_esc_closes_them(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        use_server(core, "http://127.0.0.1:9")
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.show()
        composer, bar = window.pane.composer, main_window.writing.conflicts
        both = {"effort": "high", "max_tokens": 2000}
        main_window.in_view.set_values({"top_logprobs": 3, "reasoning": both})
        composer.put_text("Well?")
        composer.send.click()
        assert "2" in bar.accessibleName()
        bar.close_button.setFocus()
        reached = []
        for _step in range(5):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            focused = window.focusWidget()
            assert isinstance(focused, QAbstractButton)
            reached.append(focused.text() or focused.accessibleName())
        assert reached == [
            "Keep the effort",
            "More ways to fix it",
            "Turn on Log probabilities",
            "More ways to fix it",
            "Send anyway",
        ]
        main_window.in_view.set_value("top_logprobs", None)
        assert bar.isVisible()
        assert "1" in bar.accessibleName()
        window.pane.escape.press()
        assert not bar.isVisible()
        composer.send.click()
        main_window.in_view.set_value("reasoning", None)
        assert not bar.isVisible()
        assert composer.send.isEnabled()
        assert composer.text() == "Well?"
        await core.close()

    on_loop(work)
