"""The presets of the panel: the chips, the menu beside them, and the windows."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from app.domain.errors import LibraryError, LoquatError
from app.domain.parameters.kinds import Json
from app.domain.parameters.presets import Preset, applied, differences_from_preset
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.common.undo import Change, ChangeKind
from app.ui.conversation.pane import ConversationPane
from app.ui.parameters.panel import ParameterPanel
from app.ui.presets.preset_sentences import applied_words, labels


class PresetChoice(QObject):
    """Between panel and presets. Its windows are made when they are first wanted."""

    def __init__(
        self, core: Core, in_view: InView, panel: ParameterPanel, pane: ConversationPane
    ) -> None:
        super().__init__(panel)
        self._core = core
        self._presets = core.presets
        self._in_view = in_view
        self._panel = panel
        self._pane = pane
        self._come_forward: Callable[[], None] | None = None
        #: The preset that the panel compares with: a look-up of `Presets.current`.
        self._current: Preset | None = None
        panel.preset.menu_wanted.connect(self._fill)
        panel.preset.chosen.connect(self.use)
        panel.replace_wanted.connect(self.replace)
        in_view.values_changed.connect(self._show_current)
        in_view.replaced.connect(self._leave_next)
        in_view.begun.connect(self._keep_for_begun)
        in_view.model_changed.connect(self._show)
        core.presets.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        """Show the presets, and which of them is active in the conversation in view."""
        there: list[Preset] = []
        self._current = None
        try:
            self._current = self._presets.current(self._in_view.id, self._in_view.values)
            there = self._presets.all()
        except LibraryError:
            # A library that can't be read has said so already.
            pass
        self._panel.show_preset(self._current)
        self._panel.preset.show_presets(there, self._current)
        self._show_current()

    def _keep_for_begun(self) -> None:
        """The next conversation has begun: it is on the preset that was chosen for it."""
        self._remember(self._in_view.id, self._current)
        self._remember("", None)

    def _leave_next(self) -> None:
        """Drop the choice for the next conversation: a different one is in view."""
        self._remember("", None)
        self._show()

    def replace(self, values: Mapping[str, Json], words: str) -> None:
        """Put other values in the place of all, with a toast that says so and can undo it."""
        self._replace_from(values, words, self._current)

    def _replace_from(self, values: Mapping[str, Json], words: str, former: Preset | None) -> None:
        """Replace all values; undoing that puts the former preset on again."""
        before, conversation_id = self._in_view.values, self._in_view.id
        if before == values:
            return
        self._in_view.set_values(values)

        def undo() -> None:
            self._remember(conversation_id, former)
            self._in_view.set_values(before)
            self._show()

        def applies() -> bool:
            return self._in_view.id == conversation_id and self._in_view.values == values

        self._pane.undo.push(Change(ChangeKind.IN_VIEW, words, undo, applies))

    def use(self, preset: Preset) -> None:
        """Put a preset on. It can be undone."""
        former = self._current
        self._remember(self._in_view.id, preset)
        values = applied(self._in_view.values, preset, former)
        words = applied_words(preset, self._in_view.not_supported())
        self._replace_from(values, words, former)
        self._show()

    def save_as(self) -> None:
        """Save the values that are set as a preset of the person's."""
        from app.ui.presets.preset_name import PresetNameDialog

        values = self._in_view.values
        kept = (
            _("Saves {list}.").format(list=labels(values))
            if values
            else _("No parameters are set.")
        )
        dialog = PresetNameDialog(_("Save as preset"), kept, "", "", self._pane.window())

        def save(name: str, about: str) -> None:
            try:
                preset = self._presets.save(name, about, values)
                self._remember(self._in_view.id, preset)
            except LoquatError as failure:
                self._pane.banner.show_words(str(failure))
            self._show()

        dialog.chosen.connect(save)
        dialog.show()

    def overwrite(self, preset: Preset) -> None:
        """Give a preset of the person's the values that are set. It can be undone."""
        try:
            before = self._presets.overwrite(preset.id, self._in_view.values)
        except LoquatError as failure:
            self._pane.banner.show_words(str(failure))
            return
        words = _("“{name}” was updated").format(name=preset.name)
        restore = partial(self._presets.restore, before)
        self._pane.undo.push(Change(ChangeKind.PRESET, words, restore))

    def show_window(self) -> None:
        """Show all presets."""
        if self._come_forward is None:
            from app.ui.presets.presets_window import PresetsWindow

            window = PresetsWindow(self._core, self._pane.window(), self._pane.undo)
            window.used.connect(self.use)
            self._come_forward = window.come_forward
        self._come_forward()

    def _remember(self, conversation_id: str, preset: Preset | None) -> None:
        try:
            self._presets.remember(conversation_id, preset.id if preset is not None else None)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))

    def _show_current(self) -> None:
        current = self._current
        changed = current is not None and bool(
            differences_from_preset(self._in_view.values, current)
        )
        self._panel.preset.show_current(current, changed=changed)

    def _fill(self, menu: QMenu) -> None:
        menu.addAction(_("Save as preset…")).triggered.connect(self.save_as)
        current = self._current
        if current is not None and not current.shipped:
            words = _("Update “{name}” with the current values")
            over = menu.addAction(_plain(words.format(name=current.name)))
            over.setEnabled(bool(differences_from_preset(self._in_view.values, current)))
            over.triggered.connect(partial(self.overwrite, current))
        self._add_default(menu, current)
        menu.addSeparator()
        menu.addAction(_("Manage presets…")).triggered.connect(self.show_window)

    def _add_default(self, menu: QMenu, current: Preset | None) -> None:
        provider, model_id = self._in_view.provider, self._in_view.settings.model
        default = self._presets.default_for(provider.id, model_id)
        name = self._in_view.model.name or self._in_view.model.id or provider.name
        model = _plain(name[:60])
        if current is not None:
            words = _("Use for new chats with {model}").format(model=model)
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(default is not None and default.id == current.id)
            action.toggled.connect(partial(self._put_default, current))
        if default is not None and (current is None or default.id != current.id):
            words = _("Don't use “{name}” for new chats with {model}")
            action = menu.addAction(words.format(model=model, name=_plain(default.name)))
            action.triggered.connect(partial(self._put_default, default, False))

    def _put_default(self, preset: Preset, wanted: bool, *_checked: bool) -> None:
        settings = self._in_view.settings
        chosen = preset.id if wanted else None
        try:
            self._presets.put_default_for(settings.provider, settings.model, chosen)
        except LibraryError as failure:
            self._pane.banner.show_words(str(failure))


def _plain(words: str) -> str:
    """Words for a menu, where an ampersand would underline the next letter."""
    return words.replace("&", "&&")
