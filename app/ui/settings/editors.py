"""Controls of the settings page: a switch, a choice and a number, for any setting of the kind."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Signal

from app.domain.errors import LibraryError
from app.services.library.setting import Setting
from app.services.library.settings import Settings
from app.ui.theme.controls import CheckBox, ComboBox, SpinBox

Value = TypeVar("Value")


class SettingSwitch(CheckBox):
    """Check box that shows and keeps a setting that is on or off."""

    #: The setting could not be kept: a sentence.
    failed = Signal(str)

    def __init__(self, settings: Settings, setting: Setting[bool]) -> None:
        super().__init__(setting.words)
        self._settings, self._setting = settings, setting
        self.show_value()
        self.toggled.connect(self._keep)

    def show_value(self) -> None:
        """Show what the setting is now."""
        with QSignalBlocker(self):
            self.setChecked(self._settings.get(self._setting))

    def _keep(self, on: bool) -> None:
        _keep(self._settings, self._setting, on, self.failed.emit)
        self.show_value()


class SettingChoice(ComboBox):
    """Drop-down list that shows and keeps a setting with a few values."""

    #: The setting could not be kept: a sentence.
    failed = Signal(str)

    def __init__(self, settings: Settings, setting: Setting[str]) -> None:
        super().__init__()
        self._settings, self._setting = settings, setting
        for value, words in setting.choices.items():
            self.addItem(words, value)
        self.show_value()
        self.currentIndexChanged.connect(self._keep)

    def show_value(self) -> None:
        """Show what the setting is now."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(self._settings.get(self._setting)))

    def _keep(self, index: int) -> None:
        _keep(self._settings, self._setting, str(self.itemData(index)), self.failed.emit)
        self.show_value()


class SettingNumber(SpinBox):
    """Number field that shows and keeps a setting that is a whole number."""

    #: The setting could not be kept: a sentence.
    failed = Signal(str)

    def __init__(self, settings: Settings, setting: Setting[int]) -> None:
        super().__init__()
        self._settings, self._setting = settings, setting
        self.setRange(*setting.range)
        # Not at each key: while 30 is typed, 3 isn't meant.
        self.setKeyboardTracking(False)
        self.show_value()
        self.valueChanged.connect(self._keep)

    def show_value(self) -> None:
        """Show what the setting is now."""
        with QSignalBlocker(self):
            self.setValue(self._settings.get(self._setting))

    def _keep(self, number: int) -> None:
        _keep(self._settings, self._setting, number, self.failed.emit)
        self.show_value()


def _keep(
    settings: Settings, setting: Setting[Value], value: Value, report: Callable[[str], None]
) -> None:
    try:
        settings.put(setting, value)
    except LibraryError as failure:
        report(str(failure))
