"""A text field for a JSON Schema that shows errors with their line and column."""

import json
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.exact_text import ExactField
from app.ui.theme.words import PlainLabel

#: Pause after an edit before the schema is checked, in milliseconds.
SETTLE_MS = 350


class SchemaField(QWidget):
    """Text field for a JSON Schema. The JSON is parsed on each edit; after a pause the schema
    itself is checked on a thread."""

    #: The schema; None while the text is not a JSON object.
    edited = Signal(object)

    def __init__(self, core: Core, name: str) -> None:
        super().__init__()
        self._core = core
        self._schema: dict[str, Any] | None = None
        self._question = 0
        self._area = ExactField()
        self._area.setObjectName("json")
        self._area.setAccessibleName(name)
        self._area.setTabChangesFocus(True)
        self._area.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._area.textChanged.connect(self._note)
        self._wrong = PlainLabel()
        self._wrong.setObjectName("muted")
        self._wrong.setWordWrap(True)
        self._wrong.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._check)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._wrong)

    def schema(self) -> dict[str, Any] | None:
        """Return the schema; None while the text is not a JSON object."""
        return self._schema

    def put_schema(self, schema: Any) -> None:
        """Replace the text by a schema, indented."""
        self._area.put_text(json.dumps(schema, ensure_ascii=False, indent=2))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle.stop()

    def _note(self) -> None:
        self._schema, wrong = _read(self._area.text())
        self._say(wrong, failed=bool(wrong))
        self.edited.emit(self._schema)
        if self.isVisible():
            # A hidden field is checked when it is shown.
            self._settle.start()

    def _say(self, words: str, *, failed: bool) -> None:
        self._wrong.setObjectName("warning" if failed else "muted")
        # Qt applies the rule for the new object name only when the widget is polished again.
        self._wrong.setStyleSheet(self._wrong.styleSheet() or " ")
        self._wrong.style().polish(self._wrong)
        self._wrong.setText(words)

    def _check(self) -> None:
        if self._schema is not None:
            self._question += 1
            self._core.tasks.spawn(self._judge(self._schema, self._question), "schema check")

    async def _judge(self, schema: dict[str, Any], question: int) -> None:
        import asyncio

        from app.services.schemas.validation import check_schema

        wrong = await asyncio.to_thread(check_schema, schema)
        if question == self._question and self._schema == schema:
            self._say(wrong or _("This is a valid JSON Schema."), failed=wrong is not None)


def _read(text: str) -> tuple[dict[str, Any] | None, str]:
    """Parse a schema: return it, or None, and a sentence about the error, which is empty for a
    blank text."""
    if not text.strip():
        return None, ""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return None, _("Not valid JSON yet: line {line}, column {column}.").format(
            line=error.lineno, column=error.colno
        )
    except (ValueError, RecursionError):
        return None, _("Servers don't accept this JSON.")
    if not isinstance(value, dict):
        return None, _('A schema must be an object, such as {"type": "object"}.')
    return value, ""
