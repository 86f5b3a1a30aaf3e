"""The way to the internet is chosen in the settings: at once, or with a word on why not."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.errors import LibraryFull
from app.domain.providers.proxies import NONE, SYSTEM
from app.services.program.core import Core
from app.ui.settings.general_page import GeneralPage
from app.ui.theme.theme import Theme
from tests.api.http.exchanges import ask
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, keep
from tests.ui.parameters.test_dialogs import named, said

FAR = "http://loquat-test.invalid/v1"


class Chosen:
    """The page, as a person uses it."""

    def __init__(self, qtbot: QtBot, core: Core, theme: Theme) -> None:
        self.page = GeneralPage(core)
        keep(qtbot, self.page)
        self.page.show()
        self.way: QComboBox = named(self.page, QComboBox, "Proxy")
        self.field: QLineEdit = named(self.page, QLineEdit, "Proxy address")

    def choose(self, words: str) -> None:
        self.way.setCurrentIndex(self.way.findText(words))

    def write(self, text: str) -> None:
        self.field.setText(text)
        self.field.editingFinished.emit()


def test_a_proxy_is_used_from_the_next_question_on(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(answer(chat("by proxy"))) as proxy:
            chosen = Chosen(qtbot, core, theme)
            assert chosen.way.currentText() == "System proxy"
            assert chosen.field.isHidden()
            chosen.choose("Custom")
            assert chosen.field.isVisible()
            assert (core.settings.proxy, "Until then" in said(chosen.page)) == (SYSTEM, True)
            chosen.write(f" 127.0.0.1:{proxy.port}/ ")
            assert chosen.field.text() == core.settings.proxy == proxy.url
            assert "from the next question on" in said(chosen.page)
            assert (await ask(FAR, client=core.client, close=False)).text == "by proxy"
            chosen.choose("None")
            assert core.settings.proxy == NONE
            assert chosen.field.isHidden()
            assert (await ask(FAR, client=core.client, close=False)).text == ""
            assert proxy.connections == 1
        await core.close()

    on_loop(work)


def test_what_cannot_be_used_is_said_and_changes_nothing(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        chosen = Chosen(qtbot, core, theme)
        chosen.choose("Custom")
        for text, says in (
            ("socks5://127.0.0.1:1", "SOCKS"),
            ("http://me:opensesame@proxy.example", "doesn't store proxy passwords"),
            ("isn't a valid address", "such as http://proxy.example:3128"),
        ):
            chosen.write(text)
            assert says in said(chosen.page)
            # What was typed can be mended.
            assert chosen.field.text() == text
            assert core.settings.proxy == SYSTEM
        chosen.write("proxy.example")
        assert core.settings.proxy == "http://proxy.example"
        assert "doesn't store" not in said(chosen.page)
        await core.close()

    on_loop(work)


def test_the_choice_is_shown_when_the_settings_open_again(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        core.use_proxy("http://proxy.example:3128")
        chosen = Chosen(qtbot, core, theme)
        assert chosen.way.currentText() == "Custom"
        assert chosen.field.text() == "http://proxy.example:3128"
        core.use_proxy(NONE)
        assert Chosen(qtbot, core, theme).way.currentText() == "None"
        await core.close()

    on_loop(work)


@pytest.mark.parametrize("name", [NONE, SYSTEM])
def test_a_proxy_may_have_any_name(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, name: str
) -> None:
    async def work() -> None:
        chosen = Chosen(qtbot, core, theme)
        chosen.choose("Custom")
        chosen.write(name)
        assert core.settings.proxy == f"http://{name}"
        await core.close()

    on_loop(work)


def test_a_field_that_is_left_as_it_was_says_and_writes_nothing(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        core.use_proxy("http://proxy.example:3128")
        chosen = Chosen(qtbot, core, theme)
        monkeypatch.setattr(core.library, "put_setting", full)
        chosen.field.editingFinished.emit()
        assert "cannot be written" not in said(chosen.page)
        chosen.write("http://other.example")
        assert "cannot be written" in said(chosen.page)
        assert core.settings.proxy == "http://proxy.example:3128"
        monkeypatch.undo()
        await core.close()

    def full(_name: str, _value: object) -> None:
        raise LibraryFull("The library cannot be written.")

    on_loop(work)


def test_a_damaged_choice_is_as_the_system_says(tmp_path: Path) -> None:
    core = Core(tmp_path)
    for damaged in ("http://me:opensesame@proxy.example", 7, ["none"], "http://a..b"):
        core.library.put_setting("proxy", damaged)
        assert core.settings.proxy == SYSTEM
    core.library.close()
