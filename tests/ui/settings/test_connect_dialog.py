"""Connecting OpenRouter in its dialog, with a server that stands in for it and a real callback."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import httpx
import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.services.providers import sign_in_callback as callback
from app.ui.settings import connect_dialog
from app.ui.settings.connect_dialog import ConnectDialog
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.openrouter import CODE, KEY, OpenRouter, browse, provider_of
from tests.servers import Server, serving
from tests.ui.conftest import OnLoop, keep, until

Work = Callable[[Server], Coroutine[Any, Any, None]]


class Browser(QObject):
    """Takes the addresses that the program has opened."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """Be opened at an address."""
        self.addresses.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


@pytest.fixture
def browser(theme: Theme) -> Iterator[Browser]:
    made = Browser()
    # PySide6 6.11 takes a text there, and declares bytes.
    QDesktopServices.setUrlHandler("http", made, "take")  # type: ignore[arg-type]
    yield made
    QDesktopServices.unsetUrlHandler("http")


@pytest.fixture
def run(on_loop: OnLoop, core: Core, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run a test's work beside the stand-in, on Qt's loop, with no keyring of a person's."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")

    def on_server(work: Work, openrouter: OpenRouter | None = None) -> None:
        async def whole() -> None:
            with serving(openrouter or OpenRouter()) as server:
                await work(server)
                await core.close()

        on_loop(whole)

    return on_server


def opened(qtbot: QtBot, core: Core, server: Server, patience: float = 600) -> ConnectDialog:
    dialog = ConnectDialog(core, provider_of(server), patience=patience)
    # It deletes itself when it is closed; the test still looks at it then.
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    keep(qtbot, dialog)
    dialog.show()
    return dialog


def says(dialog: ConnectDialog, words: str) -> Callable[[], bool]:
    shown = (dialog._status, dialog._failure)
    return lambda: any(words in one.text() and one.isVisible() for one in shown)


def busy() -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks() if "sign-in" in task.get_name()]


def test_a_click_leads_to_the_browser_and_back(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        assert not browser.addresses
        assert not busy()
        connected: list[bool] = []
        dialog.connected.connect(lambda: connected.append(True))
        dialog._open.click()
        await until(says(dialog, "Waiting for the browser…"))
        page = await browse(browser.addresses[0])
        assert "Signed in" in page.text
        await until(says(dialog, "Connected. Key “Loquat”: $4.20 of $10 left."))
        assert connected == [True]
        assert await core.providers.key(provider_of(server)) == KEY
        assert not dialog._open.isVisible()
        assert dialog._close.text() == "Close"
        assert not busy()
        dialog._close.click()
        assert not dialog.isVisible()

    run(work)


def test_the_browser_can_be_opened_again_on_the_same_attempt(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        # Twice before it listens is once.
        dialog._open.click()
        dialog._open.click()
        await until(says(dialog, "Waiting"))
        assert len(browser.addresses) == 1
        dialog._open.click()
        assert browser.addresses[0] == browser.addresses[1]
        dialog._copy.click()
        assert QGuiApplication.clipboard().text() == browser.addresses[0]
        assert says(dialog, "Address copied.")()
        await browse(browser.addresses[0])
        await until(says(dialog, "Connected."))

    run(work)


def test_a_code_can_be_pasted_instead(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        assert not dialog._code.isVisible()
        dialog._by_code.setChecked(True)
        dialog._code.setText("too early")
        assert not dialog._use.isEnabled()
        dialog._open.click()
        await until(says(dialog, "Waiting for the code…"))
        assert "callback_url" not in browser.addresses[0]
        dialog._code.setText("two words")
        dialog._use.click()
        assert says(dialog, "This isn't a code.")()
        code = (await browse(browser.addresses[0])).text
        assert code == CODE
        dialog._code.setText(code)
        QTest.keyClick(dialog._code, Qt.Key.Key_Return)
        await until(says(dialog, "Connected."))
        # Enter was for the code, and not for the browser.
        assert len(browser.addresses) == 1
        assert await core.providers.key(provider_of(server)) == KEY

    run(work)


def test_the_way_can_be_changed_while_it_waits(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        dialog._open.click()
        await until(says(dialog, "Waiting for the browser…"))
        dialog._by_code.setChecked(True)
        assert says(dialog, "Open the browser again")()
        dialog._open.click()
        assert "callback_url" in browser.addresses[0]
        assert "key_label=Loquat" in browser.addresses[1]
        dialog._code.setText((await browse(browser.addresses[1])).text)
        dialog._use.click()
        await until(says(dialog, "Connected."))

    run(work)


def test_where_no_port_can_be_had_a_code_is_asked_for(
    qtbot: QtBot,
    run: Callable[..., None],
    core: Core,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing_free(_hosts: object) -> list[object]:
        return []

    monkeypatch.setattr(callback, "_sockets", nothing_free)

    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        dialog._open.click()
        await until(says(dialog, "Waiting for the code…"))
        assert dialog._code.isVisible()
        assert not dialog._by_code.isEnabled()
        dialog._code.setText((await browse(browser.addresses[0])).text)
        dialog._use.click()
        await until(says(dialog, "Connected."))

    run(work)


def test_a_failure_is_said_and_can_be_tried_again(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    openrouter = OpenRouter(status=403)

    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        dialog._open.click()
        await until(says(dialog, "Waiting"))
        await browse(browser.addresses[0])
        await until(says(dialog, "rejected the code"))
        assert not busy()
        assert dialog._open.text() == "Try again"
        openrouter._status = 200
        dialog._open.click()
        await until(says(dialog, "Waiting"))
        assert browser.addresses[1] != browser.addresses[0]
        assert not says(dialog, "rejected")()
        await browse(browser.addresses[1])
        await until(says(dialog, "Connected."))

    run(work, openrouter)


def test_nobody_who_comes_back_is_said(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server, patience=0.01)
        dialog._open.click()
        await until(says(dialog, "Sign-in wasn't finished"))
        assert dialog._open.text() == "Try again"
        assert not busy()

    run(work)


@pytest.mark.parametrize("how", ["cancel", "escape", "close"])
def test_closing_ends_the_attempt(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser, how: str
) -> None:
    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        dialog._open.click()
        await until(says(dialog, "Waiting"))
        assert busy()
        if how == "cancel":
            dialog._close.click()
        elif how == "escape":
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            dialog.close()
        await until(lambda: not busy())
        with pytest.raises(httpx.ConnectError):
            await browse(browser.addresses[0])
        assert await core.providers.key(provider_of(server)) is None

    run(work)


def test_a_closed_dialog_is_deleted_in_the_middle_of_it_all(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    async def work(server: Server) -> None:
        dialog = ConnectDialog(core, provider_of(server))
        gone: list[bool] = []
        dialog.destroyed.connect(lambda: gone.append(True))
        dialog.show()
        dialog._open.click()
        await until(says(dialog, "Waiting"))
        dialog.close()
        await until(lambda: bool(gone) and not busy())

    run(work)


def test_without_a_browser_the_address_can_be_copied(
    qtbot: QtBot,
    run: Callable[..., None],
    core: Core,
    theme: Theme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_browser(_address: str) -> bool:
        return False

    monkeypatch.setattr(connect_dialog, "open_page", no_browser)

    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        dialog._open.click()
        await until(says(dialog, "Can't open a browser."))
        dialog._copy.click()
        await browse(QGuiApplication.clipboard().text())
        await until(says(dialog, "Connected."))

    run(work)


def test_the_dialog_is_in_nobodys_way(
    qtbot: QtBot, run: Callable[..., None], core: Core, browser: Browser
) -> None:
    async def work(server: Server) -> None:
        dialog = opened(qtbot, core, server)
        assert not dialog.isModal()

    run(work)


def test_from_the_empty_page_a_connected_openrouter_answers_next(
    qtbot: QtBot, core: Core, theme: Theme, browser: Browser, run: Callable[..., None]
) -> None:
    async def work(server: Server) -> None:
        core.providers.put(provider_of(server))
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.show()
        buttons = window.pane.findChildren(QPushButton)
        next(one for one in buttons if one.text() == "Connect OpenRouter…").click()
        dialog = window.findChild(ConnectDialog)
        assert isinstance(dialog, ConnectDialog)
        opening = dialog.findChildren(QPushButton)
        next(one for one in opening if one.text() == "Open the browser").click()
        await until(lambda: bool(browser.addresses))
        await browse(browser.addresses[0])
        await until(lambda: core.settings.default_provider == "openrouter")
        assert main_window.in_view.provider.name == "OpenRouter"
        assert await core.providers.key(main_window.in_view.provider) == KEY
        dialog.close()

    run(work)
