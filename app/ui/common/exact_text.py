"""Text fields that keep every character that was typed or pasted.

Qt's `toPlainText`, and the text that Qt copies from a field, have spaces for no-break spaces
(U+00A0) and line feeds for U+2028. U+2029 becomes the end of a block as soon as it is inserted.
"""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import (
    QGuiApplication,
    QInputMethodEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

#: Property of a character's format: the text for which the character stands. It counts for the
#: characters of _STANDING alone, since Qt gives a character's format to what is typed after it.
STANDS_FOR = QTextFormat.Property.UserProperty + 1
#: Object replacement character, which stands for a text that the field doesn't show.
OBJECT = "\ufffc"
_LINE_SEPARATOR = "\u2028"
_STANDING = (OBJECT, _LINE_SEPARATOR)
#: The end of a block, in Qt's own text of a document.
_BLOCK_END = "\u2029"
#: Characters at which Qt would begin a block, and the character that stands for each. U+2028 breaks
#: the line, as U+2029 does.
_STAND_INS = {"\u2029": _LINE_SEPARATOR, "\ufdd0": OBJECT, "\ufdd1": OBJECT}


def exact_text(document: QTextDocument) -> str:
    """Return the text of a document, every character as it was inserted, with "\\n" between
    blocks."""
    raw = document.toRawText()
    if not _stands_for_something(document, raw):
        return raw.replace(_BLOCK_END, "\n")
    return exact_between(document, 0, document.characterCount() - 1)


def exact_selection(cursor: QTextCursor) -> str:
    """Return the selected text of a cursor, every character as it was inserted."""
    raw = cursor.selectedText()
    if not _stands_for_something(cursor.document(), raw):
        return raw.replace(_BLOCK_END, "\n")
    return exact_between(cursor.document(), cursor.selectionStart(), cursor.selectionEnd())


def insert_exact(cursor: QTextCursor, text: str) -> None:
    """Insert a text in place of the selection, as one edit that can be undone. "\\r\\n" and "\\r"
    become "\\n"; `exact_text` gives every other character back."""
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    plain = QTextCharFormat()
    if not any(special in text for special in _STAND_INS):
        cursor.insertText(text, plain)
    else:
        begun = 0
        for at, character in enumerate(text):
            if character in _STAND_INS:
                cursor.insertText(text[begun:at], plain)
                cursor.insertText(_STAND_INS[character], standing_for(character))
                begun = at + 1
        cursor.insertText(text[begun:], plain)
    cursor.endEditBlock()


def standing_for(text: str) -> QTextCharFormat:
    """Return the format of a character of _STANDING that stands for a text."""
    standing = QTextCharFormat()
    standing.setProperty(STANDS_FOR, text)
    return standing


class ExactField(QPlainTextEdit):
    """Plain-text field whose text is exactly what was typed or pasted, also when it is copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = ""

    def text(self) -> str:
        """Return the text, every character as it was typed or pasted."""
        return exact_text(self.document())

    def put_text(self, text: str) -> None:
        """Replace the text. This can't be undone; the cursor is at the beginning."""
        # Qt gives the new text the format of the character before the cursor, and with it its
        # meaning: the whole text would consist of objects. And it lays out a text that replaces
        # another one before it tells of the change, so that nobody can choose the wrapping (both
        # Qt 6.11).
        self.clear()
        self.setCurrentCharFormat(QTextCharFormat())
        if any(special in text for special in _STAND_INS):
            document = self.document()
            document.setUndoRedoEnabled(False)
            insert_exact(QTextCursor(document), text)
            document.setUndoRedoEnabled(True)
            self.moveCursor(QTextCursor.MoveOperation.Start)
        else:
            self.setPlainText(text)

    def insert(self, text: str) -> None:
        """Put a text in place of the selection, or where the cursor is."""
        insert_exact(self.textCursor(), text)
        self.ensureCursorVisible()

    def commit_composition(self) -> None:
        """Take what an input method composes (hangul, pinyin) into the text, as it is shown now."""
        if not self.composed():
            return
        if self.hasFocus():
            QGuiApplication.inputMethod().commit()
        if composed := self.composed():
            # The input method has no such function, or belongs to another widget by now.
            committed = QInputMethodEvent("", [])
            committed.setCommitString(composed)
            self.inputMethodEvent(committed)
            QGuiApplication.inputMethod().reset()

    def composed(self) -> str:
        """Return the text under composition, which is shown and not in the text yet."""
        return self.textCursor().block().layout().preeditAreaText()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        composing = bool(event.preeditString())
        # Qt shows the placeholder while the document is empty, and so under the composed letters
        # (Qt 6.11).
        if composing and self.placeholderText():
            self._placeholder = self.placeholderText()
            self.setPlaceholderText("")
        elif not composing and self._placeholder:
            self.setPlaceholderText(self._placeholder)
            self._placeholder = ""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text only: pasted rich text could name files for Qt to load."""
        if source.hasText():
            self.insert(source.text())

    def createMimeDataFromSelection(self) -> QMimeData:
        """Return the selected text for the clipboard and for dragging."""
        data = QMimeData()
        data.setText(exact_selection(self.textCursor()))
        return data


def _stands_for_something(document: QTextDocument, raw: str) -> bool:
    return any(character in raw for character in _STANDING) and any(
        one.hasProperty(STANDS_FOR) for one in document.allFormats()
    )


def exact_between(document: QTextDocument, start: int, end: int) -> str:
    """Return the text between two positions of a document, every character as it was inserted.
    Positions count UTF-16 units."""
    parts = []
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end:
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            low, high = (
                max(start - piece.position(), 0),
                min(end - piece.position(), piece.length()),
            )
            if low < high:
                units = piece.text().encode("utf-16-le", "surrogatepass")
                text = units[2 * low : 2 * high].decode("utf-16-le", "surrogatepass")
                parts.append(_with_meaning(text, piece.charFormat()))
            pieces += 1
        block_end = block.position() + block.length() - 1
        if start <= block_end < end:
            parts.append("\n")
        block = block.next()
    return "".join(parts)


def _with_meaning(text: str, form: QTextCharFormat) -> str:
    if form.hasProperty(STANDS_FOR):
        meaning = str(form.property(STANDS_FOR))
        for character in _STANDING:
            text = text.replace(character, meaning)
    return text
