"""The bar about a library that can't be written: why, and what to do."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from app.domain.text.translation import _
from app.ui.common.links import open_folder
from app.ui.theme.theme import Theme
from app.ui.theme.warning_mark import WarningMark
from app.ui.theme.words import PlainLabel


class ReadOnlyBar(QFrame):
    """Bar without a button to close it: the state lasts until the program is started again."""

    def __init__(
        self, theme: Theme, directory: Path, reason: str, parent: QWidget | None = None
    ) -> None:
        """`reason` is the cause with what to do, as sentences; `directory` is the library's."""
        super().__init__(parent)
        self.setObjectName("state")
        title = PlainLabel(_("Read-only: new messages can't be saved"))
        title.setObjectName("heading")
        after = _("Then restart Loquat.")
        words = PlainLabel(f"{reason} {after}")
        for label in (title, words):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(f"{title.text()}. {words.text()}")
        self.button = QPushButton(_("Open the folder"))
        self.button.clicked.connect(lambda: open_folder(directory))
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 8, 16, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(WarningMark(theme), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(title, 0, 1)
        grid.addWidget(words, 1, 1)
        grid.addWidget(self.button, 2, 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)
