"""The card of one tool call that waits for its answer, in the panel above the composer."""

import asyncio
import contextlib
import shlex

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.call_arguments import arguments_line
from app.domain.errors import LibraryError
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.schemas.validation import Violation, check_arguments
from app.services.tools.pending_calls import PendingCall
from app.ui.common.actions import ACTIONS, ActionId, Scope
from app.ui.common.exact_text import ExactField
from app.ui.common.keys import action_for, with_key
from app.ui.common.shortened_label import ShortenedLabel
from app.ui.theme.icons import icon
from app.ui.theme.menu import Menu
from app.ui.theme.words import PlainLabel, put_tip

#: Characters of a call's arguments on its line, and in its tooltip.
LONGEST_LINE, LONGEST_TIP = 160, 2_000
#: Least side of a button, in pixels.
TARGET = 28
SHOWN_VIOLATIONS = 3
_CHECK = _("Check the call, then run it or enter the result yourself.")


class AnswerField(ExactField):
    """Plain-text field for the answer to a call, with a key that submits it."""

    #: The key that gives the answer was pressed.
    submitted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if action_for(event, Scope.TOOL_ANSWER) is ActionId.ANSWER_TOOL:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)


class CallCard(QWidget):
    """Card of one call: a line with its name, its arguments or its answer, and buttons; below it
    what is doubtful or wrong, and, while it is open, the field for the answer."""

    #: The person wants to set up a command for this tool in the settings.
    settings_wanted = Signal()
    #: The person wants to write the answer: this card should open.
    open_wanted = Signal(object)
    #: The card needs another height than before.
    resized = Signal()

    def __init__(
        self, core: Core, conversation: OpenConversation, place: int, call: PendingCall
    ) -> None:
        """`place` is the index of the call among the conversation's waiting calls."""
        super().__init__()
        self.call = call
        self._core, self._conversation, self._place = core, conversation, place
        name = mark_invisible(" ".join(call.call.name.split())[:80])
        self._name = ShortenedLabel()
        bold = self._name.font()
        bold.setWeight(QFont.Weight.DemiBold)
        self._name.setFont(bold)
        self._name.show_words(name, name)
        self._line = ShortenedLabel()
        self._doubt = _warning(call.doubt and f"{call.doubt} {_CHECK}")
        self._wrong = _warning()
        self._failure = _warning()
        self.field = AnswerField()
        self.field.setObjectName("json")
        self.field.setAccessibleName(_("Result of {name}").format(name=name))
        self.field.setPlaceholderText(_("Result of {name}: JSON or text").format(name=name))
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(self.field.fontMetrics().lineSpacing() * 2 + 18)
        self.field.submitted.connect(self._answer)
        self._make_buttons(name)
        self._arrange()
        if call.result is not None:
            self.field.put_text(call.result.text)
        core.tasks.spawn(self._check(), "tool: arguments")

    @property
    def waits(self) -> bool:
        """Whether the call has no answer, and no command that is running."""
        return self.call.result is None and not self.call.running

    def show_state(self, *, opened: bool) -> None:
        """Show whether the call waits, runs, failed or has an answer, and the buttons for that
        state; the field for the answer if the card is `opened`."""
        call, command = self.call, self.call.command
        waits = self.waits
        self.field.setVisible(waits and opened)
        self._give.setVisible(waits and opened)
        self.by_hand.setVisible(waits and not opened)
        self._run.setVisible(waits and command is not None)
        whole = shlex.join(command.arguments) if command is not None else ""
        put_tip(self._run, _("Run {command}").format(command=whole))
        self._more.setVisible(waits)
        self._always.setVisible(command is not None and not command.always)
        self._set_up.setText(_("Set up a command…") if command is None else _("Edit the command…"))
        self._stop.setVisible(call.running)
        self._change.setVisible(call.result is not None)
        self._failure.setText(call.failure)
        for warning in (self._doubt, self._wrong, self._failure):
            warning.setVisible(bool(warning.text()) and call.result is None)
        if call.running:
            self._line.show_words(_("Running {command}…").format(command=whole[:80]), whole)
        elif call.result is not None:
            line = mark_invisible(call.result.text.strip().split("\n", 1)[0][:120])
            self._line.show_words(
                f"✓ {line}", _("Result {source}").format(source=call.result.source)
            )
        else:
            tip = mark_invisible(call.call.arguments[:LONGEST_TIP])
            self._line.show_words(arguments_line(call.call.arguments, LONGEST_LINE), tip)
        self._turn_head()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn_head()

    def _turn_head(self) -> None:
        """Put the buttons beside the words, or below them where there is no room for both."""
        shown = [button for button in self._quiet if not button.isHidden()]
        wanted = sum(button.sizeHint().width() + 8 for button in shown)
        wanted += min(self._name.sizeHint().width(), self.width() // 2)
        direction = QBoxLayout.Direction
        beside = not shown or wanted <= self.width()
        turned = direction.LeftToRight if beside else direction.TopToBottom
        if self._head.direction() is not turned:
            self._head.setDirection(turned)
            self.resized.emit()

    def _make_buttons(self, name: str) -> None:
        give = ACTIONS[ActionId.ANSWER_TOOL]
        self._give = QPushButton(give.words)
        self._give.setObjectName("primary")
        put_tip(self._give, with_key(give.sentence, give.id))
        self._give.clicked.connect(self._answer)
        self._run = QPushButton(_("Run"))
        self._run.setAccessibleName(_("Run {name}").format(name=name))
        self._run.clicked.connect(self._run_once)
        self.by_hand = QPushButton(_("Enter result…"))
        put_tip(self.by_hand, _("Enter the result yourself"))
        self.by_hand.setAccessibleName(_("Enter the result of {name}").format(name=name))
        self.by_hand.clicked.connect(self._want_open)
        self._stop = QPushButton(_("Stop"))
        self._stop.clicked.connect(self._stop_it)
        self._change = QPushButton(_("Change"))
        self._change.setAccessibleName(_("Change the result of {name}").format(name=name))
        self._change.clicked.connect(self._take_back)
        self._more = QToolButton()
        self._more.setIcon(icon("more"))
        self._more.setMinimumSize(TARGET, TARGET)
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._more.setAccessibleName(_("More for {name}").format(name=name))
        put_tip(self._more, _("More"))
        self._more.clicked.connect(self._open_menu)
        self._menu = menu = Menu(self._more)
        menu.setToolTipsVisible(True)
        self._always = menu.addAction(_("Always run"))
        put_tip(self._always, _("Run this command without asking from now on"))
        self._always.triggered.connect(self._run_always)
        self._set_up = menu.addAction("")
        self._set_up.triggered.connect(self.settings_wanted)
        self._quiet = (self._run, self.by_hand, self._stop, self._change, self._more)
        for button in (*self._quiet, self._give):
            button.setMinimumHeight(max(TARGET, button.sizeHint().height()))

    def _arrange(self) -> None:
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(self._name)
        name.addWidget(self._line, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in self._quiet:
            buttons.addWidget(button)
        self._head = line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        line.setSpacing(8)
        line.addLayout(name, 1)
        line.addLayout(buttons)
        answer = QHBoxLayout()
        answer.setSpacing(8)
        answer.addWidget(self.field, 1)
        answer.addWidget(self._give, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        for words in (self._doubt, self._wrong, self._failure):
            layout.addWidget(words)
        layout.addLayout(answer)

    async def _check(self) -> None:
        """Check the call's arguments against the function's JSON Schema on a thread, and show the
        violations."""
        tools = self._conversation.conversation.parameters.get("tools")
        violations = await asyncio.to_thread(check_arguments, self.call.call, tools)
        # The card may have been deleted meanwhile; Qt then raises RuntimeError.
        with contextlib.suppress(RuntimeError):
            self._wrong.setText(violation_words(violations))
            self._wrong.setVisible(bool(violations) and self.call.result is None)
            self.resized.emit()

    def _open_menu(self) -> None:
        # Not `setMenu`: the style then draws an arrow of its own into the button.
        self._menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _answer(self) -> None:
        self._core.tooling.answer(self._conversation, self._place, self.field.text())

    def _run_once(self) -> None:
        self._core.tooling.run(self._conversation, self._place)

    def _run_always(self) -> None:
        with contextlib.suppress(LibraryError):
            self._core.tooling.run(self._conversation, self._place, always=True)

    def _stop_it(self) -> None:
        self._core.tooling.stop(self._conversation)

    def _take_back(self) -> None:
        self._core.tooling.take_back(self._conversation, self._place)
        self._want_open()

    def _want_open(self) -> None:
        self.open_wanted.emit(self)


def _warning(words: str = "") -> PlainLabel:
    """Make a label for a warning, hidden if it has no words."""
    label = PlainLabel(words)
    label.setObjectName("warning")
    label.setWordWrap(True)
    if not words:
        label.hide()
    return label


def violation_words(violations: list[Violation]) -> str:
    """Return violations of a schema as lines of text, at most SHOWN_VIOLATIONS and a count of the
    rest."""
    lines = [
        f"{violation.path}: {violation.message}" if violation.path else violation.message
        for violation in violations
    ]
    if len(lines) > SHOWN_VIOLATIONS:
        more = len(lines) - SHOWN_VIOLATIONS
        lines = [*lines[:SHOWN_VIOLATIONS], _("and {n} more").format(n=more)]
    return "\n".join(lines)
