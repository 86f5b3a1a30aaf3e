"""What changed from an earlier request to this one: a row for each place, and its values whole."""

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
from app.ui.theme.words import Words

#: More rows than this are copied, not shown.
SHOWN_ROWS = 1_000
#: More answers than this are not offered; the latest are.
MOST_EARLIER = 2_000
FIRST_CHARACTERS = 36
ROW_CHARACTERS = 200
#: What two long texts share is shown this far back from where they part.
CONTEXT = 400
NOTHING = "—"
PLACE, BEFORE, AFTER = range(3)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer whose request can be compared with, and what a person calls it."""

    words: str
    message_id: str


def earlier_answers(
    conversations: Conversations, held: OpenConversation, message_id: str
) -> list[Earlier]:
    """What an answer's request can be compared with: the answer before, its other versions, and
    then every other answer of the conversation, by its question's first words and its own.

    Raises LibraryError.
    """
    earlier = []
    before = conversations.request_before(held, message_id)
    if before is not None:
        earlier.append(Earlier(_("The previous answer"), before))
    for number, version in conversations.other_versions(held, message_id):
        words = _("Version {number} of this answer").format(number=number)
        earlier.append(Earlier(words, version))
    named = {one.message_id for one in earlier}
    for answer in conversations.others_with_request(held, message_id):
        if answer.id not in named and len(earlier) < MOST_EARLIER:
            parent = answer.parent
            asked = ""
            if parent is not None and parent in held.tree:
                asked = held.tree[parent].text
            words = f"{_first_words(asked)} → {_first_words(answer.text)}"
            earlier.append(Earlier(words, answer.id))
    return earlier


def _first_words(text: str) -> str:
    words = " ".join(text[: 4 * FIRST_CHARACTERS].split())
    cut = words if len(words) <= FIRST_CHARACTERS else f"{words[:FIRST_CHARACTERS]}…"
    return mark_invisible(cut) or _("(no words)")


class ChangesPage(QWidget):
    """Compares with the one that is chosen, once the page is seen."""

    #: What `text` gives is another.
    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        request: Request | None,
        earlier: Sequence[Earlier],
        read: Callable[[str], Request | None],
    ) -> None:
        """`read` gives the request of a message; it may raise LibraryError."""
        super().__init__()
        self._theme = theme
        self._request = request
        self._read = read
        self._found: list[Difference] | None = None
        self._chosen = ComboBox()
        self._chosen.setAccessibleName(_("Compare with"))
        # As wide as the window, not as its longest words.
        self._chosen.setSizeAdjustPolicy(
            ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._chosen.setMinimumContentsLength(20)
        self._chosen.setMaxVisibleItems(20)
        for one in earlier:
            self._chosen.addItem(one.words, one.message_id)
        self._chosen.currentIndexChanged.connect(self._compare)
        self._words = Words()
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._rows = _rows()
        self._rows.currentItemChanged.connect(self._show_values)
        self._before, self._after = BoundedField(_("Before")), BoundedField(_("After"))
        self._where = Words()
        self._where.setObjectName("muted")
        # As wide as there is room for, not as its words are.
        self._where.setMinimumWidth(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._words)
        self._stack.addWidget(self._comparison())
        chooser = QHBoxLayout()
        chooser.addWidget(Words(_("Compare with")))
        chooser.addWidget(self._chosen, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        if earlier:
            layout.addLayout(chooser)
        layout.addWidget(self._stack, 1)
        theme.changed.connect(self._colour)

    def text(self) -> str:
        """Every difference, its values whole; empty where there are none."""
        return "\n".join(_as_text(one) for one in self._found or ())

    def is_empty(self) -> bool:
        """Whether there is nothing to be copied."""
        return not self._found

    def note(self) -> str:
        """What isn't shown, as a sentence."""
        count = len(self._found or ())
        if count > SHOWN_ROWS:
            return _("The first {shown} of {all} changes are shown. Copy takes all.").format(
                shown=f"{SHOWN_ROWS:,}", all=f"{count:,}"
            )
        if self._before.is_cut or self._after.is_cut:
            return _("These values are longer than is shown. Copy takes all of them.")
        return ""

    def begin(self) -> None:
        """The page is seen: compare, unless that is done."""
        if self._found is None:
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
        self._found = []
        self._rows.clear()
        why = self._find()
        for one in self._found[:SHOWN_ROWS]:
            self._rows.addTopLevelItem(_row(one))
        self._colour()
        if (first := self._rows.topLevelItem(0)) is not None:
            self._rows.setCurrentItem(first)
        self._words.setText(why)
        self._stack.setCurrentIndex(1 if self._found else 0)
        self.changed.emit()

    def _find(self) -> str:
        """Find the differences; return why there are none."""
        if self._request is None:
            return _("The request of this answer isn't kept.")
        if self._chosen.count() == 0:
            return _("There is no request before this one to compare it with.")
        try:
            earlier = self._read(self._chosen.currentData())
        except LibraryError as failure:
            return str(failure)
        if earlier is None:
            return _("The request of that answer isn't kept.")
        self._found = exact_requests.changes(earlier, self._request)
        return _("Nothing changed: both requests are the same.")

    def _show_values(self) -> None:
        item = self._rows.currentItem()
        one = item.data(PLACE, Qt.ItemDataRole.UserRole) if item is not None else None
        if not isinstance(one, Difference):
            return
        self._where.setText(_place(one))
        texts = [_whole(one.before), _whole(one.after)]
        start = 0
        if one.kind is DifferenceKind.CHANGED and max(map(len, texts)) > SHOWN_CHARACTERS:
            start = max(0, shared_beginning(*texts) - CONTEXT)
        self._before.setVisible(one.kind is not DifferenceKind.ADDED)
        self._after.setVisible(one.kind is not DifferenceKind.REMOVED)
        for field, text in zip((self._before, self._after), texts, strict=True):
            field.show_words(text, start)
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        """Put the colours on what differs between the two texts in view."""
        colours = self._theme.colours
        before, after = self._before.toPlainText(), self._after.toPlainText()
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
                there = item.text(column) != NOTHING
                item.setForeground(column, QColor(ink if there else colours.muted))
        self._mark()


def _rows() -> QTreeWidget:
    rows = QTreeWidget()
    rows.setAccessibleName(_("Changes"))
    rows.setColumnCount(3)
    rows.setHeaderLabels([_("Place"), _("Before"), _("After")])
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


def _row(one: Difference) -> QTreeWidgetItem:
    before, after = NOTHING, NOTHING
    if one.kind is DifferenceKind.CHANGED:
        before, after = short_pair(one.before, one.after, ROW_CHARACTERS)
    elif one.kind is DifferenceKind.ADDED:
        after = short(one.after, ROW_CHARACTERS)
    else:
        before = short(one.before, ROW_CHARACTERS)
    item = QTreeWidgetItem([_place(one), before, after])
    item.setData(PLACE, Qt.ItemDataRole.UserRole, one)
    role = Qt.ItemDataRole.AccessibleTextRole
    # Read one after the other, the columns are a sentence.
    item.setData(PLACE, role, f"{_KINDS[one.kind]}: {_place(one)}")
    item.setData(BEFORE, role, _("not there") if before == NOTHING else before)
    item.setData(AFTER, role, _("not there") if after == NOTHING else after)
    return item


_KINDS = {
    DifferenceKind.ADDED: _("added"),
    DifferenceKind.REMOVED: _("removed"),
    DifferenceKind.CHANGED: _("changed"),
}


def _place(one: Difference) -> str:
    place = mark_invisible(one.path) or _("(everything)")
    if one.kind is DifferenceKind.CHANGED and one.path_before != one.path:
        return f"{mark_invisible(one.path_before)} → {place}"
    return place


def _whole(value: Any) -> str:
    """A value to be read: a text as it is, all else as JSON; nothing where there is none."""
    if isinstance(value, str):
        return value
    return "" if value is None else exact_requests.value_text(value)


def _as_text(one: Difference) -> str:
    """A difference with its values, as lines."""
    lines = [one.path or _("(everything)")]
    if one.kind is DifferenceKind.CHANGED and one.path_before != one.path:
        lines = [f"{one.path_before} → {one.path}"]
    if one.kind is not DifferenceKind.ADDED:
        lines += [f"- {line}" for line in exact_requests.value_text(one.before).splitlines()]
    if one.kind is not DifferenceKind.REMOVED:
        lines += [f"+ {line}" for line in exact_requests.value_text(one.after).splitlines()]
    return "\n".join(lines) + "\n"


def _units(text: str, place: int) -> int:
    """A place in Qt's count, which is of UTF-16."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _colour_part(cursor: QTextCursor, text: str, part: tuple[int, int], ink: str) -> None:
    form = QTextCharFormat()
    form.setForeground(QColor(ink))
    cursor.setPosition(_units(text, part[0]))
    cursor.setPosition(_units(text, part[1]), QTextCursor.MoveMode.KeepAnchor)
    cursor.mergeCharFormat(form)
