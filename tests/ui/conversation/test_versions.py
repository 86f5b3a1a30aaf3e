"""Versions of messages are switched by mouse and key, and the place stays."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.domain.errors import LibraryFull
from app.domain.ids import new_id
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.servers import answer, serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.conversation.test_editing import discuss
from tests.ui.shell.test_undo import active
from tests.ui.shell.test_window import DONE, WHOLE, ask, chunk, endless, idle, opened, words

LEFT, RIGHT, ALT = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier


def switch(main_window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(main_window.window, key, ALT)


async def with_versions(core: Core, theme: Theme, qtbot: QtBot) -> MainWindow:
    """A conversation with two versions of its question, and three of the last one's answer."""
    held = discuss(core, "Old question", "Old answer")
    other = Message(new_id(), None, Role.USER, "Question", 2.0)
    core.conversations.add_message(held, other)
    for text in ("One", "Two", "Three"):
        core.conversations.add_message(held, Message(new_id(), other.id, Role.ASSISTANT, text, 3.0))
    main_window = await opened(core, theme, qtbot)
    main_window.open_conversation(held.id)
    await active(main_window)
    return main_window


def test_alt_and_the_arrows_switch_the_last_message_that_has_versions(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await with_versions(core, theme, qtbot)
        main_window.pane.composer.field.setFocus()
        seen = []
        for key in (RIGHT, LEFT, LEFT, LEFT, RIGHT):
            switch(main_window, key)
            seen.append(words(main_window)[-1])
        assert seen == ["Three", "Two", "One", "One", "Two"]
        await core.close()

    on_loop(work)


def test_alt_and_the_arrows_switch_the_message_in_focus_which_keeps_it(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await with_versions(core, theme, qtbot)
        transcript = main_window.conversation.transcript
        for _press in range(2):
            main_window.conversation.go_to_message(-1)
        assert transcript.focus.message == 0
        switch(main_window, LEFT)
        assert words(main_window) == ["Old question", "Old answer"]
        assert transcript.focus.message == 0
        switch(main_window, RIGHT)
        assert words(main_window) == ["Question", "Three"]
        await core.close()

    on_loop(work)


def test_versions_stay_in_view_while_the_next_is_written(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Say hello")
            await until(lambda: idle(core, main_window))
            item = main_window.conversation.transcript.items()[1]
            item.lay_out(600)
            assert item.button_box(MessageActionId.PREVIOUS) is None
            main_window.conversation.regenerate()
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            item = main_window.conversation.transcript.items()[1]
            item.lay_out(600)
            assert item.button_box(MessageActionId.PREVIOUS) is not None
            assert item.buttons() == []
            main_window.pane.escape.press()
            await until(lambda: idle(core, main_window))
            assert MessageActionId.PREVIOUS in [button.href for button in item.buttons()]
            await core.close()

    on_loop(work)


def test_an_action_that_has_to_wait_says_so(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(lambda: words(main_window)[1:] == ["Once upon "])
            first = main_window.in_view.path[0].id
            main_window.conversation.actions.act(first, MessageActionId.EDIT)
            assert "Wait for the answer" in main_window.pane.toast._words.text()
            assert not main_window.editing.is_open()
            main_window.pane.escape.press()
            await until(lambda: idle(core, main_window))
            await core.close()

    on_loop(work)


def test_delete_counts_the_messages_of_all_branches_below(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await with_versions(core, theme, qtbot)
        actions, path = main_window.conversation.actions, main_window.in_view.path
        assert [actions.count_below(message.id) for message in path] == [4, 1]
        actions.act(path[0].id, MessageActionId.DELETE)
        assert words(main_window) == ["Old question", "Old answer"]
        main_window.pane.undo.undo()
        assert words(main_window) == ["Question", "Three"]
        await core.close()

    on_loop(work)


def test_the_parameters_of_an_answer_are_set_again_from_its_menu(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, answer(chunk("Again.") + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            main_window.in_view.set_value("temperature", 0.7)
            ask(main_window, "Say hello")
            await until(lambda: idle(core, main_window))
            main_window.in_view.set_value("temperature", 1.5)
            answered = main_window.in_view.path[1].id
            main_window.conversation.actions.act(answered, MessageActionId.PARAMETERS)
            assert main_window.in_view.values == {"temperature": 0.7}
            main_window.pane.undo.undo()
            assert main_window.in_view.values == {"temperature": 1.5}
            await core.close()

    on_loop(work)


def test_a_seed_check_begins_from_the_menu(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await with_versions(core, theme, qtbot)
        wanted: list[str] = []
        main_window.conversation.actions.seed_check_wanted.disconnect()
        main_window.conversation.actions.seed_check_wanted.connect(wanted.append)
        answered = main_window.in_view.path[1].id
        main_window.conversation.actions.act(answered, MessageActionId.SEED_CHECK)
        assert wanted == [answered]
        await core.close()

    on_loop(work)


def test_a_version_that_the_full_disk_cannot_keep_is_no_mistake_of_the_program(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_conversation: object) -> None:
        raise LibraryFull("There is no room.")

    async def work() -> None:
        main_window = await with_versions(core, theme, qtbot)
        banner, path = main_window.pane.banner, main_window.in_view.path
        monkeypatch.setattr(core.library, "update_conversation", refuse)
        main_window.conversation.actions.act(path[-1].id, MessageActionId.PREVIOUS)
        assert banner._words.text() == "There is no room."
        assert words(main_window) == ["Question", "Three"]
        # What no window expected is caught at the end of the way of all exceptions.
        main_window.report(LibraryFull("There is still no room."))
        assert banner._words.text().endswith("There is still no room.")
        main_window.report(ValueError("no"))
        assert "went wrong in Loquat (ValueError)" in banner._words.text()
        monkeypatch.undo()
        await core.close()

    on_loop(work)
