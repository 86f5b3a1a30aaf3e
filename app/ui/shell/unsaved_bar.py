"""The bar that names answers which are not on the disk, and the question before quitting."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from app.domain.errors import LoquatError
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.question import Question
from app.ui.common.run_guarded import run_guarded
from app.ui.shell.window import Window

#: Most titles that the bar names.
MOST_TITLES = 3


class UnsavedBar(QObject):
    """Shows a bar while there are answers that could not be written, with buttons to try again and
    to write a copy elsewhere. Quitting is asked about once; a second request quits."""

    def __init__(self, core: Core, window: Window) -> None:
        super().__init__(window)
        self._core = core
        self._window = window
        self._unsaved = core.conversations.unsaved
        self._asking = False
        #: The ids of conversations of which a copy was written elsewhere, as they are now.
        self._copied: set[str] = set()
        self.bar = Question()
        window.pane.put_bar(self.bar)
        self._unsaved.changed.connect(self._take_change)
        core.conversations.arrived.connect(self._forget_copy)

    def may_quit(self) -> bool:
        """Return whether the program may end now. If not, the bar asks."""
        if self._asking or (self._unsaved.try_to_save() and not self._unsaved.conversations()):
            return True
        if self._copied.issuperset(self._unsaved.conversations()):
            return True
        self._asking = True
        self._show()
        self.bar.buttons[0].setFocus()
        return False

    def save_copy(self) -> None:
        """Open a file dialog; the conversations with unsaved answers are written to the chosen
        file."""
        dialog = QFileDialog(
            self._window, _("Save a copy elsewhere"), "loquat.json", _("Chats (*.json)")
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.write_copy)
        dialog.open()

    def write_copy(self, path: str) -> None:
        """Write the conversations with unsaved answers to a file. Failures are shown in the
        banner."""
        run_guarded(self._core, "copy of unsaved answers", self._fail, self._write, Path(path))

    async def _write(self, path: Path) -> None:
        from app.services.chat.copies import write_copy

        ids = self._unsaved.conversations()
        names = {provider.id: provider.name for provider in self._core.providers.all()}
        await write_copy(self._core.conversations, ids, names, path)
        self._copied.update(ids)
        self._window.pane.toast.show_words(_("A copy is in {path}").format(path=path))

    def _fail(self, failure: LoquatError) -> None:
        self._window.pane.banner.show_words(str(failure))

    def _try_again(self) -> None:
        try:
            self._unsaved.save()
        except LoquatError as failure:
            self._fail(failure)

    def _quit(self) -> None:
        self._asking = True
        self._window.close()

    def _stay(self) -> None:
        self._asking = False
        self._show()

    def _forget_copy(self, conversation_id: str, _message: object) -> None:
        self._copied.discard(conversation_id)

    def _take_change(self) -> None:
        was_shown = not self.bar.isHidden()
        self._show()
        if was_shown and self.bar.isHidden():
            self._window.pane.toast.show_words(_("Everything is saved"))

    def _show(self) -> None:
        ids = self._unsaved.conversations()
        if not ids:
            self._asking = False
            self.bar.hide()
            return
        titles = _named([self._title(id_) for id_ in ids])
        copy = (_("Save a copy elsewhere…"), self.save_copy)
        if self._asking:
            words = _("The answer in {titles} is not saved, and quitting loses it.")
            answers = [
                copy,
                (_("Don't quit"), self._stay),
                (_("Quit without saving"), self._quit),
            ]
        else:
            words = _(
                "The answer in {titles} is not saved. Loquat keeps it in memory and saves it as "
                "soon as the disk allows."
            )
            answers = [copy, (_("Try again"), self._try_again)]
        self.bar.ask(words.format(titles=titles), answers)

    def _title(self, conversation_id: str) -> str:
        try:
            title = self._core.conversations.about(conversation_id).title
        except LoquatError:
            title = ""
        return _("“{title}”").format(title=title or _("New chat"))


def _named(titles: list[str]) -> str:
    """Return a list of titles in words, with the number of those that are left out."""
    shown = ", ".join(titles[:MOST_TITLES])
    more = len(titles) - MOST_TITLES
    return _("{titles} and {n} more").format(titles=shown, n=more) if more > 0 else shown
