"""Presets of the person's and those that come with the program: kept, passed on, put on."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.chat.conversation import new_id
from app.domain.errors import InputError
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
from app.services.observers import News
from app.store.library import Library

#: How the names of settings begin that keep which preset a conversation, and a model, is on.
OF_CONVERSATION = "preset of "
OF_MODEL = "preset for "


class Presets:
    """Every call may raise LibraryError."""

    def __init__(self, library: Library) -> None:
        self._library = library
        #: What was chosen for the next conversation: it has no id to keep it by.
        self._next: str | None = None
        #: There is another list now.
        self.changed: News[[]] = News()

    def all(self) -> list[Preset]:
        """Those that come with the program, then the person's own by name."""
        own = sorted(self._library.presets(), key=lambda one: one.name.casefold())
        return [*SHIPPED, *own]

    def get(self, preset_id: str) -> Preset | None:
        """One preset; None where it is gone."""
        return next((one for one in self.all() if one.id == preset_id), None)

    def save(self, name: str, about: str, values: Values) -> Preset:
        """Keep values under a name, with a number where the name is another's.

        Raises ParameterError.
        """
        preset = Preset(new_id(), self._free(name), about[:LONGEST_ABOUT], validated(values))
        return self._put(preset)

    def overwrite(self, preset_id: str, values: Values) -> Preset:
        """Give one of the person's presets other values; return what it was.

        Raises InputError for one that comes with the program, or is gone; ParameterError.
        """
        before = self._own(preset_id)
        self._put(replace(before, parameters=validated(values)))
        return before

    def rename(self, preset_id: str, name: str, about: str) -> Preset:
        """Give one of the person's presets another name and description. Raises InputError."""
        before = self._own(preset_id)
        free = self._free(name, but=preset_id)
        return self._put(replace(before, name=free, about=about[:LONGEST_ABOUT]))

    def duplicate(self, preset_id: str) -> Preset:
        """Make one of the person's out of any. Raises InputError where it is gone."""
        preset = self.get(preset_id)
        if preset is None:
            raise InputError(_("This preset is gone."))
        return self.save(preset.name, preset.about, preset.parameters)

    def remove(self, preset_id: str) -> Preset:
        """Forget one of the person's presets; return it, for `restore`. Raises InputError."""
        preset = self._own(preset_id)
        self._library.remove_preset(preset_id)
        self.changed.tell()
        return preset

    def restore(self, preset: Preset) -> None:
        """Bring a preset back as it was."""
        self._put(preset)

    def take(self, found: Sequence[Preset]) -> list[Preset]:
        """Add presets that were read from a file, each under a name that is free."""
        return [self.save(one.name, one.about, one.parameters) for one in found]

    # Which preset is on.

    def current(self, conversation_id: str, values: Values) -> Preset | None:
        """The preset that a conversation is on: the one put on last, while it is there, unless
        the values are exactly another's."""
        kept = self._next
        if conversation_id:
            kept = self._library.setting(f"{OF_CONVERSATION}{conversation_id}")
        there = self.all()
        last = [one for one in there if one.id == kept]
        return matching(values, [*last, *there]) or (last[0] if last else None)

    def remember(self, conversation_id: str, preset_id: str | None) -> None:
        """Keep which preset was put on in a conversation; "" is the next one."""
        if not conversation_id:
            self._next = preset_id
        elif preset_id != self._library.setting(f"{OF_CONVERSATION}{conversation_id}"):
            self._library.put_setting(f"{OF_CONVERSATION}{conversation_id}", preset_id)

    def default_for(self, provider_id: str, model_id: str) -> Preset | None:
        """The preset that new conversations with a model start with."""
        kept = self._library.setting(f"{OF_MODEL}{provider_id} {model_id}")
        return self.get(kept) if isinstance(kept, str) else None

    def put_default_for(self, provider_id: str, model_id: str, preset_id: str | None) -> None:
        """Choose what new conversations with a model start with; None for nothing."""
        self._library.put_setting(f"{OF_MODEL}{provider_id} {model_id}", preset_id)
        self.changed.tell()

    def starts(self) -> dict[str, list[str]]:
        """By a preset's id the models, by theirs, whose new conversations start with it."""
        found: dict[str, list[str]] = {}
        for name, preset_id in self._library.settings_named(OF_MODEL).items():
            _provider, _space, model = name.removeprefix(OF_MODEL).partition(" ")
            if isinstance(preset_id, str) and model:
                found.setdefault(preset_id, []).append(model)
        return found

    def starting_values(self, provider_id: str, model_id: str) -> dict[str, Json]:
        """The parameters that a new conversation with a model starts with."""
        preset = self.default_for(provider_id, model_id)
        return {} if preset is None else applied({}, preset)

    def _own(self, preset_id: str) -> Preset:
        preset = self.get(preset_id)
        if preset is None:
            raise InputError(_("This preset is gone."))
        if preset.shipped:
            raise InputError(
                _("“{name}” comes with Loquat and stays as it is. Duplicate it first.").format(
                    name=preset.name
                )
            )
        return preset

    def _put(self, preset: Preset) -> Preset:
        self._library.put_preset(preset)
        self.changed.tell()
        return preset

    def _free(self, name: str, but: str = "") -> str:
        return free_name(name, (one.name for one in self.all() if one.id != but))
