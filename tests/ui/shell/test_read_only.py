"""A library that can't be written: the window says so for as long as it is so, and Send waits."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.read_only_bar import ReadOnlyBar
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop, keep, use_server


def test_a_read_only_library_has_a_cause_and_a_way_out_and_loses_no_message(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        opened: list[QUrl] = []
        monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
        use_server(core, "http://127.0.0.1:9")
        core.library.report = replace(
            core.library.report, read_only=True, reason="The folder can't be written. Allow it."
        )
        core.library._db.forbid_writing()
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.resize(480, 720)
        window.show()
        pane = window.pane
        bar = window.findChild(ReadOnlyBar)
        assert isinstance(bar, ReadOnlyBar)
        assert bar.isVisible()
        assert "The folder can't be written. Allow it." in bar.accessibleName()
        assert not pane.banner.isVisible()
        bar.button.click()
        assert [url.toLocalFile() for url in opened] == [str(core.directory)]
        pane.composer.put_text("And now?")
        assert not pane.composer.send.isEnabled()
        assert "saved" in pane.composer.send.toolTip()
        QTest.keyClick(pane.composer.field, Qt.Key.Key_Return)
        assert pane.banner.isVisible()
        assert pane.composer.text() == "And now?"
        main_window.in_view.set_value("top_logprobs", 3)
        QTest.keyClick(pane.composer.field, Qt.Key.Key_Return)
        main_window.writing.conflicts.hide()
        assert not pane.composer.send.isEnabled()
        await core.close()

    on_loop(work)
