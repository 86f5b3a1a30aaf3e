"""The middle pane as the first frame shows it: header, empty page, and the composer. The
transcript is added later."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.common.escape_order import EscapeOrder
from app.ui.common.measures import COLUMN, MARGIN
from app.ui.common.notices import Banner, Toast
from app.ui.common.undo import UndoStack
from app.ui.composer.composer import Composer
from app.ui.conversation.header import Header
from app.ui.conversation.welcome import Welcome
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel


class ConversationPane(QWidget):
    """Frame around the conversation in view: header, banner, bars, the page with messages, and
    the composer. It knows no conversation; others tell it what to show."""

    #: Signals of buttons: open the settings, and connect OpenRouter.
    settings_wanted = Signal()
    connect_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composer = Composer(theme)
        self.banner = Banner()
        self._pages = QStackedWidget()
        self.toast = Toast(self, self._pages)
        self.undo = UndoStack(self.toast, self)
        self.undo.failed.connect(self.banner.show_words)
        self.escape = EscapeOrder(self)
        #: The page of an empty conversation.
        self.welcome = Welcome(theme)
        self.welcome.settings_wanted.connect(self.settings_wanted)
        self.welcome.connect_wanted.connect(self.connect_wanted)
        self.header = Header(theme)
        self._status = PlainLabel(parent=self)
        self._transcript: QWidget | None = None
        self._arrange(theme)

    def put_transcript(self, transcript: QWidget) -> None:
        """Add the page that shows messages."""
        self._transcript = transcript
        self._pages.addWidget(transcript)
        # Made later than the composer, it would be reached after it.
        QWidget.setTabOrder(_focusable_before(self.composer), transcript)

    def put_bar(self, bar: QWidget) -> None:
        """Add a bar between the banner and the page, such as the find bar."""
        self._bars.addWidget(bar)

    def put_above_composer(self, widget: QWidget) -> None:
        """Add a widget directly above the composer, as wide as the composer."""
        self._writing.insertWidget(self._writing.count() - 1, widget)

    def show_page(self, *, empty: bool) -> None:
        """Show the welcome page if `empty`, with the composer in the middle of the pane; else the
        transcript above the composer. Before there is a transcript, its place is blank."""
        page = self.welcome if empty or self._transcript is None else self._transcript
        # A page that is hidden would have its say in the least height of the window.
        vertically = QSizePolicy.Policy.Preferred if empty else QSizePolicy.Policy.Ignored
        self.welcome.setSizePolicy(QSizePolicy.Policy.Preferred, vertically)
        self._pages.setCurrentWidget(page)
        page.setVisible(empty or page is not self.welcome)
        below = self._rows.count() - 1
        if self._rows.stretch(below) != empty:
            self._rows.setStretch(below, int(empty))
            # At once: the reader's place is looked for at the height that the page will have.
            self._rows.activate()
        # Below the composer on the empty page, whose words stand above it.
        self.toast.stand_over(self if empty else self._pages)

    def copy(self, copied: str | QMimeData) -> None:
        """Put text, or text in several formats, on the clipboard, and say so."""
        data = copied if isinstance(copied, QMimeData) else QMimeData()
        if isinstance(copied, str):
            data.setText(copied)
        QGuiApplication.clipboard().setMimeData(data)
        self.toast.show_words(_("Copied"))

    def show_target(self, target: str) -> None:
        """Show the address of a link, at most 300 characters, at the lower edge of the pane; hide
        the line if `target` is empty."""
        self._status.setVisible(bool(target))
        if target:
            self._status.setText(f" {target[:300]} ")
            self._status.adjustSize()
            self._status.move(8, self.height() - self._status.height() - 2)
            self._status.raise_()

    def _arrange(self, theme: Theme) -> None:
        self._pages.addWidget(self.welcome)
        below = QHBoxLayout()
        below.setContentsMargins(MARGIN, 4, MARGIN, 16)
        below.addStretch(0)
        writing = QWidget()
        writing.setMaximumWidth(COLUMN)
        self._writing = QVBoxLayout(writing)
        self._writing.setContentsMargins(0, 0, 0, 0)
        self._writing.setSpacing(8)
        self._writing.addWidget(self.composer)
        below.addWidget(writing, 1)
        below.addStretch(0)
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.banner)
        self._bars = QVBoxLayout()
        layout.addLayout(self._bars)
        layout.addWidget(self._pages, 1)
        layout.addLayout(below)
        # The place below the composer on the empty page.
        layout.addStretch(1)
        self._status.setObjectName("status")
        self._status.setFont(theme.small_font())
        self._status.hide()


def _focusable_before(widget: QWidget) -> QWidget:
    """Return the widget from which Tab goes on past a widget: Qt takes no widget without focus for
    the one before in the order."""
    before = widget
    while (earlier := before.previousInFocusChain()) is not None and earlier is not widget:
        before = earlier
        if before.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            break
    return before
