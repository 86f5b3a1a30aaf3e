"""The middle of the window: one conversation, from its title to the field below it."""

import contextlib

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from app.domain.conversation import Message
from app.domain.errors import LibraryError
from app.domain.texts import _
from app.domain.token_estimate import estimate_tokens
from app.services.conversations import OpenConversation
from app.services.core import Core
from app.ui.composer.composer import Composer
from app.ui.links import open_link, true_target
from app.ui.notices import Banner, Toast
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.transcript import framing
from app.ui.transcript.look import COLUMN
from app.ui.transcript.view import MARGIN, TranscriptView
from app.ui.welcome import Welcome

DRAFT_MS = 600


class ConversationPane(QWidget):
    """Shows the conversation in view, and does in it what the person wants."""

    settings_wanted = Signal()
    sidebar_wanted = Signal()
    panel_wanted = Signal()
    #: A message was written where there was no conversation yet.
    started = Signal(str)

    def __init__(self, core: Core, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._held: OpenConversation | None = None
        self.transcript = TranscriptView(theme)
        self.composer = Composer(theme)
        self.composer.field.enter_sends = core.settings.enter_sends
        self.banner = Banner()
        self.toast = Toast(self, self.composer)
        self._welcome = Welcome(theme)
        self._title = QLabel()
        self._status = QLabel(self)
        self._draft = QTimer(self)
        self._arrange(theme)
        self._connect()

    @property
    def held(self) -> OpenConversation | None:
        """The conversation in view."""
        return self._held

    def show_conversation(self, held: OpenConversation | None) -> None:
        """Show a conversation, or the empty page where a new one begins."""
        self.keep_draft()
        self._held = held
        self._show_path()
        self._show_state()
        with contextlib.suppress(LibraryError):
            self.composer.put_text(self._core.settings.draft(held.id if held else ""))
        if held is not None and held.reply is not None:
            self.transcript.grow(held.reply)

    def begin(self, held: OpenConversation) -> None:
        """Go from the empty page into the conversation that its first message begins."""
        self._core.settings.put_draft("", "")
        self._held = held

    def show_title(self) -> None:
        """Show the title as it is now."""
        title = self._held.conversation.title if self._held else ""
        self._title.setText(title or _("New conversation"))

    def show_provider(self, words: str, *, embedded: bool) -> None:
        """Say on the empty page who will answer."""
        self._welcome.show_provider(words, embedded=embedded)

    def show_context(self) -> None:
        """Show how much of the model's window the conversation takes."""
        held = self._held
        if held is None:
            self.composer.show_context(0, None)
            return
        conversation = held.conversation
        provider = self._core.providers.get(conversation.provider)
        model = self._core.providers.model(provider, conversation.model)
        used = sum(estimate_tokens(message.text) for message in held.path()[-200:])
        used += estimate_tokens(conversation.system)
        self.composer.show_context(used, model.context_length)

    def stop(self) -> None:
        """Stop the answer in view."""
        if self._held is not None:
            self._core.chat.stop(self._held.id)

    def regenerate(self) -> None:
        """Ask again for the last answer in view."""
        if self._held is not None and (path := self._held.path()):
            last = path[-1]
            if last.parent is not None and not self._core.chat.is_answering(self._held.id):
                self._core.chat.regenerate(self._held, last.id)

    def keep_draft(self) -> None:
        """Write down what stands in the field."""
        self._draft.stop()
        with contextlib.suppress(LibraryError):
            self._core.settings.put_draft(self._held.id if self._held else "", self.composer.text())

    def send(self, held: OpenConversation, text: str) -> None:
        """Send a message in the conversation in view; the field is emptied once it is safe."""
        try:
            self._core.chat.send(held, text)
        except LibraryError as failure:
            self.banner.show_words(_("Not sent: {why}").format(why=failure))
            return
        self.composer.clear()
        self.keep_draft()
        self._show_state()
        self.show_context()

    # Building.

    def _arrange(self, theme: Theme) -> None:
        self._title.setObjectName("title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setMinimumWidth(40)
        flags = Qt.AlignmentFlag
        self._title.setAlignment(flags.AlignLeft | flags.AlignAbsolute | flags.AlignVCenter)
        sidebar = _tool("sidebar", _("Sidebar (Ctrl+B)"))
        sidebar.clicked.connect(self.sidebar_wanted)
        panel = _tool("sliders", _("Parameters (Ctrl+.)"))
        panel.clicked.connect(self.panel_wanted)
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 4)
        head.addWidget(sidebar)
        head.addWidget(self._title, 1)
        head.addWidget(panel)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._welcome)
        self._pages.addWidget(self.transcript)
        below = QHBoxLayout()
        below.setContentsMargins(MARGIN - 8, 4, MARGIN - 8, 14)
        below.addStretch(1)
        self.composer.setMaximumWidth(COLUMN + 16)
        below.addWidget(self.composer, 1000)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.banner)
        layout.addWidget(self._pages, 1)
        layout.addLayout(below)
        self._status.setObjectName("status")
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self._status.setFont(theme.small_font())
        self._status.hide()
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_MS)

    def _connect(self) -> None:
        chat = self._core.chat
        chat.arrived.connect(self._show_arrival)
        chat.grew.connect(self._show_growth)
        chat.finished.connect(self._show_finish)
        chat.waiting.connect(self._show_waiting)
        chat.unsaved.connect(self._show_unsaved)
        self._core.conversations.rearranged.connect(self._show_rearranged)
        self.composer.sent.connect(self._send)
        self.composer.stop_wanted.connect(self.stop)
        self.composer.edited.connect(self._draft.start)
        self._draft.timeout.connect(self.keep_draft)
        self.transcript.wanted.connect(self._act)
        self.transcript.link_wanted.connect(self._open_link)
        self.transcript.link_hovered.connect(self._show_target)
        self.transcript.copied.connect(self._copy)
        self._welcome.settings_wanted.connect(self.settings_wanted)

    # What chat tells.

    def _is_shown(self, conversation_id: str) -> bool:
        return self._held is not None and self._held.id == conversation_id

    def _show_arrival(self, conversation_id: str, message: Message) -> None:
        if self._is_shown(conversation_id):
            self._pages.setCurrentWidget(self.transcript)
            self.transcript.append(message, self._around(message))
            self._show_state()

    def _show_growth(self, conversation_id: str) -> None:
        if self._held is not None and self._is_shown(conversation_id) and self._held.reply:
            self.transcript.grow(self._held.reply)

    def _show_finish(self, conversation_id: str, message: Message) -> None:
        if self._is_shown(conversation_id):
            self.transcript.finish(message, self._around(message))
            self._show_state()
            self.show_context()

    def _show_waiting(self, conversation_id: str, words: str) -> None:
        if self._held is not None and self._is_shown(conversation_id) and self._held.reply:
            self.transcript.show_waiting(self._held.reply.id, words)

    def _show_rearranged(self, conversation_id: str) -> None:
        if self._is_shown(conversation_id):
            self._show_path()
            self._show_state()

    def _show_unsaved(self, failure: LibraryError) -> None:
        self.banner.show_words(str(failure))

    # Showing.

    def _show_path(self) -> None:
        path = self._held.path() if self._held else []
        self._pages.setCurrentWidget(self.transcript if path else self._welcome)
        self.transcript.show_path([(message, self._around(message)) for message in path])
        self.show_title()
        self.show_context()

    def _show_state(self) -> None:
        answering = self._held is not None and self._core.chat.is_answering(self._held.id)
        self.composer.show_answering(answering)

    def _around(self, message: Message) -> framing.Surroundings:
        assert self._held is not None  # noqa: S101 - messages are shown of a conversation in view
        siblings = self._held.tree.siblings(message.id)
        return framing.Surroundings(siblings.index(message.id) + 1, len(siblings))

    # What the person wants.

    def _send(self, text: str) -> None:
        if self._held is None:
            self.started.emit(text)
        else:
            self.send(self._held, text)

    def _act(self, message_id: str, action: str) -> None:
        held = self._held
        if held is None or message_id not in held.tree:
            return
        if action == framing.COPY:
            self._copy(held.tree[message_id].text)
        elif action in {framing.RETRY, framing.REGENERATE}:
            if not self._core.chat.is_answering(held.id):
                self._core.chat.regenerate(held, message_id)
        elif action in {framing.PREVIOUS, framing.NEXT}:
            self._change_branch(held, message_id, -1 if action == framing.PREVIOUS else 1)

    def _change_branch(self, held: OpenConversation, message_id: str, step: int) -> None:
        siblings = held.tree.siblings(message_id)
        place = (siblings.index(message_id) + step) % len(siblings)
        if not self._core.chat.is_answering(held.id):
            self._core.conversations.select_branch(held, siblings[place])

    def _copy(self, text: str) -> None:
        data = QMimeData()
        data.setText(text)
        QGuiApplication.clipboard().setMimeData(data)
        self.toast.show_words(_("Copied"))

    def _open_link(self, address: str) -> None:
        open_link(address, self)

    def _show_target(self, address: str) -> None:
        target = true_target(address) if address else ""
        self._status.setVisible(bool(target))
        if target:
            self._status.setText(f" {target[:300]} ")
            self._status.adjustSize()
            self._status.move(8, self.height() - self._status.height() - 2)
            self._status.raise_()


def _tool(glyph: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(glyph))
    button.setToolTip(words)
    button.setAccessibleName(words.split(" (", maxsplit=1)[0])
    return button
