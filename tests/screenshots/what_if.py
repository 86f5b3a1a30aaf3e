"""The Lab face on a real answer of the embedded model, and with tokens that nobody expects."""

import asyncio
import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import EMBEDDED, ProviderKind
from app.domain.tokens.token_table import TokenTable
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.lab.asking import Asking
from app.ui.lab.side_panel import SidePanel
from app.ui.lab.what_if.what_if import WhatIf
from app.ui.parameters.panel import ParameterPanel
from app.ui.theme.theme import Theme

QUESTION = "Tell me a short story about a fox and a loquat tree."
VOCABULARY = 49_152
#: State → width, height, parameters.
STATES: Mapping[str, tuple[int, int, dict[str, Any]]] = {
    "50-lab": (
        488,
        800,
        {"temperature": 0.7, "top_k": 12, "top_p": 0.9, "min_p": 0.05},
    ),
    "51-lab-bounds": (488, 800, {"temperature": 1.4}),
    "52-lab-greedy": (488, 800, {"temperature": 0}),
    "53-lab-penalties": (
        488,
        800,
        {"presence_penalty": 1.2, "frequency_penalty": 0.8, "top_k": 8},
    ),
    "54-lab-narrow": (300, 640, {"temperature": 0.7, "top_p": 0.9}),
    "55-lab-nothing-set": (488, 800, {}),
}
#: States of the lab without probabilities.
EMPTY: Mapping[str, Asking] = {
    "57-lab-empty": Asking(),
    "58-lab-asked": Asking(asked=True),
    "59-lab-waiting": Asking(asked=True, answering=True),
    "60-lab-not-supported": Asking(reason="This model doesn't support logprobs."),
}


async def draw_what_if(application: QApplication, name: str, directory: Path) -> None:
    """Draw each state in a theme."""
    theme = Theme(application, name)
    answer = await _answer()
    tables = {"answer": answer, "strange": strange(), "": TokenTable.of([])}
    with tempfile.TemporaryDirectory() as data:
        core = Core(Path(data))
        in_view = InView(core)
        for state, (width, height, values) in STATES.items():
            side, lab = _side(theme, tables, in_view, values)
            lab.show_token("answer", len(answer) // 3)
            await _shoot(side, directory / f"{state}-{name}.png", (width, height))
        side, lab = _side(theme, tables, in_view, {"top_p": 0.8})
        lab.show_provider(ProviderKind.OPENAI, {})
        lab.show_not_supported({"top_k": "OpenAI doesn't support top_k"})
        lab.show_answer("strange")
        lab.body.bars.setFocus()
        await _shoot(side, directory / f"56-lab-strange-{name}.png", (488, 800))
        for state, asking in EMPTY.items():
            side, lab = _side(theme, tables, in_view, {})
            lab.show_asking(asking)
            await _shoot(side, directory / f"{state}-{name}.png", (488, 800))
        await core.close()


async def _answer() -> TokenTable:
    with tempfile.TemporaryDirectory() as data:
        core = Core(Path(data))
        parameters = {"logprobs": True, "top_logprobs": 20, "seed": 7, "max_tokens": 160}
        held = core.conversations.create(
            provider=EMBEDDED.id, model=EMBEDDED.model, system="", parameters=parameters
        )
        core.chat.send(held, QUESTION)
        for _turn in range(600):
            if not core.chat.is_answering(held.id):
                break
            await asyncio.sleep(0.05)
        table = core.library.probabilities(held.path()[-1].id)
        await core.close()
    return table


def strange() -> TokenTable:
    """Tokens of other scripts, half characters, what looks like HTML, what never ends."""
    tokens = [
        "日本語の長い長い単語です",
        " مرحبا",
        "👩‍👩‍👧‍👦",
        "<b>bold</b>",
        " ",
        "\n\n",
        "\t",
        "x" * 90_000,
    ]
    shares = (0.3, 0.2, 0.12, 0.1, 0.08, 0.05, 0.03, 0.02)
    listed = tuple(
        Candidate(token, math.log(share), None, number)
        for number, (token, share) in enumerate(zip(tokens, shares, strict=True))
    )
    half = Candidate("�", math.log(0.015), b"\xe6\x97", 100)
    came = Candidate("\u202eevil", math.log(0.004), None, 101)
    return TokenTable.of([TokenProbabilities(came, (*listed, half)) for _number in range(12)])


def _side(
    theme: Theme, tables: Mapping[str, TokenTable], in_view: InView, values: dict[str, Any]
) -> tuple[SidePanel, WhatIf]:
    in_view.set_values(values)
    side = SidePanel(ParameterPanel(in_view), {"face": "lab"})
    lab = WhatIf(theme, side, lambda message: tables[message])
    lab.show_provider(ProviderKind.EMBEDDED, {}, VOCABULARY)
    lab.show_values(values)
    side.show()
    return side, lab


async def _shoot(side: SidePanel, file: Path, size: tuple[int, int]) -> None:
    side.resize(*size)
    await asyncio.sleep(0.05)
    side.grab().save(str(file))
    side.close()
    side.deleteLater()
