"""The welcome page of an empty conversation: the provider and model that will answer, and ways to
connect others."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel


class Welcome(QWidget):
    """Page that is shown while a conversation has no messages."""

    #: The person wants to enter a key or another server in the settings.
    settings_wanted = Signal()
    #: The person wants to connect an OpenRouter account.
    connect_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = PlainLabel(_("What would you like to talk about?"))
        font = theme.body_font()
        font.setPixelSize(22)
        self._name.setFont(font)
        self._name.setWordWrap(True)
        self._name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._who = PlainLabel()
        self._who.setObjectName("muted")
        self._who.setWordWrap(True)
        self._who.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._offer = QWidget()
        connect = QPushButton(_("Connect OpenRouter…"))
        connect.clicked.connect(self.connect_wanted)
        other = QPushButton(_("Paste a key, or use another server…"))
        other.clicked.connect(self.settings_wanted)
        # The buttons are stacked, because the window may be narrow.
        ways = QVBoxLayout(self._offer)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.addWidget(connect)
        ways.addWidget(other)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._name)
        # Without a width of its own, a wrapping label in a centred cell gets too little height.
        narrow = QHBoxLayout()
        narrow.addStretch(1)
        narrow.addWidget(self._who, 4)
        narrow.addStretch(1)
        layout.addLayout(narrow)
        layout.addSpacing(8)
        layout.addWidget(self._offer, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def show_provider(self, words: str, *, embedded: bool) -> None:
        """Show `words` about who will answer. If that is the `embedded` model, also offer to
        connect OpenRouter or another server."""
        self._who.setText(words)
        self._offer.setVisible(embedded)
