"""The page of an empty conversation: the model that will answer, and ways to get another one."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.theme.theme import TextSize, Theme
from app.ui.theme.words import PlainLabel

#: Most width of the words about the model, in pixels at a text size of 100 %.
WIDEST = 480


class Offer(Enum):
    """The buttons that the page can show."""

    CONNECT = auto()
    KEY = auto()
    SERVER = auto()
    MODEL = auto()


_WORDS: Mapping[Offer, str] = {
    Offer.CONNECT: _("Connect OpenRouter…"),
    Offer.KEY: _("Add a key…"),
    Offer.SERVER: _("Add a key or server…"),
    Offer.MODEL: _("Choose a model…"),
}


class Welcome(QWidget):
    """Page that is shown while a conversation has no messages."""

    #: The person wants to enter a key or another server in the settings.
    settings_wanted = Signal()
    #: The person wants to connect an OpenRouter account.
    connect_wanted = Signal()
    #: The person wants to add the key of the provider in view.
    key_wanted = Signal()
    #: The person wants to choose a model.
    model_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = PlainLabel(_("What would you like to talk about?"))
        self._name.setFont(theme.font(TextSize.DISPLAY))
        self._name.setWordWrap(True)
        self._name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._who = PlainLabel()
        self._who.setObjectName("muted")
        self._who.setWordWrap(True)
        self._who.setMaximumWidth(theme.scaled(WIDEST))
        self._who.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        #: Made when they are first offered, after the first frame.
        self._buttons: dict[Offer, QPushButton] = {}
        offers = QWidget()
        # The buttons are stacked, because the window may be narrow.
        self._offers = QVBoxLayout(offers)
        self._offers.setContentsMargins(0, 0, 0, 0)
        self._offers.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._name)
        # Without a width of its own, a wrapping label in a centred cell gets too little height.
        narrow = QHBoxLayout()
        narrow.addStretch(1)
        narrow.addWidget(self._who, 1000)
        narrow.addStretch(1)
        layout.addLayout(narrow)
        layout.addSpacing(4)
        layout.addWidget(offers, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def show_answerer(self, words: str, offers: Sequence[Offer]) -> None:
        """Show words about the model that will answer, and these buttons."""
        self._who.setText(words)
        if not self._buttons:
            self._make_buttons()
        for offer, button in self._buttons.items():
            button.setVisible(offer in offers)

    def _make_buttons(self) -> None:
        for offer, words in _WORDS.items():
            button = self._buttons[offer] = QPushButton(words)
            button.clicked.connect(self._signal_of(offer))
            button.hide()
            self._offers.addWidget(button)

    def _signal_of(self, offer: Offer) -> SignalInstance:
        match offer:
            case Offer.CONNECT:
                return self.connect_wanted
            case Offer.KEY:
                return self.key_wanted
            case Offer.SERVER:
                return self.settings_wanted
            case Offer.MODEL:
                return self.model_wanted
