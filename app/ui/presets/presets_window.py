"""The presets window: the list of presets with their values, and buttons to apply, change, compare,
import and export them."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LoquatError
from app.domain.parameters.presets import Preset
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.action_widgets import bind
from app.ui.common.actions import ActionId
from app.ui.common.held_key import ignore_held_keys
from app.ui.common.run_guarded import run_guarded
from app.ui.common.undo import Change, ChangeKind, UndoStack
from app.ui.presets.preset_compare import PresetComparison
from app.ui.presets.preset_name import PresetNameDialog
from app.ui.presets.preset_sentences import import_words, values_words
from app.ui.theme.buttons import dialog_button
from app.ui.theme.words import PlainLabel

#: Role under which list items keep the id of their preset.
ID = Qt.ItemDataRole.UserRole
#: Mark of a preset with which new conversations of some model start.
STAR = "★"


class PresetsWindow(QDialog):
    """Dialog with the list of all presets beside the description and values of the selected one. It
    is made when it is first opened, and then kept."""

    #: The preset that is to be applied to the conversation in view.
    used = Signal(Preset)

    def __init__(self, core: Core, parent: QWidget, undo: UndoStack) -> None:
        super().__init__(parent)
        self._core = core
        self._presets = core.presets
        self._undo_stack = undo
        self.setWindowTitle(_("Presets"))
        self.resize(680, 500)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Presets"))
        self.list.currentItemChanged.connect(self._show_one)
        self.list.itemActivated.connect(self._use)
        self.about, self.values, self.said = PlainLabel(), PlainLabel(), PlainLabel()
        self.about.setAccessibleName(_("Description"))
        for words in (self.about, self.values, self.said):
            words.setWordWrap(True)
            words.setMinimumWidth(1)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.setObjectName("muted")
        self.said.hide()
        self._buttons = {
            name: dialog_button(words, slot)
            for name, words, slot in (
                ("use", _("Use"), self._use),
                ("rename", _("Rename…"), self._rename),
                ("duplicate", _("Duplicate"), self._duplicate),
                ("delete", _("Delete"), self._delete),
                ("undo", _("Undo"), self._undo),
                ("compare", _("Compare…"), self.compare),
                ("import", _("Import…"), self.choose_import),
                ("export", _("Export…"), self.choose_export),
                ("export_all", _("Export my presets…"), self.choose_export_all),
            )
        }
        ignore_held_keys(self._buttons["delete"])
        self._keys()
        self._arrange()
        self._presets.changed.connect(self._show_list)
        undo.undone.connect(self._show_undone)
        undo.failed.connect(self._say)
        self._show_list()

    def come_forward(self) -> None:
        """Bring the window to the front with an up-to-date list."""
        self._say("")
        self._show_list()
        self.show()
        self.raise_()
        self.list.setFocus()

    def choose_import(self) -> None:
        """Open a file dialog; the presets of the chosen file are added."""
        dialog = QFileDialog(self, _("Import presets"), "", _("Presets (*.json)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.import_file)
        dialog.open()

    def choose_export(self) -> None:
        """Open a file dialog; the selected preset is written to the chosen file."""
        preset = self._chosen()
        if preset is not None:
            self._choose_file(_("Export a preset"), lambda path: self.export_file(path, [preset]))

    def choose_export_all(self) -> None:
        """Open a file dialog; all presets that do not come with Loquat are written to the chosen
        file."""
        own = [preset for preset in self._presets.all() if not preset.shipped]
        self._choose_file(_("Export presets"), lambda path: self.export_file(path, own))

    def _choose_file(self, title: str, write: Callable[[str], None]) -> None:
        dialog = QFileDialog(self, title, "presets.json", _("Presets (*.json)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(write)
        dialog.open()

    def import_file(self, path: str) -> None:
        """Add the presets of a file on a thread, and then show their number and the problems of the
        file. Failures are shown in the window."""
        run_guarded(self._core, "presets: import", self._fail, self._import, Path(path))

    def export_file(self, path: str, presets: Sequence[Preset]) -> None:
        """Write presets to a file on a thread. Failures are shown in the window."""
        run_guarded(self._core, "presets: export", self._fail, self._export, Path(path), presets)

    def compare(self) -> None:
        """Open the comparison of the selected preset with the next one in the list."""
        presets = self._presets.all()
        place = max(0, self.list.currentRow())
        window = PresetComparison(presets, place, (place + 1) % len(presets), self)
        window.used.connect(self.used)
        window.show()

    async def _import(self, path: Path) -> None:
        from app.services.library.preset_files import read_file

        content = await asyncio.to_thread(read_file, path)
        added = self._presets.take(content.presets)
        if added:
            self._select(added[0].id)
        self._say(import_words(len(added), content.problems))

    async def _export(self, path: Path, presets: Sequence[Preset]) -> None:
        from app.services.library.preset_files import write_file

        await asyncio.to_thread(write_file, presets, path)
        self._say(_("Exported to {path}.").format(path=path))

    def _chosen(self) -> Preset | None:
        row = self.list.currentRow()
        return None if row < 0 else self._presets.get(self.list.item(row).data(ID))

    def _use(self) -> None:
        preset = self._chosen()
        if preset is not None:
            self.used.emit(preset)

    def _rename(self) -> None:
        preset = self._chosen()
        if preset is None:
            return
        kept = values_words(preset.parameters)
        dialog = PresetNameDialog(_("Rename a preset"), kept, preset.name, preset.about, self)

        def rename(name: str, about: str) -> None:
            self._try(lambda: self._select(self._presets.rename(preset.id, name, about).id))

        dialog.chosen.connect(rename)
        dialog.show()

    def _duplicate(self) -> None:
        preset = self._chosen()
        if preset is not None:
            self._try(lambda: self._select(self._presets.duplicate(preset.id).id))

    def _delete(self) -> None:
        preset = self._chosen()
        if preset is not None:
            self._try(lambda: self._remove(preset))

    def _remove(self, preset: Preset) -> None:
        removed = self._presets.remove(preset.id)
        self._say(_("“{name}” was deleted.").format(name=preset.name))

        def restore() -> None:
            self._presets.restore(removed)
            self._select(removed.id)

        words = _("Deleted the preset “{name}”").format(name=preset.name)
        self._undo_stack.push(Change(ChangeKind.PRESET, words, restore))

    def _undo(self) -> None:
        self._undo_stack.undo_kind(ChangeKind.PRESET)

    def _show_undone(self) -> None:
        self._say("")
        self._show_state()

    def _try(self, work: Callable[[], object]) -> None:
        """Call `work`; show its LoquatError in the window."""
        try:
            work()
        except LoquatError as failure:
            self._fail(failure)
        self._show_state()

    def _fail(self, failure: LoquatError) -> None:
        self._say(str(failure))

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _show_list(self) -> None:
        row = self.list.currentRow()
        chosen = self.list.item(row).data(ID) if row >= 0 else ""
        place = max(0, row)
        self.list.clear()
        starts = self._presets.starts()
        for preset in self._presets.all():
            is_start = preset.id in starts
            item = QListWidgetItem(f"{preset.name} {STAR}" if is_start else preset.name)
            item.setData(ID, preset.id)
            if is_start:
                words = _("{name}, used for new chats").format(name=preset.name)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            self.list.addItem(item)
        self.list.setCurrentRow(min(place, self.list.count() - 1))
        self._select(chosen)

    def _select(self, preset_id: str) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(ID) == preset_id:
                self.list.setCurrentRow(row)

    def _show_one(self) -> None:
        preset = self._chosen()
        if preset is None:
            return
        comes = _("Comes with Loquat. To change it, duplicate it.") if preset.shipped else ""
        models = ", ".join(self._presets.starts().get(preset.id, []))
        start = _("{star} Used for new chats with {models}.")
        start = start.format(star=STAR, models=models) if models else ""
        self.about.setText("\n\n".join(words for words in (preset.about, start, comes) if words))
        self.about.setVisible(bool(self.about.text()))
        self.values.setText(values_words(preset.parameters))
        self._show_state()

    def _show_state(self) -> None:
        preset = self._chosen()
        own = preset is not None and not preset.shipped
        self._buttons["rename"].setEnabled(own)
        self._buttons["delete"].setEnabled(own)
        can_undo = self._undo_stack.next(ChangeKind.PRESET) is not None
        self._buttons["undo"].setVisible(can_undo)
        mine = any(not other.shipped for other in self._presets.all())
        self._buttons["export"].setEnabled(preset is not None)
        self._buttons["export_all"].setEnabled(mine)

    def _keys(self) -> None:
        """Bind the keys that file lists have, too: F2 renames, Delete deletes, and the key for undo
        restores."""
        context = Qt.ShortcutContext.WidgetShortcut
        for action, name in (
            (ActionId.RENAME_PRESET, "rename"),
            (ActionId.DELETE_PRESET, "delete"),
            (ActionId.RESTORE_PRESET, "undo"),
        ):
            bind(self.list, action, self._buttons[name].click, context)

    def _arrange(self) -> None:
        right = QVBoxLayout()
        right.addWidget(self.about)
        right.addWidget(self.values)
        right.addStretch(1)
        right.addWidget(self.said)
        right.addLayout(self._row(("use", "compare", "export")))
        right.addLayout(self._row(("rename", "duplicate", "delete", "undo")))
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addLayout(self._row(("import", "export_all")))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left, 2)
        layout.addLayout(right, 3)

    def _row(self, names: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        for name in names:
            row.addWidget(self._buttons[name])
        row.addStretch(1)
        return row
