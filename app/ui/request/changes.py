"""The page of the request window that lists the changes from an earlier request to this one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LibraryError
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.json_difference import Difference, DifferenceKind
from app.domain.text.translation import _
from app.services.chat import exact_requests
from app.services.chat.conversations import Conversations, OpenConversation
from app.services.chat.exact_requests import Request
from app.ui.common.bounded_field import SHOWN_CHARACTERS, BoundedField
from app.ui.common.shortened_difference import parting, shared_beginning, short, short_pair
from app.ui.theme.controls import ComboBox
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel

#: Most rows that are shown. Copying takes all differences.
SHOWN_ROWS = 1_000
#: Most answers in the list to compare with; the latest are kept.
MOST_EARLIER = 2_000
#: Most characters of a question or answer in the list, and of a value in a row.
FIRST_CHARACTERS = 36
ROW_CHARACTERS = 200
#: Characters of the common prefix that are shown before the difference.
CONTEXT = 400
NOTHING = "—"
PLACE, BEFORE, AFTER = range(3)


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """An answer whose request can be compared with this one, and its words in the list."""

    words: str
    message_id: str


def earlier_answers(
    conversations: Conversations, conversation: OpenConversation, message_id: str
) -> list[EarlierAnswer]:
    """List the answers whose requests an answer's request can be compared with, at most
    MOST_EARLIER: the previous answer, other versions of this answer, and then all other answers of
    the conversation by the first words of their question and text.

    Raises LibraryError.
    """
    earlier = []
    before = conversations.request_before(conversation, message_id)
    if before is not None:
        earlier.append(EarlierAnswer(_("The previous answer"), before))
    for number, version in conversations.other_versions(conversation, message_id):
        words = _("Version {number} of this answer").format(number=number)
        earlier.append(EarlierAnswer(words, version))
    listed = {answer.message_id for answer in earlier}
    for answer in conversations.others_with_request(conversation, message_id):
        if answer.id not in listed and len(earlier) < MOST_EARLIER:
            parent = answer.parent
            question = ""
            if parent is not None and parent in conversation.tree:
                question = conversation.tree[parent].text
            words = f"{_first_words(question)} → {_first_words(answer.text)}"
            earlier.append(EarlierAnswer(words, answer.id))
    return earlier


def _first_words(text: str) -> str:
    """Return the beginning of a text on one line, at most FIRST_CHARACTERS characters."""
    words = " ".join(text[: 4 * FIRST_CHARACTERS].split())
    cut = words if len(words) <= FIRST_CHARACTERS else f"{words[:FIRST_CHARACTERS]}…"
    return mark_invisible(cut) or _("(empty)")


class ChangesPage(QWidget):
    """A choice of the earlier answer, a table of the differences, and the whole values of the
    selected difference. The requests are compared only when the page is first shown."""

    #: `text`, `is_empty` or `note` has a new value.
    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        request: Request | None,
        earlier: Sequence[EarlierAnswer],
        read: Callable[[str], Request | None],
    ) -> None:
        """`earlier` are the answers to compare with, of which the first is chosen. `read` returns
        the request of a message by its id, None if it is not kept, and may raise LibraryError."""
        super().__init__()
        self._theme = theme
        self._request = request
        self._read = read
        self._differences: list[Difference] | None = None
        self._chosen = ComboBox()
        self._chosen.setAccessibleName(_("Compare with"))
        # Width of the window, not of the longest words.
        self._chosen.setSizeAdjustPolicy(
            ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._chosen.setMinimumContentsLength(20)
        self._chosen.setMaxVisibleItems(20)
        for answer in earlier:
            self._chosen.addItem(answer.words, answer.message_id)
        self._chosen.currentIndexChanged.connect(self._compare)
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._rows = _rows()
        self._rows.currentItemChanged.connect(self._show_values)
        self._before, self._after = BoundedField(_("Before")), BoundedField(_("After"))
        self._where = PlainLabel()
        self._where.setObjectName("muted")
        # Without this the pane would be as wide as the words.
        self._where.setMinimumWidth(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._words)
        self._stack.addWidget(self._comparison())
        chooser = QWidget()
        row = QHBoxLayout(chooser)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(_("Compare with")))
        row.addWidget(self._chosen, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        # Hidden rather than left out: a widget without a parent would outlive the window.
        layout.addWidget(chooser)
        chooser.setVisible(bool(earlier))
        layout.addWidget(self._stack, 1)
        theme.changed.connect(self._colour)

    def text(self) -> str:
        """Return all differences with their whole values, for copying; empty if there are none."""
        return "\n".join(_as_text(difference) for difference in self._differences or ())

    def is_empty(self) -> bool:
        """Return whether there are no differences to copy."""
        return not self._differences

    def note(self) -> str:
        """Return a sentence if rows or parts of values are not shown; otherwise an empty text."""
        count = len(self._differences or ())
        if count > SHOWN_ROWS:
            return _("The first {shown} of {all} changes are shown. Copy includes all.").format(
                shown=f"{SHOWN_ROWS:,}", all=f"{count:,}"
            )
        if self._before.is_cut or self._after.is_cut:
            return _("Long values are shortened here. Copy includes all of them.")
        return ""

    def begin(self) -> None:
        """Compare the requests now, unless that has been done."""
        if self._differences is None:
            self._compare()

    def _comparison(self) -> QWidget:
        values = QSplitter(Qt.Orientation.Horizontal)
        for field in (self._before, self._after):
            values.addWidget(field)
        values.setChildrenCollapsible(False)
        below = QWidget()
        layout = QVBoxLayout(below)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self._where)
        layout.addWidget(values, 1)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self._rows)
        both.addWidget(below)
        both.setChildrenCollapsible(False)
        both.setStretchFactor(0, 1)
        both.setStretchFactor(1, 1)
        return both

    def _compare(self) -> None:
        self._differences = []
        self._rows.clear()
        why = self._find()
        for difference in self._differences[:SHOWN_ROWS]:
            self._rows.addTopLevelItem(_row(difference))
        self._colour()
        if (first := self._rows.topLevelItem(0)) is not None:
            self._rows.setCurrentItem(first)
        self._words.setText(why)
        self._stack.setCurrentIndex(1 if self._differences else 0)
        self.changed.emit()

    def _find(self) -> str:
        """Find the differences; return the sentence to show if there are none."""
        if self._request is None:
            return _("The request of this answer wasn't saved.")
        if self._chosen.count() == 0:
            return _("There is no earlier request to compare with.")
        try:
            earlier = self._read(self._chosen.currentData())
        except LibraryError as failure:
            return str(failure)
        if earlier is None:
            return _("The request of that answer wasn't saved.")
        self._differences = exact_requests.changes(earlier, self._request)
        return _("Nothing changed: both requests are the same.")

    def _show_values(self) -> None:
        item = self._rows.currentItem()
        difference = item.data(PLACE, Qt.ItemDataRole.UserRole) if item is not None else None
        if not isinstance(difference, Difference):
            return
        self._where.setText(_place(difference))
        texts = [_whole(difference.before), _whole(difference.after)]
        start = 0
        if difference.kind is DifferenceKind.CHANGED and max(map(len, texts)) > SHOWN_CHARACTERS:
            start = max(0, shared_beginning(*texts) - CONTEXT)
        self._before.setVisible(difference.kind is not DifferenceKind.ADDED)
        self._after.setVisible(difference.kind is not DifferenceKind.REMOVED)
        for field, text in zip((self._before, self._after), texts, strict=True):
            field.show_words(text, start)
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        """Colour the differing part of the two values that are shown, and scroll to it."""
        colours = self._theme.colours
        before, after = self._before.text(), self._after.text()
        part, other_part = parting(before, after)
        for field, text, differing, ink in (
            (self._before, before, part, colours.code_removed),
            (self._after, after, other_part, colours.code_added),
        ):
            cursor = QTextCursor(field.document())
            _colour_part(cursor, text, (0, len(text)), colours.text)
            _colour_part(cursor, text, differing, ink)
            cursor.setPosition(_units(text, differing[0]))
            field.setTextCursor(cursor)
            field.centerCursor()

    def _colour(self) -> None:
        colours = self._theme.colours
        for item in map(self._rows.topLevelItem, range(self._rows.topLevelItemCount())):
            if item is None:
                continue
            for column, ink in ((BEFORE, colours.code_removed), (AFTER, colours.code_added)):
                has_value = item.text(column) != NOTHING
                item.setForeground(column, QColor(ink if has_value else colours.muted))
        self._mark()


def _rows() -> QTreeWidget:
    """Make the empty table of differences."""
    rows = QTreeWidget()
    rows.setAccessibleName(_("Changes"))
    rows.setColumnCount(3)
    rows.setHeaderLabels([_("Path"), _("Before"), _("After")])
    rows.setRootIsDecorated(False)
    rows.setUniformRowHeights(True)
    rows.setAllColumnsShowFocus(True)
    rows.setTextElideMode(Qt.TextElideMode.ElideRight)
    header = rows.header()
    header.setStretchLastSection(False)
    header.setSectionsMovable(False)
    for column in (PLACE, BEFORE, AFTER):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    return rows


def _row(difference: Difference) -> QTreeWidgetItem:
    """Make the table row of a difference."""
    before, after = NOTHING, NOTHING
    if difference.kind is DifferenceKind.CHANGED:
        before, after = short_pair(difference.before, difference.after, ROW_CHARACTERS)
    elif difference.kind is DifferenceKind.ADDED:
        after = short(difference.after, ROW_CHARACTERS)
    else:
        before = short(difference.before, ROW_CHARACTERS)
    item = QTreeWidgetItem([_place(difference), before, after])
    item.setData(PLACE, Qt.ItemDataRole.UserRole, difference)
    role = Qt.ItemDataRole.AccessibleTextRole
    # A screen reader reads the columns one after the other, as a sentence.
    item.setData(PLACE, role, f"{_KINDS[difference.kind]}: {_place(difference)}")
    item.setData(BEFORE, role, _("not set") if before == NOTHING else before)
    item.setData(AFTER, role, _("not set") if after == NOTHING else after)
    return item


_KINDS = {
    DifferenceKind.ADDED: _("added"),
    DifferenceKind.REMOVED: _("removed"),
    DifferenceKind.CHANGED: _("changed"),
}


def _place(difference: Difference) -> str:
    """Return the path of a difference in the request body, or both paths if the value moved."""
    place = mark_invisible(difference.path) or _("(whole request)")
    if difference.kind is DifferenceKind.CHANGED and difference.path_before != difference.path:
        return f"{mark_invisible(difference.path_before)} → {place}"
    return place


def _whole(value: Any) -> str:
    """Return a value for reading: a text as it is, any other value as JSON; empty for None."""
    if isinstance(value, str):
        return value
    return "" if value is None else exact_requests.value_text(value)


def _as_text(difference: Difference) -> str:
    """Return a difference as text: its path, then the whole old value with - and the new value with
    + at the start of each line."""
    lines = [difference.path or _("(whole request)")]
    if difference.kind is DifferenceKind.CHANGED and difference.path_before != difference.path:
        lines = [f"{difference.path_before} → {difference.path}"]
    if difference.kind is not DifferenceKind.ADDED:
        lines += [f"- {line}" for line in exact_requests.value_text(difference.before).splitlines()]
    if difference.kind is not DifferenceKind.REMOVED:
        lines += [f"+ {line}" for line in exact_requests.value_text(difference.after).splitlines()]
    return "\n".join(lines) + "\n"


def _units(text: str, place: int) -> int:
    """Return the index in UTF-16 code units, as Qt counts, of the character at index `place`."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _colour_part(cursor: QTextCursor, text: str, part: tuple[int, int], ink: str) -> None:
    form = QTextCharFormat()
    form.setForeground(QColor(ink))
    cursor.setPosition(_units(text, part[0]))
    cursor.setPosition(_units(text, part[1]), QTextCursor.MoveMode.KeepAnchor)
    cursor.mergeCharFormat(form)
