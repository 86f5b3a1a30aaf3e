"""The dialog that lists the sweeps of a conversation, to open or delete them."""

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
)

from app.domain.chat.titles import excerpt_of
from app.domain.errors import LoquatError
from app.domain.sweep.plan import Plan
from app.domain.text.translation import _
from app.services.chat.conversations import OpenConversation
from app.services.chat.trash import DeletedKind
from app.services.program.core import Core
from app.ui.common.action_widgets import bind
from app.ui.common.actions import ActionId
from app.ui.common.held_key import ignore_held_keys
from app.ui.common.undo import Change, ChangeKind
from app.ui.conversation.pane import ConversationPane
from app.ui.theme.words import PlainLabel

_ID = Qt.ItemDataRole.UserRole


class SweepList(QDialog):
    """List of the stored sweeps of one conversation, with their axes, size, time and question."""

    #: The id of a sweep that is to be opened.
    open_wanted = Signal(str)

    def __init__(self, core: Core, conversation: OpenConversation, pane: ConversationPane) -> None:
        super().__init__(pane.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Sweeps of this chat"))
        self.resize(520, 380)
        self._core = core
        self._conversation = conversation
        self._pane = pane
        self._list = QListWidget()
        self._list.setAccessibleName(_("Sweeps"))
        self._list.itemActivated.connect(self._open)
        self._none = PlainLabel(_("No sweeps yet."))
        self._none.setObjectName("muted")
        opened, gone = QPushButton(_("Open")), QPushButton(_("Delete"))
        opened.clicked.connect(self._open)
        ignore_held_keys(gone)
        gone.clicked.connect(self._delete)
        row = QHBoxLayout()
        row.addWidget(gone)
        row.addStretch(1)
        row.addWidget(opened)
        layout = QVBoxLayout(self)
        layout.addWidget(self._none)
        layout.addWidget(self._list, 1)
        layout.addLayout(row)
        self._buttons = (opened, gone)
        bind(self, ActionId.UNDO, pane.undo.undo)
        pane.undo.undone.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self._list.clear()
        try:
            sweeps = self._core.sweeping.sweeps_of(self._conversation.id)
        except LoquatError as failure:
            self._pane.banner.show_words(str(failure))
            sweeps = []
        for sweep in sweeps:
            item = QListWidgetItem(self._words(sweep.plan, sweep.created), self._list)
            item.setData(_ID, sweep.id)
        self._list.setCurrentRow(0)
        self._none.setVisible(not sweeps)
        for button in self._buttons:
            button.setEnabled(bool(sweeps))

    def _words(self, plan: Plan, created: float) -> str:
        tree = self._conversation.tree
        axes = " × ".join(axis.title for axis in plan.axes) or _("Repeats only")
        question = excerpt_of(tree[plan.question].text) if plan.question in tree else ""
        when = time.strftime("%x %H:%M", time.localtime(created))
        return f"{axes}, {plan.count} · {when}\n{question}"

    def _open(self) -> None:
        if self._list.currentRow() >= 0:
            self.open_wanted.emit(self._list.currentItem().data(_ID))
            self.accept()

    def _delete(self) -> None:
        if self._list.currentRow() < 0:
            return
        item = self._list.currentItem()
        sweeping = self._core.sweeping
        try:
            sweep = sweeping.open(item.data(_ID))
            sweeping.delete(sweep)
        except LoquatError as failure:
            self._pane.banner.show_words(str(failure))
            return
        axes = item.text().partition("\n")[0]
        self._fill()

        def restore() -> None:
            sweeping.restore(sweep)

        def applies() -> bool:
            return self._core.trash.holds(DeletedKind.SWEEP, sweep.id)

        words = _("Deleted the sweep “{name}”").format(name=axes)
        self._pane.undo.push(Change(ChangeKind.SWEEP, words, restore, applies))
