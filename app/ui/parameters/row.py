"""One row of the parameter panel: label, state, editor, and what is wrong with the value."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.domain.parameters.kinds import Fix, FoundConflict, Json, Parameter, Values
from app.domain.text.translation import _
from app.ui.parameters.editors import EDITORS
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel, put_tip

#: Mark in front of the value that a preset or the last answer had.
MARK = "◆"


class RowLabel(PlainLabel):
    """The label of a row. A double click on it sets the parameter back to the provider's
    default."""

    #: The label was double-clicked.
    double_clicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()
        event.accept()


class ParameterRow(QWidget):
    """Shows one parameter in one of three states: the provider's default, set, or not supported by
    the current model (grey, with the reason)."""

    #: The parameter's name and its new value; None for not set.
    edited = Signal(str, object)
    #: The Fix that was chosen for a conflict.
    fix_wanted = Signal(object)
    #: The name of the parameter, which the provider refused before and is to be sent again.
    retry_wanted = Signal(str)
    #: The Parameter whose value is to be edited in a dialog.
    dialog_wanted = Signal(object)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._reason = ""
        self._value: Json | None = None
        self._conflict: FoundConflict | None = None
        self._complaint = ""
        self._reading = PlainLabel()
        self._differences = PlainLabel()
        for quiet in (self._reading, self._differences):
            quiet.setObjectName("muted")
            quiet.setWordWrap(True)
            quiet.setMinimumWidth(1)
            quiet.hide()
        self._editor = EDITORS[parameter.kind](parameter)
        self._editor.edited.connect(self._take)
        self._editor.complained.connect(self._complain)
        self._editor.dialog_wanted.connect(self._want_dialog)
        self._editor.reset_wanted.connect(self._unset)
        self._label = RowLabel(parameter.label)
        self._label.double_clicked.connect(self._unset)
        self._label.setBuddy(self._editor.control())
        self._state = PlainLabel()
        self._state.setObjectName("muted")
        self._reset = QToolButton()
        self._reset.setIcon(icon("reset"))
        self._reset.setIconSize(QSize(14, 14))
        words = _("Reset {label} to the provider's default").format(label=parameter.label)
        put_tip(self._reset, words)
        self._reset.setAccessibleName(words)
        self._reset.clicked.connect(self._unset)
        self._problem = PlainLabel()
        self._problem.setObjectName("warning")
        self._problem.setWordWrap(True)
        self._arrange()
        self.show_value(None)
        self.show_reason("")

    @property
    def value(self) -> Json | None:
        """The value that the editor shows; None while it shows none, or text that is no value."""
        return self._value

    def show_value(self, value: Json | None) -> None:
        """Show the value that is set; None for the provider's default."""
        self._complaint = ""
        self._value = value
        self._editor.show_value(value)
        self._show_state()

    def show_reason(self, reason: str, *, again: bool = False) -> None:
        """Disable the row and give the reason why the model does not take the parameter; an empty
        reason enables it. With `again` there is a button to send it all the same."""
        self._reason = reason
        self._retry.setVisible(bool(reason) and again)
        self._editor.setEnabled(not reason)
        self._label.setEnabled(not reason)
        put_tip(self, f"{self.parameter.help}\n\n{reason}".strip())
        self._describe()
        self._show_state()

    def show_reading(self, sentence: str) -> None:
        """Show a sentence about the effect of the value; empty for none."""
        if sentence != self._reading.text():
            self._reading.setText(sentence)
            self._reading.setVisible(bool(sentence))
            self._describe()

    def show_differences(self, words: str) -> None:
        """Show, after a mark, how the value differs from that of the preset or the last answer.

        Empty `words` hide the line.
        """
        marked = f"{MARK} {words}" if words else ""
        if marked != self._differences.text():
            self._differences.setText(marked)
            self._differences.setAccessibleName(words)
            self._differences.setVisible(bool(words))
            self._describe()

    def show_wanted(self, *, only_set: bool, folded: bool) -> None:
        """Show or hide the row. It is hidden if it has no value and no invalid text, and either
        only set parameters are shown, or it is advanced and those are folded."""
        idle = self._value is None and not self._complaint
        away = only_set or (folded and self.parameter.advanced)
        self.setVisible(not (idle and away))

    def show_choices(self, values: Values) -> None:
        """Offer the choices that depend on the values of other parameters."""
        if self.parameter.more_choices is not None:
            self._editor.show_choices(self.parameter.more_choices(values))

    def show_conflict(self, conflict: FoundConflict | None) -> None:
        """Show a conflict with another value, with a button for each fix; None shows none."""
        if conflict == self._conflict:
            return
        self._conflict = conflict
        for button in self._fixes.findChildren(QPushButton):
            button.setParent(None)
            button.deleteLater()
        for fix in conflict.fixes if conflict is not None else ():
            button = QPushButton(fix.label)
            button.clicked.connect(partial(self._fix, fix))
            self._fix_row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_state()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._label)
        head.addStretch(1)
        head.addWidget(self._state)
        head.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(2)
        layout.addLayout(head)
        if self._editor.is_small:
            head.addWidget(self._editor)
        else:
            layout.addWidget(self._editor)
        layout.addWidget(self._reading)
        layout.addWidget(self._differences)
        layout.addWidget(self._problem)
        self._fixes = QWidget()
        # Stacked: two buttons side by side may be wider than the panel.
        self._fix_row = QVBoxLayout(self._fixes)
        self._fix_row.setContentsMargins(0, 0, 0, 4)
        self._fix_row.setSpacing(4)
        layout.addWidget(self._fixes)
        self._retry = QPushButton(_("Try it again"))
        self._retry.setObjectName("flat")
        put_tip(self._retry, _("This model refused it before. Send it once more."))
        self._retry.clicked.connect(self._try_again)
        self._retry.hide()
        layout.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignLeft)
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(policy)

    def _describe(self) -> None:
        sentences = (self._reason or self.parameter.help, self._reading.text())
        differences = self._differences.accessibleName()
        self._editor.show_description(
            " ".join(words for words in (*sentences, differences) if words)
        )

    def _take(self, value: Json | None) -> None:
        self._value = value
        self._show_state()
        self.edited.emit(self.parameter.name, value)

    def _unset(self) -> None:
        self.show_value(None)
        self.edited.emit(self.parameter.name, None)
        self._editor.control().setFocus()

    def _fix(self, fix: Fix) -> None:
        self.fix_wanted.emit(fix)

    def _want_dialog(self) -> None:
        self.dialog_wanted.emit(self.parameter)

    def _try_again(self) -> None:
        self.retry_wanted.emit(self.parameter.name)

    def _complain(self, sentence: str) -> None:
        self._complaint = sentence
        if sentence and self._value is not None:
            # What stands here is not sent; nor is the value that stood here before.
            self._take(None)
        else:
            self._show_state()

    def _show_state(self) -> None:
        # On a single line there is no room for a disabled, empty field.
        empty = self._value is None and not self._complaint
        self._editor.setVisible(not (self._editor.is_small and self._reason and empty))
        if self._reason:
            small = self._editor.is_small and not empty
            words = _("not taken") if small else _("not taken here")
        elif self._complaint:
            words = _("not sent")
        else:
            words = _("set") if self._value is not None else ""
        self._state.setText(words)
        self._reset.setVisible(self._value is not None or bool(self._complaint))
        conflict = None if self._reason or self._complaint else self._conflict
        problem = self._complaint or (conflict.sentence if conflict is not None else "")
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._fixes.setVisible(conflict is not None and bool(conflict.fixes))
