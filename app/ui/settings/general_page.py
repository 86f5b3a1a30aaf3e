"""Settings: looks, keys of the keyboard, the model file that runs on this computer, the proxy."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LoquatError
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.actions import ActionId
from app.ui.common.keys import key_of
from app.ui.settings.proxy_choice import ProxyChoice
from app.ui.theme.controls import CheckBox, ComboBox
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.theme.words import Words


class GeneralPage(QWidget):
    """Each change takes effect at once."""

    changed = Signal()

    def __init__(self, core: Core, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._theme_object = theme
        self._theme = ComboBox()
        self._theme.setAccessibleName(_("Colours"))
        for words, value in (
            (_("As the system"), "system"),
            (_("Light"), "light"),
            (_("Dark"), "dark"),
        ):
            self._theme.addItem(words, value)
        self._theme.setCurrentIndex(self._theme.findData(core.settings.theme))
        self._theme.currentIndexChanged.connect(self._choose_theme)
        send, line = key_of(ActionId.SEND), key_of(ActionId.NEW_LINE)
        words = _("{send} sends, {line} starts a new line").format(send=send, line=line)
        self._enter = CheckBox(words)
        self._enter.setChecked(core.settings.enter_sends)
        self._enter.toggled.connect(self._choose_enter)
        self._file = QLineEdit(str(core.settings.engine_model or ""))
        self._file.setAccessibleName(_("Model file"))
        self._file.setPlaceholderText(_("the one that comes with Loquat"))
        self._file.editingFinished.connect(self._choose_file)
        browse = QPushButton(icon("folder"), _("Choose…"))
        browse.clicked.connect(self._browse)
        default = QPushButton(_("Use Loquat's own"))
        default.clicked.connect(self._clear_file)
        self._words = Words()
        self._words.setWordWrap(True)
        self._words.hide()
        row = QHBoxLayout()
        row.addWidget(self._file, 1)
        row.addWidget(browse)
        row.addWidget(default)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(_("Colours"), self._theme)
        form.addRow(_("Writing"), self._enter)
        form.addRow(_("Model file"), row)
        note = Words(
            _(
                "The model on this computer is any GGUF file. Take one from a source that you "
                "trust: the file is read by a program in its own process, but it is read."
            )
        )
        note.setObjectName("muted")
        note.setWordWrap(True)
        note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        form.addRow("", note)
        form.addRow("", self._words)
        form.addRow(_("Proxy"), ProxyChoice(core))
        where = Words(_("Conversations are in {path}, not encrypted.").format(path=core.directory))
        where.setObjectName("muted")
        where.setWordWrap(True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(where)

    def _choose_theme(self, place: int) -> None:
        self._core.settings.theme = str(self._theme.itemData(place))
        self._theme_object.choose(self._core.settings.theme)

    def _choose_enter(self, sends: bool) -> None:
        self._core.settings.enter_sends = sends
        self.changed.emit()

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("Choose a model"), "", _("Models (*.gguf)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take_file)
        dialog.open()

    def _take_file(self, path: str) -> None:
        self._file.setText(path)
        self._choose_file()

    def _clear_file(self) -> None:
        self._file.clear()
        self._choose_file()

    def _choose_file(self) -> None:
        text = self._file.text().strip()
        chosen = Path(text).expanduser() if text else None
        if chosen == self._core.settings.engine_model:
            return
        self._core.tasks.spawn(self._use_file(chosen), "settings: model file")

    async def _use_file(self, chosen: Path | None) -> None:
        try:
            await self._core.use_engine_model(chosen)
        except LoquatError as failure:
            self._say(str(failure))
            return
        self._say(_("It answers from the next question on."))
        self.changed.emit()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.show()
