"""What was set for an answer is read in a table, summed up in a line, and set again."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QTreeWidget
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message
from app.services.chat.sent_parameters import Record
from app.services.program.core import Core
from app.ui.request.changes import earlier_answers
from app.ui.request.parameters import ParametersPage, SentParameters, summary
from app.ui.request.window import RequestWindow
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from app.ui.transcript.interaction.mouse import PointTarget
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, keep, until, use_server

RECORD = Record({"top_p": 0.9, "temperature": 0.7, "logprobs": True}, {"<b>": [1, "&"]})


def rows(tree: QTreeWidget) -> list[tuple[str, str, str]]:
    items = map(tree.topLevelItem, range(tree.topLevelItemCount()))
    return [(one.text(0), one.text(1), one.text(2)) for one in items if one is not None]


def test_the_table_has_the_order_and_the_words_of_the_panel(qtbot: QtBot) -> None:
    page = ParametersPage(SentParameters(RECORD, "OpenRouter", "a/model"))
    keep(qtbot, page)
    assert rows(page.rows) == [
        ("Provider", "OpenRouter", ""),
        ("Model", "a/model", ""),
        ("Temperature", "0.7", "temperature"),
        ("Top P", "0.9", "top_p"),
        ("Log probabilities", "on", "logprobs"),
        ("<b>", '[ 1, "&" ]', ""),
    ]
    assert "Temperature: 0.7\n" in page.text()
    assert page.note() == "Not set, because Loquat doesn't have these parameters: <b>."
    used: list[Any] = []
    page.used.connect(lambda *told: used.append(told))
    page.use.click()
    assert used == [(dict(RECORD.values), page.note())]


def test_without_a_request_there_is_nothing_to_use(qtbot: QtBot) -> None:
    page = ParametersPage(None)
    keep(qtbot, page)
    assert not page.use.isEnabled()
    assert "wasn't saved" in page.note()


def test_a_summary_is_one_short_line() -> None:
    assert summary(RECORD) == 'Temperature 0.7 · Top P 0.9 · Log probabilities on · <b> [1, "&"]'
    assert summary(Record({}, {})) == "all parameters at the provider's defaults"
    enormous = Record({"stop": ["x" * 100_000]}, {f"{n}\n" * 99: "y" * 9999 for n in range(500)})
    line = summary(enormous)
    assert line.endswith(" · 495 more")
    assert len(line) < 500


def test_what_was_sent_is_seen_compared_and_used_again(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(answer(chat("Yes."))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.show()
            in_view = main_window.in_view
            ended: list[Message] = []
            core.chat.finished.connect(lambda _id, message: ended.append(message))
            for count, values in enumerate(({"temperature": 0.7}, {"top_p": 0.5}, {}), 1):
                main_window.choices.presets.replace(values, "set")
                pane = window.pane
                pane.composer.put_text(f"Question  {count}")
                pane.composer.sent.emit(f"Question  {count}")
                await until(lambda: len(ended) == count)  # noqa: B023 - awaited in its turn
        held, transcript = in_view.conversation, main_window.conversation.transcript
        assert held is not None
        offered = earlier_answers(core.conversations, held, ended[2].id)
        assert [one.words for one in offered] == ["The previous answer", "Question 1 → Yes."]
        # Under the mouse, and in the menu that the keyboard opens.
        assert transcript.pointing.about(1) == "Temperature 0.7"
        assert transcript.pointing.about(0) == ""
        assert transcript.pointing.about(99) == ""
        groups = transcript.menu.entries(PointTarget(3, None, "", None))
        named = [entry.words for group in groups for entry in group]
        assert "Use these parameters (Top P 0.5)" in named
        renamed = core.providers.get(ended[0].provider)
        core.providers.put(replace(renamed, name="Called otherwise"))
        transcript.wanted.emit(ended[0].id, MessageActionId.REQUEST)
        (shown,) = window.findChildren(RequestWindow)
        assert shown.tabs.tabText(shown.tabs.currentIndex()) == "Parameters"
        assert shown.parameters.text().startswith("Provider: Called otherwise\n")
        shown.parameters.use.click()
        assert held.conversation.parameters == {"temperature": 0.7}
        toast = window.pane.toast
        assert toast._words.text() == "The parameters of the answer are set"
        toast._button.click()
        assert held.conversation.parameters == {}
        shown.close()
        await core.close()

    on_loop(work)


def test_nothing_is_read_of_requests_until_somebody_looks(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        with serving(answer(chat("Yes."))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            window.show()
            ended: list[Message] = []
            core.chat.finished.connect(lambda _id, message: ended.append(message))
            for count in (1, 2, 3):
                window.pane.composer.sent.emit("Question")
                await until(lambda: len(ended) == count)  # noqa: B023 - awaited in its turn
        read: list[str] = []
        real = core.library.request_head

        def request_head(message_id: str) -> dict[str, Any] | None:
            read.append(message_id)
            return real(message_id)

        monkeypatch.setattr(core.library, "request_head", request_head)
        held = main_window.in_view.conversation
        assert held is not None
        main_window.new_conversation()
        main_window.open_conversation(held.id)
        QApplication.sendPostedEvents()
        # Of the last answer alone: the panel marks what differs from it.
        assert set(read) == {ended[-1].id}
        read.clear()
        for _move in range(5):
            main_window.conversation.transcript.pointing.about(1)
        assert read == [ended[0].id]
        await core.close()

    on_loop(work)
