"""One row of the parameter panel: label and message above, editor and buttons below."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.kinds import FoundConflict, Json, Parameter, Values
from app.domain.text.translation import _
from app.ui.parameters.editor import fix_height
from app.ui.parameters.explanation import Contents
from app.ui.parameters.head_line import FadingLine, HeadLine
from app.ui.parameters.value_control import RowButton, ValueControl
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip


@dataclass(frozen=True, slots=True)
class Notes:
    """All that a row says about its parameter besides the value."""

    #: Sentence with the reason why the model doesn't support the parameter; empty if it does.
    reason: str = ""
    #: Whether the model refused the parameter before, so that it can be tried again.
    again: bool = False
    conflict: FoundConflict | None = None
    #: Sentence about the effect of the value in the last answer.
    reading: str = ""
    #: Values that the preset and the last answer had, if they differ.
    differences: str = ""
    #: The server's own default, if it is known.
    default: Json | None = None


class ParameterRow(QWidget):
    """Shows one parameter in one of three states: the provider's default, set, or not supported by
    the current model. Its height is the same in all states: messages stand beside the label, and
    the reason for *not supported* in the editor's place."""

    #: The parameter's name and its new value; None for not set.
    edited = Signal(str, object)
    #: The Fix that was chosen for a conflict.
    fix_wanted = Signal(object)
    #: The name of the parameter, which the provider refused before and is to be sent again.
    retry_wanted = Signal(str)
    #: The Parameter whose value is to be edited in a dialog.
    dialog_wanted = Signal(object)
    #: The explanation is to be shown: its contents, the row, and the button that was pressed.
    explanation_wanted = Signal(object, QWidget, QWidget)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._notes = Notes()
        self._control = control = ValueControl(parameter, self)
        control.edited.connect(partial(self.edited.emit, parameter.name))
        control.changed.connect(self._show_control)
        self.editor, self.reset = control.editor, control.reset
        self.editor.dialog_wanted.connect(self._want_dialog)
        self.head = HeadLine(parameter.label)
        self.head.double_clicked.connect(control.unset)
        self.reason = FadingLine()
        about = _("About {label}").format(label=parameter.label)
        self.info = RowButton("info", about, self._want_explanation)
        self.head.setBuddy(self.editor.control())
        self._arrange()
        self._describe()
        self._show_state()

    @property
    def value(self) -> Json | None:
        """The value that the editor shows; None while it shows none, or text that is no value."""
        return self._control.value

    @property
    def is_idle(self) -> bool:
        """Whether the row has neither a value nor an invalid text."""
        return self._control.is_idle

    def show_value(self, value: Json | None) -> None:
        """Show the value that is set; None for the provider's default."""
        self._control.show_value(value)

    def show_notes(self, notes: Notes) -> None:
        """Show what there is to say about the parameter."""
        before, self._notes = self._notes, notes
        if notes == before:
            return
        if notes.default != before.default:
            self.editor.show_default(notes.default)
        self._describe()
        self._show_state()

    def show_choices(self, values: Values) -> None:
        """Offer the choices that depend on the values of other parameters."""
        if self.parameter.more_choices is not None:
            self.editor.show_choices(self.parameter.more_choices(values))

    def explanation(self) -> Contents:
        """Return the texts of the parameter's explanation, with buttons for problems."""
        parameter, notes = self.parameter, self._notes
        bounds = parameter.range_text()
        buttons: list[tuple[str, Callable[[], object]]] = []
        if notes.again:
            buttons.append((_("Try again"), self._try_again))
        elif self._problem() and not self._control.complaint and notes.conflict is not None:
            buttons += [
                (fix.label, partial(self.fix_wanted.emit, fix)) for fix in notes.conflict.fixes
            ]
        default = self._default_words()
        lines = (default, notes.differences, notes.reading)
        return Contents(
            parameter.label,
            f"{parameter.name} · {bounds}" if bounds else parameter.name,
            parameter.help,
            notes.reason or self._problem(),
            buttons,
            [line for line in lines if line],
        )

    def _arrange(self) -> None:
        self._place = QWidget()
        self._stack = QStackedLayout(self._place)
        self._stack.addWidget(self.editor)
        self._stack.addWidget(self.reason)
        self.retry = QPushButton(_("Try again"))
        fix_height(self.retry)
        put_tip(self.retry, _("This model refused it before. Send it once more."))
        self.retry.clicked.connect(self._try_again)
        self.retry.hide()
        self._line = line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self._place, 1)
        for button in (self.retry, self.reset, self.info):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _problem(self) -> str:
        """Return the sentence about an invalid text, or about a conflict of the value."""
        if self._control.complaint:
            return self._control.complaint
        conflict = self._notes.conflict
        return conflict.sentence if conflict is not None and not self._notes.reason else ""

    def _default_words(self) -> str:
        default = self._notes.default
        if default is None:
            return ""
        return _("Server's default: {value}").format(value=self.parameter.format(default))

    def _describe(self) -> None:
        notes = self._notes
        sentences = (
            notes.reason or self._problem(),
            self.parameter.help,
            self._default_words(),
            notes.differences,
            notes.reading,
        )
        words = " ".join(sentence for sentence in sentences if sentence)
        # A screen reader is told of each change.
        if words != self.info.accessibleDescription():
            self.editor.show_description(words)
            self.info.setAccessibleDescription(words)

    def _want_dialog(self) -> None:
        self.dialog_wanted.emit(self.parameter)

    def _want_explanation(self) -> None:
        self.explanation_wanted.emit(self.explanation(), self, self.info)

    def _try_again(self) -> None:
        self.retry_wanted.emit(self.parameter.name)

    def _show_control(self) -> None:
        self._show_state()
        self._describe()

    def _show_state(self) -> None:
        notes, problem = self._notes, self._problem()
        supported = not notes.reason
        self.editor.setEnabled(supported)
        self.head.setEnabled(supported)
        self.reason.show_words(notes.reason)
        # A value that is set stays in view, though it is not sent.
        is_shown = supported or not self.is_idle
        self._stack.setCurrentWidget(self.editor if is_shown else self.reason)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(is_shown)
        self.reset.setSizePolicy(policy)
        # Qt does not lay out a row anew for the policy of a widget that is hidden already.
        self._line.invalidate()
        self.retry.setVisible(notes.again and not supported)
        differs = bool(notes.differences)
        details = "\n".join(words for words in (problem, notes.reading, notes.differences) if words)
        if self._control.complaint:
            name = f"{self.parameter.label} ({self.parameter.name}) "
            words = _("Not sent: {problem}").format(problem=problem.removeprefix(name))
            self.head.show_message(words, problem, warns=True)
        elif notes.reason and not self.is_idle:
            self.head.show_message(_("Not sent: not supported"), notes.reason, warns=True)
        elif problem:
            # Behind the label, the rest of a sentence that begins with it says more.
            words = problem.removeprefix(f"{self.parameter.label} ")
            self.head.show_message(words, details, warns=True, marked=differs)
        else:
            words = notes.reading or notes.differences
            self.head.show_message(words, details, marked=differs)
        self.info.setIcon(icon(*(_WARNING if problem else _QUIET)))


_QUIET = ("info", QPalette.ColorRole.PlaceholderText)
_WARNING = ("warning", QPalette.ColorRole.BrightText)
