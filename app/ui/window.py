"""The window: sidebar, conversation and panel, and what passes between them.

It is long until its frame, which the first picture needs, is split from what happens in it.
"""

import contextlib
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessibleInterface,
    QAction,
    QCloseEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from app.domain.errors import LibraryError, LoquatError
from app.domain.providers import OPENROUTER, Provider, ProviderKind
from app.domain.texts import _
from app.services.core import Core
from app.ui.conversation_pane import ConversationPane
from app.ui.parameters.panel import WIDTH as PANEL_WIDTH
from app.ui.parameters.panel import ParameterPanel
from app.ui.settings.settings_window import SettingsWindow
from app.ui.sidebar.sidebar import WIDTH as SIDEBAR_WIDTH
from app.ui.sidebar.sidebar import Sidebar
from app.ui.theme.theme import Theme

#: Below these widths a pane folds away, unless the person asks for it.
PANEL_FITS = 1000
SIDEBAR_FITS = 720


class Window(QWidget):
    """Everything that a person sees at once. `closed` comes once, when it is to end."""

    closed = Signal()

    def __init__(self, core: Core, theme: Theme) -> None:
        super().__init__()
        self._core = core
        self._theme = theme
        #: What screen readers read; made when one asks.
        self.reading: QAccessibleInterface | None = None
        self._state = core.settings.window()
        # Choices made before there is a conversation to keep them.
        self._next: dict[str, Any] = {}
        self._panel: ParameterPanel | None = None
        self._painted = False
        self._settings: SettingsWindow | None = None
        self.setWindowTitle("Loquat")
        self.setMinimumSize(480, 400)
        self.sidebar = Sidebar(theme)
        self.pane = ConversationPane(core, theme)
        self._panel_place = QWidget()
        self._panel_place.setObjectName("panel")
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._arrange()
        self._connect()
        self._add_shortcuts()
        self._restore()
        self.show_list()

    # Showing.

    def show_list(self) -> None:
        """List the conversations as they are now."""
        try:
            conversations = self._core.conversations.all()
        except LibraryError as failure:
            self.pane.banner.show_words(str(failure))
            return
        answering = {one.id for one in conversations if self._core.chat.is_answering(one.id)}
        current = self.pane.held.id if self.pane.held else ""
        self.sidebar.show_conversations(conversations, answering, current)
        self.pane.show_title()

    def open_conversation(self, conversation_id: str) -> None:
        """Put a conversation into view."""
        before = self.pane.held
        if before is not None and before.id == conversation_id:
            return
        try:
            held = self._core.conversations.open(conversation_id) if conversation_id else None
        except LoquatError as failure:
            self.pane.banner.show_words(str(failure))
            return
        if self._panel is not None:
            self._panel.settle()
        self._next = {}
        self.pane.show_conversation(held)
        if before is not None:
            self._core.conversations.release(before.id)
        self.sidebar.select(conversation_id)
        self.show_choices()
        self._keep_state()

    def new_conversation(self) -> None:
        """Show the empty page; the conversation begins with its first message."""
        self.open_conversation("")
        self.sidebar.select("")
        self.pane.composer.field.setFocus()

    def show_settings(self) -> None:
        """Open the settings, or bring them to the front."""
        self.settings_window().come_forward()

    def offer_provider(self) -> None:
        """Open the settings where a better provider than the embedded one gets its key."""
        self.settings_window().show_provider(OPENROUTER.id)
        self.settings_window().come_forward()

    def settings_window(self) -> SettingsWindow:
        """The settings, made when they are first wanted."""
        if self._settings is None:
            self._settings = SettingsWindow(self._core, self._theme, self)
            self._settings.changed.connect(self._take_settings)
        return self._settings

    def report(self, failure: BaseException) -> None:
        """Say that the program made a mistake, without getting in the way."""
        self.pane.banner.show_words(
            _("Loquat made a mistake ({kind}). Nothing was lost; the log has the details.").format(
                kind=type(failure).__name__
            )
        )

    def come_forward(self) -> None:
        """Come to the front: the program was started a second time."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # Building.

    def _arrange(self) -> None:
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for widget in (self.sidebar, self.pane, self._panel_place):
            self._splitter.addWidget(widget)
        self._splitter.setStretchFactor(1, 1)
        self.sidebar.setMinimumWidth(180)
        self.pane.setMinimumWidth(320)
        self._panel_place.setMinimumWidth(260)
        inside = QHBoxLayout(self._panel_place)
        inside.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _connect(self) -> None:
        self.sidebar.new_wanted.connect(self.new_conversation)
        self.sidebar.settings_wanted.connect(self.show_settings)
        self.sidebar.chosen.connect(self.open_conversation)
        self.sidebar.renamed.connect(self._rename)
        self.sidebar.delete_wanted.connect(self._delete)
        self.pane.settings_wanted.connect(self.offer_provider)
        self.pane.sidebar_wanted.connect(self._toggle_sidebar)
        self.pane.panel_wanted.connect(self._toggle_panel)
        self.pane.started.connect(self._start)
        self._core.conversations.listed.connect(self.show_list)

    def _add_shortcuts(self) -> None:
        transcript = self.pane.transcript
        for keys, words, slot in (
            ("Ctrl+N", _("New conversation"), self.new_conversation),
            ("Ctrl+B", _("Sidebar"), self._toggle_sidebar),
            ("Ctrl+.", _("Parameters"), self._toggle_panel),
            ("Ctrl+,", _("Settings"), self.show_settings),
            ("Ctrl+R", _("Regenerate"), self.pane.regenerate),
            ("Ctrl+L", _("Message"), self.pane.composer.field.setFocus),
            ("F2", _("Rename"), self.sidebar.rename_current),
            ("Esc", _("Stop"), self.pane.stop),
            ("Alt+Up", _("Message above"), lambda: transcript.move_current(-1)),
            ("Alt+Down", _("Message below"), lambda: transcript.move_current(1)),
            ("Ctrl+Q", _("Quit"), self.close),
        ):
            action = QAction(words, self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(slot)
            self.addAction(action)

    def _restore(self) -> None:
        state = self._state
        width, height = state.get("width", 1280), state.get("height", 800)
        if isinstance(width, int) and isinstance(height, int):
            self.resize(max(480, min(width, 8000)), max(400, min(height, 8000)))
        sizes = state.get("panes")
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(s, int) for s in sizes):
            self._splitter.setSizes(sizes)
        else:
            rest = self.width() - SIDEBAR_WIDTH - PANEL_WIDTH
            self._splitter.setSizes([SIDEBAR_WIDTH, rest, PANEL_WIDTH])
        self._sidebar_wanted = state.get("sidebar") is not False
        self._panel_wanted = state.get("panel") is not False
        self._fold(self.width())
        self.pane.composer.field.setFocus()

    def _complete(self) -> None:
        self._panel = panel = ParameterPanel()
        inside = self._panel_place.layout()
        if inside is not None:
            inside.addWidget(panel)
        panel.provider_chosen.connect(self._choose_provider)
        panel.model_typed.connect(self._choose_model)
        panel.system_typed.connect(self._choose_system)
        panel.parameters_edited.connect(self._choose_parameters)
        panel.show_providers(self._core.providers.all())
        last = self._state.get("conversation")
        known = {one.id for one in self._core.conversations.all()}
        if isinstance(last, str) and last in known:
            self.open_conversation(last)
        else:
            self.pane.show_conversation(None)
            self.show_choices()
        self._tell_report()

    def _tell_report(self) -> None:
        for sentence in self._core.notices():
            self.pane.banner.show_words(sentence)

    # The choices of a conversation, or of the next one.

    def _chosen(self) -> tuple[Provider, str, str, dict[str, Any]]:
        """Provider, model id, system prompt and parameters in force."""
        held = self.pane.held
        if held is not None:
            conversation = held.conversation
            provider = self._core.providers.get(conversation.provider)
            return provider, conversation.model, conversation.system, dict(conversation.parameters)
        chosen = self._next.get("provider")
        provider = self._core.providers.get(chosen) if chosen else self._core.providers.default()
        return (
            provider,
            self._next.get("model", provider.model),
            self._next.get("system", ""),
            self._next.get("parameters", {}),
        )

    def show_choices(self) -> None:
        """Show the model, system prompt and parameters of the conversation in view."""
        provider, model_id, system, parameters = self._chosen()
        if self._panel is not None:
            self._show_model()
            self._panel.show_values(system, parameters)
        model = self._core.providers.model(provider, model_id)
        embedded = provider.kind is ProviderKind.EMBEDDED
        words = (
            model.description
            if embedded
            else _("{model} at {provider} will answer.").format(
                model=model.name or _("The server's model"), provider=provider.name
            )
        )
        self.pane.show_provider(words, embedded=embedded)

    def _show_model(self) -> None:
        if self._panel is None:
            return
        provider, model_id, _system, _parameters = self._chosen()
        model = self._core.providers.model(provider, model_id)
        models = self._core.providers.models(provider)
        not_taken = self._core.providers.not_taken(provider, model)
        self._panel.show_model(provider, models, model, not_taken)
        self.pane.show_context()

    def _choose(self, **fields: Any) -> None:
        held = self.pane.held
        if held is None:
            self._next.update(fields)
            return
        try:
            self._core.conversations.change(held, **fields)
        except LibraryError as failure:
            self.pane.banner.show_words(str(failure))

    def _choose_provider(self, provider_id: str) -> None:
        provider = self._core.providers.get(provider_id)
        self._choose(provider=provider.id, model=provider.model)
        self.show_choices()

    def _choose_model(self, model_id: str) -> None:
        if model_id and model_id != self._chosen()[1]:
            self._choose(model=model_id)
            self._show_model()

    def _choose_system(self, text: str) -> None:
        self._choose(system=text)

    def _choose_parameters(self, values: dict[str, Any]) -> None:
        self._choose(parameters=values)

    # What the person wants.

    def _start(self, text: str) -> None:
        if self._panel is not None:
            self._panel.settle()
        provider, model, system, parameters = self._chosen()
        try:
            held = self._core.conversations.create(
                provider=provider.id, model=model, system=system, parameters=parameters
            )
        except LibraryError as failure:
            self.pane.banner.show_words(_("Not sent: {why}").format(why=failure))
            return
        self._next = {}
        self.pane.begin(held)
        self.pane.send(held, text)
        self.show_list()
        self._keep_state()

    def _rename(self, conversation_id: str, title: str) -> None:
        try:
            self._core.conversations.rename(conversation_id, title)
        except LoquatError as failure:
            self.pane.banner.show_words(str(failure))

    def _delete(self, conversation_id: str) -> None:
        held = self.pane.held
        if held is not None and held.id == conversation_id:
            self._core.chat.stop(conversation_id)
            self.open_conversation(self.sidebar.neighbour(conversation_id))
        try:
            self._core.conversations.delete(conversation_id)
        except LibraryError as failure:
            self.pane.banner.show_words(str(failure))
            return
        self.pane.toast.show_words(
            _("Conversation deleted"), _("Undo"), lambda: self._undelete(conversation_id)
        )

    def _undelete(self, conversation_id: str) -> None:
        self._core.conversations.restore(conversation_id)
        self.open_conversation(conversation_id)

    def _take_settings(self) -> None:
        self.pane.composer.field.enter_sends = self._core.settings.enter_sends
        if self._panel is not None:
            self._panel.show_providers(self._core.providers.all())
        self.show_choices()

    # Folding, remembering, closing.

    def _toggle_sidebar(self) -> None:
        self._sidebar_wanted = not self.sidebar.isVisible()
        self.sidebar.setVisible(self._sidebar_wanted)

    def _toggle_panel(self) -> None:
        self._panel_wanted = not self._panel_place.isVisible()
        self._panel_place.setVisible(self._panel_wanted)

    def _fold(self, width: int) -> None:
        self.sidebar.setVisible(self._sidebar_wanted and width >= SIDEBAR_FITS)
        self._panel_place.setVisible(self._panel_wanted and width >= PANEL_FITS)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            # What the first frame doesn't need comes right after it: building the panel and
            # reading the conversation takes as long as all the rest.
            self._painted = True
            QTimer.singleShot(0, self._complete)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before, now = event.oldSize().width(), event.size().width()
        for limit in (SIDEBAR_FITS, PANEL_FITS):
            if (before < limit) != (now < limit):
                self._fold(now)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            # The command line may have added something meanwhile.
            try:
                if self._core.conversations.changed_elsewhere():
                    self.show_list()
            except LibraryError as failure:
                self.pane.banner.show_words(str(failure))

    def _keep_state(self) -> None:
        """Remember how the window is; not only at its end, which may come without warning."""
        state = {
            "width": self.width(),
            "height": self.height(),
            "panes": self._splitter.sizes(),
            "sidebar": self._sidebar_wanted,
            "panel": self._panel_wanted,
            "conversation": self.pane.held.id if self.pane.held else "",
        }
        # A library that can't be written has said so already.
        with contextlib.suppress(LibraryError):
            self._core.settings.put_window(state)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.pane.keep_draft()
        if self._panel is not None:
            self._panel.settle()
        self._keep_state()
        event.accept()
        self.closed.emit()
