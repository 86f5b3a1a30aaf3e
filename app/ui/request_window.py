"""The exact request of an answer, to be read and copied. It holds no key: none is ever kept."""

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.texts import _
from app.ui.theme.words import Words

#: More than this makes the field slow, and nobody reads it; copying gives all of it.
SHOWN_CHARACTERS = 300_000


class RequestWindow(QDialog):
    """Shows address and body as they were sent."""

    copied = Signal(object)

    def __init__(self, request: tuple[str, Mapping[str, Any]] | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Request"))
        self.resize(640, 520)
        url, body = request or ("", {})
        self._text = json.dumps(body, indent=2, ensure_ascii=False) if request else ""
        address = Words(f"POST {url}" if request else _("The request of this answer isn't kept."))
        address.setWordWrap(True)
        address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._field = QPlainTextEdit()
        self._field.setObjectName("json")
        self._field.setReadOnly(True)
        self._field.setAccessibleName(_("Request"))
        self._field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._field.setPlainText(self._text[:SHOWN_CHARACTERS])
        copy = QPushButton(_("Copy"))
        copy.setEnabled(bool(request))
        copy.clicked.connect(self._copy)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(address)
        layout.addWidget(self._field, 1)
        layout.addLayout(row)

    def text(self) -> str:
        """The body as JSON."""
        return self._text

    def _copy(self) -> None:
        self.copied.emit(self._text)
