"""Presets of parameters: the person's own and the shipped ones, and their use in conversations."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from app.domain.errors import InputError, LibraryReadOnly
from app.domain.ids import new_id
from app.domain.parameters.kinds import Json, Values
from app.domain.parameters.presets import (
    LONGEST_ABOUT,
    SHIPPED,
    Preset,
    applied,
    free_name,
    matching,
)
from app.domain.parameters.table import validated
from app.domain.text.translation import _
from app.services.observers import Observers
from app.store.library import Library

#: Beginnings of the names under which the preset of a conversation, and of a model, is kept.
OF_CONVERSATION = "preset of "
OF_MODEL = "preset for "


class Presets:
    """All presets, and the choice of a preset for conversations and models.

    Every call may raise LibraryError.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        #: The preset of the next conversation, which has no id yet.
        self._next: str | None = None
        #: The list of presets has changed.
        self.changed: Observers[[]] = Observers()

    def all(self) -> list[Preset]:
        """Return the shipped presets, followed by the person's own by name."""
        own = sorted(self._library.presets(), key=lambda one: one.name.casefold())
        return [*SHIPPED, *own]

    def get(self, preset_id: str) -> Preset | None:
        """Return a preset; None if it is gone."""
        return next((one for one in self.all() if one.id == preset_id), None)

    def save(self, name: str, about: str, values: Values) -> Preset:
        """Store values as a new preset. A number is added to a name that is taken.

        Raises ParameterError.
        """
        preset = Preset(new_id(), self._free(name), about[:LONGEST_ABOUT], validated(values))
        return self._put(preset)

    def overwrite(self, preset_id: str, values: Values) -> Preset:
        """Change the values of one of the person's presets; return the preset before the change.

        Raises InputError if it is a shipped preset or is gone; ParameterError.
        """
        before = self._own(preset_id)
        self._put(replace(before, parameters=validated(values)))
        return before

    def rename(self, preset_id: str, name: str, about: str) -> Preset:
        """Change the name and description of one of the person's presets. Raises InputError."""
        before = self._own(preset_id)
        free = self._free(name, but=preset_id)
        return self._put(replace(before, name=free, about=about[:LONGEST_ABOUT]))

    def duplicate(self, preset_id: str) -> Preset:
        """Copy any preset as one of the person's. Raises InputError if it is gone."""
        preset = self.get(preset_id)
        if preset is None:
            raise InputError(_("This preset was deleted."))
        return self.save(preset.name, preset.about, preset.parameters)

    def remove(self, preset_id: str) -> Preset:
        """Delete one of the person's presets; return it for `restore`. Raises InputError."""
        preset = self._own(preset_id)
        self._library.remove_preset(preset_id)
        self.changed.notify()
        return preset

    def restore(self, preset: Preset) -> None:
        """Store a deleted preset again."""
        self._put(preset)

    def take(self, found: Sequence[Preset]) -> list[Preset]:
        """Add presets that were read from a file, with a number after names that are taken."""
        return [self.save(one.name, one.about, one.parameters) for one in found]

    # The preset in use.

    def current(self, conversation_id: str, values: Values) -> Preset | None:
        """Return the preset in use in a conversation: a preset with exactly these values, else the
        preset that was chosen last if it still exists, else None."""
        kept = self._next
        if conversation_id:
            kept = self._library.setting(f"{OF_CONVERSATION}{conversation_id}")
        there = self.all()
        last = [one for one in there if one.id == kept]
        return matching(values, [*last, *there]) or (last[0] if last else None)

    def remember(self, conversation_id: str, preset_id: str | None) -> None:
        """Store the preset that was chosen in a conversation; "" is the next conversation. A
        read-only library doesn't keep it."""
        if not conversation_id:
            self._next = preset_id
        elif preset_id != self._library.setting(f"{OF_CONVERSATION}{conversation_id}"):
            with suppress(LibraryReadOnly):
                self._library.put_setting(f"{OF_CONVERSATION}{conversation_id}", preset_id)

    def default_for(self, provider_id: str, model_id: str) -> Preset | None:
        """Return the preset that new conversations with a model start with; None without one."""
        kept = self._library.setting(f"{OF_MODEL}{provider_id} {model_id}")
        return self.get(kept) if isinstance(kept, str) else None

    def put_default_for(self, provider_id: str, model_id: str, preset_id: str | None) -> None:
        """Store the preset that new conversations with a model start with; None for none."""
        self._library.put_setting(f"{OF_MODEL}{provider_id} {model_id}", preset_id)
        self.changed.notify()

    def starts(self) -> dict[str, list[str]]:
        """Return, by the id of a preset, the ids of the models whose new conversations start with
        it."""
        found: dict[str, list[str]] = {}
        for name, preset_id in self._library.settings_named(OF_MODEL).items():
            _provider, _space, model = name.removeprefix(OF_MODEL).partition(" ")
            if isinstance(preset_id, str) and model:
                found.setdefault(preset_id, []).append(model)
        return found

    def starting_values(self, provider_id: str, model_id: str) -> dict[str, Json]:
        """Return the parameters that a new conversation with a model starts with."""
        preset = self.default_for(provider_id, model_id)
        return {} if preset is None else applied({}, preset)

    def _own(self, preset_id: str) -> Preset:
        preset = self.get(preset_id)
        if preset is None:
            raise InputError(_("This preset was deleted."))
        if preset.shipped:
            raise InputError(
                _("“{name}” comes with Loquat and can't be changed. Duplicate it first.").format(
                    name=preset.name
                )
            )
        return preset

    def _put(self, preset: Preset) -> Preset:
        self._library.put_preset(preset)
        self.changed.notify()
        return preset

    def _free(self, name: str, but: str = "") -> str:
        return free_name(name, (one.name for one in self.all() if one.id != but))
