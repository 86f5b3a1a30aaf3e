"""The page of an empty conversation: a heading above the composer, and what is still needed."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.theme.theme import TextSize, Theme
from app.ui.theme.words import PlainLabel


class Offer(Enum):
    """The buttons that the page can show."""

    CONNECT = auto()
    KEY = auto()
    SERVER = auto()
    MODEL = auto()


#: In the order in which they stand.
_WORDS: Mapping[Offer, str] = {
    Offer.KEY: _("Add a key…"),
    Offer.MODEL: _("Choose a model…"),
    Offer.CONNECT: _("Connect OpenRouter…"),
    Offer.SERVER: _("Other providers…"),
}
#: Offers without which nothing can be sent. Only one of them is shown at a time.
_NEEDED = {Offer.KEY, Offer.MODEL}
#: Space at the page's sides and between two offers, and the least height of an offer, in pixels.
SIDES, BETWEEN, LEAST = 24, 16, 28


class Welcome(QWidget):
    """Page that is shown while a conversation has no messages. Its words stand at its lower edge,
    just above the composer."""

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
        self._who.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        #: Made when they are first offered, after the first frame.
        self._buttons: dict[Offer, QPushButton] = {}
        self._below = QWidget()
        self._offers = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._below)
        self._offers.setContentsMargins(0, 0, 0, 0)
        self._offers.setSpacing(BETWEEN)
        layout = QVBoxLayout(self)
        # The composer has a margin of 4 pixels above it.
        layout.setContentsMargins(SIDES, SIDES, SIDES, SIDES - 4)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._name)
        # Without a width of its own, a wrapping label in a centred cell gets too little height.
        narrow = QHBoxLayout()
        narrow.addStretch(1)
        narrow.addWidget(self._who, 4)
        narrow.addStretch(1)
        layout.addLayout(narrow)
        layout.addWidget(self._below, 0, Qt.AlignmentFlag.AlignHCenter)
        self.show_answerer("", ())

    def show_answerer(self, words: str, offers: Sequence[Offer]) -> None:
        """Show words about the model that will answer, and these buttons."""
        self._who.setText(words)
        self._who.setVisible(bool(words))
        if offers and not self._buttons:
            self._make_buttons()
        for offer, button in self._buttons.items():
            button.setVisible(offer in offers)
        self._below.setVisible(bool(offers))
        self._turn_offers()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn_offers()

    def _turn_offers(self) -> None:
        """Put the offers side by side, or one below the other where that is too wide."""
        shown = [button for button in self._buttons.values() if not button.isHidden()]
        wanted = sum(button.sizeHint().width() + BETWEEN for button in shown)
        narrow = wanted > self.width() - 2 * SIDES
        direction = QBoxLayout.Direction
        self._offers.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._offers.setSpacing(4 if narrow else BETWEEN)

    def _make_buttons(self) -> None:
        for offer, words in _WORDS.items():
            button = self._buttons[offer] = QPushButton(words)
            button.setObjectName("primary" if offer in _NEEDED else "line")
            button.setMinimumHeight(LEAST)
            button.clicked.connect(self._signal_of(offer))
            button.hide()
            self._offers.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

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
