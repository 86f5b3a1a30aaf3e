"""The dialog for a model's hosts at a router, and the routing of a conversation."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LoquatError, ParameterError
from app.domain.parameters.table import BY_NAME
from app.domain.providers.models import Model, ModelHost
from app.domain.providers.providers import Provider
from app.domain.providers.routing import SORTS, price_limit
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.action_widgets import bind
from app.ui.common.actions import ActionId
from app.ui.common.keys import key_of
from app.ui.common.run_guarded import run_guarded
from app.ui.picker.placing import place_below_header
from app.ui.picker.wording import endpoint_line, parameter_words
from app.ui.theme.controls import CheckBox, ComboBox, TickPainter
from app.ui.theme.words import PlainLabel, put_tip

_SORT_WORDS = {
    "": _("Default (price and uptime)"),
    "price": _("Lowest price first"),
    "throughput": _("Highest speed first"),
    "latency": _("Lowest latency first"),
    "exacto": _("Best tool calling first"),
}
_TAG = Qt.ItemDataRole.UserRole


class RoutingDialog(QDialog):
    """Edits a conversation's routing. *Use* closes it and emits the new routing."""

    #: The new routing, as it is sent.
    chosen = Signal(dict)

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._provider: Provider | None = None
        self._model: Model | None = None
        self._hosts: list[ModelHost] = []
        self._routing: dict[str, Any] = {}
        self._parameters: frozenset[str] = frozenset()
        self.setWindowTitle(_("Hosts"))
        self._about = PlainLabel()
        self._about.setWordWrap(True)
        self._list = QListWidget()
        self._list.setAccessibleName(_("Hosts"))
        self._list.setItemDelegate(TickPainter(self._list))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._list.currentItemChanged.connect(self._show_host)
        self._supports = PlainLabel()
        self._supports.setObjectName("muted")
        self._supports.setWordWrap(True)
        self._wrong = PlainLabel()
        self._wrong.setObjectName("warning")
        self._wrong.setWordWrap(True)
        self._wrong.hide()
        self._make_controls()
        self._arrange()

    def ask(
        self,
        provider: Provider,
        model: Model,
        routing: Mapping[str, Any],
        parameters: Mapping[str, Any],
    ) -> None:
        """Open with a conversation's routing, and fetch the hosts of its model.

        `parameters` are those that are set, to warn about hosts that don't support them.
        """
        self._provider, self._model = provider, model
        self._routing = dict(routing)
        self._parameters = frozenset(parameters)
        self._hosts = []
        self._list.clear()
        self._show_routing()
        self._about.setText(_("Loading the hosts of {model}…").format(model=model.name))
        if not self.isVisible():
            place = place_below_header(self, QSize(640, 640))
            self.resize(place.size())
            self.move(place.topLeft())
        self.show()
        self.raise_()
        self.activateWindow()
        run_guarded(self._core, "picker: hosts", self._say, self._fetch, provider, model)

    # Widgets.

    def _make_controls(self) -> None:
        self._only = ComboBox()
        self._only.setAccessibleName(_("Allowed"))
        self._only.addItem(_("All hosts except unticked ones"), False)
        self._only.addItem(_("Only ticked hosts"), True)
        self._ordered = CheckBox(_("Try them in this order"))
        words = _("Drag the hosts, or move them with {up} and {down}.")
        up, down = key_of(ActionId.HOST_UP), key_of(ActionId.HOST_DOWN)
        put_tip(self._ordered, words.format(up=up, down=down))
        self._sort = ComboBox()
        self._sort.setAccessibleName(_("Sort by"))
        for name in ("", *SORTS):
            self._sort.addItem(_SORT_WORDS[name], name)
        self._fallbacks = CheckBox(_("Use other hosts if these fail"))
        self._require = CheckBox(_("Only hosts that support all set parameters"))
        put_tip(
            self._require,
            _("Otherwise a host may ignore a parameter that it doesn't support."),
        )
        self._collect = CheckBox(_("Only hosts that don't collect data"))
        self._retain = CheckBox(_("Only hosts with zero data retention"))
        self._prompt = _price_field(_("Max input price"))
        self._completion = _price_field(_("Max output price"))

    def _arrange(self) -> None:
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(_("Allowed"), self._only)
        form.addRow("", self._ordered)
        form.addRow(_("Sort by"), self._sort)
        for box in (self._fallbacks, self._require, self._collect, self._retain):
            form.addRow("", box)
        prices = QHBoxLayout()
        prices.addWidget(PlainLabel(_("Input")))
        prices.addWidget(self._prompt)
        prices.addWidget(PlainLabel(_("Output")))
        prices.addWidget(self._completion)
        prices.addWidget(PlainLabel(_("$ / million tokens")))
        prices.addStretch(1)
        form.addRow(_("Max price"), prices)
        use = QPushButton(_("Use"))
        use.setObjectName("primary")
        use.setDefault(True)
        use.clicked.connect(self._use)
        reset = QPushButton(_("Reset"))
        reset.setAutoDefault(False)
        reset.clicked.connect(self._reset)
        below = QHBoxLayout()
        below.addWidget(reset)
        below.addStretch(1)
        below.addWidget(use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        layout.addWidget(self._about)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._supports)
        # In a low window, or with large text, the controls scroll.
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        layout.addWidget(area, 2)
        layout.addWidget(self._wrong)
        layout.addLayout(below)
        bind(self, ActionId.HOST_UP, lambda: self._move(-1))
        bind(self, ActionId.HOST_DOWN, lambda: self._move(1))

    def _show_routing(self) -> None:
        routing = self._routing
        self._only.setCurrentIndex(1 if routing.get("only") else 0)
        self._ordered.setChecked(bool(routing.get("order")))
        self._sort.setCurrentIndex(max(0, self._sort.findData(routing.get("sort", ""))))
        self._fallbacks.setChecked(routing.get("allow_fallbacks") is not False)
        self._require.setChecked(bool(routing.get("require_parameters")))
        self._collect.setChecked(routing.get("data_collection") == "deny")
        self._retain.setChecked(bool(routing.get("zdr")))
        prices = routing.get("max_price") or {}
        self._prompt.setText(str(prices.get("prompt", "")))
        self._completion.setText(str(prices.get("completion", "")))
        self._wrong.hide()

    def _show_hosts(self) -> None:
        routing = self._routing
        order, only = routing.get("order") or [], routing.get("only") or []
        ignored = routing.get("ignore") or []
        place = {tag: number for number, tag in enumerate([*order, *only])}
        hosts = sorted(self._hosts, key=lambda host: place.get(host.tag, len(place)))
        known = {host.tag for host in hosts}
        self._list.clear()
        for host in hosts:
            ticked = host.tag in only if only else host.tag not in ignored
            self._add(host.tag, f"{host.name} — {endpoint_line(host)}", ticked=ticked)
        for tag in dict.fromkeys([*order, *only, *ignored]):
            if tag not in known:
                words = _("{host} — doesn't serve this model now").format(host=tag)
                self._add(tag, words, ticked=tag not in ignored)
        self._list.setCurrentRow(0)

    def _add(self, tag: str, words: str, *, ticked: bool) -> None:
        item = QListWidgetItem(words)
        item.setData(_TAG, tag)
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemIsDragEnabled
        )
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._list.addItem(item)

    def _show_host(self, item: QListWidgetItem | None) -> None:
        host = None
        if item is not None:
            host = next((known for known in self._hosts if known.tag == item.data(_TAG)), None)
        if host is None:
            self._supports.setText("")
            return
        words = _("{host} supports: {list}.").format(
            host=host.name, list=parameter_words(host.supported_parameters)
        )
        lacking = [
            BY_NAME[name].label
            for name in self._parameters
            if name in BY_NAME and name not in host.supported_parameters
        ]
        if lacking and host.supported_parameters:
            lacks = _("{host} doesn't support: {list}.").format(
                host=host.name, list=", ".join(lacking)
            )
            words = f"{lacks} {words}"
        self._supports.setText(words)

    # Actions.

    def _say(self, failure: LoquatError) -> None:
        self._about.setText(str(failure))
        self._show_hosts()

    async def _fetch(self, provider: Provider, model: Model) -> None:
        hosts = await self._core.providers.endpoints(provider, model.id)
        if model is self._model:
            self._hosts = hosts
            self._about.setText(
                _("{n} hosts serve {model}. Untick those that you don't want.").format(
                    model=model.name, n=len(hosts)
                )
            )
            self._show_hosts()

    def _move(self, step: int) -> None:
        row = self._list.currentRow()
        if 0 <= row + step < self._list.count():
            item = self._list.takeItem(row)
            self._list.insertItem(row + step, item)
            self._list.setCurrentRow(row + step)
            self._ordered.setChecked(True)

    def _reset(self) -> None:
        self._routing = {}
        self._show_routing()
        self._show_hosts()

    def _use(self) -> None:
        try:
            routing = self._typed()
        except ParameterError as wrong:
            self._wrong.setText(str(wrong))
            self._wrong.show()
            return
        self.accept()
        self.chosen.emit(routing)

    def _typed(self) -> dict[str, Any]:
        """Return the routing that the controls show. Raises ParameterError."""
        items = [self._list.item(row) for row in range(self._list.count())]
        ticked = [
            str(item.data(_TAG)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]
        left = [str(item.data(_TAG)) for item in items if item.data(_TAG) not in ticked]
        routing: dict[str, Any] = {}
        if not items:
            # The hosts couldn't be fetched: keep the earlier choice among them.
            kept = ("only", "ignore", "order")
            routing = {name: self._routing[name] for name in kept if name in self._routing}
        elif self._only.currentData():
            if not ticked:
                raise ParameterError(_("Tick at least one host."))
            routing["only"] = ticked
        elif left:
            if not ticked:
                raise ParameterError(_("Tick at least one host."))
            routing["ignore"] = left
        if items and self._ordered.isChecked():
            routing["order"] = ticked
        if sort := self._sort.currentData():
            routing["sort"] = sort
        if not self._fallbacks.isChecked():
            routing["allow_fallbacks"] = False
        if self._require.isChecked():
            routing["require_parameters"] = True
        if self._collect.isChecked():
            routing["data_collection"] = "deny"
        if self._retain.isChecked():
            routing["zdr"] = True
        limits = {
            "prompt": price_limit(self._prompt.text()),
            "completion": price_limit(self._completion.text()),
        }
        if any(limits.values()):
            routing["max_price"] = {name: limit for name, limit in limits.items() if limit}
        return routing


def _price_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(_("any"))
    field.setFixedWidth(72)
    return field
