"""The calls of an answer are answered above the field."""

import json

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.chat.tool_command import ToolCommand
from app.services.program.core import Core
from app.ui.composer.call_card import CallCard
from app.ui.composer.tool_answers import ToolAnswers
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel
from tests.servers import answer, chat, serving
from tests.services.tools.test_pending_calls import MIXED, TIME, WEATHER, calls
from tests.ui.conftest import OnLoop, keep, until, use_server


def test_calls_are_answered_and_the_answer_goes_on(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(calls(WEATHER, TIME), answer(chat("Sunny at noon"))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.show()
            answers = window.findChildren(ToolAnswers)[0]
            assert not answers.isVisible()
            window.pane.composer.put_text("How is it?")
            window.pane.composer.send.click()
            await until(answers.isVisible)
            for words in ("22 degrees", "noon"):
                # One field and one primary button at a time.
                [field] = [one for one in answers.findChildren(QPlainTextEdit) if one.isVisible()]
                qtbot.keyClicks(field, words)
                primary = answers.findChildren(QPushButton, "primary")
                [give] = [one for one in primary if one.isVisible()]
                assert give.text() == "Use result"
                give.click()
            await until(lambda: not answers.isVisible() and len(server.requests) == 2)
            held = main_window.in_view.conversation
            assert held is not None
            await until(lambda: not core.chat.is_answering(held.id))
            sent = server.requests[1].json["messages"]
            assert [one["content"] for one in sent if one["role"] == "tool"] == [
                "22 degrees",
                "noon",
            ]
            texts = [item.text() for item in main_window.conversation.transcript.items()]
            assert "22 degrees" in texts[2]
            assert "Sunny at noon" in texts[3]
            assert json.loads(WEATHER[2])["city"] in texts[1]
        await core.close()

    on_loop(work)


def test_a_call_with_a_command_is_one_line_until_it_is_answered_by_hand(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(calls(WEATHER, TIME)) as server:
            use_server(core, server.url)
            for tool in ("weather", "clock"):
                core.tooling.commands.put(ToolCommand(tool, ("true",)))
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.show()
            answers = window.findChildren(ToolAnswers)[0]
            window.pane.composer.put_text("How is it?")
            window.pane.composer.send.click()
            await until(answers.isVisible)
            cards = answers.findChildren(CallCard)
            assert not any(card.field.isVisible() for card in cards)
            assert not any(one.isVisible() for one in answers.findChildren(QPushButton, "primary"))
            low = answers.sizeHint().height()
            for opened, folded in (cards, cards[::-1]):
                opened.by_hand.click()
                assert opened.field.isVisible()
                assert not folded.field.isVisible()
                assert answers.sizeHint().height() > low
            qtbot.keyClicks(cards[1].field, "noon")
            qtbot.keyClick(cards[1].field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            # The answered call folds, and the question is not covered.
            assert abs(answers.sizeHint().height() - low) <= 1
            held = main_window.in_view.conversation
            assert held is not None
            assert [one.result is not None for one in core.tooling.waiting(held)] == [False, True]
            change = [one for one in cards[1].findChildren(QPushButton) if one.text() == "Change"]
            change[0].click()
            assert cards[1].field.isVisible()
            assert cards[1].field.text() == "noon"
        await core.close()

    on_loop(work)


def test_a_doubtful_call_says_why_it_waits(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(MIXED) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.show()
            answers = window.findChildren(ToolAnswers)[0]
            window.pane.composer.put_text("Tidy up")
            window.pane.composer.send.click()
            await until(answers.isVisible)
            warnings = [one.text() for one in answers.findChildren(PlainLabel, "warning")]
            shown = [words for words in warnings if "to which call" in words]
            assert len(shown) == 2
            assert all("enter the result yourself" in words for words in shown)
            assert "to which call" in main_window.conversation.transcript.items()[1].text()
        await core.close()

    on_loop(work)
