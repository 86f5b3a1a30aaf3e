"""Opens the windows for sweeps and seed checks of a conversation, and connects them."""

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
    """Opens the windows and shows their failures in the banner. It is made when a sweep is first
    wanted."""

    #: The parameters and model of a cell (a Use) are wanted in the conversation.
    use_wanted = Signal(object)

    def __init__(self, core: Core, theme: Theme, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._core = core
        self._theme = theme
        self._pane = pane
        core.sweeping.unsaved.connect(lambda failure: pane.banner.show_words(str(failure)))

    def plan(self, conversation: OpenConversation, message_id: str) -> QWidget | None:
        """Open the plan of a sweep for a question, or for the question of an answer; None if there
        is no question."""
        question = self._question(conversation, message_id)
        if question is None:
            return None
        window = PlanWindow(self._core, conversation, question, self._pane.window())
        window.started.connect(lambda plan: self._start(conversation, plan))
        window.seed_wanted.connect(lambda: self.check_seed(conversation, question))
        window.list_wanted.connect(lambda: self.show_list(conversation))
        window.show()
        return window

    def check_seed(self, conversation: OpenConversation, message_id: str) -> QWidget | None:
        """Open a seed check for a question, or for the question of an answer; None if there is no
        question."""
        question = self._question(conversation, message_id)
        if question is None:
            return None
        window = SeedCheckWindow(
            self._core, self._theme, conversation, question, self._pane.window()
        )
        window.open_wanted.connect(lambda sweep_id: self.reopen(conversation, sweep_id))
        window.show()
        return window

    def show_list(self, conversation: OpenConversation) -> QWidget:
        """Open the list of the conversation's sweeps."""
        window = SweepList(self._core, conversation, self._pane)
        window.open_wanted.connect(lambda sweep_id: self.reopen(conversation, sweep_id))
        window.show()
        return window

    def reopen(self, conversation: OpenConversation, sweep_id: str) -> QWidget | None:
        """Open the window of a sweep that is stored or running, by its id; return None if it could
        not be read."""
        try:
            sweep = self._core.sweeping.open(sweep_id)
        except LoquatError as failure:
            self._pane.banner.show_words(str(failure))
            return None
        window = SweepWindow(self._core, self._theme, conversation, sweep, self._pane.window())
        window.use_wanted.connect(self.use_wanted)
        window.show()
        return window

    @staticmethod
    def _question(conversation: OpenConversation, message_id: str) -> str | None:
        message = conversation.tree[message_id]
        return message.id if message.role is not Role.ASSISTANT else message.parent

    def _start(self, conversation: OpenConversation, plan: Plan) -> None:
        try:
            sweep = self._core.sweeping.start(conversation, plan)
        except LoquatError as failure:
            self._pane.banner.show_words(_("Not sent: {why}").format(why=failure))
            return
        self.reopen(conversation, sweep.id)
