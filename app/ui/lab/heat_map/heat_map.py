"""Connects the heat map's bar, its popover and the transcript, and begins branches from a token."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.chat.conversation import Message, Role
from app.domain.chat.fork import BranchPoint, is_whole
from app.domain.errors import LibraryError
from app.domain.events import Candidate
from app.domain.text.translation import _
from app.domain.tokens.table_doubts import doubt_of
from app.domain.tokens.token_positions import Places, places_of
from app.domain.tokens.token_spelling import visible
from app.domain.tokens.token_statistics import figures_of
from app.domain.tokens.token_table import TokenTable, Word
from app.domain.tokens.unlisted_tokens import own_word
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.common.escape_order import Layer
from app.ui.common.undo import Change, ChangeKind
from app.ui.conversation.pane import ConversationPane
from app.ui.lab.asking import Asking
from app.ui.lab.heat_map.answer_words import figures_words
from app.ui.lab.heat_map.heat_bar import HeatBar
from app.ui.lab.heat_map.heat_scale import steps_of
from app.ui.lab.heat_map.token_popover import TokenPopover
from app.ui.lab.heat_map.token_sentences import head_of, rows_of, share_of
from app.ui.lab.what_if.doubt_sentences import notice_words
from app.ui.lab.what_if.sentences import percent
from app.ui.theme.theme import Theme
from app.ui.transcript.accessibility.announce import announce
from app.ui.transcript.heat.heat_map import MessageHeatMap
from app.ui.transcript.view import TranscriptView

#: Delay in milliseconds after which the popover closes once the mouse has left the token, so that
#: the mouse can reach it.
GRACE_MS = 350
#: Pause in scrolling, in milliseconds, after which the bar shows statistics of the answer that is
#: then in view.
PAUSE_MS = 150
#: Number of last answers that are searched for probabilities, besides the visible ones.
LOOKED_AT = 8
#: Number of answers whose probabilities are cached.
MOST = 12


@dataclass(frozen=True, slots=True)
class AnswerProbabilities:
    """Token probabilities of one answer, ready for the heat map."""

    #: Tokens with their log probabilities and alternatives.
    table: TokenTable
    #: Ranges of the tokens in the text of the answer.
    places: Places


class HeatMap(QObject):
    """Shows the probabilities of the conversation in view while its bar is open. It is made when it
    is first opened."""

    #: A token was pointed at, clicked or stepped to: the id of its message, and its index in the
    #: token table.
    token_chosen = Signal(str, int)
    #: Probabilities are to be requested with the next answers.
    asking_wanted = Signal()

    def __init__(
        self,
        core: Core,
        theme: Theme,
        transcript: TranscriptView,
        pane: ConversationPane,
        in_view: Callable[[], OpenConversation | None],
        *,
        lab_is_open: Callable[[], bool],
    ) -> None:
        """`in_view` returns the conversation in view, None while there is none. While the lab is
        open it lists the alternatives, so that no popover covers the answer with them."""
        super().__init__(transcript)
        self._core = core
        self._transcript = transcript
        self._pane = pane
        self._conversation = in_view
        self._lab_is_open = lab_is_open
        self._asking = Asking()
        self._token: tuple[str, int] | None = None
        # The token that was clicked or stepped to: its popover stays open.
        self._pinned: tuple[str, int] | None = None
        # The id of the answer whose statistics are shown, and its least likely tokens.
        self._read: str = ""
        self._least: tuple[int, ...] = ()
        self._known = lru_cache(MOST)(self._load)
        self.bar = HeatBar(theme)
        # A child of the pane, not of the transcript: for screen readers the transcript contains
        # messages only.
        self.popover = TokenPopover(theme, pane)
        pane.put_bar(self.bar)
        self.bar.hide()
        pane.escape.add(Layer.POPOVER, self.popover.isVisible, self.popover.dismiss)
        pane.escape.add(Layer.BAR, self.bar.isVisible, self.bar.dismiss)
        self._grace = QTimer(self)
        self._grace.setSingleShot(True)
        self._grace.setInterval(GRACE_MS)
        self._grace.timeout.connect(self._let_go)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._show_figures)
        self._connect()

    @property
    def is_open(self) -> bool:
        """Whether the bar and the heat map are shown."""
        return self.bar.isVisibleTo(self._pane)

    def toggle(self) -> None:
        """Show or hide the heat map."""
        if self.is_open:
            self.bar.dismiss()
            return
        self.bar.come_forward()
        self.refresh()

    def refresh(self) -> None:
        """Load the probabilities anew: another conversation is in view, or an answer has ended."""
        self._known.cache_clear()
        self._drop()
        if not self.is_open:
            return
        self._transcript.heating.show(self._heat_of)
        self._show_figures()

    def show_asking(self, asking: Asking) -> None:
        """Take whether the next answer is asked for with its probabilities."""
        if asking != self._asking:
            self._asking = asking
            if self.is_open:
                self._show_figures()

    def known(self, message_id: str) -> AnswerProbabilities | None:
        """Return the probabilities of an answer of the conversation in view; None if there are
        none."""
        conversation = self._conversation()
        if conversation is None or message_id not in conversation.tree:
            return None
        return self._known(conversation.tree[message_id])

    def choose(self, message_id: str, token: int) -> None:
        """Scroll to a token, show its alternatives and keep them open; `token` is its index in the
        answer's token table."""
        if self.is_open:
            self._transcript.heating.show_token(message_id, token)
            self._transcript.heating.choose(message_id, token)

    def why_not(self, message_id: str, token: int) -> str:
        """Return the reason, as a sentence, why no branch can begin at a token; empty if a branch
        can with one of its alternatives."""
        fork, conversation = self._fork(message_id, token, 0), self._conversation()
        if fork is None or conversation is None:
            return ""
        reason = self._core.branching.why_not(conversation, fork)
        if not reason or is_whole(fork.alternative):
            return reason
        others = fork.table[token].alternatives
        whole = next((one for one in others if is_whole(one)), fork.alternative)
        return self._core.branching.why_not(conversation, replace(fork, alternative=whole))

    def branch(self, message_id: str, token: int, alternative: int) -> None:
        """Begin a branch in which the answer continues from a token with one of its alternatives,
        by index. A reason why that cannot be is shown in the window."""
        fork = self._fork(message_id, token, alternative)
        conversation = self._conversation()
        if fork is None or conversation is None:
            return
        if reason := self._core.branching.why_not(conversation, fork):
            self._pane.toast.show_words(reason)
            return
        self.popover.hide()
        before = conversation.conversation.current
        try:
            self._core.branching.begin(conversation, fork)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        self._transcript.scroll_to_end()

        def go_back() -> None:
            if before is not None:
                self._core.chat.stop(conversation.id)
                self._core.conversations.end_path_at(conversation, before)

        def applies() -> bool:
            in_view = self._conversation() is conversation
            return in_view and before is not None and before in conversation.tree

        words = _("Started a branch with {token}").format(token=_spelled(fork.alternative))
        self._pane.undo.push(Change(ChangeKind.IN_VIEW, words, go_back, applies))

    # Events.

    def _connect(self) -> None:
        heating = self._transcript.heating
        heating.pointed.connect(self._point)
        heating.left.connect(self._grace.start)
        heating.chosen.connect(self._choose)
        heating.entered.connect(self._enter)
        heating.dropped.connect(self._drop)
        self.bar.closed.connect(self._close)
        self.bar.shown_changed.connect(lambda _shown: self.refresh())
        self.bar.jump_wanted.connect(self._jump)
        self.bar.asking_wanted.connect(self.asking_wanted)
        self.popover.branch_wanted.connect(self._branch_here)
        self.popover.left.connect(self._grace.start)
        self.popover.closed.connect(self._unpin)
        # Scrolling moves the text away from under the popover.
        self._transcript.verticalScrollBar().valueChanged.connect(self._move)
        self._core.chat.finished.connect(self._finished)
        self._core.conversations.rearranged.connect(self._rearranged)

    def _finished(self, conversation_id: str, _message: Message) -> None:
        self._rearranged(conversation_id)

    def _rearranged(self, conversation_id: str) -> None:
        conversation = self._conversation()
        if conversation is not None and conversation.id == conversation_id:
            self.refresh()

    def _close(self) -> None:
        self._transcript.heating.show(None)
        self.popover.hide()

    def _load(self, message: Message) -> AnswerProbabilities | None:
        """Read the probabilities of an answer from the library; None if there are none or the
        answer still grows."""
        conversation = self._conversation()
        if (
            conversation is not None
            and conversation.reply is not None
            and conversation.reply.id == message.id
        ):
            # While an answer streams its table is incomplete.
            return None
        try:
            table = self._core.conversations.probabilities(message.id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return None
        # The transcript uses \n for all line ends; positions refer to its text.
        text = message.text.replace("\r\n", "\n").replace("\r", "\n")
        return (
            AnswerProbabilities(table, places_of(table, text, message.reasoning)) if table else None
        )

    def _heat_of(self, message: Message) -> MessageHeatMap | None:
        known = self._known(message)
        if known is None:
            return None
        return MessageHeatMap(known.places, steps_of(known.table, self.bar.shown))

    # Tokens.

    def _point(self, message_id: str, token: int) -> None:
        if not self.popover.has_keyboard():
            self._show(message_id, token)
            self.token_chosen.emit(message_id, token)

    def _choose(self, message_id: str, token: int) -> None:
        self._pinned = (message_id, token)
        self._show(message_id, token)
        known = self.known(message_id)
        if known is not None:
            announce(self._transcript, head_of(known.table, token))
        self.token_chosen.emit(message_id, token)

    def _enter(self, message_id: str, token: int) -> None:
        # Asked for by a key: also beside the lab.
        self._show(message_id, token, wanted=True)
        self.popover.enter()

    def _show(self, message_id: str, token: int, *, wanted: bool = False) -> None:
        """Show the popover of a token; beside the lab only if it is expressly `wanted`."""
        known, conversation = self.known(message_id), self._conversation()
        beside = self._transcript.heating.rectangle_of(message_id, token)
        if known is None or conversation is None or beside is None:
            return
        self._grace.stop()
        corner = self._transcript.viewport().mapTo(self._pane, beside.topLeft())
        beside.moveTopLeft(corner)
        self._token = (message_id, token)
        if self._lab_is_open() and not wanted:
            self.popover.hide()
            return
        self.popover.show_token(
            head_of(known.table, token),
            rows_of(known.table, token),
            self.why_not(message_id, token),
            beside,
        )

    def _fork(self, message_id: str, token: int, alternative: int) -> BranchPoint | None:
        known, conversation = self.known(message_id), self._conversation()
        if known is None or conversation is None:
            return None
        message = conversation.tree[message_id]
        among = known.table[token].alternatives
        if not 0 <= alternative < len(among):
            return None
        places = known.places
        if "\r" in message.text:
            places = places_of(known.table, message.text, message.reasoning)
        return BranchPoint(message, known.table, places, token, among[alternative])

    def _let_go(self) -> None:
        if self.popover.underMouse() or self.popover.has_keyboard():
            return
        if self._pinned is None:
            self.popover.hide()
        elif self._token != self._pinned:
            # A token that was only pointed at gives way to the pinned one.
            self._show(*self._pinned)
            self.token_chosen.emit(*self._pinned)

    def _unpin(self) -> None:
        self._pinned = None

    def _drop(self) -> None:
        self._pinned = None
        self.popover.hide()

    def _move(self) -> None:
        self._drop()
        if self.is_open:
            self._pause.start()

    def _branch_here(self, alternative: int) -> None:
        if self._token is not None:
            self.branch(*self._token, alternative)

    # The bar.

    def _in_view(self) -> list[Message]:
        """Return the last LOOKED_AT answers and the visible ones, those with the most visible
        height first."""
        conversation = self._conversation()
        path = conversation.path() if conversation is not None else []
        answers = [message for message in reversed(path) if message.role is Role.ASSISTANT]
        visible_heights = {
            message.id: height for message, height in self._transcript.heating.in_sight()
        }
        near = [
            message
            for number, message in enumerate(answers)
            if number < LOOKED_AT or message.id in visible_heights
        ]
        return sorted(near, key=lambda message: -visible_heights.get(message.id, 0))

    def _show_figures(self) -> None:
        for message in self._in_view():
            known = self._known(message)
            figures = figures_of(known.table) if known is not None else None
            if known is not None and figures is not None:
                self._read, self._least = message.id, tuple(figures.least_likely)
                counted = None if message.usage is None else message.usage.completion_tokens
                self.bar.show_figures(
                    figures_words(known.table, figures, counted),
                    [self._named(known, token) for token in self._least],
                    notice_words(doubt_of(known.table)),
                )
                return
        self.bar.show_none(self._asking.heat_words(), offer=self._asking.offered)

    def _named(self, known: AnswerProbabilities, token: int) -> str:
        word = visible(own_word(known.table, token))
        return f"{word}  {percent(share_of(known.table[token].chosen))}"

    def _jump(self, number: int) -> None:
        if number < len(self._least):
            self._transcript.heating.show_token(self._read, self._least[number])
            self._transcript.heating.choose(self._read, self._least[number])
            self._transcript.setFocus()


def _spelled(candidate: Candidate) -> str:
    return visible(Word(candidate.token, candidate.bytes, candidate.id))
