"""The dialog for a preset's name and description."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.presets import LONGEST_ABOUT, LONGEST_NAME
from app.domain.text.translation import _
from app.ui.common.exact_text import ExactField
from app.ui.theme.words import PlainLabel


class PresetNameDialog(QDialog):
    """Non-modal dialog that asks once for a name and description, and deletes itself when it is
    closed."""

    #: Save was pressed: the name, which is not blank, and the description.
    chosen = Signal(str, str)

    def __init__(self, title: str, kept: str, name: str, about: str, parent: QWidget) -> None:
        """`title` is the window's title, `kept` a text about the values that will be saved; `name`
        and `about` are the initial name and description."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(_("Name"))
        self.name.selectAll()
        self.about = ExactField()
        self.about.put_text(about)
        self.about.setObjectName("json")
        self.about.setAccessibleName(_("Description"))
        self.about.setPlaceholderText(_("Description (optional)"))
        self.about.setTabChangesFocus(True)
        self.about.setFixedHeight(self.about.fontMetrics().lineSpacing() * 3 + 18)
        form = QFormLayout()
        form.addRow(_("Name"), self.name)
        form.addRow(_("Description"), self.about)
        words = PlainLabel(kept)
        words.setObjectName("muted")
        words.setWordWrap(True)
        self._save = QPushButton(_("Save"))
        self._save.setDefault(True)
        buttons = QDialogButtonBox()
        buttons.addButton(self._save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._show_state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addLayout(form)
        layout.addWidget(words)
        layout.addWidget(buttons)
        self.resize(420, self.sizeHint().height())
        self._show_state()

    def _show_state(self) -> None:
        self._save.setEnabled(bool(self.name.text().strip()))

    def _take(self) -> None:
        self.chosen.emit(self.name.text(), self.about.text()[:LONGEST_ABOUT])
        self.accept()
