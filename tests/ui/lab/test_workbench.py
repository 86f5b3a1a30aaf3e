"""What the lab learns of a server, through the window: what stood before an answer, and scores."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.lab.what_if.body import Body
from app.ui.lab.workbench import _wrote
from app.ui.shell.main_window import MainWindow
from app.ui.shell.panes import Side
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel
from tests.ui.conftest import OnLoop, keep, until


def lab_of(window: QObject) -> Body:
    (body,) = window.findChildren(Body)
    return body


def test_a_renamed_provider_has_written_what_it_wrote_before() -> None:
    provider = Provider("p", "Renamed", ProviderKind.VLLM, "http://127.0.0.1:9/v1", "m")
    answer = Message("a", None, Role.ASSISTANT, "Yes.", 1.0, provider="p", model="m")
    assert _wrote(provider, Model("m", "M"), answer)
    assert not _wrote(replace(provider, id="other"), Model("m", "M"), answer)
    assert not _wrote(provider, Model("n", "N"), answer)


def test_asking_for_probabilities_is_kept_for_the_next_conversations(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        opened = core.conversations.create(provider="embedded", model="")
        main_window.in_view.show(opened)
        main_window.lab.ask()
        assert core.settings.ask_probabilities
        assert opened.conversation.parameters["logprobs"] is True
        assert "Settings → General" in main_window.pane.toast.findChildren(PlainLabel)[0].text()
        main_window.in_view.show(None)
        assert main_window.in_view.values["logprobs"] is True
        # The setting itself says so in the settings window, and the window follows it.
        core.settings.ask_probabilities = False
        assert main_window.in_view.values == {}
        main_window.lab.ask()
        assert main_window.in_view.values["logprobs"] is True
        window.close()
        await core.close()

    on_loop(work)


@pytest.mark.engine
def test_penalties_are_exact_with_what_the_embedded_model_tells(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        core.settings.default_provider = "embedded"
        window = Window(theme, {})
        keep(qtbot, window)
        window.resize(1200, 900)
        window.show()
        window.panes.show_side(Side.PANEL)
        main_window = MainWindow(core, theme, window)
        main_window.lab.toggle_lab()
        main_window.lab.ask()
        main_window.in_view.set_value("max_tokens", 12)
        main_window.in_view.set_value("temperature", 0)
        window.pane.composer.put_text("Say: the fox and the hen and the fox and the hen")
        window.pane.composer.send.click()
        held = main_window.in_view.conversation
        assert held is not None
        await core.chat._answering[held.id]
        main_window.in_view.set_value("repetition_penalty", 1.2)
        main_window.in_view.set_value("temperature", 1)
        body = lab_of(window)
        # The question's tokens are known as soon as the server has told them.
        await until(lambda: body.counts.text().endswith("before this one."))
        body.strip.setValue(3)
        assert "Repetition penalty needs unknown scores" in body.certainty.text()
        assert body.learning.isVisible()
        body.learning.button.click()
        assert body.learning.words() == "Asking the server…"
        await until(lambda: not body.learning.isVisible())
        assert "repetition_penalty" not in body.certainty.text()
        # Of another model's answer nothing is asked.
        main_window.in_view.choose_model("openrouter", "deepseek/deepseek-v4-pro")
        body.strip.setValue(4)
        body.learning.button.click()
        await until(lambda: body.learning.words().startswith("Choose the model"))
        window.close()
        await core.close()

    on_loop(work)
