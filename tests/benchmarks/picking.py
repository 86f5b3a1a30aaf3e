"""Finding a model among a thousand: what a key costs, in the field and on the screen."""

import asyncio
import tempfile
import time
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from app.domain.providers.providers import OPENROUTER
from app.services.program.core import Core
from app.ui.picker.picker import Picker
from app.ui.theme.theme import Theme
from tests.benchmarks.lengths import length
from tests.benchmarks.result import Result, Sample
from tests.benchmarks.screen import application, cost, high, shown
from tests.screenshots.wire import catalogue_of

MODELS = length(1000, 20)
ROUNDS = length(20, 1)
KEYS = ("d", "de", "dee", "deep", "deep p", "deep pr", "deep", "", "g", "gp", "gpt", "gpt 1", "")
#: Milliseconds of a frame at 60 a second.
FRAME = 1000 / 60


def pick() -> Result:
    """Milliseconds a key, the painting included, against a frame."""
    with tempfile.TemporaryDirectory() as data:
        core = Core(Path(data))
        core.library.put_catalogue(OPENROUTER.id, time.time(), catalogue_of(MODELS))
        figures = _figures(core)
        asyncio.run(core.close())
    mine = Sample(figures)
    return Result(
        "pick",
        high(figures),
        FRAME,
        "ms",
        f"a key in the picker among {MODELS} models with the painting after it, 99th percentile, "
        f"against a frame; {len(figures)} keys, middle {mine.middle:.1f}, {mine.spread(1)}",
    )


def _figures(core: Core) -> list[float]:
    theme = Theme(application(), "light")
    picker = Picker(core, theme)
    with shown(picker):
        picker.show_models((OPENROUTER.id, OPENROUTER.model))
        field = picker.findChildren(QLineEdit)[0]
        return [cost(field.setText, words) for _round in range(ROUNDS) for words in KEYS]
