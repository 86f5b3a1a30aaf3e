"""The dialog of recently deleted conversations, messages and sweeps, which restores them or deletes
them for good."""

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LoquatError
from app.domain.text.translation import _, ngettext
from app.services.chat.trash import TRASH_DAYS, DeletedItem, DeletedKind
from app.services.program.core import Core
from app.ui.common.question import Question
from app.ui.theme.buttons import dialog_button
from app.ui.theme.words import PlainLabel

#: Role under which list items keep their DeletedItem.
ITEM = Qt.ItemDataRole.UserRole


class RecentlyDeleted(QDialog):
    """List of what can be restored, the latest deletion first. It is made when it is first opened,
    and then kept."""

    def __init__(self, core: Core, parent: QWidget) -> None:
        super().__init__(parent)
        self._core = core
        self._trash = core.trash
        self.setWindowTitle(_("Recently deleted"))
        self.resize(560, 460)
        about = ngettext(
            "Deleted items can be restored for at least {n} day. Then they are deleted for good.",
            "Deleted items can be restored for at least {n} days. Then they are deleted for good.",
            TRASH_DAYS,
        ).format(n=TRASH_DAYS)
        self._about = _muted(about)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Recently deleted"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._show_state)
        self.list.itemActivated.connect(self.restore)
        self.said = _muted("")
        self.said.hide()
        self.question = Question()
        self._restore = dialog_button(_("Restore"), self.restore)
        self._restore.setObjectName("primary")
        self._erase = dialog_button(_("Delete for good…"), self._ask_to_erase)
        self._erase_all = dialog_button(_("Delete all for good…"), self._ask_to_erase_all)
        self._arrange()
        core.conversations.listed.connect(self._refresh)
        core.conversations.rearranged.connect(self._refresh)

    def come_forward(self) -> None:
        """Bring the window to the front with an up-to-date list."""
        self._say("")
        self.question.hide()
        self.show()
        self._fill()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    def restore(self) -> None:
        """Restore what is selected."""
        restored = 0
        for item in self._selected():
            try:
                self._trash.restore(item)
            except LoquatError as failure:
                self._fill()
                self._say(str(failure))
                return
            restored += 1
        self._fill()
        if restored:
            self._say(ngettext("{n} restored", "{n} restored", restored).format(n=restored))

    def _ask_to_erase(self) -> None:
        items = self._selected()
        if len(items) == 1:
            words = _("Delete “{title}” for good? It can't be restored.")
            self._ask(words.format(title=_title(items[0])), items)
        elif items:
            words = ngettext(
                "Delete {n} item for good? It can't be restored.",
                "Delete {n} items for good? They can't be restored.",
                len(items),
            )
            self._ask(words.format(n=len(items)), items)

    def _ask_to_erase_all(self) -> None:
        items = [self.list.item(row).data(ITEM) for row in range(self.list.count())]
        if items:
            self._ask(_("Delete everything in this list for good? It can't be restored."), items)

    def _ask(self, words: str, items: list[DeletedItem]) -> None:
        answers = (
            (_("Keep"), self.question.hide),
            (_("Delete for good"), lambda: self.erase(items)),
        )
        self.question.ask(words, answers)
        self.question.buttons[0].setFocus()

    def erase(self, items: list[DeletedItem]) -> None:
        """Delete items for good."""
        self.question.hide()
        try:
            for item in items:
                self._trash.erase(item)
        except LoquatError as failure:
            self._say(str(failure))
        self._fill()
        self.list.setFocus()

    def _selected(self) -> list[DeletedItem]:
        return [item.data(ITEM) for item in self.list.selectedItems()]

    def _refresh(self, *_changed: object) -> None:
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        try:
            items = self._trash.items()
        except LoquatError as failure:
            self._say(str(failure))
            return
        chosen = {(item.kind, item.id) for item in self._selected()}
        self.list.clear()
        for item in items:
            row = QListWidgetItem(f"{_title(item)}\n{_facts(item)}", self.list)
            row.setData(ITEM, item)
            row.setSelected((item.kind, item.id) in chosen)
        if items and not self._selected():
            self.list.setCurrentRow(0)
        self._show_state()

    def _show_state(self) -> None:
        chosen = bool(self.list.selectedItems())
        self._restore.setEnabled(chosen)
        self._erase.setEnabled(chosen)
        self._erase_all.setEnabled(self.list.count() > 0)
        if not self.list.count() and self.said.isHidden():
            self._say(_("Nothing was deleted recently."))

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._erase_all)
        row.addWidget(self._erase)
        row.addStretch(1)
        row.addWidget(self._restore)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(self._about)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.said)
        layout.addWidget(self.question)
        layout.addLayout(row)


def _title(item: DeletedItem) -> str:
    title = item.title or _("New chat")
    match item.kind:
        case DeletedKind.CONVERSATION:
            return title
        case DeletedKind.SWEEP:
            return _("Sweep of “{title}”").format(title=title)
        case DeletedKind.MESSAGES:
            return item.words or _("a message")


def _facts(item: DeletedItem) -> str:
    """Return a line about an item: what it is, how large, and when it was deleted."""
    when = time.strftime("%x %H:%M", time.localtime(item.deleted))
    match item.kind:
        case DeletedKind.SWEEP:
            size = ngettext("{n} answer", "{n} answers", item.count)
        case DeletedKind.CONVERSATION:
            size = ngettext("Chat, {n} message", "Chat, {n} messages", item.count)
        case DeletedKind.MESSAGES:
            size = ngettext("{n} message of “{title}”", "{n} messages of “{title}”", item.count)
    facts = size.format(n=item.count, title=item.title or _("New chat"))
    return _("{facts} · deleted {when}").format(facts=facts, when=when)


def _muted(words: str) -> PlainLabel:
    label = PlainLabel(words)
    label.setObjectName("muted")
    label.setWordWrap(True)
    return label
