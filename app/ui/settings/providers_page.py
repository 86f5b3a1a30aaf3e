"""The settings page of providers: addresses, models and keys."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LoquatError
from app.domain.ids import new_id
from app.domain.providers.providers import (
    EMBEDDED,
    KINDS,
    OPENROUTER,
    Provider,
    ProviderKind,
)
from app.domain.text.translation import _
from app.services.program.core import Core
from app.services.program.diagnosis import Check
from app.services.providers.server_discovery import FoundServer, find_servers
from app.ui.common.held_key import ignore_held_keys
from app.ui.common.links import open_page
from app.ui.common.run_guarded import Work, run_guarded
from app.ui.theme.controls import ComboBox
from app.ui.theme.words import PlainLabel, put_tip

#: The kind of a provider that is added by hand; it stands first in the list of kinds.
FIRST_KIND = ProviderKind.OPENAI_COMPATIBLE


class ProvidersPage(QWidget):
    """A list of providers beside the form of the one that is selected."""

    #: A provider was added, removed or changed.
    changed = Signal()

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._provider = EMBEDDED
        self._list = QListWidget()
        self._list.setAccessibleName(_("Providers"))
        self._list.setFixedWidth(190)
        self._found = QWidget()
        self._found_column = QVBoxLayout(self._found)
        self._found_column.setContentsMargins(0, 0, 0, 0)
        self._servers: list[FoundServer] = []
        self._name = _field(_("Name"))
        self._kind = ComboBox()
        self._kind.setAccessibleName(_("Kind"))
        for kind in sorted(KINDS, key=lambda kind: kind is not FIRST_KIND):
            if not KINDS[kind].embedded:
                self._kind.addItem(KINDS[kind].label, kind.value)
        self._kind.activated.connect(self._take_kind)
        self._shown_kind = EMBEDDED.kind
        self._address = _field(_("Address"), "http://127.0.0.1:8080/v1")
        self._model = _field(_("Model"), _("the model id"))
        self._key = _field(_("Key"), _("paste a key"))
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._key_state = PlainLabel()
        self._key_state.setObjectName("muted")
        self._key_state.setWordWrap(True)
        _widen(self._key_state)
        self._buttons()
        self._arrange()
        self._list.currentItemChanged.connect(self._choose)
        self.show_providers(self._core.providers.default().id)

    def show_providers(self, selected: str) -> None:
        """List the providers and select one, by its id."""
        default = self._core.providers.default().id
        with QSignalBlocker(self._list):
            self._list.clear()
            for provider in self._core.providers.all():
                words = provider.name + (" ✓" if provider.id == default else "")
                item = QListWidgetItem(words)
                item.setData(Qt.ItemDataRole.UserRole, provider.id)
                self._list.addItem(item)
                if provider.id == selected:
                    self._list.setCurrentItem(item)
        self._show(self._core.providers.get(selected))

    def look_around(self) -> None:
        """Search for servers on this computer and offer a button to add each found one."""
        self._run(self._look)

    def _buttons(self) -> None:
        self._add = QPushButton(_("Add"))
        self._add.clicked.connect(self._add_provider)
        self._connect_button = QPushButton(_("Connect in the browser…"))
        self._connect_button.setObjectName("primary")
        self._connect_button.clicked.connect(self._connect)
        self._make_key = QPushButton(_("Get a key…"))
        self._make_key.setObjectName("flat")
        self._make_key.clicked.connect(self._open_keys)
        self._remove = QPushButton(_("Remove"))
        ignore_held_keys(self._remove)
        self._remove.clicked.connect(self._remove_provider)
        self._save = QPushButton(_("Save"))
        self._save.setObjectName("primary")
        self._save.clicked.connect(self._save_provider)
        self._test = QPushButton(_("Test"))
        self._test.clicked.connect(self._try_provider)
        self._forget = QPushButton(_("Remove key"))
        self._forget.clicked.connect(self._forget_key)
        self._default = QPushButton(_("Use for new chats"))
        self._default.clicked.connect(self._make_default)

    def _arrange(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self._add)
        below.addWidget(self._remove)
        left = QVBoxLayout()
        left.addWidget(self._list, 1)
        left.addWidget(self._found)
        left.addLayout(below)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.addRow(_("Name"), self._name)
        self._form.addRow(_("Kind"), self._kind)
        self._form.addRow(_("Address"), self._address)
        self._form.addRow(_("Model"), self._model)
        self._form.addRow(_("Key"), self._key)
        self._form.addRow("", self._key_state)
        ways = QHBoxLayout()
        ways.addWidget(self._connect_button)
        ways.addWidget(self._make_key)
        ways.addStretch(1)
        self._form.addRow("", ways)
        row = QHBoxLayout()
        for button in (self._save, self._test, self._forget):
            row.addWidget(button)
        row.addStretch(1)
        right = QVBoxLayout()
        right.addLayout(self._form)
        right.addLayout(row)
        right.addWidget(self._default, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self._words)
        right.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left)
        layout.addLayout(right, 1)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(self._core.providers.get(str(item.data(Qt.ItemDataRole.UserRole))))

    def _show(self, provider: Provider) -> None:
        self._provider = provider
        traits = provider.traits
        embedded = traits.embedded
        self._name.setText(provider.name)
        self._kind.setCurrentIndex(max(0, self._kind.findData(provider.kind.value)))
        self._shown_kind = provider.kind
        self._address.setText(provider.base_url)
        self._model.setText(provider.model)
        self._key.clear()
        for widget in (self._kind, self._address, self._model, self._key, self._key_state):
            self._form.setRowVisible(widget, not embedded)
        self._connect_button.setVisible(traits.signs_in)
        self._make_key.setVisible(bool(traits.keys_page))
        put_tip(self._make_key, traits.keys_page)
        self._name.setEnabled(not embedded)
        self._remove.setEnabled(provider.id not in {EMBEDDED.id, OPENROUTER.id})
        for button in (self._save, self._forget):
            button.setVisible(not embedded)
        self._default.setEnabled(provider.id != self._core.providers.default().id)
        self._words.setText(
            _("This model runs on your computer and needs no key.") if embedded else ""
        )
        self._key_state.setText("" if embedded else _("Waiting for the keyring…"))
        if not embedded:
            self._run(self._show_key, provider)

    def _typed(self) -> Provider:
        return replace(
            self._provider,
            name=self._name.text().strip() or self._address.text().strip(),
            kind=ProviderKind(self._kind.currentData()),
            base_url=self._address.text(),
            model=self._model.text().strip(),
        )

    def _run(self, work: Work, *facts: Any) -> None:
        run_guarded(self._core, "settings: providers", self._say, work, *facts)

    def _say(self, failure: LoquatError) -> None:
        self._words.setText(str(failure))

    async def _show_key(self, provider: Provider) -> None:
        self._forget.setEnabled(False)
        try:
            kept, words = await self._core.providers.key_state(provider)
        except LoquatError as failure:
            kept, words = False, str(failure)
        if self._provider.id == provider.id:
            self._forget.setEnabled(kept)
            self._key_state.setText(words)
        if not kept or not provider.traits.signs_in:
            return
        # Imported late: signing in needs megabytes of modules that few people use.
        from app.services.providers.sign_in import key_facts

        facts = await key_facts(self._core.providers, self._core.client, provider)
        if facts is not None and self._provider.id == provider.id:
            self._key_state.setText(f"{words}\n{facts.sentence()}")

    def _save_provider(self) -> None:
        self._run(self._save_all)

    async def _save_all(self) -> None:
        """Save the form, then the key. A wrong address or key is shown, and the form keeps it."""
        provider = self._core.providers.put(self._typed())
        kept = True
        typed = self._key.text()
        if typed.strip():
            self._words.setText(_("Waiting for the keyring…"))
            kept = await self._core.providers.save_key(provider, typed)
        self.show_providers(provider.id)
        self.changed.emit()
        if typed.strip() and not kept:
            where = await self._core.providers.keyring()
            self._words.setText(_("Saved. Key: {where}").format(where=where))
        else:
            self._words.setText(_("Saved."))

    def _try_provider(self) -> None:
        self._words.setText(_("Testing {name}…").format(name=self._name.text()))
        self._run(self._try_out)

    async def _try_out(self) -> None:
        if self._key.text().strip() or self._typed() != self._provider:
            await self._save_all()
        provider, lines = self._provider, list[str]()

        def tell(check: Check) -> None:
            lines.append(("✓ " if check.ok else "✗ ") + check.words)
            if self._provider.id == provider.id:
                self._words.setText("\n".join(lines))

        def wait(words: str) -> None:
            if self._provider.id == provider.id:
                self._words.setText(words)

        from app.services.program.connection_test import check_provider

        await check_provider(self._core, provider, tell, wait)

    async def _look(self) -> None:
        found = await find_servers(self._core.client)
        there = {provider.origin for provider in self._core.providers.all()}
        self._servers = [server for server in found if _origin(server) not in there]
        while (item := self._found_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        for server in self._servers:
            button = QPushButton(_("+ {name} (found on this computer)").format(name=server.name))
            put_tip(button, server.base_url)
            button.clicked.connect(lambda _on=False, one=server: self._add_found(one))
            self._found_column.addWidget(button)

    def _add_found(self, server: FoundServer) -> None:
        model = server.models[0] if server.models else ""
        self._put_new(server.kind, server.name, server.base_url, model)
        self.look_around()

    def _connect(self) -> None:
        self._run(self._connect_now)

    async def _connect_now(self) -> None:
        # A key is bound to the address, so a changed address is saved first.
        if self._typed() != self._provider:
            await self._save_all()
        from app.ui.settings.connect_dialog import ConnectDialog

        provider = self._provider
        dialog = ConnectDialog(self._core, provider, self)
        dialog.connected.connect(lambda: self._take_connection(provider.id))
        dialog.show()

    def _take_connection(self, provider_id: str) -> None:
        self.show_providers(provider_id)
        self.changed.emit()

    def _open_keys(self) -> None:
        if self._provider.traits.keys_page:
            open_page(self._provider.traits.keys_page)

    def _forget_key(self) -> None:
        self._run(self._forget_now)

    async def _forget_now(self) -> None:
        await self._core.providers.remove_key(self._provider)
        self._show(self._provider)
        self._words.setText(_("The key was removed."))

    def _make_default(self) -> None:
        self._core.providers.start_with(self._provider)
        self.show_providers(self._provider.id)
        self.changed.emit()
        self._words.setText(_("New chats start with {name}.").format(name=self._name.text()))

    def _add_provider(self) -> None:
        traits = KINDS[FIRST_KIND]
        self._put_new(FIRST_KIND, traits.name, traits.base_url, traits.model)

    def _take_kind(self) -> None:
        """Show the usual address of the chosen kind, unless the person typed an address."""
        before, after = KINDS[self._shown_kind], KINDS[self._typed().kind]
        self._shown_kind = self._typed().kind
        if before.embedded or self._address.text().strip() != before.base_url:
            return
        self._address.setText(after.base_url)
        self._model.setText(after.model)
        if self._name.text().startswith(before.name):
            self._name.setText(after.name)

    def _put_new(self, kind: ProviderKind, wanted: str, base_url: str, model: str) -> None:
        """Add a provider, select it, and let the person rename it. `wanted` is its name, to which
        a number is added if another provider has it."""
        names = {provider.name for provider in self._core.providers.all()}
        name, number = wanted, 2
        while name in names:
            name, number = f"{wanted} {number}", number + 1
        provider = Provider(new_id(), name, kind, base_url, model)
        self._core.providers.put(provider)
        self.show_providers(provider.id)
        self._name.setFocus()
        self._name.selectAll()
        self.changed.emit()

    def _remove_provider(self) -> None:
        self._run(self._remove_now, self._provider)

    async def _remove_now(self, provider: Provider) -> None:
        try:
            await self._core.providers.remove(provider)
        finally:
            # It is gone, even if its key may still be in the keyring.
            self.show_providers(self._core.providers.default().id)
            self.changed.emit()


def _origin(server: FoundServer) -> str:
    return Provider("", server.name, server.kind, server.base_url, "").origin


def _field(name: str, placeholder: str = "") -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    return field


def _widen(label: PlainLabel) -> None:
    # QFormLayout gives a wrapping label its minimum width unless its policy is Expanding.
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
