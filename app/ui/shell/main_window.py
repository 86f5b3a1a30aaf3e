"""The main window at work: conversations come, go and are renamed; settings change."""

import contextlib

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.errors import LibraryError, LoquatError, Remedy
from app.domain.providers.providers import OPENROUTER
from app.domain.text.translation import _
from app.services.library.settings import Settings
from app.services.program.core import Core
from app.ui.common.actions import ActionId, Handlers
from app.ui.common.in_view import InView
from app.ui.common.links import open_page
from app.ui.conversation.conversation_view import ConversationView
from app.ui.conversation.editing import Editing
from app.ui.conversation.header_contents import HeaderContents
from app.ui.conversation.model_and_parameters import ModelAndParameters
from app.ui.conversation.writing import Writing
from app.ui.lab.workbench import Workbench
from app.ui.settings.settings_window import SettingsWindow
from app.ui.shell.action_binding import bind_actions
from app.ui.shell.deletions import Deletions
from app.ui.shell.key_routing import route_keys
from app.ui.shell.unsaved_bar import UnsavedBar
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.transcript.accessibility.announce import announce

#: The names of the settings that change what the window shows of models and tools.
SHOWN_SETTINGS = {
    Settings.ask_probabilities.name,
    Settings.default_provider.name,
    Settings.engine_model.name,
    Settings.tool_commands.name,
}


class MainWindow(QObject):
    """Brings a window to life. Made right after its first frame."""

    def __init__(self, core: Core, theme: Theme, window: Window) -> None:
        super().__init__(window)
        self._core = core
        core.watch()
        self._theme = theme
        self.window = window
        self.sidebar = window.sidebar
        self.pane = window.pane
        self._settings: SettingsWindow | None = None
        pane = window.pane
        self.in_view = InView(core, self)
        self.conversation = ConversationView(core, theme, self.in_view, pane)
        window.closed.connect(self.conversation.transcript.formulas.end)
        self.writing = Writing(core, theme, self.in_view, pane)
        self.editing = Editing(core, theme, self.conversation, self.writing)
        self.choices = ModelAndParameters(core, theme, self.in_view, pane)
        self.header = HeaderContents(core, self.in_view, pane.header)
        self.unsaved = UnsavedBar(core, window)
        window.may_close = self.unsaved.may_quit
        self.deletions = Deletions(core, self.in_view, window, self.open_conversation)
        state = core.settings.window()
        self.lab = Workbench(core, theme, self.conversation, self.choices, state=state)
        self.lab.side.width_wanted.connect(window.widen_panel)
        self.lab.panel_toggle_wanted.connect(window.toggle_panel)
        window.put_panel(self.lab.side)
        # At once: Qt shows what is put into a visible window in its next turn only.
        self.lab.side.show()
        self._connect()
        self._add_shortcuts()
        route_keys(window, window.pane.composer.field)
        self._open_last()

    # Showing.

    def show_list(self) -> None:
        """Read the list of conversations anew."""
        self.sidebar.show_list(self._core.conversations.listing, self.in_view.id)

    def open_conversation(self, conversation_id: str) -> None:
        """Put a conversation into view."""
        before = self.in_view.conversation
        if before is not None and before.id == conversation_id:
            return
        try:
            opened = self._core.conversations.open(conversation_id) if conversation_id else None
        except LoquatError as failure:
            self.pane.banner.show_words(str(failure))
            return
        self.in_view.show(opened)
        self._mark_seen()
        if before is not None:
            self._core.conversations.release(before.id)
        self.sidebar.select(conversation_id)
        self._keep_state()

    def new_conversation(self) -> None:
        """Show the empty page; the conversation begins with its first message."""
        self.open_conversation("")
        self.sidebar.select("")
        self.pane.composer.field.setFocus()

    def rename(self) -> None:
        """Let the person edit the title: in the list if that has the keyboard focus, else in the
        header."""
        focused: QWidget | None = self.window.focusWidget()
        if focused is not None and self.sidebar.isAncestorOf(focused):
            self.sidebar.rename_current()
        else:
            self.pane.header.rename()

    def show_settings(self) -> None:
        """Open the settings, or bring them to the front."""
        self.settings_window().come_forward()

    def offer_provider(self) -> None:
        """Open the settings where a better provider than the embedded one gets its key."""
        self.settings_window().show_provider(OPENROUTER.id)
        self.settings_window().come_forward()

    def _offer_key(self, provider_id: str) -> None:
        self.settings_window().show_provider(provider_id)
        self.settings_window().come_forward()

    def connect_openrouter(self) -> None:
        """Sign in at OpenRouter; when that is done, new conversations are with it."""
        from app.ui.settings.connect_dialog import ConnectDialog

        dialog = ConnectDialog(self._core, self._core.providers.get(OPENROUTER.id), self.window)
        dialog.connected.connect(self._use_openrouter)
        dialog.show()

    def _use_openrouter(self) -> None:
        with contextlib.suppress(LibraryError):
            self._core.providers.start_with(self._core.providers.get(OPENROUTER.id))
        self._take_settings()

    def offer_commands(self) -> None:
        """Open the settings where commands are set up to answer tools."""
        self.settings_window().show_tools()
        self.settings_window().come_forward()

    def settings_window(self) -> SettingsWindow:
        """The settings, made when they are first wanted."""
        if self._settings is None:
            self._settings = SettingsWindow(self._core, self.window)
            self._settings.changed.connect(self._take_settings)
        return self._settings

    def report(self, failure: BaseException) -> None:
        """Say that the program made a mistake, without getting in the way. An error of the library,
        such as a full disk, is no mistake, and says itself what to do."""
        if isinstance(failure, LibraryError):
            self.pane.banner.show_words(str(failure))
            return
        self.pane.banner.show_words(
            _("Something went wrong in Loquat ({kind}). Nothing was lost. See the log.").format(
                kind=type(failure).__name__
            )
        )

    # Building.

    def _connect(self) -> None:
        self.sidebar.new_wanted.connect(self.new_conversation)
        self.sidebar.settings_wanted.connect(self.show_settings)
        self.sidebar.chosen.connect(self.open_conversation)
        self.sidebar.renamed.connect(self._rename)
        self.sidebar.delete_wanted.connect(self.deletions.delete)
        self.sidebar.deleted_wanted.connect(self.deletions.show_deleted)
        self.sidebar.failed.connect(self.pane.banner.show_words)
        self.pane.settings_wanted.connect(self.offer_provider)
        self.pane.connect_wanted.connect(self.connect_openrouter)
        self.in_view.begun.connect(self._take_beginning)
        header = self.pane.header
        header.renamed.connect(self._rename)
        header.picker_wanted.connect(self.choices.show_picker)
        self.header.title_changed.connect(self.window.show_title)
        self.header.delete_wanted.connect(self.deletions.delete)
        self.choices.settings_wanted.connect(self.show_settings)
        self.choices.key_wanted.connect(self._offer_key)
        self.choices.model_given.connect(self.writing.send_waiting)
        self.writing.model_wanted.connect(self.choices.ask_model_to_send)
        self.writing.tools_wanted.connect(self.offer_commands)
        actions = self.conversation.actions
        actions.edit_wanted.connect(self.editing.edit)
        actions.tool_answer_wanted.connect(self.writing.answer_tools)
        actions.parameters_wanted.connect(self.choices.use_again)
        actions.remedy_wanted.connect(self._help)
        self.window.activated.connect(self._look_elsewhere)
        self.window.closing.connect(self._keep_all)
        self._connect_list()
        self._core.settings.changed.connect(self._take_setting)

    def _connect_list(self) -> None:
        conversations, chat = self._core.conversations, self._core.chat
        self.sidebar.watch_answers(chat.is_answering)
        conversations.listed.connect(self.sidebar.apply)
        # An answer begins with one of these two.
        conversations.arrived.connect(self._update_row)
        conversations.rearranged.connect(self._update_row)
        chat.finished.connect(self._take_end)

    def _update_row(self, conversation_id: str, *_news: object) -> None:
        self.sidebar.update_row(conversation_id)

    def _take_end(self, conversation_id: str, _message: object) -> None:
        """An answer ended: mark it as new where it isn't in view."""
        opened = self._core.conversations.opened(conversation_id)
        if opened is not None and conversation_id != self.in_view.id:
            with contextlib.suppress(LibraryError):
                self._core.conversations.mark_unread(opened, True)
        self.sidebar.update_row(conversation_id)

    def _mark_seen(self) -> None:
        if (opened := self.in_view.conversation) is not None:
            with contextlib.suppress(LibraryError):
                self._core.conversations.mark_unread(opened, False)

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {
            ActionId.NEW_CONVERSATION: self.new_conversation,
            ActionId.STOP: self.pane.escape.press,
            ActionId.SETTINGS: self.show_settings,
            ActionId.WRITE: self.pane.composer.field.setFocus,
            ActionId.RENAME: self.rename,
            ActionId.UNDO: self.pane.undo.undo,
            ActionId.RECENTLY_DELETED: self.deletions.show_deleted,
        }

    def _add_shortcuts(self) -> None:
        owners = (self, self.window, self.conversation, self.header, self.choices, self.lab)
        self.header.run = bind_actions(self.window, [owner.handlers() for owner in owners])

    def _open_last(self) -> None:
        self.show_list()
        last = self._core.settings.window().get("conversation")
        try:
            if isinstance(last, str) and self._core.conversations.listing.entry(last) is not None:
                self.open_conversation(last)
        except LibraryError as failure:
            self.pane.banner.show_words(str(failure))
        if self.in_view.conversation is None:
            self.in_view.show(None)
        for sentence in self._core.notices():
            self.pane.banner.show_words(sentence)
        self.show_read_only()

    def show_read_only(self) -> None:
        """Show that the library can't be written, if that is so."""
        report = self._core.library.report
        if report.read_only:
            from app.ui.shell.read_only_bar import ReadOnlyBar

            bar = ReadOnlyBar(self._theme, self._core.directory, report.reason)
            self.pane.put_bar(bar)
            announce(self.pane, bar.accessibleName())

    # Wishes of the person.

    def _take_beginning(self) -> None:
        """The first message was written where there was no conversation yet."""
        self.sidebar.select(self.in_view.id)
        self._keep_state()

    def _rename(self, conversation_id: str, title: str) -> None:
        try:
            self._core.conversations.rename(conversation_id, title)
        except LoquatError as failure:
            self.pane.banner.show_words(str(failure))

    def _take_setting(self, name: str) -> None:
        if name == Settings.theme.name:
            self._theme.choose(self._core.settings.theme)
        elif name in SHOWN_SETTINGS:
            self._take_settings()

    def _take_settings(self) -> None:
        self.writing.refresh()
        self.choices.refresh()

    def _help(self, remedy: str) -> None:
        provider = self.in_view.provider
        match Remedy(remedy):
            case Remedy.MODEL:
                self.choices.show_picker()
            case Remedy.CREDIT if provider.traits.credit_page:
                open_page(provider.traits.credit_page)
            case _:
                self.settings_window().show_provider(provider.id)
                self.settings_window().come_forward()

    # Remembering.

    def _look_elsewhere(self) -> None:
        """Show what the command line may have added meanwhile."""
        try:
            if self._core.conversations.changed_elsewhere():
                self.show_list()
        except LibraryError as failure:
            self.pane.banner.show_words(str(failure))

    def _keep_state(self) -> None:
        """Remember how the window is; not only at its end, which may come without warning."""
        state = self.window.state() | self.choices.state() | self.lab.state()
        state["conversation"] = self.in_view.id
        # A library that can't be written has said so already.
        with contextlib.suppress(LibraryError):
            self._core.settings.put_window(state)

    def _keep_all(self) -> None:
        self.writing.keep_draft()
        self.conversation.keep_place()
        self.editing.keep()
        self._keep_state()
