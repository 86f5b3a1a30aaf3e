"""The panel above the composer that lists tool calls waiting for their answers."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.text.translation import ngettext
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.composer.call_card import CallCard
from app.ui.theme.words import PlainLabel

#: Height of the list, in lines, above which it scrolls, and the part of the window that it takes at
#: most, as a divisor: the question above stays visible.
MOST_LINES, PART = 12, 3


class ToolAnswers(QFrame):
    """A card for each tool call of the conversation in view that waits for an answer. At most one
    card is open, with a field and the only primary button. Hidden while no call waits."""

    #: The person wants to set up commands for tools in the settings.
    settings_wanted = Signal()

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answers")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._core = core
        self._conversation: OpenConversation | None = None
        self._cards: list[CallCard] = []
        self._opened: CallCard | None = None
        self._aside = False
        self._title = PlainLabel()
        self._title.setObjectName("muted")
        self._title.setWordWrap(True)
        self._inside = inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(4)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 4, 8)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._area)
        core.tooling.changed.connect(self._take_change)
        self.hide()

    def show_calls(self, conversation: OpenConversation | None) -> None:
        """Show the waiting calls of a conversation; None shows none. Once all calls are answered,
        the answers are sent to the model."""
        self._conversation = conversation
        calls = self._core.tooling.waiting(conversation) if conversation is not None else ()
        if [card.call for card in self._cards] != list(calls):
            self._make_cards()
        self._show_states()
        self.setVisible(bool(calls) and not self._aside)
        if conversation is not None and calls and all(call.result is not None for call in calls):
            self._core.tooling.send(conversation)
            return
        if calls:
            count = len(calls)
            self._title.setText(
                ngettext(
                    "The model is waiting for a tool result",
                    "The model is waiting for {n} tool results",
                    count,
                ).format(n=count)
            )

    def step_aside(self, aside: bool) -> None:
        """Hide the panel while something else needs its place (`aside`); otherwise show it again,
        if it has calls."""
        self._aside = aside
        self.setVisible(bool(self._cards) and not aside)

    def focus_first(self) -> None:
        """Focus the answer field that is open, or open that of the first call without an
        answer."""
        waiting = [card for card in self._cards if card.waits]
        if waiting:
            self._open(self._opened if self._opened in waiting else waiting[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _take_change(self, conversation_id: str) -> None:
        if self._conversation is not None and self._conversation.id == conversation_id:
            self.show_calls(self._conversation)

    def _open(self, card: CallCard) -> None:
        self._opened = card
        self._show_states()
        card.field.setFocus()
        self._area.ensureWidgetVisible(card)

    def _show_states(self) -> None:
        """Show the state of each call. The first call that only the person can answer opens when
        no card is open, and has the keyboard if the card before had it."""
        focused = self._opened is not None and self._opened.field.hasFocus()
        if self._opened is None or not self._opened.waits:
            by_hand = (card for card in self._cards if card.waits and card.call.command is None)
            self._opened = next(by_hand, None)
            focused = focused and self._opened is not None
        else:
            focused = False
        for card in self._cards:
            card.show_state(opened=card is self._opened)
        if focused and self._opened is not None:
            self._opened.field.setFocus()
        self._fit()

    def _fit(self) -> None:
        """Make the list as high as its cards at their width, up to MOST_LINES or a PART."""
        width = self._area.viewport().width()
        height = max(self._column.heightForWidth(width), self._column.minimumSize().height())
        # A scroll area takes the height of wrapped words at another width.
        self._inside.setMinimumHeight(height)
        most = min(MOST_LINES * self.fontMetrics().lineSpacing(), self.window().height() // PART)
        self._area.setFixedHeight(min(most, height))

    def _make_cards(self) -> None:
        for card in self._cards:
            card.setParent(None)
            card.deleteLater()
        self._cards, self._opened = [], None
        conversation = self._conversation
        if conversation is None:
            return
        for place, call in enumerate(self._core.tooling.waiting(conversation)):
            card = CallCard(self._core, conversation, place, call)
            card.settings_wanted.connect(self.settings_wanted)
            card.resized.connect(self._fit)
            card.open_wanted.connect(self._open)
            self._cards.append(card)
            self._column.addWidget(card)
