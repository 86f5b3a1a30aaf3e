"""The input method is chosen from the environment as the session means it."""

from pathlib import Path

import pytest

from app.services.program.input_method import (
    InputMethod,
    choose_input_method,
    wanted_input_method,
    words_of,
)

SINGLE, LISTED, PORTAL = "QT_IM_MODULE", "QT_IM_MODULES", "IBUS_USE_PORTAL"


@pytest.mark.parametrize(
    ("environment", "method"),
    [
        ({}, InputMethod.COMPOSE),
        ({SINGLE: "ibus"}, InputMethod.IBUS),
        ({SINGLE: "fcitx"}, InputMethod.FCITX),
        ({SINGLE: "fcitx5"}, InputMethod.FCITX),
        ({LISTED: "fcitx;ibus"}, InputMethod.FCITX),
        ({LISTED: "ibus;fcitx", SINGLE: "fcitx"}, InputMethod.IBUS),
        ({SINGLE: "xim"}, InputMethod.COMPOSE),
        ({SINGLE: "maliit"}, InputMethod.OTHER),
        ({"XMODIFIERS": "@im=fcitx"}, InputMethod.FCITX),
        ({"GTK_IM_MODULE": "fcitx"}, InputMethod.FCITX),
        ({"XMODIFIERS": "@im=fcitx", "WAYLAND_DISPLAY": "wayland-0"}, InputMethod.COMPOSE),
        ({"XMODIFIERS": "@im=ibus", SINGLE: "ibus"}, InputMethod.IBUS),
    ],
)
def test_the_environment_is_understood(environment: dict[str, str], method: InputMethod) -> None:
    assert wanted_input_method(environment) is method
    assert words_of(method)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({SINGLE: "fcitx"}, {SINGLE: "ibus", PORTAL: "1"}),
        ({LISTED: "wayland;fcitx;ibus"}, {LISTED: "wayland;fcitx;ibus"}),
        ({LISTED: "fcitx;ibus"}, {LISTED: "ibus", PORTAL: "1"}),
        ({"XMODIFIERS": "@im=fcitx"}, {"XMODIFIERS": "@im=fcitx", SINGLE: "ibus", PORTAL: "1"}),
        ({SINGLE: "ibus"}, {SINGLE: "ibus"}),
        ({}, {}),
    ],
)
def test_fcitx_is_reached_through_ibus(before: dict[str, str], after: dict[str, str]) -> None:
    choose_input_method(before)
    assert before == after


def test_a_plugin_for_fcitx_is_used_where_there_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "platforminputcontexts"
    folder.mkdir()
    (folder / "libfcitx5platforminputcontextplugin.so").touch()
    environment = {SINGLE: "fcitx", "QT_PLUGIN_PATH": str(tmp_path)}
    assert choose_input_method(environment) is InputMethod.OTHER
    assert environment[SINGLE] == "fcitx"
