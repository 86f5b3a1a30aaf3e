"""The sidebar: the list of conversations, with buttons for a new one and for the settings."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from app.domain.chat.conversation_list import ListChange
from app.domain.text.translation import _
from app.ui.common.action_widgets import add_entry, bind, text_button
from app.ui.common.actions import ActionId
from app.ui.common.keys import with_key
from app.ui.sidebar.list_view import ConversationListView
from app.ui.sidebar.model import ConversationRows, ListSource
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
    #: A row was clicked, or Enter was pressed in it: the person is done with the list.
    settled = Signal()
    #: A title was edited: the id of the conversation, and the new title.
    renamed = Signal(str, str)
    #: A conversation is to be deleted: its id.
    delete_wanted = Signal(str)
    #: The list could not be read: a sentence for the person.
    failed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows = ConversationRows(self)
        self._rows.renamed.connect(self.renamed)
        # Queued, since rows are read while the list is painted.
        self._rows.failed.connect(self.failed, Qt.ConnectionType.QueuedConnection)
        #: The id of the selected conversation; empty if none is selected.
        self._current = ""
        self._changing = False
        new = text_button(ActionId.NEW_CONVERSATION)
        put_tip(new, with_key(new.text(), ActionId.NEW_CONVERSATION))
        new.clicked.connect(self.new_wanted)
        settings = text_button(ActionId.SETTINGS)
        settings.clicked.connect(self.settings_wanted)
        deleted = text_button(ActionId.RECENTLY_DELETED)
        deleted.clicked.connect(self.deleted_wanted)
        self._list = self._make_list(theme)
        self._rows.modelReset.connect(self._mark_current_again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(new)
        layout.addWidget(self._list, 1)
        layout.addWidget(deleted)
        layout.addWidget(settings)
        theme.changed.connect(self._draw_anew)

    def show_list(self, source: ListSource, current: str = "") -> None:
        """Show a list of conversations, or read it anew; `current` is the id of the selected one.
        The scroll position is kept."""
        self._rows.show(source)
        self._mark_current(current)
        self._draw_anew()

    def apply(self, change: ListChange) -> None:
        """Show a change of one row."""
        place = self._list.currentIndex().row()
        # Qt would choose another conversation in the place of a removed one.
        self._changing = True
        self._rows.apply(change)
        self._changing = False
        if change.after is None or change.after.id == self._current:
            self._mark_current_again()
            if self._list.currentIndex().row() != place and change.after is not None:
                self._list.scrollTo(self._list.currentIndex())

    def select(self, conversation_id: str) -> None:
        """Select a conversation without emitting `chosen`, and scroll to it."""
        self._mark_current(conversation_id)
        self._list.scrollTo(self._list.currentIndex())
        self._draw_anew()

    def watch_answers(self, is_answering: Callable[[str], bool]) -> None:
        """Mark the conversations for which `is_answering` returns true; see `update_row`."""
        self._rows.is_answering = is_answering

    def update_row(self, conversation_id: str) -> None:
        """Draw the row of a conversation anew: an answer began or ended in it."""
        self._rows.update_row(conversation_id)

    def neighbour(self, conversation_id: str) -> str:
        """Return the id of the conversation to show when this one is removed; see
        `ConversationRows.neighbour`."""
        return self._rows.neighbour(conversation_id)

    def rename_current(self) -> None:
        """Open the title of the selected conversation for editing."""
        if (index := self._list.currentIndex()).isValid():
            self._list.setFocus()
            self._list.edit(index)

    def _mark_current(self, conversation_id: str) -> None:
        self._current = conversation_id
        self._rows.pin(conversation_id)
        index = self._rows.row_of(conversation_id)
        # Reads the row, so that it stays in memory.
        self._rows.at(index)
        selection = self._list.selectionModel()
        if selection.currentIndex() == index and selection.isSelected(index) == index.isValid():
            return
        blocked = selection.blockSignals(True)
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        self._draw_anew()

    def _mark_current_again(self) -> None:
        self._mark_current(self._current)

    def _draw_anew(self) -> None:
        self._list.viewport().update()

    def _make_list(self, theme: Theme) -> ConversationListView:
        view = ConversationListView(self._rows, theme)
        view.setObjectName("conversations")
        view.setAccessibleName(_("Chats"))
        view.setItemDelegate(RowPainter(theme, view))
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.clicked.connect(self.settled)
        view.activated.connect(self.settled)
        # Not currentChanged: a screen reader selects a row without moving the keyboard focus to it.
        view.selectionModel().selectionChanged.connect(self._choose)
        context = Qt.ShortcutContext.WidgetShortcut
        bind(view, ActionId.DELETE_CONVERSATION, self._delete_current, context)
        return view

    def _choose(self, selected: QItemSelection) -> None:
        if self._changing:
            return
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
        # Imported late: the first frame needs no menu.
        from app.ui.theme.menu import Menu

        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_entry(menu, ActionId.RENAME, self.rename_current)
        add_entry(menu, ActionId.DELETE_CONVERSATION, self._delete_current)
        self._list.setCurrentIndex(index)
        menu.popup(self._list.viewport().mapToGlobal(place))
