"""Fills the header: title, model, number of set parameters, and the menu of the conversation."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Signal

from app.domain.chat.conversation import Conversation
from app.domain.providers.models import Model
from app.services.program.core import Core
from app.ui.common.actions import ActionId, Handlers
from app.ui.common.in_view import InView
from app.ui.conversation.header import Header

#: The entries of the menu; separators stand between the groups.
MENU: Sequence[Sequence[ActionId]] = (
    (ActionId.RENAME, ActionId.REGENERATE, ActionId.FIND),
    (ActionId.HEAT_MAP, ActionId.WHAT_IF, ActionId.SWEEP, ActionId.SEED_CHECK),
    (ActionId.DELETE_IN_VIEW,),
)
#: Entries that need a conversation that has begun, and those that need messages.
NEEDS_CONVERSATION = frozenset({ActionId.RENAME, ActionId.DELETE_IN_VIEW})
NEEDS_MESSAGES = frozenset(
    {ActionId.FIND, ActionId.HEAT_MAP, ActionId.SWEEP, ActionId.SEED_CHECK, ActionId.REGENERATE}
)


class HeaderContents(QObject):
    """Shows the conversation in view in the header, and opens its menu."""

    #: The title in view is another one; as it is shown.
    title_changed = Signal(str)
    #: The conversation in view is to be deleted: its id.
    delete_wanted = Signal(str)

    def __init__(self, core: Core, in_view: InView, header: Header) -> None:
        super().__init__(header)
        self._in_view = in_view
        self._header = header
        #: The functions that the entries of the menu call, by action.
        self.run: Handlers = {}
        in_view.replaced.connect(self._show_all)
        in_view.begun.connect(self._show_title)
        in_view.model_changed.connect(self._show_model)
        in_view.values_changed.connect(self._show_count)
        core.conversations.changed.connect(self._take_change)
        header.menu_wanted.connect(self.open_menu)
        self._show_all()

    def handlers(self) -> Handlers:
        """Return the functions for the window's actions that this class does."""
        return {
            ActionId.CONVERSATION_MENU: self.open_menu,
            ActionId.DELETE_IN_VIEW: self.delete,
        }

    def delete(self) -> None:
        """Delete the conversation in view, if it has begun."""
        if self._in_view.id:
            self.delete_wanted.emit(self._in_view.id)

    def open_menu(self) -> None:
        """Open the menu below its button; entries that do not apply are disabled."""
        from PySide6.QtCore import Qt

        from app.ui.common.action_widgets import add_entry
        from app.ui.theme.menu import Menu

        button = self._header.menu
        menu = Menu(button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in MENU:
            if not menu.isEmpty():
                menu.addSeparator()
            for action in group:
                add_entry(menu, action, self._runner(action)).setEnabled(self._applies(action))
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _runner(self, action: ActionId) -> Callable[[], object]:
        # Renaming in the menu that hangs at the title edits the title there.
        return self._header.rename if action is ActionId.RENAME else self.run[action]

    def _applies(self, action: ActionId) -> bool:
        in_view = self._in_view
        if action is ActionId.REGENERATE and in_view.is_answering():
            return False
        if action in NEEDS_MESSAGES:
            return bool(in_view.path)
        return action not in NEEDS_CONVERSATION or bool(in_view.id)

    def _show_all(self) -> None:
        self._show_title()
        self._show_model()
        self._show_count()

    def _show_title(self) -> None:
        settings: Conversation = self._in_view.settings
        self._header.show_title(settings.title, settings.id)
        self.title_changed.emit(self._header.shown_title() if settings.title else "")

    def _show_model(self) -> None:
        model, provider = self._in_view.model, self._in_view.provider
        name = "" if self._in_view.needs_model() else short_name(model)
        self._header.show_model(name, provider.name)

    def _show_count(self) -> None:
        self._header.show_count(len(self._in_view.values))

    def _take_change(self, conversation_id: str, names: frozenset[str]) -> None:
        if conversation_id == self._in_view.id and "title" in names:
            self._show_title()


def short_name(model: Model) -> str:
    """Return a model's name without its maker, which OpenRouter puts before it: “DeepSeek: DeepSeek
    V4 Pro”."""
    return model.name.partition(": ")[2] or model.name
