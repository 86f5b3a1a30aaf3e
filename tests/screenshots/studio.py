"""One window on a library of its own, and pictures of it."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme

SIZES = ((1280, 800), (900, 640))


class Studio:
    """One window on a library of its own, beside a server that says what it is told to."""

    def __init__(
        self,
        directory: Path,
        application: QApplication,
        theme: str,
        url: str,
        *,
        panel: bool = True,
        text_scale: float = 1.0,
    ) -> None:
        """`panel` says whether the panel is shown, which it is not at the first start."""
        self.core = Core(directory)
        self.theme = Theme(application, theme, text_scale)
        self.window = Window(self.theme, {"panel": panel})
        self._name = theme
        provider = Provider(
            "scripted",
            "OpenRouter (scripted)",
            ProviderKind.OPENROUTER,
            url,
            "deepseek/deepseek-v4-pro",
        )
        self.core.providers.put(provider)
        self.core.settings.default_provider = provider.id
        self.main_window = MainWindow(self.core, self.theme, self.window)

    async def settle(self) -> None:
        """Let everything that is due be done and drawn."""
        for _turn in range(6):
            await asyncio.sleep(0.03)
        for _turn in range(200):
            if not self.main_window.conversation.transcript.formulas.is_busy:
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)

    def ask(self, text: str) -> None:
        """Send a message as the person does."""
        self.window.pane.composer.put_text(text)
        self.window.pane.composer.send.click()

    async def answered(self) -> None:
        """Wait until the answer in view is complete."""
        held = self.main_window.in_view.conversation
        for _turn in range(1000):
            if held is None or not self.core.chat.is_answering(held.id):
                break
            await asyncio.sleep(0.02)
        await self.settle()

    def shoot(self, directory: Path, state: str, widget: QWidget | None = None) -> None:
        """Save a picture in the window's two sizes, or of a window of its own."""
        if widget is not None:
            widget.grab().save(str(directory / f"{state}-{self._name}.png"))
            return
        for width, height in SIZES:
            self.window.resize(width, height)
            QApplication.sendPostedEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            picture = self.window.grab()
            picture.save(str(directory / f"{state}-{self._name}-{width}.png"))
        self.window.resize(*SIZES[0])
