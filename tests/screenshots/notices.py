"""What the program says by itself: failed answers, the toast, conflicts before sending, and a
library that can't be written; each at three widths."""

import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.domain.chat.conversation import Message, Role, Status
from app.domain.errors import Remedy
from app.domain.text.server_words import with_server_words
from app.store.failures import read_only
from app.ui.transcript.actions import MessageActionId, Surroundings
from tests.screenshots.studio import Studio

WIDTHS = ((1280, 800), (900, 640), (480, 720))

QUESTION = Message("q", None, Role.USER, "How tall does a loquat tree grow?", 0.0)

#: Failed answers, by the name of their picture.
FAILURES = {
    "key": Message(
        "a",
        "q",
        Role.ASSISTANT,
        "",
        0.0,
        Status.FAILED,
        error=with_server_words(
            "openrouter.ai rejected the API key. Check the key in Settings.", "User not found."
        ),
        remedy=Remedy.KEY,
        model="deepseek/deepseek-v4-pro",
    ),
    "half": Message(
        "a",
        "q",
        Role.ASSISTANT,
        "A loquat tree grows to",
        0.0,
        Status.INTERRUPTED,
        error="The connection was lost in the middle of the answer. The answer so far is kept.",
        model="deepseek/deepseek-v4-pro",
    ),
}


async def draw_notices(application: QApplication, theme: str, directory: Path) -> None:
    """Draw all of it in one theme."""
    with tempfile.TemporaryDirectory() as data:
        studio = Studio(Path(data), application, theme, "http://127.0.0.1:9/api/v1", panel=False)
        studio.window.show()
        await draw_failures(studio, directory, theme)
        await draw_toast(studio, directory, theme)
        await draw_conflicts(studio, directory, theme)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()
    await draw_read_only(application, theme, directory)


async def draw_read_only(application: QApplication, theme: str, directory: Path) -> None:
    """A library that can't be written, with a message in the field."""
    with tempfile.TemporaryDirectory() as data:
        studio = Studio(Path(data), application, theme, "http://127.0.0.1:9/api/v1", panel=False)
        reason = str(read_only(Path("/home/ada/.local/share/loquat/library.db")))
        studio.core.library.report = replace(
            studio.core.library.report, read_only=True, reason=reason
        )
        studio.main_window.show_read_only()
        studio.main_window.writing._hold_button()
        studio.window.show()
        studio.window.pane.composer.put_text("How tall does it grow?")
        await shoot(studio, directory, "73-read-only", theme)
        studio.window.close()
        studio.core.library.report = replace(studio.core.library.report, read_only=False)
        await studio.core.close()
        studio.window.deleteLater()


async def draw_failures(studio: Studio, directory: Path, theme: str) -> None:
    """The card of a failure: at rest, with the keyboard on it, and with its details."""
    pane, transcript = studio.window.pane, studio.main_window.conversation.transcript
    pane.show_page(empty=False)
    for name, answer in FAILURES.items():
        transcript.show_path([QUESTION, answer], lambda _message: Surroundings(last=True))
        if name == "key":
            await shoot(studio, directory, f"70-failure-{name}-rest", theme)
            transcript.setFocus()
            transcript.make_current(1)
            transcript.focus.take_button(MessageActionId.RETRY)
            transcript.turn_details("a")
        await shoot(studio, directory, f"70-failure-{name}", theme)


async def draw_toast(studio: Studio, directory: Path, theme: str) -> None:
    """The toast with a button, over the end of a long answer."""
    transcript = studio.main_window.conversation.transcript
    text = "A loquat tree grows to five or ten metres.\n\n" * 12
    long = Message("b", "q", Role.ASSISTANT, text, 0.0, model="deepseek/deepseek-v4-pro")
    transcript.show_path([QUESTION, long], lambda _message: Surroundings(last=True))
    for place in ("end", "middle"):
        transcript.scroll_to_end()
        if place == "middle":
            transcript.scroll_by(-200)
        studio.window.pane.toast.show_words("Deleted “How tall does a loquat grow?”", "Undo")
        await shoot(studio, directory, f"71-toast-{place}", theme)
    studio.window.pane.toast.hide()


async def draw_conflicts(studio: Studio, directory: Path, theme: str) -> None:
    """Parameters that contradict each other, when a message is sent."""
    in_view = studio.main_window.in_view
    in_view.set_value("top_logprobs", 5)
    in_view.set_value("reasoning", {"effort": "high", "max_tokens": 2000})
    studio.window.pane.composer.put_text("How tall does it grow?")
    studio.window.pane.composer.send.click()
    await shoot(studio, directory, "72-conflicts", theme)
    studio.main_window.writing.conflicts.hide()


async def shoot(studio: Studio, directory: Path, state: str, theme: str) -> None:
    """Save a picture of the window at each width."""
    for width, height in WIDTHS:
        studio.window.resize(width, height)
        await studio.settle()
        studio.window.grab().save(str(directory / f"{state}-{width}-{theme}.png"))
