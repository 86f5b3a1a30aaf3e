"""The page of the request window with a readable table of the parameters that were sent."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.services.chat.exact_requests import value_text
from app.services.chat.sent_parameters import Record
from app.ui.common.shortened_difference import short
from app.ui.parameters.rows import value_words
from app.ui.theme.buttons import dialog_button
from app.ui.theme.words import PlainLabel, put_tip

LABEL, VALUE, NAME = range(3)
#: Most rows, and most characters of a value in a row.
SHOWN_ROWS, ROW_CHARACTERS = 200, 300
#: Most parameters in a summary, and most characters of each value.
SUMMED, SUMMED_CHARACTERS = 6, 24


@dataclass(frozen=True, slots=True)
class SentParameters:
    """The parameters of a request, with the provider's name and the model's id; each of the two
    may be empty."""

    record: Record
    provider: str = ""
    model: str = ""


class ParametersPage(QWidget):
    """A row for the provider, the model, and each parameter in the order of the panel."""

    #: "Use these again" was pressed: the values by parameter name, and a sentence about fields that
    #: cannot be set again.
    used = Signal(dict, str)

    def __init__(self, sent: SentParameters | None) -> None:
        """`sent` is None if the request is not kept."""
        super().__init__()
        self._sent = sent
        self._lines = [] if sent is None else _lines(sent)
        self.rows = QTreeWidget()
        self.rows.setAccessibleName(_("Parameters"))
        self.rows.setColumnCount(3)
        self.rows.setHeaderLabels([_("Parameter"), _("Value"), _("Name")])
        self.rows.setRootIsDecorated(False)
        self.rows.setUniformRowHeights(True)
        self.rows.setAllColumnsShowFocus(True)
        header = self.rows.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        for label, value, name in self._lines[:SHOWN_ROWS]:
            item = QTreeWidgetItem([label, short_line(value), name])
            item.setTextAlignment(VALUE, Qt.AlignmentFlag.AlignLeft)
            self.rows.addTopLevelItem(item)
        self._defaults = PlainLabel(
            _("Parameters that aren't listed were not sent. The provider's defaults applied.")
        )
        self._defaults.setObjectName("muted")
        self._defaults.setWordWrap(True)
        self.use = dialog_button(_("Use these parameters"), self._use)
        put_tip(self.use, _("Set these parameters in the current chat"))
        self.use.setEnabled(sent is not None)
        below = QHBoxLayout()
        below.addWidget(self._defaults, 1)
        below.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.rows, 1)
        layout.addLayout(below)

    def begin(self) -> None:
        """Do nothing: the page is complete when it is made."""

    def text(self) -> str:
        """Return all parameters with their whole values, one a line, for copying."""
        return "".join(f"{name}: {value}\n" for name, value, _wire in self._lines)

    def is_empty(self) -> bool:
        """Return whether there is nothing to copy."""
        return not self._lines

    def note(self) -> str:
        """Return a sentence if the request is not kept, or fields of it cannot be set again; else
        an empty text."""
        if self._sent is None:
            return _("The request of this answer wasn't saved.")
        return left_out(self._sent.record)

    def _use(self) -> None:
        if self._sent is not None:
            self.used.emit(dict(self._sent.record.values), left_out(self._sent.record))


def summary(record: Record) -> str:
    """Return the parameters on one line, such as `Temperature 0.7 · Top P 0.9`: at most six, with
    values cut to 24 characters; a sentence if none was sent.
    """
    named = [
        (parameter.label, _worded(parameter.name, record.values[parameter.name]))
        for parameter in PARAMETERS
        if parameter.name in record.values
    ]
    named += [(name, _worded(name, value)) for name, value in record.others.items()]
    if not named:
        return _("all parameters at the provider's defaults")
    words = [
        f"{mark_invisible(name[:40])} {_cut(value, SUMMED_CHARACTERS)}"
        for name, value in named[:SUMMED]
    ]
    more = len(named) - SUMMED
    return " · ".join([*words, *([_("{n} more").format(n=more)] if more > 0 else [])])


def short_line(words: str) -> str:
    """Return a text on one line, cut to ROW_CHARACTERS, with marks for invisible characters."""
    return _cut(mark_invisible(" ".join(words[: 4 * ROW_CHARACTERS].split())), ROW_CHARACTERS)


def _lines(sent: SentParameters) -> list[tuple[str, str, str]]:
    """Return each row as label, whole value, and the name that the command line takes (empty for
    fields outside the table of parameters)."""
    values = sent.record.values
    lines = [(_("Provider"), sent.provider, ""), (_("Model"), sent.model, "")]
    lines = [line for line in lines if line[1]]
    for parameter in PARAMETERS:
        if parameter.name in values:
            words = _whole(parameter.name, values[parameter.name])
            lines.append((parameter.label, words, parameter.name))
    for name, value in sent.record.others.items():
        lines.append((mark_invisible(name[:80]), value_text(value), ""))
    return lines


def _whole(name: str, value: Any) -> str:
    words = value_words(name, value)
    simple = isinstance(value, (bool, int, float, str)) and name in BY_NAME
    return words if simple else value_text(value)


def _worded(name: str, value: Any) -> str:
    if name in BY_NAME and isinstance(value, (bool, int, float, str)):
        return value_words(name, value)
    return short(value, SUMMED_CHARACTERS)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[:most]}…"


def left_out(record: Record) -> str:
    """Return a sentence about the fields that cannot be set again; empty if there are none."""
    if not record.others:
        return ""
    names = ", ".join(mark_invisible(name[:40]) for name in list(record.others)[:SUMMED])
    words = _("Not set, because Loquat doesn't have these parameters: {names}.")
    return words.format(names=names)
