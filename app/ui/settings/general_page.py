"""The settings page with a row for each setting that has a control."""

from collections.abc import Iterable
from typing import Any, assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.services.library.setting import Control, Setting
from app.services.library.settings import SETTINGS
from app.services.program.core import Core
from app.ui.settings.editors import SettingChoice, SettingNumber, SettingSwitch
from app.ui.settings.model_file_choice import ModelFileChoice
from app.ui.settings.proxy_choice import ProxyChoice
from app.ui.theme.words import PlainLabel


class GeneralPage(QWidget):
    """Form made from a table of settings. Each change takes effect at once; a setting that
    changes elsewhere is shown anew."""

    def __init__(self, core: Core, settings: Iterable[Setting[Any]] = SETTINGS) -> None:
        super().__init__()
        self._core = core
        self._editors: dict[str, SettingSwitch | SettingChoice | SettingNumber] = {}
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for setting in settings:
            self._add_row(setting)
        self._failure = _muted("")
        self._failure.hide()
        where = _muted(_("Chats are saved in {path}, not encrypted.").format(path=core.directory))
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(self._form)
        layout.addWidget(self._failure)
        layout.addStretch(1)
        layout.addWidget(where)
        core.settings.changed.connect(self._show_value)

    def _add_row(self, setting: Setting[Any]) -> None:
        editor = self._editor(setting)
        if editor is None:
            return
        self._form.addRow(setting.label, editor)
        if setting.help_text:
            about = _muted(setting.help_text)
            about.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            self._form.addRow("", about)

    def _editor(self, setting: Setting[Any]) -> QWidget | None:
        editor: SettingSwitch | SettingChoice | SettingNumber
        match setting.control:
            case Control.NONE:
                return None
            case Control.SWITCH:
                editor = SettingSwitch(self._core.settings, setting)
            case Control.CHOICE:
                editor = SettingChoice(self._core.settings, setting)
            case Control.WHOLE_NUMBER:
                editor = SettingNumber(self._core.settings, setting)
            case Control.MODEL_FILE:
                return ModelFileChoice(self._core)
            case Control.PROXY:
                return ProxyChoice(self._core)
            case _:
                assert_never(setting.control)
        editor.setAccessibleName(setting.words or setting.label)
        editor.failed.connect(self._say)
        self._editors[setting.name] = editor
        return editor

    def _show_value(self, name: str) -> None:
        if name in self._editors:
            self._editors[name].show_value()
            self._failure.hide()

    def _say(self, words: str) -> None:
        self._failure.setText(words)
        self._failure.show()


def _muted(words: str) -> PlainLabel:
    label = PlainLabel(words)
    label.setObjectName("muted")
    label.setWordWrap(True)
    return label
