"""Draws the program in each of its states, in both themes and two sizes, without a screen."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.offscreen import qt_platform

os.environ["QT_QPA_PLATFORM"] = qt_platform()

import qasync
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.chat.conversation import Message, Role, Timings, ToolCall
from app.domain.parameters.kinds import ParameterGroup
from app.services.chat.exact_requests import Request
from app.ui.parameters.explanation import Explanation
from app.ui.request.changes import EarlierAnswer
from app.ui.request.window import RequestWindow
from app.ui.shell.panes import Side
from app.ui.theme.theme import STYLE_ARGUMENTS
from app.ui.transcript.actions import MessageActionId, Surroundings
from app.ui.transcript.interaction.selecting import Position
from tests.screenshots.composer import draw_composer
from tests.screenshots.lab import draw_lab
from tests.screenshots.lab_small import draw_lab_small
from tests.screenshots.messages import draw_messages
from tests.screenshots.notices import draw_notices
from tests.screenshots.panes import draw_panes
from tests.screenshots.presets import draw_presets
from tests.screenshots.reading import draw_reading
from tests.screenshots.studio import SIZES, Studio
from tests.screenshots.sweeps import draw_sweeps
from tests.screenshots.texts import (
    ARABIC,
    CALL,
    CHINESE,
    LIMITS,
    LONG_CODE,
    MARKDOWN,
    MATHEMATICS,
    REASONING,
    WIDE,
    chunk,
    ending,
)
from tests.screenshots.what_if import draw_what_if
from tests.screenshots.wire import draw_wire
from tests.screenshots.words import draw_words
from tests.servers import Connection, serving


def scripts() -> list[Callable[[Connection], None]]:
    """What the server says to the first, second, third and every later question."""

    def whole(connection: Connection) -> None:
        connection.head()
        connection.send(chunk(reasoning=REASONING) + chunk(content=MARKDOWN) + ending())

    def thinking(connection: Connection) -> None:
        connection.head()
        connection.send(chunk(reasoning=REASONING))
        connection.stall()

    def half(connection: Connection) -> None:
        connection.head()
        connection.send(chunk(content=MARKDOWN[:900]))
        connection.stall()

    def cut(connection: Connection) -> None:
        connection.head()
        connection.send(chunk(content="Rain falls on the roof, and the"))
        connection.reset()

    def refused(connection: Connection) -> None:
        connection.head(401, "application/json")
        connection.send(b'{"error": {"code": 401, "message": "User not found."}}')

    return [whole, thinking, half, cut, refused]


async def draw(studio: Studio, directory: Path) -> None:
    """Go through the states, as a person would come to them."""
    window = studio.window
    window.show()
    await studio.settle()
    studio.core.settings.default_provider = "embedded"
    studio.main_window.in_view.refresh()
    await studio.settle()
    studio.shoot(directory, "00-first")
    studio.core.settings.default_provider = "scripted"
    studio.main_window.in_view.refresh()
    await studio.settle()
    studio.shoot(directory, "01-empty")
    os.environ["OPENROUTER_API_KEY"] = "sk-for-a-scripted-server"
    studio.ask("How do I plant a loquat tree, and what will it yield?")
    await studio.answered()
    studio.main_window.conversation.transcript.verticalScrollBar().setValue(0)
    await studio.settle()
    studio.shoot(directory, "02-answer-top")
    studio.main_window.conversation.transcript.scroll_to_end()
    await studio.settle()
    studio.shoot(directory, "03-answer-end")
    await draw_transcript(studio, directory)
    await draw_content(studio, directory)
    studio.main_window.new_conversation()
    studio.ask(ARABIC)
    await studio.settle()
    studio.shoot(directory, "04-thinking")
    studio.main_window.writing.stop()
    await studio.answered()
    studio.shoot(directory, "05-stopped")
    studio.main_window.new_conversation()
    studio.ask(CHINESE)
    await studio.settle()
    studio.shoot(directory, "06-streaming")
    studio.main_window.writing.stop()
    await studio.answered()
    studio.main_window.new_conversation()
    studio.ask("Write a poem about rain.\n\nIn four lines, please.")
    await studio.answered()
    studio.shoot(directory, "07-interrupted")
    studio.main_window.conversation.regenerate()
    await studio.answered()
    studio.shoot(directory, "08-wrong-key")
    await draw_panel(studio, directory)
    await draw_presets(studio, directory)
    await draw_words(studio, directory)
    await draw_rest(studio, directory)


async def draw_transcript(studio: Studio, directory: Path) -> None:
    """A search, a selection across messages, an edit, an exact request; long code, folded."""
    conversation, transcript = (
        studio.main_window.conversation,
        studio.main_window.conversation.transcript,
    )
    conversation.find()
    conversation.find_bar.put_words("tree")
    await studio.settle()
    studio.shoot(directory, "15-find")
    conversation.find_bar.dismiss()
    transcript.verticalScrollBar().setValue(0)
    transcript.selecting.begin(Position(0, 9))
    transcript.selecting.move_head(Position(1, 160))
    await studio.settle()
    studio.shoot(directory, "16-selection")
    transcript.selecting.clear()
    transcript.wanted.emit(transcript.items()[1].id, MessageActionId.REQUEST)
    await studio.settle()
    request = studio.window.findChild(RequestWindow)
    assert isinstance(request, RequestWindow)
    studio.shoot(directory, "18-request", request)
    request.close()
    await draw_request(studio, directory)
    shown = [Message("code", None, Role.ASSISTANT, LONG_CODE, 0.0)]
    transcript.show_path(shown, lambda message: Surroundings())
    await studio.settle()
    studio.shoot(directory, "19-code")


async def draw_request(studio: Studio, directory: Path) -> None:
    """An answer's request beside an earlier one, and as a program."""
    url = "https://openrouter.ai/api/v1/chat/completions"
    first = {"role": "user", "content": "How do I plant a loquat tree?"}
    more = [{"role": "assistant", "content": REASONING}, {"role": "user", "content": CHINESE}]
    system = "You know trees. Answer in {count}."
    before = {
        "model": "deepseek/deepseek-v4-pro",
        "messages": [{"role": "system", "content": system.format(count="one sentence")}, first],
        "temperature": 0.7,
        "seed": 7,
    }
    instruction = {"role": "system", "content": system.format(count="two sentences, please")}
    after = {**before, "messages": [instruction, first, *more], "temperature": 0.2, "top_p": 0.9}
    del after["seed"]
    requests: dict[str, Request] = {"before": (url, before), "same": (url, after)}
    earlier = [
        EarlierAnswer("The previous answer", "before"),
        EarlierAnswer("Version 1 of this answer", "same"),
    ]
    window = RequestWindow(studio.theme, (url, after), earlier, requests.get, studio.window)
    window.show()
    window.tabs.setCurrentWidget(window.changes)
    await studio.settle()
    studio.shoot(directory, "42-request-changes", window)
    window.tabs.setCurrentWidget(window.program)
    window.program.language.setCurrentIndex(window.program.language.findData("openai"))
    await studio.settle()
    studio.shoot(directory, "43-request-program", window)
    window.close()


async def draw_content(studio: Studio, directory: Path) -> None:
    """What answers can be made of, one after the other, and each limit as the state that it is."""
    transcript = studio.main_window.conversation.transcript

    async def show(state: str, answer: Message) -> None:
        question = Message("question", None, Role.USER, "Show me.", 0.0)
        transcript.show_path([], lambda message: Surroundings())
        transcript.show_path([question, answer], lambda message: Surroundings())
        transcript.verticalScrollBar().setValue(0)
        await studio.settle()
        studio.shoot(directory, state)

    def said(text: str, **more: Any) -> Message:
        return Message("answer", "question", Role.ASSISTANT, text, 0.0, model="a/model", **more)

    await show("20-mathematics", said(MATHEMATICS))
    await show("21-wide-table", said(WIDE))
    call = ToolCall("1", "get_weather", CALL)
    await show("22-tool-call", said("Let me look.", tool_calls=(call, call)))
    thought = said("It falls.", reasoning=REASONING, timings=Timings(first_token=8.2, total=9.0))
    await show("23-reasoning-folded", thought)
    transcript.items()[1].fold(folded=False)
    transcript.scroll_to_end()
    await studio.settle()
    studio.shoot(directory, "24-reasoning-open")
    for number, (limit, text) in enumerate(LIMITS.items()):
        await show(f"3{number}-limit-{limit}", said(text))
    await show_narrow(studio, directory, said(MARKDOWN))


async def show_narrow(studio: Studio, directory: Path, answer: Message) -> None:
    """The window at its narrowest, at the beginning and the end of an answer."""
    transcript, window = studio.main_window.conversation.transcript, studio.window
    window.resize(480, 800)
    transcript.show_path([answer], lambda message: Surroundings())
    transcript.verticalScrollBar().setValue(0)
    await studio.settle()
    studio.shoot(directory, "40-narrow-top", window)
    transcript.scroll_to_end()
    await studio.settle()
    studio.shoot(directory, "41-narrow-end", window)
    window.resize(*SIZES[0])


async def draw_panel(studio: Studio, directory: Path) -> None:
    """Parameters that are set, contradict each other, and aren't supported; an explanation."""
    studio.window.panes.show_side(Side.PANEL)
    held = studio.main_window.in_view.conversation
    assert held is not None
    values = {
        "temperature": 0.7,
        "top_k": 40,
        "stop": ["\n\n"],
        "top_logprobs": 5,
        "reasoning": {"effort": "high", "max_tokens": 2000},
    }
    studio.core.conversations.change(held, parameters=values, system="Answer in one sentence.")
    studio.main_window.in_view.refresh()
    await studio.settle()
    panel = studio.window.findChild(QWidget, "panelContents")
    assert panel is not None
    studio.shoot(directory, "09-parameters", panel)
    rows = studio.main_window.choices.panel.rows
    rows.row("top_logprobs").info.click()
    await studio.settle()
    explanation = studio.window.findChild(Explanation)
    assert isinstance(explanation, Explanation)
    studio.shoot(directory, "09-explanation", explanation)
    explanation.dismiss()
    for group in ParameterGroup:
        rows.groups[group].head.setChecked(True)
    studio.core.conversations.change(held, provider="embedded")
    studio.main_window.in_view.refresh()
    await studio.settle()
    studio.shoot(directory, "10-not-supported", panel)


async def draw_rest(studio: Studio, directory: Path) -> None:
    """Narrow, with a notice, with a long draft; and the settings."""
    window, pane = studio.window, studio.window.pane
    pane.banner.show_words(
        "The library is read-only. You can read your chats, but new messages can't be saved."
    )
    pane.composer.put_text("A long draft.\n" * 9)
    pane.toast.show_words("Deleted “Rain”", "Undo")
    await studio.settle()
    studio.shoot(directory, "11-notices")
    window.resize(480, 640)
    await studio.settle()
    studio.shoot(directory, "12-narrow", window)
    studio.main_window.offer_provider()
    await studio.settle()
    settings = studio.main_window.settings_window()
    studio.shoot(directory, "13-settings-providers", settings)
    settings.show_general()
    await studio.settle()
    studio.shoot(directory, "14-settings-general", settings)
    settings.close()


async def draw_message_states(application: QApplication, theme: str, directory: Path) -> None:
    """The states of a message, in a conversation that is already there."""
    with tempfile.TemporaryDirectory() as data:
        studio = Studio(Path(data), application, theme, "http://127.0.0.1:9/api/v1")
        studio.window.show()
        await draw_messages(studio, directory)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()


async def draw_main(application: QApplication, theme: str, directory: Path) -> None:
    """The window in its states, on what a scripted server says."""
    os.environ.pop("OPENROUTER_API_KEY", None)
    with tempfile.TemporaryDirectory() as data, serving(*scripts()) as server:
        studio = Studio(Path(data), application, theme, f"{server.url}/api/v1", panel=False)
        await draw(studio, directory)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()


#: What can be drawn by itself, by its name on the command line.
PARTS: Mapping[str, Callable[[QApplication, str, Path], Awaitable[None]]] = {
    "main": draw_main,
    "reading": draw_reading,
    "messages": draw_message_states,
    "panes": draw_panes,
    "notices": draw_notices,
    "wire": draw_wire,
    "composer": draw_composer,
    "what_if": draw_what_if,
    "lab": draw_lab,
    "lab_small": draw_lab_small,
    "sweeps": draw_sweeps,
}


async def all_themes(application: QApplication, directory: Path, parts: Iterable[str]) -> None:
    """Draw these parts once in light and once in dark."""
    for theme in ("light", "dark"):
        for part in parts:
            os.environ["OPENROUTER_API_KEY"] = "sk-for-a-scripted-server"
            await PARTS[part](application, theme, directory)


def main() -> int:
    """Draw into the directory named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS) + "; or all")
    arguments = parser.parse_args()
    if unknown := {*arguments.parts} - {*PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    directory = arguments.directory
    directory.mkdir(parents=True, exist_ok=True)
    application = QApplication(["loquat", *STYLE_ARGUMENTS])
    # As the program does: what is open has to be kept after its window is closed.
    application.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(application) as loop:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(all_themes(application, directory, arguments.parts or PARTS))
    print(f"{len(list(directory.glob('*.png')))} pictures in {directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
