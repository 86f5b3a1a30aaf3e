"""A message is edited where it stands; its new version is beside the old one, and nothing typed is
lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.domain.ids import new_id
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.conversation.message_editor import MessageEditor
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.servers import answer, serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_undo import active, talk
from tests.ui.shell.test_window import DONE, WHOLE, ask, chunk, idle, opened, words

ESC = Qt.Key.Key_Escape


def edit(main_window: MainWindow, place: int = 0) -> MessageEditor:
    """Press Edit at a message."""
    transcript = main_window.conversation.transcript
    transcript.wanted.emit(transcript.items()[place].id, MessageActionId.EDIT)
    return editor_of(main_window)


def editor_of(main_window: MainWindow) -> MessageEditor:
    editor = main_window.editing.editor
    assert editor is not None
    return editor


def discuss(core: Core, *texts: str) -> OpenConversation:
    """Make a conversation of questions and answers in turn."""
    held = core.conversations.create(provider="embedded", model="m", title="Title")
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        message = Message(new_id(), held.conversation.current, role, text, 1.0, model="m")
        core.conversations.add_message(held, message)
    return held


async def editing(core: Core, theme: Theme, qtbot: QtBot) -> MainWindow:
    """A window in which a message is being rewritten, and a draft waits."""
    held = talk(core, "Title", "Old words")
    main_window = await opened(core, theme, qtbot)
    main_window.open_conversation(held.id)
    main_window.pane.composer.put_text("a draft")
    edit(main_window).put_text("New words")
    return main_window


def test_a_sent_edit_is_a_version_and_the_draft_is_untouched(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, answer(chunk("Again.") + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Old words")
            await until(lambda: idle(core, main_window))
            composer, transcript = main_window.pane.composer, main_window.conversation.transcript
            composer.put_text("a draft")
            editor = edit(main_window)
            assert (editor.text(), composer.text()) == ("Old words", "a draft")
            assert "old version is kept" in editor.kept.text()
            editor.put_text("New words")
            QTest.keyClick(editor.field, Qt.Key.Key_Return)
            assert not main_window.editing.is_open()
            await until(lambda: idle(core, main_window))
            assert words(main_window) == ["New words", "Again."]
            assert composer.text() == "a draft"
            assert transcript.items()[0].surroundings.branches == 2
            assert core.drafts.rewrite(main_window.in_view.path[0].id) is None
            assert core.drafts.edited_message(main_window.in_view.id) == ""
            await core.close()

    on_loop(work)


def test_an_edited_answer_is_saved_beside_the_old_one_and_nothing_is_asked(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, answer(chunk("On.") + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Say hello")
            await until(lambda: idle(core, main_window))
            editor = edit(main_window, 1)
            assert editor.text() == "**Hello** there."
            assert editor.send.text() == "Save"
            editor.put_text("Good day.")
            QTest.keyClick(editor.field, Qt.Key.Key_Return)
            assert editor_of(main_window).text() == "Good day.\n"
            QTest.keyClick(editor.field, Qt.Key.Key_Backspace)
            QTest.keyClick(editor.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            assert words(main_window) == ["Say hello", "Good day."]
            assert len(server.requests) == 1
            version = main_window.in_view.path[1]
            assert version.edited
            item = main_window.conversation.transcript.items()[1]
            assert (item.surroundings.branch, item.surroundings.branches) == (2, 2)
            ask(main_window, "And then?")
            await until(lambda: idle(core, main_window))
            sent = [message["content"] for message in server.requests[1].json["messages"]]
            assert sent == ["Say hello", "Good day.", "And then?"]
            await core.close()

    on_loop(work)


def test_an_answer_that_is_saved_unchanged_makes_no_version(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = discuss(core, "Why?", "Because.")
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        edit(main_window, 1).send.click()
        assert not main_window.editing.is_open()
        assert len(held.tree) == 2
        await core.close()

    on_loop(work)


@pytest.mark.parametrize("inside", [True, False])
def test_esc_leaves_the_edit_and_keeps_the_rewrite(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, inside: bool
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        if inside:
            await active(main_window)
            QTest.keyClick(editor_of(main_window).field, ESC)
        else:
            main_window.pane.escape.press()
        assert not main_window.editing.is_open()
        assert main_window.pane.composer.text() == "a draft"
        assert "kept" in main_window.pane.toast._words.text()
        assert edit(main_window).text() == "New words"
        await core.close()

    on_loop(work)


def test_the_edit_can_go_on_after_another_conversation_was_looked_at(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        title = main_window.in_view.id
        main_window.new_conversation()
        assert main_window.pane.composer.text() == ""
        assert not main_window.editing.is_open()
        main_window.open_conversation(title)
        assert main_window.pane.composer.text() == "a draft"
        main_window.pane.toast._button.click()
        assert editor_of(main_window).text() == "New words"
        main_window.pane.escape.press()
        assert main_window.pane.composer.text() == "a draft"
        await core.close()

    on_loop(work)


def test_a_rewrite_is_on_the_disk_soon_and_is_there_after_a_crash(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        message = main_window.in_view.path[0].id
        await until(lambda: core.library.setting(f"edit {message}") == "New words")
        await until(lambda: core.drafts.text(main_window.in_view.id) == "a draft")
        # The process is gone here: nothing that the window keeps at its end is kept.
        await core.close()
        again = Core(core.directory)
        main_window = await opened(again, theme, qtbot)
        assert main_window.pane.composer.text() == "a draft"
        main_window.pane.toast._button.click()
        assert editor_of(main_window).text() == "New words"
        await again.close()

    on_loop(work)


def test_a_discarded_rewrite_is_gone_but_for_undo(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        assert editor_of(main_window).discard.isVisible()
        editor_of(main_window).discard.click()
        assert not main_window.editing.is_open()
        assert edit(main_window).text() == "Old words"
        assert not editor_of(main_window).discard.isVisible()
        main_window.pane.undo.undo()
        assert editor_of(main_window).text() == "New words"
        await core.close()

    on_loop(work)


def test_the_editor_stands_in_the_messages_place_and_goes_with_it(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = discuss(core, *("A few words of a sentence. " * 30 for _number in range(12)))
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        transcript = main_window.conversation.transcript
        editor = edit(main_window, 11)
        transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum())

        def is_in_place() -> bool:
            place, item = transcript.rectangle_of(11), transcript.items()[11]
            box = editor.geometry()
            above = box.top() == place.top() + item.reserved_top()
            return above and box.width() == place.width() and box.bottom() < place.bottom()

        assert is_in_place()
        before = editor.geometry().top()
        transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().value() - 200)
        assert is_in_place()
        assert editor.geometry().top() == before + 200
        main_window.window.resize(700, 600)
        await until(is_in_place)
        theme.choose("dark")
        await until(is_in_place)
        theme.choose("light")
        assert editor.field.hasFocus() or not main_window.window.isActiveWindow()
        await core.close()

    on_loop(work)


def test_the_editor_grows_with_its_text_and_then_scrolls(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = discuss(core, "Why?", "Because.")
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        transcript = main_window.conversation.transcript
        editor = edit(main_window)
        await until(lambda: editor.height() == editor.sizeHint().height())
        low, below = editor.height(), transcript.rectangle_of(1).top()
        editor.put_text("One\nTwo\nThree")
        await until(lambda: editor.height() > low)
        grown = editor.height() - low
        await until(lambda: transcript.rectangle_of(1).top() == below + grown)
        editor.put_text("A line\n" * 200)
        await until(lambda: editor.field.verticalScrollBar().maximum() > 0)
        assert editor.height() < transcript.viewport().height() * 0.6
        await core.close()

    on_loop(work)


def test_a_version_waits_for_an_answer_that_is_under_way(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "One")
            await until(lambda: idle(core, main_window))
            editor = edit(main_window)
            ask(main_window, "Two")
            assert not editor.send.isEnabled()
            await until(lambda: idle(core, main_window))
            assert editor.send.isEnabled()
            assert editor.text() == "One"
            await core.close()

    on_loop(work)


def test_deleting_the_message_closes_its_editor(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        main_window = await editing(core, theme, qtbot)
        message = main_window.in_view.path[0].id
        main_window.conversation.actions.act(message, MessageActionId.DELETE)
        assert not main_window.editing.is_open()
        assert main_window.conversation.transcript.findChildren(MessageEditor) == [] or not any(
            one.isVisible()
            for one in main_window.conversation.transcript.findChildren(MessageEditor)
        )
        main_window.pane.undo.undo()
        assert edit(main_window).text() == "New words"
        await core.close()

    on_loop(work)


def test_conflicts_of_the_parameters_hold_an_edit_back(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE, answer(chunk("Again.") + DONE)) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "Old words")
            await until(lambda: idle(core, main_window))
            main_window.in_view.set_value("top_logprobs", 5)
            assert main_window.in_view.conflicts()
            main_window.pane.composer.put_text("a draft")
            editor = edit(main_window)
            editor.put_text("New words")
            editor.send.click()
            assert main_window.writing.conflicts.isVisible()
            assert main_window.editing.is_open()
            main_window.writing.conflicts.anyway.emit()
            await until(lambda: idle(core, main_window) and len(server.requests) == 2)
            assert words(main_window)[0] == "New words"
            assert main_window.pane.composer.text() == "a draft"
            await core.close()

    on_loop(work)


def test_tab_goes_from_the_conversation_through_the_editor_to_the_message_field(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = discuss(core, "Why?", "Because.")
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        await active(main_window)
        editor = edit(main_window)
        editor.put_text("Why not?")
        composer, gone = main_window.pane.composer, []
        for _press in range(4):
            focused = main_window.window.focusWidget()
            gone.append(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert gone == [editor.field, editor.discard, editor.cancel, editor.send]
        assert composer.isAncestorOf(main_window.window.focusWidget())
        await core.close()

    on_loop(work)


def test_a_cancelled_edit_leaves_the_reader_where_they_were(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        held = discuss(
            core, "Why?", "\n\n".join(f"Paragraph {n}." for n in range(60)), "And?", "So."
        )
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        transcript = main_window.conversation.transcript
        transcript.verticalScrollBar().setValue(900)
        await until(lambda: transcript.rectangle_of(1).top() < -300)
        before = transcript.rectangle_of(1).top()
        edit(main_window, 1)
        assert transcript.viewport().rect().contains(editor_of(main_window).geometry())
        main_window.editing.cancel()
        assert transcript.rectangle_of(1).top() == before
        await core.close()

    on_loop(work)
