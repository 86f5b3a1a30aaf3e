"""The input method that Qt is to use, chosen from the environment before Qt starts.

PySide6 brings Qt's plugins for IBus and for composing keys, and none for Fcitx. Fcitx 5 also
understands IBus's protocol, at the D-Bus name of IBus's portal, so that Qt's plugin for IBus can
talk to it.
"""

import importlib.util
import os
from collections.abc import Mapping, MutableMapping
from enum import Enum
from pathlib import Path

from app.domain.text.translation import _

#: The variables with a list of Qt's plugins, separated by semicolons (Qt 6.7), and with one plugin.
_LIST, _SINGLE = "QT_IM_MODULES", "QT_IM_MODULE"
#: Has Qt's plugin for IBus use the portal's name instead of IBus's own address.
_PORTAL = "IBUS_USE_PORTAL"
#: The variables that name the input method of other programs, and the ways they name Fcitx.
_OTHERS = {"XMODIFIERS": "@im=fcitx", "GTK_IM_MODULE": "fcitx"}
_FCITX = {"fcitx", "fcitx5"}


class InputMethod(Enum):
    """The ways in which Qt gets composed text."""

    COMPOSE = "compose"
    IBUS = "ibus"
    #: Fcitx through IBus's portal.
    FCITX = "fcitx"
    #: A plugin of another origin, which was installed for this Qt.
    OTHER = "other"


def wanted_input_method(environment: Mapping[str, str]) -> InputMethod:
    """Return the way that an environment asks for."""
    modules = _modules(environment)
    if not modules:
        # On Wayland Qt talks to the compositor, and with it to Fcitx.
        named = any(environment.get(name, "").startswith(value) for name, value in _OTHERS.items())
        routed = named and "WAYLAND_DISPLAY" not in environment and not _has_plugin(environment)
        return InputMethod.FCITX if routed else InputMethod.COMPOSE
    first = modules[0].lower()
    if first in _FCITX:
        return InputMethod.OTHER if _has_plugin(environment) else InputMethod.FCITX
    if first == "ibus":
        return InputMethod.IBUS
    return InputMethod.COMPOSE if first in {"compose", "xim", "simple"} else InputMethod.OTHER


def choose_input_method(environment: MutableMapping[str, str] = os.environ) -> InputMethod:
    """Change the environment so that Qt's plugin for IBus is used in place of the one for Fcitx,
    which is missing; return the chosen way. Qt reads the environment when the application is made.
    """
    wanted = wanted_input_method(environment)
    if wanted is InputMethod.FCITX:
        name = _LIST if environment.get(_LIST) else _SINGLE
        environment[name] = ";".join(_without_fcitx(environment)) or "ibus"
        environment.setdefault(_PORTAL, "1")
    return wanted


def words_of(method: InputMethod) -> str:
    """Return a sentence about a way, for the diagnosis."""
    match method:
        case InputMethod.COMPOSE:
            return _("composing keys only; set QT_IM_MODULE to ibus or fcitx for an input method")
        case InputMethod.IBUS:
            return _("IBus")
        case InputMethod.FCITX:
            return _(
                "Fcitx through its IBus frontend: Fcitx 5 must run, with the add-on “IBus "
                "Frontend” on"
            )
        case InputMethod.OTHER:
            return _("a plugin that was installed for Qt")


def _modules(environment: Mapping[str, str]) -> list[str]:
    listed = environment.get(_LIST) or environment.get(_SINGLE) or ""
    return [name.strip() for name in listed.split(";") if name.strip()]


def _without_fcitx(environment: Mapping[str, str]) -> list[str]:
    names = ["ibus" if name.lower() in _FCITX else name for name in _modules(environment)]
    return list(dict.fromkeys(names))


def _has_plugin(environment: Mapping[str, str]) -> bool:
    """Return whether a plugin for Fcitx lies where Qt looks for plugins."""
    folders = [
        Path(folder) for folder in environment.get("QT_PLUGIN_PATH", "").split(":") if folder
    ]
    spec = importlib.util.find_spec("PySide6")
    if spec is not None and spec.origin:
        folders.append(Path(spec.origin).parent / "Qt" / "plugins")
    return any(any((folder / "platforminputcontexts").glob("*fcitx*")) for folder in folders)
