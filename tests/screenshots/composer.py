"""The composer: empty, written in, long, with a folded text, with messages in the queue."""

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from tests.screenshots.studio import Studio
from tests.screenshots.texts import ARABIC, CHINESE, LONG_CODE, MARKDOWN, chunk, ending
from tests.servers import Connection, serving

#: Widths and heights of the window.
SIZES = ((1280, 800), (900, 640), (480, 720))


def _whole(connection: Connection) -> None:
    connection.head()
    connection.send(chunk(content=MARKDOWN) + ending())


def _half(connection: Connection) -> None:
    connection.head()
    connection.send(chunk(content=MARKDOWN[:400]))
    connection.stall()


async def draw_composer(application: QApplication, theme: str, directory: Path) -> None:
    """Go through the states of the composer."""
    os.environ["OPENROUTER_API_KEY"] = "sk-for-a-scripted-server"
    with tempfile.TemporaryDirectory() as data, serving(_whole, _half) as server:
        studio = Studio(Path(data), application, theme, f"{server.url}/api/v1")
        studio.window.show()
        await _draw_writing(studio, directory)
        await _draw_queue(studio, directory)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()


async def _draw_writing(studio: Studio, directory: Path) -> None:
    composer = studio.window.pane.composer
    await _shoot(studio, directory, "empty")
    studio.window.activateWindow()
    composer.field.setFocus()
    composer.put_text(f"{CHINESE}\n{ARABIC}\n😀 👩‍👩‍👧 a line with emoji")
    await _shoot(studio, directory, "written")
    composer.put_text("A long draft, whose lines do not end.\n" * 40)
    await _shoot(studio, directory, "long")
    composer.clear()
    composer.field.insertPlainText("Why does this code not compile? ")
    pasted = QMimeData()
    pasted.setText(LONG_CODE * 4)
    composer.field.insertFromMimeData(pasted)
    composer.field.insertPlainText(" It did yesterday.")
    await _shoot(studio, directory, "folded")
    composer.clear()


async def _draw_queue(studio: Studio, directory: Path) -> None:
    studio.ask("How do I plant a loquat tree?")
    await studio.answered()
    studio.ask("And in a pot?")
    await studio.settle()
    composer = studio.window.pane.composer
    composer.field.setFocus()
    for text in (
        "Then tell me, in as many words as it takes, how much water it wants in a dry summer.",
        CHINESE,
    ):
        composer.put_text(text)
        composer.submit()
    composer.put_text("One more")
    await _shoot(studio, directory, "queued")
    studio.main_window.writing.stop()
    await studio.answered()
    composer.clear()
    await _shoot(studio, directory, "paused")


async def _shoot(studio: Studio, directory: Path, state: str) -> None:
    for width, height in SIZES:
        studio.window.resize(width, height)
        await studio.settle()
        name = f"composer-{state}-{'dark' if studio.theme.colours.dark else 'light'}-{width}.png"
        studio.window.grab().save(str(directory / name))
    studio.window.resize(*SIZES[0])
