"""The model picker: a dialog to search and choose among the models of all providers."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.text.translation import _, ngettext
from app.services.program.core import Core
from app.services.providers.model_catalogue import ListedModel, Pick
from app.services.providers.model_search import ModelOrder, ModelSearch
from app.ui.common.action_widgets import bind
from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for
from app.ui.picker.details import Details
from app.ui.picker.rows import ModelPainter, ModelRows
from app.ui.theme.controls import ComboBox
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel

ORDERS = {
    ModelOrder.SUGGESTED: _("Favourites first"),
    ModelOrder.PRICE: _("Cheapest first"),
    ModelOrder.WINDOW: _("Largest window first"),
    ModelOrder.NEWEST: _("Newest first"),
}


class Picker(QDialog):
    """A search field, the list of found models, and the details of the selected one."""

    #: A model was chosen: the provider's id and the model's.
    chosen = Signal(str, str)
    #: The person wants to see a model's hosts: the provider's id and the model's.
    hosts_wanted = Signal(str, str)
    #: The person wants to add a provider.
    settings_wanted = Signal()

    def __init__(self, core: Core, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self.setWindowTitle(_("Choose a model"))
        self.resize(820, 560)
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Search models"))
        self._field.setAccessibleName(_("Search models"))
        self._field.setClearButtonEnabled(True)
        self._order = ComboBox()
        self._order.setAccessibleName(_("Order"))
        for order, words in ORDERS.items():
            self._order.addItem(words, order.value)
        self._rows = ModelRows(self)
        self._list = QListView()
        self._painter = ModelPainter(theme, self._list)
        self._details = Details()
        self._count = PlainLabel()
        self._count.setObjectName("muted")
        self._search = ModelSearch((), (), ())
        self._arrange()
        self._connect()
        theme.changed.connect(self._list.viewport().update)

    def ask(self, current: Pick) -> None:
        """Open with the model in use selected, and refresh stale lists in the background."""
        self.show_models(current)
        self.show()
        self.raise_()
        self.activateWindow()
        self._field.setFocus()
        self._core.tasks.spawn(self._core.providers.refresh_stale(), "picker: lists")

    def show_models(self, current: Pick) -> None:
        """Empty the search field and show all known models, with `current` selected."""
        self._field.clear()
        self._read()
        self._stand_at(current)

    def _arrange(self) -> None:
        self._list.setModel(self._rows)
        self._list.setItemDelegate(self._painter)
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName(_("Models"))
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setMinimumWidth(380)
        top = QHBoxLayout()
        top.addWidget(self._field, 1)
        top.addWidget(self._order)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self._list, 3)
        middle.addWidget(self._details, 2)
        self._use = QPushButton(_("Use this model"))
        self._use.setObjectName("primary")
        self._use.setDefault(True)
        self._hosts = QPushButton(_("Hosts and routing…"))
        self._hosts.setAutoDefault(False)
        more = QPushButton(_("More providers…"))
        more.setObjectName("flat")
        more.setAutoDefault(False)
        more.clicked.connect(self.settings_wanted)
        below = QHBoxLayout()
        below.addWidget(self._count)
        below.addStretch(1)
        below.addWidget(more)
        below.addWidget(self._hosts)
        below.addWidget(self._use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addLayout(middle, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self._field.textChanged.connect(self._seek)
        self._field.installEventFilter(self)
        self._list.viewport().installEventFilter(self)
        self._order.currentIndexChanged.connect(self._seek)
        self._list.selectionModel().currentChanged.connect(self._show_details)
        self._list.activated.connect(self._choose)
        self._details.marked.connect(self._mark_current)
        self._use.clicked.connect(self._choose)
        self._hosts.clicked.connect(self._want_hosts)
        bind(self, ActionId.FAVOURITE, self._mark_current)
        self._core.providers.catalogue.changed.connect(self._take_news)
        self.destroyed.connect(self._leave)

    def _leave(self) -> None:
        self._core.providers.catalogue.changed.disconnect(self._take_news)

    def _take_news(self, _provider_id: str) -> None:
        if self.isVisible():
            at = self._at()
            self._read()
            if at is not None:
                self._stand_at(at.pick)

    def _read(self) -> None:
        catalogue = self._core.providers.catalogue
        self._search = ModelSearch(
            self._core.providers.listed(), catalogue.favourites(), catalogue.recent()
        )
        self._seek()

    def _seek(self) -> None:
        order = ModelOrder(self._order.currentData())
        found = self._search.found(self._field.text(), order)
        self._rows.show(found, self._search.favourites)
        self._list.setCurrentIndex(self._rows.index(0))
        count = len(found)
        self._count.setText(ngettext("{n} model", "{n} models", count).format(n=f"{count:,}"))
        if not found:
            self._show_details(QModelIndex())

    def _stand_at(self, pick: Pick) -> None:
        if (row := self._rows.row_of(pick)) >= 0:
            self._list.setCurrentIndex(self._rows.index(row))
            self._list.scrollTo(
                self._rows.index(row), QAbstractItemView.ScrollHint.PositionAtCenter
            )

    def _at(self) -> ListedModel | None:
        return self._rows.at(self._list.currentIndex())

    def _show_details(self, index: QModelIndex) -> None:
        listed = self._rows.at(index)
        self._details.show_model(listed, marked=listed is not None and self._is_marked(listed))
        self._use.setEnabled(listed is not None)
        router = listed is not None and listed.provider.traits.routes
        self._hosts.setVisible(router)

    def _is_marked(self, listed: ListedModel) -> bool:
        return listed.pick in self._search.favourites

    def _mark_current(self) -> None:
        listed = self._at()
        if listed is not None:
            self._core.providers.catalogue.put_favourite(
                listed.pick, marked=not self._is_marked(listed)
            )
            self._read()
            self._stand_at(listed.pick)

    def _choose(self) -> None:
        listed = self._at()
        if listed is not None:
            self._core.providers.catalogue.note_choice(listed.pick)
            self.accept()
            self.chosen.emit(*listed.pick)

    def _want_hosts(self) -> None:
        listed = self._at()
        if listed is not None:
            self.hosts_wanted.emit(*listed.pick)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent):
            pressed = event.type() is QEvent.Type.KeyPress
            # The keyboard stays in the field, so that one can go on typing.
            if pressed and action_for(event, Scope.MODELS) is ActionId.ALONG_MODELS:
                self._list.event(event)
                return True
        elif event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            return self._click(event.position().toPoint())
        return super().eventFilter(watched, event)

    def _click(self, point: QPoint) -> bool:
        index = self._list.indexAt(point)
        if index.isValid() and self._painter.star_of(index).contains(point):
            self._mark_current()
            return True
        return False
