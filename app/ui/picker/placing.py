"""Size and place of the picker over its window."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QDialog

#: Distances of the dialog from the edges of the window, in pixels.
SIDE, TOP = 16, 52


def place_below_header(dialog: QDialog, usual: QSize) -> QRect:
    """Return the rectangle for a dialog that fits into its parent's window and hangs below the
    right end of the header, where the model button is. `usual` is its size where there is room."""
    parent = dialog.parentWidget()
    if parent is None:
        return QRect(dialog.pos(), usual)
    window = parent.window()
    size = usual.boundedTo(window.size() - QSize(2 * SIDE, TOP + SIDE))
    corner = window.mapToGlobal(QPoint(window.width() - size.width() - SIDE, TOP))
    return QRect(corner, size)
