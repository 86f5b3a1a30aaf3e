"""The sidebar: the list of conversations, with buttons for a new one and for the settings."""

from collections.abc import Collection

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QVBoxLayout, QWidget

from app.domain.chat.conversation import Conversation
from app.domain.text.translation import _
from app.ui.common.action_widgets import add_entry, bind, text_button
from app.ui.common.actions import ActionId
from app.ui.common.keys import with_key
from app.ui.sidebar.model import ConversationRows
from app.ui.sidebar.rows import RowPainter
from app.ui.theme.theme import Theme
from app.ui.theme.words import put_tip


class Sidebar(QWidget):
    """Shows the conversations and reports what the person wants to do with them; it changes none
    itself."""

    #: Buttons: a new conversation, and the settings.
    new_wanted = Signal()
    settings_wanted = Signal()
    #: The list of what was deleted should open.
    deleted_wanted = Signal()
    #: A conversation was selected: its id.
    chosen = Signal(str)
    #: A title was edited: the id of the conversation, and the new title.
    renamed = Signal(str, str)
    #: A conversation is to be deleted: its id.
    delete_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows = ConversationRows(self)
        self._rows.renamed.connect(self.renamed)
        new = text_button(ActionId.NEW_CONVERSATION)
        put_tip(new, with_key(new.text(), ActionId.NEW_CONVERSATION))
        new.clicked.connect(self.new_wanted)
        settings = text_button(ActionId.SETTINGS)
        settings.clicked.connect(self.settings_wanted)
        deleted = text_button(ActionId.RECENTLY_DELETED)
        deleted.clicked.connect(self.deleted_wanted)
        self._list = self._make_list(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(new)
        layout.addWidget(self._list, 1)
        layout.addWidget(deleted)
        layout.addWidget(settings)
        theme.changed.connect(self._draw_anew)

    def show_conversations(
        self, conversations: list[Conversation], answering: Collection[str], current: str
    ) -> None:
        """Show conversations, sorted by recency. `answering` has the ids of those whose answer
        streams, `current` is the id of the selected one."""
        self._rows.show(conversations, answering)
        self.select(current)

    def select(self, conversation_id: str) -> None:
        """Select a conversation without emitting `chosen`."""
        index = self._rows.row_of(conversation_id)
        selection = self._list.selectionModel()
        blocked = selection.blockSignals(True)
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        if index.isValid():
            self._list.scrollTo(index)
        if self.isVisible():
            self._draw_anew()

    def neighbour(self, conversation_id: str) -> str:
        """Return the id of the conversation to show when this one is removed; see
        `ConversationRows.neighbour`."""
        return self._rows.neighbour(conversation_id)

    def rename_current(self) -> None:
        """Open the title of the selected conversation for editing."""
        if (index := self._list.currentIndex()).isValid():
            self._list.setFocus()
            self._list.edit(index)

    def _draw_anew(self) -> None:
        self._list.viewport().update()

    def _make_list(self, theme: Theme) -> QListView:
        view = QListView()
        view.setObjectName("conversations")
        view.setAccessibleName(_("Conversations"))
        view.setModel(self._rows)
        view.setItemDelegate(RowPainter(theme, view))
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        # Not currentChanged: a screen reader selects a row without moving the keyboard focus to it.
        view.selectionModel().selectionChanged.connect(self._choose)
        context = Qt.ShortcutContext.WidgetShortcut
        bind(view, ActionId.DELETE_CONVERSATION, self._delete_current, context)
        return view

    def _choose(self, selected: QItemSelection) -> None:
        for index in selected.indexes():
            if (row := self._rows.at(index)) is not None:
                self.chosen.emit(row.id)

    def _delete_current(self) -> None:
        if (row := self._rows.at(self._list.currentIndex())) is not None:
            self.delete_wanted.emit(row.id)

    def _show_menu(self, place: QPoint) -> None:
        index = self._list.indexAt(place)
        if self._rows.at(index) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_entry(menu, ActionId.RENAME, self.rename_current)
        add_entry(menu, ActionId.DELETE_CONVERSATION, self._delete_current)
        self._list.setCurrentIndex(index)
        menu.popup(self._list.viewport().mapToGlobal(place))
