"""Sweeps on the embedded model: the plan, the grid while it streams and when it has ended."""

import asyncio
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.domain.sweep.plan import CellPosition
from app.ui.lab.sweep.comparison import Reference
from app.ui.lab.sweep.plan_window import PlanWindow
from app.ui.lab.sweep.seed_check_window import SeedCheckWindow
from app.ui.lab.sweep.sweep_window import SweepWindow
from tests.screenshots.studio import Studio

QUESTION = "Name a fruit that nobody knows, and say in two sentences how it tastes."


async def draw_sweeps(application: QApplication, theme: str, directory: Path) -> None:
    """Plan a sweep and run it."""
    with tempfile.TemporaryDirectory() as data:
        # Nobody listens there: only the embedded model is asked.
        studio = Studio(Path(data), application, theme, "http://127.0.0.1:9/v1")
        studio.core.settings.default_provider = "embedded"
        studio.main_window.in_view.refresh()
        studio.window.show()
        await studio.settle()
        await _draw(studio, directory)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()


async def _draw(studio: Studio, directory: Path) -> None:
    main_window = studio.main_window
    main_window.in_view.set_value("max_tokens", 60)
    studio.ask(QUESTION)
    await studio.answered()
    main_window.lab.plan_sweep()
    plan = studio.window.findChildren(PlanWindow)[0]
    await studio.settle()
    studio.shoot(directory, "sweep-1-plan", plan)
    plan.columns.choose("temperature", "0, 0.7, 1.4")
    plan.rows.choose("top_p", "0.5, 1")
    await studio.settle()
    studio.shoot(directory, "sweep-2-plan-two", plan)
    plan.start()
    window = studio.window.findChildren(SweepWindow)[0]
    await asyncio.sleep(1.2)
    studio.shoot(directory, "sweep-3-streams", window)
    for _turn in range(600):
        if not studio.core.sweeping.is_running(window.sweep):
            break
        await asyncio.sleep(0.05)
    window.grid.go_to(CellPosition(1, 1, 0))
    await studio.settle()
    studio.shoot(directory, "sweep-4-ended", window)
    for number, page in enumerate((window.table, window.charts), 6):
        window.tabs.setCurrentWidget(page)
        await studio.settle()
        studio.shoot(directory, f"sweep-{number}-figures", window)
    window.tabs.setCurrentWidget(window.grid)
    window.reference.choose(Reference.BEFORE)
    await studio.settle()
    studio.shoot(directory, "sweep-8-difference", window)
    window.resize(900, 640)
    await studio.settle()
    studio.shoot(directory, "sweep-5-small", window)
    answers = [
        (one.text, studio.core.sweeping.probabilities(window.sweep, one.place))
        for one in window.sweep.cells
    ]
    window.close()
    main_window.lab.check_seed()
    check = studio.window.findChildren(SeedCheckWindow)[0]
    for name, temperature in (("same", 0), ("other", 1.2)):
        main_window.in_view.set_value("temperature", temperature)
        check.run.click()
        for _turn in range(600):
            await asyncio.sleep(0.05)
            if check.run.text() != "Stop":
                break
        await studio.settle()
        studio.shoot(directory, f"seed-check-{name}", check)
    # The embedded model keeps its word, so other answers stand for those of one that doesn't.
    check.show_check([text for text, _table in answers], [table for _text, table in answers])
    await studio.settle()
    studio.shoot(directory, "seed-check-fork", check)
    check.close()
