"""Sixteen answers of a sweep that stream at once: what a frame of its window costs."""

import asyncio
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.domain.chat.conversation import Message, Role, Status
from app.domain.chat.reply import Reply
from app.domain.events import TextDelta
from app.domain.sweep.plan import CellState, ParameterAxis, Plan, cells_of
from app.services.program.core import Core
from app.services.sweep.running_sweep import LiveCell, Sweep
from app.ui.lab.sweep.sweep_window import SweepWindow
from app.ui.theme.theme import Theme
from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.screen import application, cost, high, shown

#: At 80 tokens a second and cell, and 20 frames a second: so many tokens a frame.
TOKENS = 4
FRAMES = length(200, 2)
LIMIT = 16.0


def sweep() -> Result:
    """Milliseconds of the main thread for a frame in which all cells grow."""
    with tempfile.TemporaryDirectory() as data:
        core = Core(Path(data))
        figures = _figures(core)
        asyncio.run(core.close())
    mine = Sample(figures)
    return Result(
        "sweep",
        high(figures),
        LIMIT,
        "ms",
        f"a frame in which 16 answers of a sweep grow by {TOKENS} tokens each, 99th percentile, "
        f"against {LIMIT:.0f} ms; {FRAMES} frames, middle {mine.middle:.1f}, {mine.spread(1)}",
    )


def _figures(core: Core) -> list[float]:
    held = core.conversations.create(provider="embedded", model="")
    question = Message("q", None, Role.USER, "Well?", 1.0)
    core.conversations.add_message(held, question)
    plan = Plan(
        question="q",
        provider="embedded",
        model="m",
        columns=ParameterAxis("temperature", (0.0, 0.5, 1.0, 1.5)),
        rows=ParameterAxis("top_p", (0.25, 0.5, 0.75, 1.0)),
    )
    made = Sweep("s", held.id, plan, 1.0)
    made.put(tuple(LiveCell(cell) for cell in cells_of(plan)))
    for number, live in enumerate(made.cells):
        message = Message(f"a{number}", "q", Role.ASSISTANT, "", 1.0, Status.STREAMING)
        live.state, live.reply = CellState.STREAMING, Reply(message)
    theme = Theme(application(), "light")
    parent = QWidget()
    window = SweepWindow(core, theme, held, made, parent)
    figures = []
    with shown(window):
        window.resize(1280, 900)
        for frame in range(FRAMES):

            def grow(frame: int = frame) -> None:
                for live in made.cells:
                    for token in range(TOKENS):
                        if live.reply is not None:
                            live.reply.apply(TextDelta(f" word{frame * TOKENS + token}"))
                    made.changed.notify(live.place)
                window.grid.show_changes()

            figures.append(cost(grow))
    return figures
