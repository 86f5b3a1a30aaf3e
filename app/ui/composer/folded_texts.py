"""Long pasted texts in the message field, each shown as a small box in the line where it stands.

The document has one object replacement character for such a text, whose format has the text. So a
folded megabyte costs no layout, and undo, copy and drag treat it as one character.
"""

from PySide6.QtCore import QPoint, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPalette,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextInlineObject,
)
from PySide6.QtWidgets import QPlainTextDocumentLayout

from app.domain.chat.unsent import Folds
from app.domain.text.translation import _, ngettext
from app.ui.common.exact_text import (
    OBJECT,
    STANDS_FOR,
    ExactField,
    exact_between,
    insert_exact,
    standing_for,
)
from app.ui.theme.icons import paint_glyph
from app.ui.theme.words import put_tip

#: Type of the text object that is painted as a box.
FOLDED = QTextFormat.ObjectTypes.UserObject + 1
#: Space beside words and icons, and that above and below words, in pixels.
_SPACE, _PAD = 8, 3
_TIP = _("Click to show the whole text here. Backspace removes it.")


class FoldedTextLayout(QPlainTextDocumentLayout):
    """Layout of a document in which the words of a box stand on the base line of its line. In Qt's
    own layouts the whole box stands on that line."""

    def __init__(self, document: QTextDocument, font: QFont) -> None:
        """`font` is the font of the words in boxes."""
        super().__init__(document)
        self._below = QFontMetrics(font).descent() + _PAD

    def resizeInlineObject(  # noqa: N802 (Qt's name)
        self, item: QTextInlineObject, position: int, form: QTextFormat
    ) -> None:
        super().resizeInlineObject(item, position, form)
        item.setAscent(item.ascent() - self._below)
        item.setDescent(self._below)


class FoldedTexts(QPyTextObject):
    """Inserts, paints and unfolds the folded texts of one field."""

    def __init__(self, field: ExactField, font: QFont) -> None:
        """Give the field a document of its own. `font` is the font of the words in boxes."""
        super().__init__(field)
        self._field = field
        self._font = font
        # Side of the icons in pixels: nearly a line of words.
        self._icon = QFontMetrics(font).height() - 2
        document = QTextDocument(field)
        self._layout = FoldedTextLayout(document, font)
        document.setDocumentLayout(self._layout)
        self._layout.registerHandler(FOLDED, self)
        field.setDocument(document)

    def insert(self, text: str) -> None:
        """Put a folded text in place of the selection, or where the cursor is."""
        cursor = self._field.textCursor()
        self._insert(cursor, text)
        self._field.setTextCursor(cursor)
        self._field.ensureCursorVisible()

    def put_text(self, text: str, folds: Folds) -> None:
        """Replace the text of the field, with these ranges folded. Ranges that don't fit the text,
        or each other, are left out."""
        field = self._field
        field.clear()
        document = field.document()
        document.setUndoRedoEnabled(False)
        cursor, done = QTextCursor(document), 0
        for start, end in folds:
            if done <= start < end <= len(text):
                insert_exact(cursor, text[done:start])
                self._insert(cursor, text[start:end])
                done = end
        insert_exact(cursor, text[done:])
        document.setUndoRedoEnabled(True)

    def folds(self) -> Folds:
        """Return the ranges of the field's text that are folded, in characters."""
        document = self._field.document()
        ranges = []
        for position in self._positions():
            start = len(exact_between(document, 0, position))
            ranges.append((start, start + len(self._text_at(position))))
        return ranges

    def words(self) -> str:
        """Return the names of the folded texts for a screen reader; empty without any."""
        return "\n".join(words_of(self._text_at(position)) for position in self._positions())

    def unfold(self, position: int) -> None:
        """Show the text of the box at a position of the document in full. It can be undone."""
        cursor = self._selected(position)
        insert_exact(cursor, self._text_at(position))
        self._field.setTextCursor(cursor)
        self._field.ensureCursorVisible()

    def remove(self, position: int) -> None:
        """Remove the box at a position of the document, and its text. It can be undone."""
        self._selected(position).removeSelectedText()

    def press(self, point: QPoint) -> bool:
        """Take a press of the mouse at a point of the viewport; return whether a box is there."""
        for position in self._positions():
            box = self._box(position)
            if box.contains(point):
                closes = point.x() >= box.right() - self._icon - 2 * _SPACE
                (self.remove if closes else self.unfold)(position)
                return True
        return False

    def show_menu(self, event: QContextMenuEvent) -> bool:
        """Show the field's menu with entries for the box under the mouse, or with the keyboard for
        the box at the cursor, or else the first one. Return whether there is such a box."""
        positions = self._positions()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            cursor = self._field.textCursor().position()
            near = [place for place in positions if place in {cursor - 1, cursor}] or positions
        else:
            near = [place for place in positions if self._box(place).contains(event.pos())]
        if not near:
            return False
        menu = self._field.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = QAction(_("Show pasted text"), menu)
        show.triggered.connect(lambda: self.unfold(near[0]))
        remove = QAction(_("Remove pasted text"), menu)
        remove.triggered.connect(lambda: self.remove(near[0]))
        first = menu.actions()[0]
        menu.insertActions(first, [show, remove])
        menu.insertSeparator(first)
        menu.popup(event.globalPos())
        return True

    def prepare_tip(self, point: QPoint) -> None:
        """Set the tooltip of a point of the viewport."""
        here = [place for place in self._positions() if self._box(place).contains(point)]
        words = words_of(self._text_at(here[0])) if here else ""
        put_tip(self._field.viewport(), f"{words}\n{_TIP}" if here else "")

    # Painting.

    def intrinsicSize(  # noqa: N802 (Qt's name)
        self, _document: QTextDocument, _position: int, form: QTextFormat
    ) -> QSizeF:
        """Return the size of a box, as wide as its words, at most as the field."""
        height = QFontMetrics(self._font).height() + 2 * _PAD
        return QSizeF(self._width(_text_of(form)), height)

    def drawObject(  # noqa: N802 (Qt's name)
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        _document: QTextDocument,
        _position: int,
        form: QTextFormat,
    ) -> None:
        """Draw a box with an icon, its words and a cross."""
        palette, role = self._field.palette(), QPalette.ColorRole
        metrics = QFontMetrics(self._font)
        box = QRectF(rect).adjusted(1.5, 0.5, -1.5, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(palette.color(role.Mid))
        painter.setBrush(palette.color(role.AlternateBase))
        painter.drawRoundedRect(box, 6, 6)
        muted = palette.color(role.PlaceholderText)
        icon = QRectF(
            box.left() + _SPACE, box.center().y() - self._icon / 2, self._icon, self._icon
        )
        paint_glyph(painter, "pasted", icon, muted)
        cross = QRectF(box.right() - _SPACE - self._icon, icon.top(), self._icon, self._icon)
        paint_glyph(painter, "close", cross.adjusted(2, 2, -2, -2), muted)
        painter.setPen(palette.color(role.Text))
        painter.setFont(self._font)
        room = QRectF(icon.right() + _SPACE, box.top(), 0, box.height())
        room.setRight(cross.left() - _SPACE / 2)
        words = metrics.elidedText(
            words_of(_text_of(form)), Qt.TextElideMode.ElideRight, int(room.width()) + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    # The document.

    def _insert(self, cursor: QTextCursor, text: str) -> None:
        form = standing_for(text)
        form.setObjectType(FOLDED)
        cursor.insertText(OBJECT, form)
        # The text that is typed next has no part in this.
        cursor.setCharFormat(QTextCharFormat())

    def _positions(self) -> list[int]:
        """Return the positions of the boxes in the document."""
        found: list[int] = []
        if all(form.objectType() != FOLDED for form in self._field.document().allFormats()):
            return found
        block = self._field.document().firstBlock()
        while block.isValid():
            pieces = block.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                if piece.charFormat().objectType() == FOLDED:
                    found += range(piece.position(), piece.position() + piece.length())
                pieces += 1
            block = block.next()
        return found

    def _selected(self, position: int) -> QTextCursor:
        cursor = QTextCursor(self._field.document())
        cursor.setPosition(position)
        cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _text_at(self, position: int) -> str:
        return _text_of(self._selected(position).charFormat())

    def _box(self, position: int) -> QRect:
        """Return the box at a position of the document, in pixels of the viewport."""
        cursor = self._selected(position)
        width = self._width(_text_of(cursor.charFormat()))
        cursor.setPosition(position)
        line = self._field.cursorRect(cursor)
        return QRect(line.left(), line.top(), width, line.height())

    def _width(self, text: str) -> int:
        """Return the width of a text's box: that of its words, or of the field."""
        words = QFontMetrics(self._font).horizontalAdvance(words_of(text))
        room = self._field.viewport().width() - 2 * _SPACE
        return min(words + 2 * self._icon + 4 * _SPACE, room)


def words_of(text: str) -> str:
    """Return the name of a folded text: "Pasted text · 120 lines · 8.2k characters"."""
    # Imported late, since the first frame has no folded texts.
    from app.domain.text import figures

    lines = text.count("\n") + 1
    return _("Pasted text · {lines} · {characters}").format(
        lines=ngettext("{n} line", "{n} lines", lines).format(n=f"{lines:,}"),
        characters=_("{n} characters").format(n=figures.token_count(len(text))),
    )


def _text_of(form: QTextFormat) -> str:
    return str(form.property(STANDS_FOR))
