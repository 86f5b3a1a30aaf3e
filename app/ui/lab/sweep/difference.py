"""Shows the difference of two answers in one text: new words underlined, removed words
struck out."""

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextLayout
from PySide6.QtWidgets import QPlainTextEdit

from app.domain.sweep.answer_comparison import Piece, TextChange
from app.domain.text.invisible_characters import mark_invisible
from app.ui.theme.colours import Colours

#: Most pieces that are formatted; the text after them is shown plain.
MOST_PIECES = 5_000


def show_difference(field: QPlainTextEdit, pieces: Sequence[Piece], colours: Colours) -> None:
    """Replace the text of a field by the pieces of a difference, each formatted by its change."""
    field.clear()
    cursor = QTextCursor(field.document())
    cursor.beginEditBlock()
    for piece in pieces[:MOST_PIECES]:
        cursor.insertText(mark_invisible(piece.text), _format(piece.change, colours))
    rest = "".join(
        piece.text for piece in pieces[MOST_PIECES:] if piece.change is not TextChange.GONE
    )
    if rest:
        cursor.insertText(mark_invisible(rest), QTextCharFormat())
    cursor.endEditBlock()


def marked_new(
    pieces: Sequence[Piece], colours: Colours, length: int
) -> tuple[str, list[QTextLayout.FormatRange]]:
    """Return the beginning of the new text, about `length` characters, and the formats of its new
    words for a QTextLayout. Lines are separated by U+2028, as QTextLayout needs."""
    text, ranges = "", []
    begun = 0
    for piece in pieces:
        if piece.change is TextChange.GONE:
            continue
        part = mark_invisible(piece.text[:length]).replace("\n", "\u2028")
        # Qt counts in UTF-16 code units.
        units = len(part.encode("utf-16-le", "surrogatepass")) // 2
        if piece.change is TextChange.NEW:
            marked = QTextLayout.FormatRange()
            marked.start, marked.length = begun, units
            marked.format = _format(piece.change, colours)
            ranges.append(marked)
        text += part
        begun += units
        if len(text) >= length:
            break
    return text, ranges


def _format(change: TextChange, colours: Colours) -> QTextCharFormat:
    text_format = QTextCharFormat()
    match change:
        case TextChange.NEW:
            text_format.setForeground(QColor(colours.code_added))
            text_format.setFontUnderline(True)
        case TextChange.GONE:
            text_format.setForeground(QColor(colours.code_removed))
            text_format.setFontStrikeOut(True)
        case _:
            pass
    return text_format
