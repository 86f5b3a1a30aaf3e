"""The sampler lab in a window 480 pixels wide, and with text of twice the size."""

import asyncio
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.ui.lab.sweep.plan_window import PlanWindow
from app.ui.lab.sweep.seed_check_window import SeedCheckWindow
from app.ui.lab.sweep.sweep_window import SweepWindow
from tests.screenshots.studio import Studio
from tests.ui.lab.lab_values import heat_of

#: Width and height of the window, and the scale of its text.
CASES = ((480, 720, 1.0), (480, 720, 2.0), (900, 640, 2.0), (1280, 800, 2.0))
QUESTION = "Name two fruits, with an emoji and a Chinese name each."


async def draw_lab_small(application: QApplication, theme: str, directory: Path) -> None:
    """Ask the embedded model, and look at every part of the lab in each case."""
    for width, height, scale in CASES:
        with tempfile.TemporaryDirectory() as data:
            studio = Studio(
                Path(data),
                application,
                theme,
                "http://127.0.0.1:9/v1",
                panel=False,
                text_scale=scale,
            )
            studio.core.settings.default_provider = "embedded"
            studio.main_window.in_view.refresh()
            studio.window.resize(width, height)
            studio.window.show()
            await studio.settle()
            await _draw(studio, directory, f"{width}-{scale:.0%}".replace("%", ""))
            studio.window.close()
            await studio.core.close()
            studio.window.deleteLater()


async def _draw(studio: Studio, directory: Path, case: str) -> None:
    main_window, window = studio.main_window, studio.window

    async def shoot(state: str) -> None:
        await studio.settle()
        studio.shoot(directory, f"small-{case}-{state}", window)

    main_window.lab.toggle_heat()
    await shoot("1-none")
    main_window.lab.ask()
    for name, value in {"seed": 3, "temperature": 0.9, "max_tokens": 60}.items():
        main_window.in_view.set_value(name, value)
    studio.ask(QUESTION)
    await studio.answered()
    await asyncio.sleep(0.5)
    await shoot("2-heat")
    transcript, probabilities = main_window.conversation.transcript, heat_of(main_window)
    answer = transcript.items()[-1].id
    transcript.make_current(len(transcript.items()) - 1)
    probabilities.choose(answer, 4)
    transcript.heating.step(1)
    await shoot("3-popover")
    probabilities.popover.hide()
    main_window.lab.toggle_lab()
    main_window.in_view.set_value("top_p", 0.8)
    await asyncio.sleep(0.5)
    probabilities.choose(answer, 6)
    probabilities.popover.hide()
    await shoot("4-lab")
    main_window.in_view.set_value("repetition_penalty", 1.3)
    await shoot("5-penalty")
    main_window.lab.toggle_lab()
    await _draw_windows(studio, directory, case)


async def _draw_windows(studio: Studio, directory: Path, case: str) -> None:
    main_window, width = studio.main_window, studio.window.width()

    main_window.lab.plan_sweep()
    plan = studio.window.findChildren(PlanWindow)[0]
    plan.columns.choose("temperature", "0, 0.7")
    plan.rows.choose("top_p", "0.5, 1")
    plan.resize(min(plan.width(), width), min(plan.height(), studio.window.height()))
    await studio.settle()
    studio.shoot(directory, f"small-{case}-6-plan", plan)
    plan.start()
    window = studio.window.findChildren(SweepWindow)[0]
    for _turn in range(600):
        if not studio.core.sweeping.is_running(window.sweep):
            break
        await asyncio.sleep(0.05)
    window.resize(min(window.width(), width), min(window.height(), studio.window.height()))
    for number, page in enumerate((window.grid, window.table, window.charts), 7):
        window.tabs.setCurrentWidget(page)
        await studio.settle()
        studio.shoot(directory, f"small-{case}-{number}-sweep", window)
    window.close()
    main_window.lab.check_seed()
    check = studio.window.findChildren(SeedCheckWindow)[0]
    check.resize(min(check.width(), width), min(check.height(), studio.window.height()))
    check.run.click()
    for _turn in range(600):
        await asyncio.sleep(0.05)
        if check.run.text() != "Stop":
            break
    await studio.settle()
    studio.shoot(directory, f"small-{case}-seed", check)
    check.close()
