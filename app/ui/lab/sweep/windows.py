"""The sweeps of a window: planned, run, reopened and thrown away."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.chat.conversation import Role
from app.domain.errors import LoquatError
from app.domain.sweep.plan import Plan
from app.domain.text.translation import _
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.ui.conversation.pane import ConversationPane
from app.ui.lab.sweep.list import SweepList
from app.ui.lab.sweep.plan_window import PlanWindow
from app.ui.lab.sweep.seed_check_window import SeedCheckWindow
from app.ui.lab.sweep.sweep_window import SweepWindow
from app.ui.theme.theme import Theme


class SweepWindows(QObject):
    """Opens the windows; made when a sweep is first wanted."""

    #: A Use: what a cell was asked with is wanted in the conversation.
    use_wanted = Signal(object)

    def __init__(self, core: Core, theme: Theme, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._core = core
        self._theme = theme
        self._pane = pane
        core.sweeping.unsaved.connect(lambda failure: pane.banner.show_words(str(failure)))

    def plan(self, held: OpenConversation, message_id: str) -> QWidget | None:
        """Plan a sweep from a question, or from that of an answer."""
        question = self._question(held, message_id)
        if question is None:
            return None
        window = PlanWindow(self._core, held, question, self._pane.window())
        window.started.connect(lambda plan: self._start(held, plan))
        window.seed_wanted.connect(lambda: self.check_seed(held, question))
        window.list_wanted.connect(lambda: self.show_list(held))
        window.show()
        return window

    def check_seed(self, held: OpenConversation, message_id: str) -> QWidget | None:
        """Ask the same several times, from a question or from that of an answer."""
        question = self._question(held, message_id)
        if question is None:
            return None
        window = SeedCheckWindow(self._core, self._theme, held, question, self._pane.window())
        window.open_wanted.connect(lambda sweep_id: self.reopen(held, sweep_id))
        window.show()
        return window

    def show_list(self, held: OpenConversation) -> QWidget:
        """Show the sweeps that there were in a conversation."""
        window = SweepList(self._core, held, self._pane)
        window.open_wanted.connect(lambda sweep_id: self.reopen(held, sweep_id))
        window.show()
        return window

    def reopen(self, held: OpenConversation, sweep_id: str) -> QWidget | None:
        """Show a sweep again."""
        try:
            sweep = self._core.sweeping.open(sweep_id)
        except LoquatError as failure:
            self._pane.banner.show_words(str(failure))
            return None
        window = SweepWindow(self._core, self._theme, held, sweep, self._pane.window())
        window.use_wanted.connect(self.use_wanted)
        window.show()
        return window

    @staticmethod
    def _question(held: OpenConversation, message_id: str) -> str | None:
        message = held.tree[message_id]
        return message.id if message.role is not Role.ASSISTANT else message.parent

    def _start(self, held: OpenConversation, plan: Plan) -> None:
        try:
            sweep = self._core.sweeping.start(held, plan)
        except LoquatError as failure:
            self._pane.banner.show_words(_("Not sent: {why}").format(why=failure))
            return
        self.reopen(held, sweep.id)
