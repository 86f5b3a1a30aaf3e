"""Settings: the providers, their addresses, models and keys."""

from collections.abc import Coroutine
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

from app.domain.conversation import new_id
from app.domain.errors import LoquatError
from app.domain.providers import EMBEDDED, OPENROUTER, Provider, ProviderKind
from app.domain.texts import _, ngettext
from app.services.core import Core
from app.ui.theme.controls import ComboBox
from app.ui.theme.words import Words

KINDS = {
    ProviderKind.OPENAI_COMPATIBLE: _("OpenAI-compatible server"),
    ProviderKind.OPENROUTER: "OpenRouter",
    ProviderKind.DEEPSEEK: "DeepSeek",
    ProviderKind.OPENAI: "OpenAI",
    ProviderKind.OLLAMA: "Ollama",
    ProviderKind.LM_STUDIO: "LM Studio",
    ProviderKind.LLAMA_CPP: _("llama.cpp server"),
    ProviderKind.VLLM: "vLLM",
}


class ProvidersPage(QWidget):
    """A list of providers beside the form of the one that is selected."""

    #: Providers came, went or changed.
    changed = Signal()

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._provider = EMBEDDED
        self._list = QListWidget()
        self._list.setAccessibleName(_("Providers"))
        self._list.setFixedWidth(190)
        self._name = _field(_("Name"))
        self._kind = ComboBox()
        self._kind.setAccessibleName(_("Kind"))
        for kind, words in KINDS.items():
            self._kind.addItem(words, kind.value)
        self._address = _field(_("Address"), "http://127.0.0.1:8080/v1")
        self._model = _field(_("Model"), _("the model's id at this provider"))
        self._key = _field(_("Key"), _("paste a key"))
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._words = Words()
        self._words.setWordWrap(True)
        self._key_state = Words()
        self._key_state.setObjectName("muted")
        self._key_state.setWordWrap(True)
        _widen(self._key_state)
        self._buttons()
        self._arrange()
        self._list.currentItemChanged.connect(self._choose)
        self.show_providers(self._core.providers.default().id)

    def show_providers(self, selected: str) -> None:
        """List the providers, with one selected."""
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

    def _buttons(self) -> None:
        self._add = QPushButton(_("Add"))
        self._add.clicked.connect(self._add_provider)
        self._remove = QPushButton(_("Remove"))
        self._remove.clicked.connect(self._remove_provider)
        self._save = QPushButton(_("Save"))
        self._save.setObjectName("primary")
        self._save.clicked.connect(self._save_provider)
        self._test = QPushButton(_("Test"))
        self._test.clicked.connect(self._try_provider)
        self._forget = QPushButton(_("Forget key"))
        self._forget.clicked.connect(self._forget_key)
        self._default = QPushButton(_("Use for new conversations"))
        self._default.clicked.connect(self._make_default)

    def _arrange(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self._add)
        below.addWidget(self._remove)
        left = QVBoxLayout()
        left.addWidget(self._list, 1)
        left.addLayout(below)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.addRow(_("Name"), self._name)
        self._form.addRow(_("Kind"), self._kind)
        self._form.addRow(_("Address"), self._address)
        self._form.addRow(_("Model"), self._model)
        self._form.addRow(_("Key"), self._key)
        self._form.addRow("", self._key_state)
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
        embedded = provider.kind is ProviderKind.EMBEDDED
        self._name.setText(provider.name)
        self._kind.setCurrentIndex(max(0, self._kind.findData(provider.kind.value)))
        self._address.setText(provider.base_url)
        self._model.setText(provider.model)
        self._key.clear()
        for widget in (self._kind, self._address, self._model, self._key, self._key_state):
            self._form.setRowVisible(widget, not embedded)
        self._name.setEnabled(not embedded)
        self._remove.setEnabled(provider.id not in {EMBEDDED.id, OPENROUTER.id})
        for button in (self._save, self._test, self._forget):
            button.setVisible(not embedded)
        self._default.setEnabled(provider.id != self._core.providers.default().id)
        self._words.setText(
            _("This model runs on your computer and needs no key.") if embedded else ""
        )
        self._key_state.setText("")
        if not embedded:
            self._run(self._show_key(provider))

    def _typed(self) -> Provider:
        return replace(
            self._provider,
            name=self._name.text().strip() or self._address.text().strip(),
            kind=ProviderKind(self._kind.currentData()),
            base_url=self._address.text(),
            model=self._model.text().strip(),
        )

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._core.tasks.spawn(self._guarded(work), "settings: providers")

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except LoquatError as failure:
            self._words.setText(str(failure))

    async def _show_key(self, provider: Provider) -> None:
        self._forget.setEnabled(False)
        kept, words = await self._core.providers.key_state(provider)
        if self._provider.id == provider.id:
            self._forget.setEnabled(kept)
            self._key_state.setText(words)

    def _save_provider(self) -> None:
        self._run(self._save_all())

    async def _save_all(self) -> None:
        """Save the form, then the key; a wrong address or key is said and nothing is lost."""
        provider = self._core.providers.put(self._typed())
        kept = True
        typed = self._key.text()
        if typed.strip():
            kept = await self._core.providers.save_key(provider, typed)
        self.show_providers(provider.id)
        self.changed.emit()
        if typed.strip() and not kept:
            where = await self._core.providers.keyring()
            self._words.setText(_("Saved. The key: {where}").format(where=where))
        else:
            self._words.setText(_("Saved."))

    def _try_provider(self) -> None:
        self._words.setText(_("Asking {name}…").format(name=self._name.text()))
        self._run(self._try_out())

    async def _try_out(self) -> None:
        if self._key.text().strip() or self._typed() != self._provider:
            await self._save_all()
        ids = {model.id for model in await self._core.providers.refresh(self._provider)}
        count = len(ids)
        words = ngettext("It works: {n} model.", "It works: {n} models.", count)
        missing = self._provider.model and ids and self._provider.model not in ids
        if missing:
            words += " " + _("“{model}” is not among them.").format(model=self._provider.model)
        self._words.setText(words.format(n=count))

    def _forget_key(self) -> None:
        self._run(self._forget_now())

    async def _forget_now(self) -> None:
        await self._core.providers.remove_key(self._provider)
        self._show(self._provider)
        self._words.setText(_("The key is forgotten."))

    def _make_default(self) -> None:
        self._core.settings.default_provider = self._provider.id
        self.show_providers(self._provider.id)
        self.changed.emit()
        self._words.setText(
            _("New conversations start with {name}.").format(name=self._name.text())
        )

    def _add_provider(self) -> None:
        provider = Provider(
            id=new_id(),
            name=_("New server"),
            kind=ProviderKind.OPENAI_COMPATIBLE,
            base_url="http://127.0.0.1:8080/v1",
            model="",
        )
        self._core.providers.put(provider)
        self.show_providers(provider.id)
        self._name.setFocus()
        self._name.selectAll()
        self.changed.emit()

    def _remove_provider(self) -> None:
        self._run(self._remove_now(self._provider))

    async def _remove_now(self, provider: Provider) -> None:
        await self._core.providers.remove(provider)
        self.show_providers(self._core.providers.default().id)
        self.changed.emit()


def _field(name: str, placeholder: str = "") -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    return field


def _widen(label: Words) -> None:
    # A form gives a wrapping label only the width of its shortest wrapping, unless it expands.
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
