"""Editing a message in its place in the transcript: the text is kept until it is sent or discarded,
and the new version stands beside the old one."""

import contextlib

from PySide6.QtCore import QObject, QTimer

from app.domain.chat.conversation import Message, Role
from app.domain.errors import LibraryError
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.escape_order import Layer
from app.ui.common.undo import Change, ChangeKind
from app.ui.conversation.conversation_view import ConversationView
from app.ui.conversation.message_editor import MessageEditor
from app.ui.conversation.writing import DRAFT_MS, Writing
from app.ui.theme.theme import Theme


class Editing(QObject):
    """The edit of one message of the conversation in view. The message field below is not touched
    by it."""

    def __init__(
        self, core: Core, theme: Theme, conversation: ConversationView, writing: Writing
    ) -> None:
        super().__init__(conversation)
        self._core = core
        self._drafts = core.drafts
        self._theme = theme
        self._in_view = conversation.in_view
        self._pane = conversation.pane
        self._transcript = conversation.transcript
        self._writing = writing
        #: The message that is being edited, and the id of its conversation.
        self._message: Message | None = None
        self._conversation_id = ""
        #: The widget in which it is edited.
        self.editor: MessageEditor | None = None
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(DRAFT_MS)
        self._keeping.timeout.connect(self.keep)
        self._connect()

    def is_open(self) -> bool:
        """Return whether a message is being edited."""
        return self._message is not None

    def edit(self, message_id: str) -> None:
        """Open a message of the path in its place, with the rewrite that was begun, if there is
        one. Nothing happens while an answer is under way."""
        message = next((one for one in self._in_view.path if one.id == message_id), None)
        if message is None or self._in_view.is_answering():
            return
        if self._message is not None and self._message.id == message_id and self.editor is not None:
            self.editor.field.setFocus()
            return
        self.cancel()
        self._message, self._conversation_id = message, self._in_view.id
        self._open_editor(message)
        self.keep()

    def cancel(self) -> None:
        """Leave the message as it was. The rewrite is kept, and Edit brings it back."""
        if self._message is None:
            return
        self.keep()
        self._forget_open()
        self._close()

    def leave(self) -> None:
        """Leave the message as it was, and say so if there is a rewrite that is kept."""
        rewritten = self._is_rewritten()
        self.cancel()
        if rewritten:
            self._pane.toast.show_words(_("Your changes are kept. Edit brings them back."))

    def discard(self) -> None:
        """Leave the message as it was, and forget the rewrite. It can be undone."""
        if self._message is None or self.editor is None:
            return
        message_id, text, conversation_id = self._message.id, self.editor.text(), self._in_view.id
        self._forget_rewrite()

        def restore() -> None:
            self.cancel()
            self._drafts.put_rewrite(message_id, text)
            self.edit(message_id)

        def applies() -> bool:
            shown = self._in_view.id == conversation_id and not self._in_view.is_answering()
            return shown and any(message.id == message_id for message in self._in_view.path)

        words = _("Discarded the changes")
        self._pane.undo.push(Change(ChangeKind.REWRITE, words, restore, applies))

    def keep(self) -> None:
        """Keep the text as the rewrite of its message. What can't be written stays in memory."""
        self._keeping.stop()
        if self._message is None or self.editor is None:
            return
        text = self.editor.text()
        with contextlib.suppress(LibraryError):
            self._drafts.put_rewrite(self._message.id, None if not self._is_rewritten() else text)
            self._drafts.put_edited_message(self._conversation_id, self._message.id)

    def _connect(self) -> None:
        in_view = self._in_view
        self._pane.escape.add(Layer.EDIT, self.is_open, self.leave)
        in_view.replaced.connect(self._take_conversation)
        in_view.rearranged.connect(self._take_path)
        for news in (in_view.arrived, in_view.rearranged, in_view.finished):
            news.connect(self._show_answering)

    def _open_editor(self, message: Message) -> None:
        editor = MessageEditor(
            self._theme,
            answer=message.role is Role.ASSISTANT,
            enter_sends=self._core.settings.enter_sends,
        )
        self.editor = editor
        rewrite = None
        with contextlib.suppress(LibraryError):
            rewrite = self._drafts.rewrite(message.id)
        editor.put_text(message.text if rewrite is None else rewrite)
        editor.show_changed(self._is_rewritten())
        editor.sent.connect(self._send)
        editor.cancelled.connect(self.leave)
        editor.discarded.connect(self.discard)
        editor.edited.connect(self._take_edit)
        self._transcript.editor.open(message.id, editor)
        editor.follow_in_tab_order(self._transcript)
        editor.field.setFocus()

    def _close(self) -> None:
        editor = self.editor
        had_focus = editor is not None and editor.isAncestorOf(editor.window().focusWidget())
        message, self._message, self.editor = self._message, None, None
        self._transcript.editor.close()
        if had_focus and message is not None:
            self._transcript.setFocus()
            ids = [one.id for one in self._in_view.path]
            self._transcript.make_current(ids.index(message.id) if message.id in ids else -1)

    def _forget_open(self) -> None:
        with contextlib.suppress(LibraryError):
            self._drafts.put_edited_message(self._conversation_id, "")

    def _forget_rewrite(self) -> None:
        """Leave the edit without keeping its text."""
        if self._message is not None:
            with contextlib.suppress(LibraryError):
                self._drafts.put_rewrite(self._message.id, None)
        self._forget_open()
        self._close()

    def _is_rewritten(self) -> bool:
        editor, message = self.editor, self._message
        return editor is not None and message is not None and editor.text() != message.text

    def _take_edit(self) -> None:
        if self.editor is not None:
            self.editor.show_changed(self._is_rewritten())
            self._keeping.start()

    def _take_conversation(self) -> None:
        """Another conversation came into view: keep the rewrite of the last."""
        self.keep()
        self._close()
        with contextlib.suppress(LibraryError):
            self._offer_rewrite()

    def _offer_rewrite(self) -> None:
        """Offer to go on with the edit that was left by looking at another conversation, or by the
        end of the program."""
        message_id = self._drafts.edited_message(self._in_view.id)
        shown = any(message.id == message_id for message in self._in_view.path)
        if shown and self._drafts.rewrite(message_id) is not None:
            words = _("Your changes to a message are kept")
            self._pane.toast.show_words(words, _("Edit"), lambda: self.edit(message_id))

    def _take_path(self) -> None:
        """Close the editor if its message is not in view any more."""
        message = self._message
        if message is not None and all(one.id != message.id for one in self._in_view.path):
            self.cancel()

    def _show_answering(self, *_news: object) -> None:
        if self.editor is not None:
            self.editor.show_answering(self._in_view.is_answering())

    # Sending.

    def _send(self) -> None:
        if self._message is None:
            return
        if self._message.role is Role.USER:
            if not self._writing.holds_back(self._send_now):
                self._send_now()
        elif self._is_rewritten():
            self._send_now()
        else:
            self.cancel()

    def _send_now(self) -> None:
        message, conversation = self._message, self._in_view.conversation
        if message is None or self.editor is None or conversation is None:
            return
        text = self.editor.text()
        if not text.strip() or self._in_view.is_answering():
            return
        chat, asks = self._core.chat, message.role is Role.USER
        # The old version leaves the path while the new one comes, which must not close the edit.
        self._message = None
        try:
            if asks:
                chat.edit(conversation, message.id, text)
            else:
                chat.edit_answer(conversation, message.id, text)
        except LibraryError as failure:
            self._message = message
            why = _("Not sent: {why}") if asks else _("Not saved: {why}")
            self._pane.banner.show_words(why.format(why=failure))
            return
        self._message = message
        self._forget_rewrite()
        self._pane.composer.field.setFocus()
