"""The tokens of a word that was looked up, with a check box for each, in the logit bias dialog."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.domain.parameters.logit_bias import Cut
from app.domain.text.translation import _, ngettext
from app.domain.tokens.token_spelling import visible
from app.domain.tokens.token_table import Word
from app.ui.theme.controls import TickPainter

WRITTEN, TOKEN, ID = range(3)
#: Most tokens of a spelling that are listed.
SHOWN_TOKENS = 60


class CutsList(QTreeWidget):
    """Tree with a row for each spelling of the word (with or without a leading space, upper or
    lower case). A spelling of several tokens has a child row for each token."""

    #: The ticked tokens have changed.
    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Tokens of the word"))
        self.setColumnCount(3)
        self.setHeaderLabels([_("Written as"), _("Token"), _("Id")])
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        for column in (WRITTEN, TOKEN):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(ID, QHeaderView.ResizeMode.ResizeToContents)
        self.setItemDelegate(TickPainter(self))
        self.itemChanged.connect(self._tell)

    def show_cuts(self, cuts: Sequence[Cut]) -> None:
        """Replace the rows by the spellings in `cuts` and their tokens. A spelling that is a single
        token is ticked, because that token means this word alone."""
        self.blockSignals(True)
        self.clear()
        for cut in cuts:
            written = QTreeWidgetItem([_shown(cut.text), "", ""])
            self.addTopLevelItem(written)
            if len(cut.words) == 1:
                _fill(written, cut.words[0], ticked=True)
                continue
            count = len(cut.words)
            words = ngettext("{n} token", "{n} tokens", count).format(n=f"{count:,}")
            written.setText(TOKEN, words)
            for place, word in enumerate(cut.words[:SHOWN_TOKENS], 1):
                part = QTreeWidgetItem([_("part {n}").format(n=place), "", ""])
                _fill(part, word, ticked=False)
                written.addChild(part)
            written.setExpanded(True)
        self.blockSignals(False)
        self._tell()

    def words(self) -> list[Word]:
        """Return the ticked tokens, without duplicates."""
        ticked_words: dict[int, Word] = {}
        for item in self._items():
            word = item.data(TOKEN, Qt.ItemDataRole.UserRole)
            ticked = item.checkState(TOKEN) is Qt.CheckState.Checked
            if ticked and isinstance(word, Word) and word.id is not None:
                ticked_words.setdefault(word.id, word)
        return list(ticked_words.values())

    def _items(self) -> list[QTreeWidgetItem]:
        items = []
        for top in map(self.topLevelItem, range(self.topLevelItemCount())):
            if top is not None:
                below = map(top.child, range(top.childCount()))
                items += [top, *(item for item in below if item is not None)]
        return items

    def _tell(self) -> None:
        self.ticked.emit()


def _fill(item: QTreeWidgetItem, word: Word, *, ticked: bool) -> None:
    item.setText(TOKEN, visible(word))
    item.setText(ID, str(word.id))
    item.setData(TOKEN, Qt.ItemDataRole.UserRole, word)
    item.setCheckState(TOKEN, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)


def _shown(text: str) -> str:
    return visible(Word(text))
