"""The settings window. It is not modal: conversations go on meanwhile."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.settings.general_page import GeneralPage
from app.ui.settings.providers_page import ProvidersPage
from app.ui.settings.tools_page import ToolsPage


class SettingsWindow(QDialog):
    """Dialog with three pages: providers, tools, and the table of settings."""

    #: A provider came, went or changed. Of settings `core.settings.changed` tells.
    changed = Signal()

    def __init__(self, core: Core, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Settings"))
        self.resize(760, 520)
        self._providers = providers = ProvidersPage(core)
        providers.changed.connect(self.changed)
        self._general = general = GeneralPage(core)
        self._pages = pages = QTabWidget()
        pages.setDocumentMode(True)
        pages.addTab(providers, _("Providers"))
        self._tools = tools = ToolsPage(core)
        pages.addTab(tools, _("Tools"))
        pages.addTab(general, _("General"))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        # The icon of the style doesn't match the icons of the program.
        close.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(pages, 1)
        layout.addWidget(close)

    def show_provider(self, provider_id: str) -> None:
        """Show the page of providers with a provider selected."""
        self._pages.setCurrentWidget(self._providers)
        self._providers.show_providers(provider_id)

    def show_tools(self) -> None:
        """Show the page of commands that answer tools."""
        self._pages.setCurrentWidget(self._tools)

    def show_general(self) -> None:
        """Show the page made from the table of settings."""
        self._pages.setCurrentWidget(self._general)

    def come_forward(self) -> None:
        """Show the window above other windows."""
        if not self.isVisible():
            self._providers.look_around()
        self.show()
        self.raise_()
        self.activateWindow()
