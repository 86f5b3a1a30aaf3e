"""The transcript of the conversation in view: shows its path, its growing reply and its end."""

from PySide6.QtCore import QObject

from app.domain.chat.conversation import Message
from app.domain.chat.endings import ending_of
from app.domain.chat.reading_place import ReadingPlace
from app.domain.chat.token_estimate import estimate_tokens
from app.domain.errors import LibraryError
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.actions import ActionId, Handlers
from app.ui.common.escape_order import Layer
from app.ui.common.in_view import InView
from app.ui.common.links import open_link, true_target
from app.ui.composer.meter import meter_of
from app.ui.conversation.find_bar import FindBar
from app.ui.conversation.message_actions import MessageActions
from app.ui.conversation.pane import ConversationPane
from app.ui.conversation.place_keeper import PlaceKeeper
from app.ui.theme.theme import Theme
from app.ui.transcript.accessibility.announce import announce, tell_focus
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.interaction.primary_selection import PrimarySelection
from app.ui.transcript.view import TranscriptView

#: Messages at the end of the path whose tokens the context meter counts.
COUNTED = 200


class ConversationView(QObject):
    """Fills the pane's page, find bar and context meter."""

    def __init__(self, core: Core, theme: Theme, in_view: InView, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._core = core
        self.in_view = in_view
        self.pane = pane
        self.transcript = TranscriptView(theme)
        self._places = PlaceKeeper(core.places, self.transcript)
        pane.put_transcript(self.transcript)
        pane.toast.avoid(self.transcript.to_end_button)
        self._primary = PrimarySelection(self.transcript.selecting, self)
        self.find_bar = FindBar()
        pane.put_bar(self.find_bar)
        pane.escape.add(Layer.BAR, self.find_bar.isVisible, self.find_bar.dismiss)
        self.actions = MessageActions(core, theme, in_view, pane, self.transcript)
        self._connect()

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {
            ActionId.REGENERATE: self.regenerate,
            ActionId.FIND: self.find,
            ActionId.FIND_NEXT: self.find_next,
            ActionId.MESSAGE_ABOVE: lambda: self.go_to_message(-1),
            ActionId.MESSAGE_BELOW: lambda: self.go_to_message(1),
            ActionId.VERSION_BEFORE: lambda: self.actions.step_version(-1),
            ActionId.VERSION_AFTER: lambda: self.actions.step_version(1),
        }

    def find(self) -> None:
        """Open the find bar."""
        self.find_bar.come_forward()

    def find_next(self) -> None:
        """Go to the next match."""
        self._seek_next(1)

    def regenerate(self) -> None:
        """Ask again for the last answer of the path."""
        conversation, path = self.in_view.conversation, self.in_view.path
        if conversation is None or not path or self.in_view.is_answering():
            return
        if path[-1].parent is not None:
            self._core.chat.regenerate(conversation, path[-1].id)

    def go_to_message(self, step: int) -> None:
        """Give the transcript the keyboard and mark the next message (1) or the one before (-1)."""
        self.transcript.setFocus()
        self.transcript.focus.move(step)

    def keep_place(self) -> None:
        """Write the place at which the conversation is read, because the window closes."""
        self._places.keep()

    def _connect(self) -> None:
        in_view = self.in_view
        self.pane.toast.told.connect(self._tell)
        self.pane.banner.told.connect(self._tell)
        in_view.replaced.connect(self._show_conversation)
        in_view.begun.connect(self._take_beginning)
        in_view.arrived.connect(self._show_arrival)
        in_view.grew.connect(self._show_growth)
        in_view.finished.connect(self._show_finish)
        in_view.amended.connect(self._show_amended)
        in_view.rearranged.connect(self._show_path)
        in_view.waiting.connect(self._show_waiting)
        in_view.model_changed.connect(self._show_context)
        in_view.system_changed.connect(self._show_context)
        in_view.failed.connect(self.pane.banner.show_words)
        self._core.chat.unsaved.connect(self._show_unsaved)
        self._core.tooling.failed.connect(self._show_unsaved)
        transcript = self.transcript
        transcript.wanted.connect(self.actions.act)
        transcript.pointing.about = self._about
        transcript.menu.taken = self.actions.count_below
        transcript.link_wanted.connect(self._open_link)
        transcript.link_hovered.connect(self._show_target)
        transcript.copied.connect(self.pane.copy)
        transcript.focus.moved.connect(self._tell_focus)
        # A queued message, which is sent later, doesn't scroll.
        self.pane.composer.sent.connect(transcript.scroll_to_end)
        self.find_bar.sought.connect(self._seek)
        self.find_bar.step_wanted.connect(self._seek_next)

    # Showing.

    def _show_conversation(self) -> None:
        self._show_path(self._places.change_to(self.in_view.id))
        self._show_growth()

    def _take_beginning(self) -> None:
        self._places.take(self.in_view.id)

    def _show_path(self, place: ReadingPlace | None = None) -> None:
        path, conversation = self.in_view.path, self.in_view.conversation
        reply = None if conversation is None else conversation.reply
        self.pane.show_page(empty=not path)
        self._primary.keep()
        self.transcript.show_path(path, self._surroundings, place=place, reply=reply)
        if words := self.find_bar.words():
            self._seek(words)
        self._show_context()

    def _show_arrival(self, message: Message) -> None:
        self.pane.show_page(empty=False)
        self.transcript.append(message)
        self._show_context()

    def _show_growth(self) -> None:
        conversation = self.in_view.conversation
        if conversation is not None and conversation.reply is not None:
            self.transcript.grow(conversation.reply)

    def _show_waiting(self, words: str) -> None:
        conversation = self.in_view.conversation
        if conversation is not None and conversation.reply is not None:
            self.transcript.show_waiting(conversation.reply.id, words)

    def _show_finish(self, message: Message) -> None:
        self._show_amended(message)
        self.find_bar.show_count(*self.transcript.searching.found())
        announce(self.transcript, ending_of(message) or _("Answer finished"))
        self._show_context()

    def _show_amended(self, message: Message) -> None:
        self.transcript.finish(message, self._surroundings(message))

    def _tell(self, words: str) -> None:
        announce(self.pane, words)

    def _show_unsaved(self, failure: LibraryError) -> None:
        self.pane.banner.show_words(str(failure))

    def _show_context(self) -> None:
        """Show how much of the model's context window the conversation takes."""
        used = sum(map(_tokens_of, self.in_view.path[-COUNTED:]))
        used += estimate_tokens(self.in_view.settings.system)
        model = self.in_view.model
        self.pane.composer.show_context(used, meter_of(model.context_length, model.price))

    def _surroundings(self, message: Message) -> Surroundings:
        conversation = self.in_view.conversation
        assert conversation is not None  # noqa: S101 - messages are shown of an open conversation
        siblings = conversation.tree.siblings(message.id)
        last = not conversation.tree.children(message.id)
        return Surroundings(siblings.index(message.id) + 1, len(siblings), last)

    def _tell_focus(self) -> None:
        tell_focus(self.transcript)

    def _about(self, index: int) -> str:
        items = self.transcript.items()
        return self.actions.summary(items[index].id) if 0 <= index < len(items) else ""

    # Finding and following links.

    def _seek(self, words: str) -> None:
        self.transcript.searching.seek(words)
        self.find_bar.show_count(*self.transcript.searching.found())

    def _seek_next(self, step: int) -> None:
        self.transcript.searching.step(step)
        self.find_bar.show_count(*self.transcript.searching.found())

    def _open_link(self, address: str) -> None:
        open_link(address, self.pane)

    def _show_target(self, address: str) -> None:
        self.pane.show_target(true_target(address) if address else "")


def _tokens_of(message: Message) -> int:
    """An estimate of the tokens that a message takes in the next question."""
    texts = [message.text, *(call.arguments for call in message.tool_calls)]
    texts += (result.text for result in message.tool_results)
    return sum(map(estimate_tokens, texts))
