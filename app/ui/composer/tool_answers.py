"""The panel above the composer that lists tool calls waiting for their answers."""

import asyncio
import contextlib
import shlex

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LibraryError
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _, ngettext
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.schemas.validation import Violation, check_arguments
from app.services.tools.pending_calls import PendingCall
from app.ui.common.actions import ACTIONS, ActionId, Scope
from app.ui.common.exact_text import ExactField
from app.ui.common.keys import action_for, with_key
from app.ui.theme.words import PlainLabel, put_tip

#: Characters of a call's arguments on its line. The message above shows all of them.
LONGEST_LINE = 160
#: Height of the list, in pixels, above which it scrolls.
MOST_HEIGHT = 300
SHOWN_VIOLATIONS = 3
_CHECK = _("Check the call, then run it or enter the result yourself.")


class ToolAnswers(QFrame):
    """One row for each tool call of the conversation in view that waits for an answer. Hidden while
    none waits."""

    #: The person wants to set up commands for tools in the settings.
    settings_wanted = Signal()

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answers")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._core = core
        self._conversation: OpenConversation | None = None
        self._rows: list[CallRow] = []
        self._aside = False
        self._title = PlainLabel()
        self._title.setObjectName("heading")
        self._title.setWordWrap(True)
        self._inside = inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(10)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 4, 10)
        layout.addWidget(self._title)
        layout.addWidget(self._area)
        core.tooling.changed.connect(self._take_change)
        self.hide()

    def show_calls(self, conversation: OpenConversation | None) -> None:
        """Show the waiting calls of a conversation; None shows none. Once all calls are answered,
        the answers are sent to the model."""
        self._conversation = conversation
        calls = self._core.tooling.waiting(conversation) if conversation is not None else ()
        if [row.call for row in self._rows] != list(calls):
            self._make_rows()
        for row in self._rows:
            row.show_state()
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
            self._fit()

    def step_aside(self, aside: bool) -> None:
        """Hide the panel while something else needs its place (`aside`); otherwise show it again,
        if it has calls."""
        self._aside = aside
        self.setVisible(bool(self._rows) and not aside)

    def focus_first(self) -> None:
        """Focus the answer field of the first call without an answer."""
        for row in self._rows:
            if row.call.result is None:
                row.field.setFocus()
                return

    def _take_change(self, conversation_id: str) -> None:
        if self._conversation is not None and self._conversation.id == conversation_id:
            self.show_calls(self._conversation)

    def _fit(self) -> None:
        self._inside.adjustSize()
        self._area.setFixedHeight(min(MOST_HEIGHT, self._inside.sizeHint().height() + 4))

    def _make_rows(self) -> None:
        for row in self._rows:
            row.setParent(None)
            row.deleteLater()
        self._rows = []
        conversation = self._conversation
        if conversation is None:
            return
        for place, call in enumerate(self._core.tooling.waiting(conversation)):
            row = CallRow(self._core, conversation, place, call)
            row.settings_wanted.connect(self.settings_wanted)
            row.grown.connect(self._fit)
            self._rows.append(row)
            self._column.addWidget(row)


class AnswerField(ExactField):
    """Plain-text field for the answer to a call, with a key that submits it."""

    #: The key that gives the answer was pressed.
    submitted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if action_for(event, Scope.TOOL_ANSWER) is ActionId.ANSWER_TOOL:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)


class CallRow(QWidget):
    """Row of one call: its name and arguments, errors in the arguments, and ways to answer it."""

    #: The person wants to set up a command for this tool in the settings.
    settings_wanted = Signal()
    #: The row needs more height than before.
    grown = Signal()

    def __init__(
        self, core: Core, conversation: OpenConversation, place: int, call: PendingCall
    ) -> None:
        """`place` is the index of the call among the conversation's waiting calls."""
        super().__init__()
        self.call = call
        self._core, self._conversation, self._place = core, conversation, place
        # With marks: a direction override would show other arguments than the command gets.
        name = mark_invisible(" ".join(call.call.name.split())[:80])
        arguments = mark_invisible(" ".join(call.call.arguments[: LONGEST_LINE * 4].split()))
        shown = arguments if len(arguments) <= LONGEST_LINE else arguments[:LONGEST_LINE] + "…"
        self._what = PlainLabel(f"{name}  {shown}")
        self._what.setWordWrap(True)
        self._doubt = PlainLabel(call.doubt and f"{call.doubt} {_CHECK}")
        self._doubt.setObjectName("warning")
        self._doubt.setWordWrap(True)
        if not call.doubt:
            self._doubt.hide()
        self._wrong = PlainLabel()
        self._wrong.setObjectName("warning")
        self._wrong.setWordWrap(True)
        self._wrong.hide()
        self._state = PlainLabel()
        self._state.setObjectName("muted")
        self._state.setWordWrap(True)
        self.field = AnswerField()
        self.field.setObjectName("json")
        self.field.setAccessibleName(_("Result of {name}").format(name=name))
        self.field.setPlaceholderText(_("Result of {name}: JSON or text").format(name=name))
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(self.field.fontMetrics().lineSpacing() * 2 + 18)
        self.field.submitted.connect(self._answer)
        self._make_buttons()
        self._arrange()
        if call.result is not None:
            self.field.put_text(call.result.text)
        core.tasks.spawn(self._check(), "tool: arguments")

    def show_state(self) -> None:
        """Show whether the call waits, runs, failed or has an answer, and the buttons for that
        state."""
        call, command = self.call, self.call.command
        waits = call.result is None and not call.running
        self.field.setVisible(waits)
        self._give.setVisible(waits)
        self._run.setVisible(waits and command is not None)
        self._always.setVisible(waits and command is not None and not command.always)
        self._set_up.setVisible(waits and command is None)
        line = shlex.join(command.arguments) if command is not None else ""
        short = line if len(line) <= 32 else line[:31] + "…"
        self._run.setText(_("Run {command}").format(command=short))
        put_tip(self._run, line)
        self._stop.setVisible(call.running)
        self._change.setVisible(call.result is not None)
        words = call.failure
        if call.running and command is not None:
            words = _("Running {command}…").format(command=shlex.join(command.arguments)[:80])
        elif call.result is not None:
            line = call.result.text.strip().split("\n", 1)[0][:120]
            line = mark_invisible(line)
            words = _("Result {source}: {line}").format(source=call.result.source, line=line)
        self._state.setText(words)
        self._state.setVisible(bool(words))

    def _make_buttons(self) -> None:
        give = ACTIONS[ActionId.ANSWER_TOOL]
        self._give = QPushButton(give.words)
        self._give.setObjectName("primary")
        put_tip(self._give, with_key(give.sentence, give.id))
        self._give.clicked.connect(self._answer)
        self._run = QPushButton()
        self._run.clicked.connect(self._run_once)
        self._always = QPushButton(_("Always run"))
        put_tip(self._always, _("Run this command without asking from now on"))
        self._always.clicked.connect(self._run_always)
        self._set_up = QPushButton(_("Set up a command…"))
        self._set_up.setObjectName("flat")
        self._set_up.clicked.connect(self.settings_wanted)
        self._stop = QPushButton(_("Stop"))
        self._stop.clicked.connect(self._stop_it)
        self._change = QPushButton(_("Change"))
        self._change.clicked.connect(self._take_back)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (
            self._set_up,
            self._always,
            self._run,
            self._stop,
            self._change,
            self._give,
        ):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self._what, self._doubt, self._wrong, self.field, self._state):
            layout.addWidget(widget)
        layout.addLayout(row)

    async def _check(self) -> None:
        """Check the call's arguments against the function's JSON Schema on a thread, and show the
        violations."""
        tools = self._conversation.conversation.parameters.get("tools")
        violations = await asyncio.to_thread(check_arguments, self.call.call, tools)
        # The row may have been deleted meanwhile; Qt then raises RuntimeError.
        with contextlib.suppress(RuntimeError):
            self._wrong.setText(violation_words(violations))
            self._wrong.setVisible(bool(violations))
            self.grown.emit()

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
        self.field.setFocus()


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
