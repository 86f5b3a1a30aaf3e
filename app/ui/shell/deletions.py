"""Deletes conversations, and opens the list of what was deleted."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.domain.errors import LoquatError
from app.domain.text.translation import _
from app.services.chat.trash import DeletedKind
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.common.undo import Change, ChangeKind
from app.ui.common.undo_keys import UndoKeys
from app.ui.shell.window import Window


class Deletions(QObject):
    """Deletes conversations of one window, with the undo stack of its pane."""

    def __init__(
        self, core: Core, in_view: InView, window: Window, show: Callable[[str], None]
    ) -> None:
        """`show` puts the conversation with an id into view, "" the empty page."""
        super().__init__(window)
        self._core = core
        self._in_view = in_view
        self._window = window
        self._show = show
        self._come_forward: Callable[[], None] | None = None
        self._keys = UndoKeys(self)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation. An answer that is under way in it is stopped, and what came of it
        is kept."""
        pane = self._window.pane
        try:
            title = self._core.conversations.about(conversation_id).title
            self._stop(conversation_id)
            if self._in_view.id == conversation_id:
                self._show(self._window.sidebar.neighbour(conversation_id))
            self._core.conversations.delete(conversation_id)
        except LoquatError as failure:
            pane.banner.show_words(str(failure))
            return

        def restore() -> None:
            self._core.conversations.restore(conversation_id)
            self._show(conversation_id)

        def applies() -> bool:
            return self._core.trash.holds(DeletedKind.CONVERSATION, conversation_id)

        words = _("Deleted “{title}”").format(title=title or _("New chat"))
        pane.undo.push(Change(ChangeKind.CONVERSATION, words, restore, applies))

    def show_deleted(self) -> None:
        """Open the list of what was deleted."""
        if self._come_forward is None:
            from app.ui.conversation.recently_deleted import RecentlyDeleted

            dialog = RecentlyDeleted(self._core, self._window)
            self._come_forward = dialog.come_forward
        self._come_forward()

    def _stop(self, conversation_id: str) -> None:
        opened = self._core.conversations.opened(conversation_id)
        if opened is not None:
            self._core.chat.stop(conversation_id)
            self._core.tooling.stop(opened)
