"""The sampler lab on a real answer of the embedded model: heat map, popover, Lab face."""

import asyncio
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.ui.lab.heat_map.heat_scale import HeatMeasure
from app.ui.lab.what_if.body import Body
from tests.screenshots.studio import SIZES, Studio
from tests.ui.lab.lab_values import heat_of

QUESTION = "Write a short list of three fruits in Markdown, each with a bold name and a reason."


async def draw_lab(application: QApplication, theme: str, directory: Path) -> None:
    """Ask the embedded model with its probabilities, and look at them."""
    with tempfile.TemporaryDirectory() as data:
        # Nobody listens there: only the embedded model is asked.
        studio = Studio(Path(data), application, theme, "http://127.0.0.1:9/v1")
        studio.core.settings.default_provider = "embedded"
        studio.main_window.in_view.refresh()
        studio.window.show()
        await studio.settle()
        await _draw(studio, directory, theme)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()


async def _draw(studio: Studio, directory: Path, theme: str) -> None:
    main_window = studio.main_window
    main_window.lab.toggle_heat()
    await studio.settle()
    studio.shoot(directory, "lab-1-none")
    main_window.lab.ask()
    main_window.in_view.set_value("seed", 3)
    main_window.in_view.set_value("temperature", 0.9)
    main_window.in_view.set_value("max_tokens", 180)
    studio.ask(QUESTION)
    await studio.answered()
    await asyncio.sleep(0.5)
    transcript, probabilities = main_window.conversation.transcript, heat_of(main_window)
    transcript.verticalScrollBar().setValue(0)
    for shown in HeatMeasure:
        probabilities.bar.choose(shown)
        await studio.settle()
        studio.shoot(directory, f"lab-2-heat-{shown.value}")
    answer = transcript.items()[-1].id
    known = probabilities.known(answer)
    assert known is not None
    transcript.make_current(len(transcript.items()) - 1)
    # In another size the words are elsewhere, and the popover goes: it is shown for each.
    for width, height in reversed(SIZES):
        studio.window.resize(width, height)
        await studio.settle()
        probabilities.choose(answer, 10)
        transcript.heating.step(1)
        await studio.settle()
        studio.window.grab().save(str(directory / f"lab-3-popover-{theme}-{width}.png"))
    main_window.lab.toggle_lab()
    main_window.in_view.set_value("top_p", 0.8)
    main_window.in_view.set_value("temperature", 0.6)
    await asyncio.sleep(0.5)
    await studio.settle()
    probabilities.choose(answer, 12)
    await studio.settle()
    studio.shoot(directory, "lab-4-what-if")
    probabilities.popover.hide()
    main_window.lab.toggle_heat()
    await studio.settle()
    studio.shoot(directory, "lab-5-what-if-alone")
    main_window.in_view.set_value("repetition_penalty", 1.3)
    (body,) = studio.window.findChildren(Body)
    for token in range(12, 100):
        # The first at which something could have come that had come already.
        probabilities.choose(answer, token)
        await studio.settle()
        if body.learning.isVisible():
            break
    probabilities.popover.hide()
    studio.shoot(directory, "lab-6-penalty-bounds")
    body.learning.button.click()
    await asyncio.sleep(1)
    await studio.settle()
    studio.shoot(directory, "lab-7-penalty-learned")
