"""How the model cuts a word that was looked up: a tick for each token to be biased."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.domain.parameters.logit_bias import Cut
from app.domain.text.translation import _, ngettext
from app.domain.tokens.token_statistics import visible
from app.domain.tokens.token_table import Word
from app.ui.theme.controls import TickPainter

WRITTEN, TOKEN, ID = range(3)
#: Of one way to write what was looked up; more is no word.
SHOWN_TOKENS = 60


class CutsList(QTreeWidget):
    """A row for each way to write the word; of several tokens each has a row of its own below."""

    #: Other tokens are ticked.
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
        """Show how a word is cut; ticked is what is one token, and so means this word alone."""
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
        """The tokens that are ticked, each once."""
        found: dict[int, Word] = {}
        for item in self._items():
            word = item.data(TOKEN, Qt.ItemDataRole.UserRole)
            ticked = item.checkState(TOKEN) is Qt.CheckState.Checked
            if ticked and isinstance(word, Word) and word.id is not None:
                found.setdefault(word.id, word)
        return list(found.values())

    def _items(self) -> list[QTreeWidgetItem]:
        found = []
        for top in map(self.topLevelItem, range(self.topLevelItemCount())):
            if top is not None:
                below = map(top.child, range(top.childCount()))
                found += [top, *(one for one in below if one is not None)]
        return found

    def _tell(self) -> None:
        self.ticked.emit()


def _fill(item: QTreeWidgetItem, word: Word, *, ticked: bool) -> None:
    item.setText(TOKEN, visible(word))
    item.setText(ID, str(word.id))
    item.setData(TOKEN, Qt.ItemDataRole.UserRole, word)
    item.setCheckState(TOKEN, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)


def _shown(text: str) -> str:
    return visible(Word(text))
