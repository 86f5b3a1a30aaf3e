"""Biased words, and the record of what an answer was sent, on the embedded model."""

import asyncio
from pathlib import Path

from app.domain.providers.providers import EMBEDDED, OPENROUTER
from app.services.chat.sent_parameters import Record
from app.ui.parameters.dialogs.bias_dialog import BiasDialog
from app.ui.request.changes import EarlierAnswer
from app.ui.request.parameters import SentParameters
from app.ui.request.window import RequestWindow
from tests.screenshots.studio import Studio

RECORD = Record(
    {
        "temperature": 0.7,
        "top_p": 0.9,
        "max_tokens": 2048,
        "stop": ["\n\n", "END"],
        "reasoning": {"effort": "high"},
        "logit_bias": {"28120": -100, "33662": -100},
    },
    {"provider": {"only": ["deepinfra"]}},
)


async def draw_words(studio: Studio, directory: Path) -> None:
    """The dialog with words of one token and of two, with another model's ids; the record."""
    providers = studio.core.providers
    who = [(EMBEDDED, providers.model(EMBEDDED, EMBEDDED.model))]
    dialog = BiasDialog(studio.core, lambda: who[0], studio.window)
    dialog.ask({"31": -2.5})
    for word, picture in (("hello", "66-bias-word"), ("中文 loquat", "67-bias-tokens")):
        dialog.word.setText(word)
        dialog.word.returnPressed.emit()
        for _turn in range(500):
            await asyncio.sleep(0.02)
            if dialog.cuts.isVisible() and dialog.word.text() == word:
                break
        await studio.settle()
        studio.shoot(directory, picture, dialog)
        dialog.ban.click()
    biases = dialog.rows.biases() or {}
    dialog.use.click()
    who[0] = (OPENROUTER, providers.model(OPENROUTER, OPENROUTER.model))
    dialog.ask({str(id_): bias for id_, bias in biases.items()})
    await studio.settle()
    studio.shoot(directory, "68-bias-another-model", dialog)
    dialog.close()
    request = ("https://openrouter.ai/api/v1/chat/completions", dict(RECORD.values))
    sent = SentParameters(RECORD, "OpenRouter", "deepseek/deepseek-v4-pro")
    earlier = [
        EarlierAnswer("The previous answer", "a"),
        EarlierAnswer("ما هي شجرة البشملة؟ → شجرة دائمة الخضرة", "b"),
    ]
    window = RequestWindow(
        studio.theme, request, earlier, lambda _id: None, studio.window, sent=sent
    )
    window.show()
    await studio.settle()
    studio.shoot(directory, "69-parameter-record", window)
    window.tabs.setCurrentWidget(window.changes)
    await studio.settle()
    studio.shoot(directory, "70-compare-with-any", window)
    window.close()
