"""The page of providers: kinds with their usual addresses, and a test that says what works."""

import json

from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.providers.providers import OPENROUTER, ProviderKind
from app.services.program.core import Core
from app.services.providers.server_discovery import FoundServer
from app.ui.settings.providers_page import ProvidersPage
from tests.servers import answer, chat, serving
from tests.store.test_keys import Silent
from tests.ui.conftest import OnLoop, keep, until
from tests.ui.parameters.test_dialogs import named, press, said


def choose_kind(page: QWidget, kind: ProviderKind) -> None:
    box = named(page, QComboBox, "Kind")
    box.setCurrentIndex(box.findData(kind.value))
    box.activated.emit(box.currentIndex())


def test_a_kind_brings_its_usual_address_and_leaves_another_alone(
    qtbot: QtBot, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        page = ProvidersPage(core)
        keep(qtbot, page)
        press(page, "Add")
        choose_kind(page, ProviderKind.DEEPSEEK)
        assert named(page, QLineEdit, "Address").text() == "https://api.deepseek.com"
        assert named(page, QLineEdit, "Name").text() == "DeepSeek"
        assert named(page, QLineEdit, "Model").text() == "deepseek-v4-pro"
        choose_kind(page, ProviderKind.OLLAMA)
        assert named(page, QLineEdit, "Address").text() == "http://127.0.0.1:11434/v1"
        named(page, QLineEdit, "Address").setText("http://10.0.0.5:11434/v1")
        choose_kind(page, ProviderKind.VLLM)
        assert named(page, QLineEdit, "Address").text() == "http://10.0.0.5:11434/v1"
        await core.close()

    on_loop(work)


def test_two_of_a_kind_have_two_names(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        page = ProvidersPage(core)
        keep(qtbot, page)
        press(page, "Add")
        press(page, "Add")
        names = [one.name for one in core.providers.all()]
        assert names == ["On this computer", "New server", "New server 2", "OpenRouter"]
        await core.close()

    on_loop(work)


def test_the_test_says_what_works(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        listing = answer(json.dumps({"data": [{"id": "a"}]}), content_type="application/json")
        with serving(listing, answer(chat("Hi"))) as server:
            page = ProvidersPage(core)
            keep(qtbot, page)
            press(page, "Add")
            named(page, QLineEdit, "Address").setText(server.url)
            press(page, "Test")
            await until(lambda: "✓ a answers." in said(page))
            assert "✓ Connected. 1 model." in said(page)
        await core.close()

    on_loop(work)


def test_what_was_found_here_is_added_by_a_click(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        page = ProvidersPage(core)
        keep(qtbot, page)
        page._add_found(
            FoundServer(ProviderKind.OLLAMA, "Ollama", "http://127.0.0.1:11434/v1", ("qwen3:8b",))
        )
        added = core.providers.named("Ollama")
        assert (added.kind, added.model) == (ProviderKind.OLLAMA, "qwen3:8b")
        connect = next(
            one for one in page.findChildren(QPushButton) if one.text().startswith("Connect")
        )
        assert connect.isHidden()
        await core.close()

    on_loop(work)


def test_a_keyring_that_gives_no_answer_is_said_and_blocks_nothing(
    qtbot: QtBot, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        backend = Silent()
        core.keys._backend, core.keys._patience = backend, 0.01
        page = ProvidersPage(core)
        keep(qtbot, page)
        page.show_providers(OPENROUTER.id)
        assert "Waiting for the keyring…" in said(page)
        await until(lambda: "The keyring didn't answer" in said(page))
        named(page, QLineEdit, "Key").setText("sk-1")
        press(page, "Save")
        await until(lambda: "since the keyring doesn't answer" in said(page))
        assert await core.providers.key(OPENROUTER) == "sk-1"
        backend.answered.set()
        await core.close()

    on_loop(work)
