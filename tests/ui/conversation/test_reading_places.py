"""A conversation opens where it was left: after another one, a new start, and while one streams."""

import os
import signal
import subprocess
import sys
import threading

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.view import TranscriptView
from tests.checkout import ROOT
from tests.servers import Connection, answer, serving
from tests.ui.conftest import OnLoop, until, use_server
from tests.ui.shell.test_window import DONE, ask, chunk, opened

TEXT = "".join(f"Word{n} of a sentence that goes on for a while. " for n in range(400))
ANSWER = f"# A heading\n\n{TEXT}\n\n```python\n" + "x = 1\n" * 40 + "```\n\n"
ANSWER += TEXT.replace("Word", "Term")


def add(core: Core, name: str, answers: int = 4) -> OpenConversation:
    """Add a conversation of long answers."""
    held = core.conversations.create(provider="embedded", model="m", title=name)
    parent = None
    for number in range(2 * answers):
        role, text = (Role.ASSISTANT, ANSWER) if number % 2 else (Role.USER, f"{name} {number}")
        message = Message(f"{name}{number}", parent, role, text, 0.0)
        core.conversations.add_message(held, message)
        parent = message.id
    return held


def read_at(view: TranscriptView) -> tuple[str, int]:
    """The words at the top of the viewport, and the pixels that their line is below its edge."""
    position = view.place_at(QPoint(view._left() + 1, 2)).position
    assert position is not None
    item = view.items()[position.message]
    line = item.rectangle_of(position.offset).top() + view.rectangle_of(position.message).top()
    return item.id + item.text(position.offset, position.offset + 40), round(line)


def go(main_window: MainWindow, share: float) -> tuple[str, int]:
    """Read at a share of the conversation in view."""
    view = main_window.conversation.transcript
    bar = view.verticalScrollBar()
    bar.setValue(round(bar.maximum() * share))
    return read_at(view)


def at_end(main_window: MainWindow) -> bool:
    bar = main_window.conversation.transcript.verticalScrollBar()
    return bar.value() == bar.maximum() > 0


def test_switching_back_and_forth_never_jumps(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        first, second, third = (add(core, name).id for name in ("a", "b", "c"))
        main_window = await opened(core, theme, qtbot)
        view = main_window.conversation.transcript
        main_window.open_conversation(first)
        assert at_end(main_window)
        places = {first: go(main_window, 0.37)}
        main_window.open_conversation(second)
        assert at_end(main_window)
        places[second] = go(main_window, 0.61)
        main_window.open_conversation(third)
        for shown in (first, second, third, second, first, "", first):
            main_window.open_conversation(shown)
            if shown in places:
                assert read_at(view) == places[shown]
            elif shown == third:
                assert at_end(main_window)
        await core.close()

    on_loop(work)


def test_a_new_start_opens_where_the_window_was_closed(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        first, second = add(core, "a").id, add(core, "b").id
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(second)
        left_second = go(main_window, 0.2)
        main_window.open_conversation(first)
        left_first = go(main_window, 0.55)
        main_window.window.close()
        await core.close()
        again = Core(core.directory)
        main_window = await opened(again, theme, qtbot)
        view = main_window.conversation.transcript
        assert main_window.in_view.id == first
        assert read_at(view) == left_first
        main_window.open_conversation(second)
        assert read_at(view) == left_second
        main_window.window.close()
        await again.close()

    on_loop(work)


def test_the_place_is_the_same_words_in_a_window_of_another_width(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        first, second = add(core, "a").id, add(core, "b").id
        main_window = await opened(core, theme, qtbot)
        view = main_window.conversation.transcript
        main_window.open_conversation(first)
        words, _line = go(main_window, 0.5)
        main_window.open_conversation(second)
        main_window.window.resize(600, 700)
        main_window.open_conversation(first)
        there, line = read_at(view)
        index, begin = int(words[1]), words[2:]
        item = view.items()[index]
        top = item.rectangle_of(item.text().index(begin)).top() + view.rectangle_of(index).top()
        assert abs(top - 2) < 40, (words, there, line)
        await core.close()

    on_loop(work)


def test_an_answer_that_streams_elsewhere_moves_nothing_and_its_place_is_kept(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    go_on = threading.Event()

    def slow(connection: Connection) -> None:
        connection.head()
        connection.send(chunk(TEXT))
        go_on.wait(20)
        connection.send(chunk("\n\n" + TEXT) + DONE)

    async def work() -> None:
        with serving(slow) as server:
            use_server(core, server.url)
            held = add(core, "a")
            main_window = await opened(core, theme, qtbot)
            main_window.open_conversation(held.id)
            view = main_window.conversation.transcript
            left = go(main_window, 0.4)
            main_window.new_conversation()
            ask(main_window, "A long story")
            await until(lambda: len(view.items()) == 2 and view.items()[1].spoken() == TEXT)
            streaming = main_window.in_view.id
            bar = view.verticalScrollBar()
            bar.setValue(bar.maximum() // 2)
            reading = read_at(view)
            main_window.open_conversation(held.id)
            assert read_at(view) == left
            go_on.set()
            await until(lambda: not core.chat.is_answering(streaming))
            assert read_at(view) == left
            main_window.open_conversation(streaming)
            assert read_at(view) == reading
            assert view._to_end.text() == "1 new"
            await core.close()

    on_loop(work)


def test_who_sends_goes_to_the_end_and_follows_the_answer(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(answer(chunk(TEXT) + DONE)) as server:
            use_server(core, server.url)
            held = add(core, "a")
            core.conversations.change(held, provider="s", model="model")
            main_window = await opened(core, theme, qtbot)
            main_window.open_conversation(held.id)
            go(main_window, 0.3)
            ask(main_window, "One more")
            assert at_end(main_window)
            await until(lambda: not core.chat.is_answering(held.id))
            assert at_end(main_window)
            assert main_window.conversation.transcript._column.following
            await core.close()

    on_loop(work)


def test_a_place_in_folded_code_opens_it_after_a_new_start(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        code = "```python\n" + "".join(f"line_{n} = {n}\n" for n in range(600)) + "```\n\nAfter.\n"
        held = add(core, "a", 1)
        core.conversations.add_message(held, Message("code", "a1", Role.ASSISTANT, code, 0.0))
        main_window = await opened(core, theme, qtbot)
        main_window.open_conversation(held.id)
        view = main_window.conversation.transcript
        view.searching.seek("line_480 ")
        view.searching.seek("")
        left = read_at(view)
        main_window.window.close()
        await core.close()
        again = Core(core.directory)
        main_window = await opened(again, theme, qtbot)
        assert read_at(main_window.conversation.transcript) == left
        main_window.window.close()
        await again.close()

    on_loop(work)


KILLED = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
application = QApplication(["loquat", "-style", "fusion"])
core = Core(Path(sys.argv[1]))
theme = Theme(application, "light")
window = Window(theme, {})
window.show()
main_window = MainWindow(core, theme, window)
main_window.open_conversation(sys.argv[2])
bar = main_window.conversation.transcript.verticalScrollBar()
bar.setValue(bar.maximum() // 2)
keeper = main_window.conversation._places
keeper._timer.timeout.connect(lambda: print("kept", flush=True))
application.exec()
"""


def test_a_kill_costs_no_place_that_was_read_for_a_while(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    held = add(core, "a")
    on_loop(core.close)
    command = [sys.executable, "-c", KILLED, str(core.directory), held.id]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"kept\n"
        program.send_signal(signal.SIGKILL)

    async def work() -> None:
        again = Core(core.directory)
        main_window = await opened(again, theme, qtbot)
        main_window.open_conversation(held.id)
        bar = main_window.conversation.transcript.verticalScrollBar()
        assert 0.3 < bar.value() / bar.maximum() < 0.7
        await again.close()

    on_loop(work)
