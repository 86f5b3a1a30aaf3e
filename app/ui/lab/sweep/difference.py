"""Two answers in one text: what is new underlined, what is gone struck out."""

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextLayout
from PySide6.QtWidgets import QPlainTextEdit

from app.domain.sweep.answer_comparison import Piece, TextChange
from app.domain.text.invisible_characters import mark_invisible
from app.ui.theme.colours import Colours

#: Pieces past these are shown as they are: nobody reads so many differences.
MOST_PIECES = 5_000


def show_difference(field: QPlainTextEdit, pieces: Sequence[Piece], colours: Colours) -> None:
    """Put the pieces into a field, each marked by what it is."""
    field.clear()
    cursor = QTextCursor(field.document())
    cursor.beginEditBlock()
    for piece in pieces[:MOST_PIECES]:
        cursor.insertText(mark_invisible(piece.text), _format(piece.change, colours))
    rest = "".join(one.text for one in pieces[MOST_PIECES:] if one.change is not TextChange.GONE)
    if rest:
        cursor.insertText(mark_invisible(rest), QTextCharFormat())
    cursor.endEditBlock()


def marked_new(
    pieces: Sequence[Piece], colours: Colours, length: int
) -> tuple[str, list[QTextLayout.FormatRange]]:
    """The beginning of the second text, of about `length` characters, with its new words marked:
    as a layout takes it, its lines broken by U+2028."""
    text, ranges = "", []
    begun = 0
    for piece in pieces:
        if piece.change is TextChange.GONE:
            continue
        part = mark_invisible(piece.text[:length]).replace("\n", "\u2028")
        # Qt counts in UTF-16.
        units = len(part.encode("utf-16-le", "surrogatepass")) // 2
        if piece.change is TextChange.NEW:
            one = QTextLayout.FormatRange()
            one.start, one.length = begun, units
            one.format = _format(piece.change, colours)
            ranges.append(one)
        text += part
        begun += units
        if len(text) >= length:
            break
    return text, ranges


def _format(change: TextChange, colours: Colours) -> QTextCharFormat:
    made = QTextCharFormat()
    match change:
        case TextChange.NEW:
            made.setForeground(QColor(colours.code_added))
            made.setFontUnderline(True)
        case TextChange.GONE:
            made.setForeground(QColor(colours.code_removed))
            made.setFontStrikeOut(True)
        case _:
            pass
    return made
