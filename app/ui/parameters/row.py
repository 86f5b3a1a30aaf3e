"""A row of the parameter panel: label, editor and buttons, and a small line below them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from app.domain.parameters.kinds import FoundConflict, Json, Parameter, Values
from app.domain.text.translation import _
from app.ui.parameters.editor import LEAST_HEIGHT, fix_height
from app.ui.parameters.explanation import Contents
from app.ui.parameters.head_line import FadingLine, HeadLine, label_width
from app.ui.parameters.number_editor import least_width
from app.ui.parameters.value_control import RowButton, ValueControl
from app.ui.theme.icons import icon
from app.ui.theme.words import put_tip

#: Space between the editor and the buttons, and least height of the line of messages, in pixels.
SPACING, MESSAGE = 4, 16
#: Least width of a row in pixels.
LEAST_ROW = 200


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
    the current model. Its height is the same in all states: there is always a line for messages.

    A row that is too narrow for label and editor side by side has the editor below the label."""

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
        self.reason, self.message = FadingLine(), FadingLine()
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
        self._stack.setContentsMargins(0, 0, SPACING, 0)
        self._stack.addWidget(self.editor)
        self._stack.addWidget(self.reason)
        self.retry = QPushButton(_("Try again"))
        fix_height(self.retry)
        put_tip(self.retry, _("This model refused it before. Send it once more."))
        self.retry.clicked.connect(self._try_again)
        self.retry.hide()
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setColumnStretch(1, 1)
        self._is_stacked = True
        self._place_parts(stacked=False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _place_parts(self, *, stacked: bool) -> None:
        """Put the label beside the editor, with the message below both; or above the editor, with
        the message beside the label."""
        if stacked == self._is_stacked:
            return
        self._is_stacked = stacked
        grid, vertically = self._grid, Qt.AlignmentFlag.AlignVCenter
        for widget in (self.head, self.message, self._place, self.retry, self.reset, self.info):
            grid.removeWidget(widget)
        line = int(stacked)
        if stacked:
            grid.addWidget(self.head, 0, 0)
            grid.addWidget(self.message, 0, 1, 1, 4)
            grid.addWidget(self._place, 1, 0, 1, 2)
        else:
            grid.addWidget(self.head, 0, 0, vertically)
            grid.addWidget(self._place, 0, 1)
            grid.addWidget(self.message, 1, 0, 1, 5)
        for column, button in enumerate((self.retry, self.reset, self.info), 2):
            grid.addWidget(button, line, column, vertically)
        self._fit_texts()

    def _fit_texts(self) -> None:
        stacked = self._is_stacked
        self._grid.setColumnMinimumWidth(0, 0 if stacked else label_width(self.head.font()))
        small = max(MESSAGE, QFontMetrics(self.message.font()).height())
        self._grid.setRowMinimumHeight(1, 0 if stacked else small)
        self._grid.setContentsMargins(0, SPACING if stacked else 0, 0, 0)
        self.message.setContentsMargins(2 * SPACING if stacked else 0, 0, 0, 0)
        self._show_reason()

    def _show_reason(self) -> None:
        """Say that the parameter is not supported, with the reason where there is more room."""
        reason, is_idle = self._notes.reason, self.is_idle
        short = "" if self._is_stacked else _("Not supported")
        self.reason.show_words(short or reason, reason)
        if reason and is_idle:
            self.message.show_words("" if self._is_stacked else reason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = label_width(self.head.font()) + least_width(self.font())
        buttons = 2 * LEAST_HEIGHT + SPACING
        self._place_parts(stacked=event.size().width() < beside + buttons)

    def minimumSizeHint(self) -> QSize:
        # Of the form with the editor below the label, which is not known before the width is.
        return QSize(LEAST_ROW, super().minimumSizeHint().height())

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
        # A value that is set stays in view, though it is not sent.
        is_shown = supported or not self.is_idle
        self._stack.setCurrentWidget(self.editor if is_shown else self.reason)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(is_shown)
        self.reset.setSizePolicy(policy)
        # Qt does not lay out a row anew for the policy of a widget that is hidden already.
        self._grid.invalidate()
        self.retry.setVisible(notes.again and not supported)
        self.head.show_details(notes.differences, marked=bool(notes.differences))
        details = "\n".join(words for words in (problem, notes.reading, notes.differences) if words)
        if self._control.complaint:
            name = f"{self.parameter.label} ({self.parameter.name}) "
            words = _("Not sent: {problem}").format(problem=problem.removeprefix(name))
            self.message.show_words(words, problem, warns=True)
        elif notes.reason and not self.is_idle:
            self.message.show_words(_("Not sent: not supported"), notes.reason, warns=True)
        elif notes.reason:
            self._show_reason()
        else:
            self.message.show_words(problem or notes.reading, details, warns=bool(problem))
        self.info.setIcon(icon(*(_WARNING if problem else _QUIET)))


_QUIET = ("info", QPalette.ColorRole.PlaceholderText)
_WARNING = ("warning", QPalette.ColorRole.BrightText)
