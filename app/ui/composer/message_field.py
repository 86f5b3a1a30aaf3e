"""The field in which a message is written. It grows with its text and folds long pasted texts."""

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.domain.chat.unsent import Folds
from app.domain.text.translation import _
from app.ui.common.actions import ActionId
from app.ui.common.exact_text import ExactField
from app.ui.common.keys import is_enter, is_pressed
from app.ui.composer.folded_texts import FoldedTexts
from app.ui.theme.theme import Theme

#: Part of the window's height up to which the field grows; a longer text scrolls.
SHARE_OF_WINDOW = 3
#: Lines that the field shows in the lowest window.
LEAST_LINES = 3
#: Characters from which on a pasted text is folded.
FOLDED_FROM = 4_000
#: Characters of a line from which on lines wrap at any character. Qt looks for places between words
#: in quadratic time (an unbroken line of 400,000 characters took 8 s, and 0.1 s with WrapAnywhere).
LONGEST_LINE = 20_000


class MessageField(ExactField):
    """Plain-text field for a message, as high as its text, up to a third of the window."""

    #: The key for sending was pressed.
    submitted = Signal()
    #: True when the field gets keyboard focus, False when it loses it.
    focus_changed = Signal(bool)
    #: An input method shows other letters under composition, or none.
    composing = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folded = FoldedTexts(self, theme.small_font())
        self.setObjectName("message")
        self.setAccessibleName(_("Message"))
        self.setPlaceholderText(_("Message…"))
        self.setFont(theme.body_font())
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.enter_sends = True
        self.document().contentsChange.connect(self._mind_long_lines)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        # A line may become higher without another line being added: letters of another font.
        self.textChanged.connect(self._fit)
        self.textChanged.connect(self._describe)
        self._fit()

    # Text.

    def put_text(self, text: str, folds: Folds = ()) -> None:
        """Replace the text and put the cursor at its end. `folds` are the ranges that are shown
        folded. This can't be undone."""
        if folds:
            self.folded.put_text(text, folds)
        else:
            super().put_text(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def folds(self) -> Folds:
        """Return the ranges of the text that are shown folded, in characters."""
        return self.folded.folds()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text, folded if it is long."""
        text = source.text() if source.hasText() else ""
        if len(text) > FOLDED_FROM:
            self.folded.insert(text)
        else:
            super().insertFromMimeData(source)

    # Keys, focus and mouse.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send on the key of SEND_ALWAYS, and on that of SEND if `enter_sends`; Enter with other
        modifiers starts a new line."""
        if not is_enter(event):
            super().keyPressEvent(event)
            return
        sends = self.enter_sends and is_pressed(event, ActionId.SEND)
        if sends or is_pressed(event, ActionId.SEND_ALWAYS):
            self.submitted.emit()
        else:
            self.commit_composition()
            self.insert("\n")

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        self._fit()
        self.composing.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() is Qt.MouseButton.LeftButton
        if not (left and self.folded.press(event.position().toPoint())):
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.folded.show_menu(event):
            super().contextMenuEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            self.folded.prepare_tip(event.pos())
        return super().viewportEvent(event)

    # Height.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the window."""
        if event.type() is QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        least = LEAST_LINES * self.fontMetrics().lineSpacing()
        most = max(self.window().height() // SHARE_OF_WINDOW, least)
        wanted = self._text_height(most)
        policy = Qt.ScrollBarPolicy
        scrolls = policy.ScrollBarAsNeeded if wanted > most else policy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != scrolls:
            self.setVerticalScrollBarPolicy(scrolls)
        # Setting the same height again would lay out the whole window again.
        if (height := min(wanted, most)) != self.minimumHeight():
            self.setFixedHeight(height)
            self.ensureCursorVisible()

    def _text_height(self, most: int) -> int:
        """Return the height of the text in pixels. Above `most` it is not measured to its end."""
        layout, block = self.document().documentLayout(), self.document().firstBlock()
        # The layout counts the margin below the last block, and not that above the first.
        height = self.document().documentMargin() + 4
        while block.isValid() and height <= most:
            height += layout.blockBoundingRect(block).height()
            block = block.next()
        return round(height)

    def _describe(self) -> None:
        """Tell screen readers of the folded texts, each of which is one character to them."""
        words = self.folded.words()
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _mind_long_lines(self, start: int, _removed: int, added: int) -> None:
        """Choose how lines wrap. This is connected to `contentsChange`, which Qt emits before it
        lays out an edit, and also for edits by a screen reader, which cause no key events."""
        document, wrap = self.document(), QTextOption.WrapMode
        if document.characterCount() <= LONGEST_LINE:
            wanted = wrap.WrapAtWordBoundaryOrAnywhere
        elif _has_long_line(document, start, start + added):
            wanted = wrap.WrapAnywhere
        else:
            return
        if self.wordWrapMode() != wanted:
            self.setWordWrapMode(wanted)


def _has_long_line(document: QTextDocument, start: int, end: int) -> bool:
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end:
        if block.length() > LONGEST_LINE:
            return True
        block = block.next()
    return False
