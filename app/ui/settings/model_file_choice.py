"""The setting of the model file that the embedded engine runs."""

from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LoquatError
from app.domain.text.translation import _
from app.services.library.settings import Settings
from app.services.program.core import Core
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel


class ModelFileChoice(QWidget):
    """Field for a path, with a button to browse and a button to go back to Loquat's own model.

    A choice is checked by the engine, takes effect with the next question, and changes nothing
    where the file can't be used; a sentence below says which.
    """

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        setting = Settings.engine_model
        self._file = QLineEdit(str(core.settings.engine_model or ""))
        self._file.setAccessibleName(setting.label)
        self._file.setPlaceholderText(setting.words)
        self._file.editingFinished.connect(self._choose_file)
        browse = QPushButton(icon("folder"), _("Choose…"))
        browse.clicked.connect(self._browse)
        default = QPushButton(_("Use Loquat's model"))
        default.clicked.connect(self._clear_file)
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._words.hide()
        row = QHBoxLayout()
        row.addWidget(self._file, 1)
        row.addWidget(browse)
        row.addWidget(default)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self._words)

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
        self._say(_("Used from the next question on."))

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.show()
