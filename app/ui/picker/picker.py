"""The model picker: a dialog to search and choose among the models of all providers."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.providers.providers import Provider
from app.domain.text.translation import _, ngettext
from app.services.program.core import Core
from app.services.providers.model_catalogue import ListedModel, Pick
from app.services.providers.model_search import ModelOrder, ModelSearch
from app.ui.common.action_widgets import bind
from app.ui.common.actions import ActionId, Scope
from app.ui.common.keys import action_for
from app.ui.picker.details import Details
from app.ui.picker.model_list import ModelList
from app.ui.picker.placing import place_below_header
from app.ui.picker.row_painting import RowPainter
from app.ui.picker.rows import KeyRow, ModelRow, ModelRows, TypedRow, rows_of, typed_rows
from app.ui.theme.buttons import dialog_button
from app.ui.theme.controls import ComboBox, give_clear_button
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel

ORDERS = {
    ModelOrder.GROUPED: _("Grouped"),
    ModelOrder.PRICE: _("Cheapest first"),
    ModelOrder.WINDOW: _("Largest context first"),
    ModelOrder.NEWEST: _("Newest first"),
}
#: Usual size of the dialog; the width below which the details stand under the list; and that below
#: which the number of models is left out. In pixels at a text size of 100 %.
USUAL = (820, 600)
NARROW, NARROWEST = 640, 360
#: Milliseconds that the pointer rests on a row before its details are shown, so that a move from a
#: row to the details doesn't change them on the way.
REST_MS = 120
#: Most providers at which a typed id is offered where nothing is found; otherwise one.
TYPED_AT = 4


class Picker(QDialog):
    """A search field, the list of found models in groups, and the details of the selected one. A
    click on a model chooses it."""

    #: A model was chosen: the provider's id and the model's.
    chosen = Signal(str, str)
    #: The person wants to see a model's hosts: the provider's id and the model's.
    hosts_wanted = Signal(str, str)
    #: The person wants to add a provider.
    settings_wanted = Signal()
    #: The person wants to add the key of a provider, by its id.
    key_wanted = Signal(str)

    def __init__(self, core: Core, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._theme = theme
        self._current: Pick = ("", "")
        self._routing: Mapping[str, Any] = {}
        self._providers: list[Provider] = []
        self._keyless: frozenset[str] = frozenset()
        self._asking = False
        self._hovered = QModelIndex()
        self.setWindowTitle(_("Choose a model"))
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Search models"))
        self._field.setAccessibleName(_("Search models"))
        give_clear_button(self._field)
        self._order = ComboBox()
        self._order.setAccessibleName(_("Sort by"))
        # The list of orders is as wide as its rows; the box may be narrower.
        self._order.setSizeAdjustPolicy(
            ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._order.setMinimumContentsLength(8)
        for order, words in ORDERS.items():
            self._order.addItem(words, order.value)
        self._rows = ModelRows(self)
        self._list = ModelList(self._rows)
        self._painter = RowPainter(theme, self._list)
        self._details = Details()
        self._count = PlainLabel()
        self._count.setObjectName("muted")
        # In a narrow window, so that the dialog is no wider than the window.
        self._count.setWordWrap(True)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._search = ModelSearch((), (), ())
        self._arrange()
        self._connect()
        theme.changed.connect(self._list.viewport().update)

    def ask(self, current: Pick, routing: Mapping[str, Any] | None = None) -> None:
        """Open with the model in use selected, and refresh stale lists in the background.

        `routing` is that of the conversation, which a router's models show.
        """
        if not self.isVisible():
            place = place_below_header(self, QSize(*map(self._theme.scaled, USUAL)))
            # First, since the dialog can't be narrower than its contents.
            self._fold(place.width())
            self._layout.activate()
            self.resize(place.size())
            # On Wayland the compositor alone decides about the place.
            self.move(place.topLeft())
        self._asking = True
        self.show_models(current, routing)
        self.show()
        self.raise_()
        self.activateWindow()
        self._field.setFocus()
        self._core.tasks.spawn(self._refresh(), "picker: lists")

    def show_models(self, current: Pick, routing: Mapping[str, Any] | None = None) -> None:
        """Empty the search field and show all known models, with `current` selected."""
        self._current, self._routing = current, routing or {}
        self._field.clear()
        self._read()
        self._stand_at(current)

    # Building.

    def _arrange(self) -> None:
        self._list.setItemDelegate(self._painter)
        self._details.setMinimumSize(240, 120)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._field, 1)
        top.addWidget(self._order)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(16)
        self._middle.addWidget(self._list, 3)
        self._middle.addWidget(self._details, 2)
        self._use = QPushButton(_("Use model"))
        self._use.setObjectName("primary")
        self._use.setDefault(True)
        more = dialog_button(_("Providers…"), self.settings_wanted)
        more.setObjectName("flat")
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._count, 1)
        below.addWidget(more)
        below.addWidget(self._use)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addLayout(self._middle, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self._field.textChanged.connect(self._seek)
        self._field.installEventFilter(self)
        self._list.viewport().installEventFilter(self)
        self._order.currentIndexChanged.connect(self._seek)
        self._list.selectionModel().currentChanged.connect(self._show_details)
        self._rest.timeout.connect(self._select_hovered)
        self._details.marked.connect(self._mark_current)
        self._details.hosts_wanted.connect(self._want_hosts)
        self._use.clicked.connect(self._choose)
        bind(self, ActionId.FAVOURITE, self._mark_current)
        self._core.providers.catalogue.changed.connect(self._take_news)
        self.destroyed.connect(self._leave)

    def _leave(self) -> None:
        self._core.providers.catalogue.changed.disconnect(self._take_news)

    # Reading.

    async def _refresh(self) -> None:
        self._keyless = await self._core.providers.without_key()
        self._show_again()
        await self._core.providers.refresh_stale()
        self._asking = False
        self._show_again()

    def _take_news(self, _provider_id: str) -> None:
        self._show_again()

    def _show_again(self) -> None:
        """Read the lists again, and keep the selected row and the place of the list."""
        if not self.isVisible():
            return
        at, bar = self._at(), self._list.verticalScrollBar()
        place = bar.value()
        self._read()
        if at is not None and (row := self._rows.row_of(at.pick)) >= 0:
            self._list.setCurrentIndex(self._rows.index(row))
        bar.setValue(place)
        self._list.scrollTo(self._list.currentIndex())

    def _read(self) -> None:
        providers, catalogue = self._core.providers, self._core.providers.catalogue
        everyone = providers.all()
        # The sort is stable.
        self._providers = sorted(everyone, key=lambda one: one.id != self._current[0])
        self._search = ModelSearch(
            providers.listed(), catalogue.favourites(), catalogue.recent(), self._providers
        )
        self._seek()

    def _seek(self) -> None:
        words = self._field.text().strip()
        groups = self._search.groups(words, ModelOrder(self._order.currentData()))
        rows = rows_of(groups, self._keyless, self._notes())
        rows += typed_rows(words, self._typed_at(words, most=1 if groups else TYPED_AT))
        self._rows.show(rows, self._search.favourites, self._current)
        first = self._rows.first_choice()
        self._list.setCurrentIndex(self._rows.index(first))
        self._list.scrollToTop()
        count = len(self._search.found(words))
        said = ngettext("{n} model", "{n} models", count).format(n=f"{count:,}")
        self._count.setText(_("{count} · prices per million tokens").format(count=said))
        if first < 0:
            self._show_details(QModelIndex())

    def _typed_at(self, words: str, most: int) -> list[Provider]:
        """Return the providers at which the typed text can be used as a model's id: at most so many
        of those with a server where no model with this id is listed, the current one first."""
        if not words or " " in words:
            return []
        return [
            one
            for one in self._providers
            if not one.traits.embedded and (one.id, words) not in self._search
        ][:most]

    def _notes(self) -> dict[str, str]:
        words = (
            _("Loading models…")
            if self._asking
            else _("No models listed. Start the server, or type the id of a model.")
        )
        return {provider.id: words for provider in self._providers}

    def _stand_at(self, pick: Pick) -> None:
        if (row := self._rows.row_of(pick)) >= 0:
            self._list.setCurrentIndex(self._rows.index(row))
            self._list.scrollTo(self._rows.index(row))

    def _at(self) -> ListedModel | None:
        row = self._rows.row_at(self._list.currentIndex())
        return row.listed if isinstance(row, ModelRow) else None

    def _show_details(self, index: QModelIndex) -> None:
        choice = self._rows.choice_at(index)
        self._use.setEnabled(choice is not None)
        self._use.setText(_("Add a key…") if isinstance(choice, KeyRow) else _("Use model"))
        match choice:
            case ModelRow():
                marked = choice.listed.pick in self._search.favourites
                routing = self._routing if choice.listed.provider.id == self._current[0] else {}
                self._details.show_model(choice.listed, routing, marked=marked)
            case KeyRow():
                words = _("{provider} needs a key to answer. You can already browse its models.")
                name = choice.provider.name
                self._details.show_words(choice.words, words.format(provider=name))
            case TypedRow():
                words = _("{provider} doesn't list this model. It may still answer.")
                name = choice.provider.name
                self._details.show_words(choice.model_id, words.format(provider=name))
            case None:
                words = _("Try other words, or add a provider.")
                self._details.show_words(_("No models found"), words)

    # Actions.

    def _mark_current(self) -> None:
        listed = self._at()
        if listed is not None:
            marked = listed.pick not in self._search.favourites
            self._core.providers.catalogue.put_favourite(listed.pick, marked=marked)
            self._show_again()

    def _choose(self) -> None:
        match self._rows.choice_at(self._list.currentIndex()):
            case ModelRow(listed):
                self._use_model(listed.pick)
            case TypedRow(provider, model_id):
                self._use_model((provider.id, model_id))
            case KeyRow(provider):
                self.reject()
                self.key_wanted.emit(provider.id)

    def _use_model(self, pick: Pick) -> None:
        self._core.providers.catalogue.note_choice(pick)
        # Before the dialog closes, so that its end without a choice can be told from this.
        self.chosen.emit(*pick)
        self.accept()

    def _want_hosts(self) -> None:
        listed = self._at()
        if listed is not None:
            self.hosts_wanted.emit(*listed.pick)

    # Keyboard and mouse.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent):
            # The keyboard stays in the field, so that one can go on typing.
            pressed = event.type() is QEvent.Type.KeyPress
            if pressed and action_for(event, Scope.MODELS) is ActionId.ALONG_MODELS:
                self._list.event(event)
                return True
        elif isinstance(event, QMouseEvent):
            point = event.position().toPoint()
            if event.type() is QEvent.Type.MouseMove:
                self._hovered = self._list.indexAt(point)
                self._rest.start()
            elif event.type() is QEvent.Type.MouseButtonRelease:
                return self._click(event, point)
        elif event.type() is QEvent.Type.Leave:
            self._rest.stop()
        return super().eventFilter(watched, event)

    def _select_hovered(self) -> None:
        if self._rows.choice_at(self._hovered) is not None:
            self._list.setCurrentIndex(self._hovered)

    def _click(self, event: QMouseEvent, point: QPoint) -> bool:
        index = self._list.indexAt(point)
        if event.button() != Qt.MouseButton.LeftButton or self._rows.choice_at(index) is None:
            return False
        self._list.setCurrentIndex(index)
        starred = self._painter.star_of(index).contains(point)
        if starred and isinstance(self._rows.row_at(index), ModelRow):
            self._mark_current()
        else:
            self._choose()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold(self.width())

    def _fold(self, width: int) -> None:
        """Put the details below the list where the dialog is narrow."""
        narrow = width < self._theme.scaled(NARROW)
        self._count.setVisible(width >= self._theme.scaled(NARROWEST))
        directions = QBoxLayout.Direction
        self._middle.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
