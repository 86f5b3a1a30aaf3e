"""Probabilities in the conversation: the heat map, and what could have come instead of a token."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.chat.conversation import Message, Role
from app.domain.chat.fork import Fork
from app.domain.errors import LibraryError
from app.domain.events import Candidate
from app.domain.text.translation import _
from app.domain.tokens.token_positions import Places, places_of
from app.domain.tokens.token_statistics import figures_of, visible
from app.domain.tokens.token_table import TokenTable, Word
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.conversation.pane import ConversationPane
from app.ui.lab.heat_map.heat_bar import HeatBar
from app.ui.lab.heat_map.heat_scale import steps_of
from app.ui.lab.heat_map.token_popover import TokenPopover
from app.ui.lab.heat_map.token_sentences import head_of, rows_of, share_of, signed
from app.ui.lab.what_if.sentences import percent
from app.ui.theme.theme import Theme
from app.ui.transcript.accessibility.announce import announce
from app.ui.transcript.heat.heat_map import Heat
from app.ui.transcript.view import TranscriptView

#: The popover stays for so long when the mouse has left the token, so that it can be entered.
GRACE_MS = 350
#: After scrolling has paused for so long, the bar speaks of the answer that is in view then.
PAUSE_MS = 150
#: So many answers are looked through for one that has probabilities, besides those in view.
LOOKED_AT = 8
#: So many answers' probabilities are kept at hand.
MOST = 12


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one answer."""

    table: TokenTable
    places: Places


class Probabilities(QObject):
    """Shows heat maps while its bar is open; made when it is first wanted."""

    #: A message and the place of a token in its table: the one that the mouse rests on, or that
    #: was clicked on or stepped to.
    token_chosen = Signal(str, int)
    asking_wanted = Signal()

    def __init__(
        self,
        core: Core,
        theme: Theme,
        transcript: TranscriptView,
        pane: ConversationPane,
        held: Callable[[], OpenConversation | None],
    ) -> None:
        """`held` gives the conversation in view."""
        super().__init__(transcript)
        self._core = core
        self._transcript = transcript
        self._pane = pane
        self._held = held
        self._token: tuple[str, int] | None = None
        # The token that was clicked on or stepped to: its alternatives stay.
        self._pinned: tuple[str, int] | None = None
        # The answer that the bar speaks of, and its least likely tokens.
        self._read: str = ""
        self._least: tuple[int, ...] = ()
        self._known = lru_cache(MOST)(self._load)
        self.bar = HeatBar(theme)
        # Not the transcript's own child: a screen reader has its messages alone in it.
        self.popover = TokenPopover(theme, pane)
        pane.put_bar(self.bar)
        self.bar.hide()
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
        """Whether heat maps are shown."""
        return self.bar.isVisibleTo(self._pane)

    def toggle(self) -> None:
        """Show heat maps, or none."""
        if self.is_open:
            self.bar.dismiss()
            return
        self.bar.come_forward()
        self.refresh()

    def refresh(self) -> None:
        """Show what there is now: another conversation is in view, or an answer has come."""
        self._known.cache_clear()
        self._drop()
        if not self.is_open:
            return
        self._transcript.heating.show(self._heat_of)
        self._show_figures()

    def known(self, message_id: str) -> Known | None:
        """What is known of an answer of the conversation in view; None where nothing is."""
        held = self._held()
        if held is None or message_id not in held.tree:
            return None
        return self._known(held.tree[message_id])

    def choose(self, message_id: str, token: int) -> None:
        """Look at a token that was chosen elsewhere."""
        if self.is_open:
            self._transcript.heating.show_token(message_id, token)
            self._transcript.heating.choose(message_id, token)

    def why_not(self, message_id: str, token: int) -> str:
        """Why no branch can begin at a token: a sentence; empty where one can."""
        fork, held = self._fork(message_id, token, 0), self._held()
        return self._core.branching.why_not(held, fork) if fork and held else ""

    def branch(self, message_id: str, token: int, alternative: int) -> None:
        """Have the answer go on with another token, as a branch beside it."""
        fork = self._fork(message_id, token, alternative)
        held = self._held()
        if fork is None or held is None:
            return
        if reason := self._core.branching.why_not(held, fork):
            self._pane.toast.show_words(reason)
            return
        self.popover.hide()
        before = held.conversation.current
        try:
            self._core.branching.begin(held, fork)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return
        self._transcript.scroll_to_end()

        def go_back() -> None:
            if self._held() is held and before is not None and before in held.tree:
                self._core.chat.stop(held.id)
                self._core.conversations.end_path_at(held, before)

        words = _("A branch begins with {token}").format(token=_spelled(fork.alternative))
        self._pane.toast.show_words(words, _("Undo"), go_back)

    # What happens.

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
        # What moves the words moves them away from under it.
        self._transcript.verticalScrollBar().valueChanged.connect(self._move)
        self._core.chat.finished.connect(self._finished)
        self._core.conversations.rearranged.connect(self._rearranged)

    def _finished(self, conversation_id: str, _message: Message) -> None:
        self._rearranged(conversation_id)

    def _rearranged(self, conversation_id: str) -> None:
        held = self._held()
        if held is not None and held.id == conversation_id:
            self.refresh()

    def _close(self) -> None:
        self._transcript.heating.show(None)
        self.popover.hide()
        self._transcript.setFocus()

    def _load(self, message: Message) -> Known | None:
        held = self._held()
        if held is not None and held.reply is not None and held.reply.id == message.id:
            # While it grows nothing is settled.
            return None
        try:
            table = self._core.conversations.probabilities(message.id)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))
            return None
        # The transcript has one line ending, whatever came.
        text = message.text.replace("\r\n", "\n").replace("\r", "\n")
        return Known(table, places_of(table, text, message.reasoning)) if table else None

    def _heat_of(self, message: Message) -> Heat | None:
        known = self._known(message)
        if known is None:
            return None
        return Heat(known.places, steps_of(known.table, self.bar.shown))

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
        self._show(message_id, token)
        self.popover.enter()

    def _show(self, message_id: str, token: int) -> None:
        known, held = self.known(message_id), self._held()
        beside = self._transcript.heating.rectangle_of(message_id, token)
        if known is None or held is None or beside is None:
            return
        self._grace.stop()
        corner = self._transcript.viewport().mapTo(self._pane, beside.topLeft())
        beside.moveTopLeft(corner)
        self._token = (message_id, token)
        self.popover.show_token(
            head_of(known.table, token),
            rows_of(known.table, token),
            self.why_not(message_id, token),
            beside,
        )

    def _fork(self, message_id: str, token: int, alternative: int) -> Fork | None:
        known, held = self.known(message_id), self._held()
        if known is None or held is None:
            return None
        message = held.tree[message_id]
        among = known.table[token].alternatives
        if not 0 <= alternative < len(among):
            return None
        places = known.places
        if "\r" in message.text:
            places = places_of(known.table, message.text, message.reasoning)
        return Fork(message, known.table, places, token, among[alternative])

    def _let_go(self) -> None:
        if self.popover.underMouse() or self.popover.has_keyboard():
            return
        if self._pinned is None:
            self.popover.hide()
        elif self._token != self._pinned:
            # What was looked at in passing gives way to what was chosen.
            self._show(*self._pinned)
            self.token_chosen.emit(*self._pinned)

    def _unpin(self) -> None:
        self._pinned = None
        self._transcript.setFocus()

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
        """The last answers and those in view; what takes most of it first, then the last."""
        held = self._held()
        path = held.path() if held is not None else []
        answers = [one for one in reversed(path) if one.role is Role.ASSISTANT]
        seen = {one.id: height for one, height in self._transcript.heating.in_sight()}
        near = [one for number, one in enumerate(answers) if number < LOOKED_AT or one.id in seen]
        return sorted(near, key=lambda one: -seen.get(one.id, 0))

    def _show_figures(self) -> None:
        held = self._held()
        for message in self._in_view():
            known = self._known(message)
            figures = figures_of(known.table) if known is not None else None
            if known is not None and figures is not None:
                self._read, self._least = message.id, tuple(figures.least_likely)
                words = _(
                    "{n} tokens · mean log probability {mean} · perplexity {perplexity}"
                ).format(
                    n=f"{figures.tokens:,}",
                    mean=signed(figures.mean_logprob),
                    perplexity=f"{figures.perplexity:.2f}",
                )
                self.bar.show_figures(words, [self._named(known, one) for one in self._least])
                return
        asked = held is not None and held.conversation.parameters.get("logprobs") is True
        if asked:
            words = _("The next answer comes with its probabilities.")
        else:
            words = _("No answer here has its probabilities yet.")
        self.bar.show_none(words, offer=not asked)

    def _named(self, known: Known, token: int) -> str:
        word = visible(known.table.word(token))
        return f"{word}  {percent(share_of(known.table[token].chosen))}"

    def _jump(self, number: int) -> None:
        if number < len(self._least):
            self._transcript.heating.show_token(self._read, self._least[number])
            self._transcript.heating.choose(self._read, self._least[number])
            self._transcript.setFocus()


def _spelled(one: Candidate) -> str:
    return visible(Word(one.token, one.bytes, one.id))
