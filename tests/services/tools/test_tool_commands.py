"""Which commands there are: kept in the settings, each by its tool, and nothing ill-formed."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.tool_command import ToolCommand, commands_from
from app.domain.errors import CommandError, NotFoundError
from app.services.program.core import Core
from app.services.tools.commands import Commands
from tests.checkout import ROOT


def test_commands_are_kept_by_their_tool(core: Core) -> None:
    commands = Commands(core.settings)
    assert commands.all() == ()
    look = ToolCommand("look", ("look", "-v", "ä b"), seconds=2.5)
    commands.put(look)
    commands.put(ToolCommand("find", ("find",), always=True))
    assert commands.find("look") == look
    assert commands.find("other") is None
    commands.put(ToolCommand("look", ("see",)))
    assert [one.arguments for one in Commands(core.settings).all()] == [("see",), ("find",)]
    commands.remove("look")
    commands.remove("look")
    assert [one.tool for one in commands.all()] == ["find"]


def test_a_tool_is_allowed_once_for_all(core: Core) -> None:
    commands = Commands(core.settings)
    commands.put(ToolCommand("look", ("look",), seconds=2))
    commands.put(ToolCommand("find", ("find",)))
    commands.allow_always("look")
    assert commands.find("look") == ToolCommand("look", ("look",), always=True, seconds=2)
    assert commands.find("find") == ToolCommand("find", ("find",))
    with pytest.raises(NotFoundError, match="other"):
        commands.allow_always("other")


@pytest.mark.parametrize(
    "wrong",
    [
        ToolCommand("", ("look",)),
        ToolCommand("look", ()),
        ToolCommand("look", ("look", "\0")),
        ToolCommand("look", ("look",), seconds=0),
        ToolCommand("look", ("look",), seconds=-1),
        ToolCommand("look", ("look",), seconds=float("nan")),
        ToolCommand("look", ("look",), seconds=float("inf")),
    ],
)
def test_what_is_no_command_is_not_kept(core: Core, wrong: ToolCommand) -> None:
    with pytest.raises(CommandError):
        Commands(core.settings).put(wrong)
    assert core.settings.tool_commands == ()


def test_ill_formed_entries_are_left_out(core: Core) -> None:
    good = {"tool": "look", "arguments": ["look"]}
    core.library.put_setting(
        "tool_commands",
        [
            *(7, None, [], "look", {}, {"tool": "a"}, {"arguments": ["a"]}),
            {**good, "arguments": "look"},
            {**good, "arguments": []},
            {**good, "arguments": ["look", 7]},
            {**good, "arguments": ["look", "\0"]},
            {**good, "tool": 7},
            {**good, "seconds": "7"},
            {**good, "seconds": True},
            {**good, "seconds": -7},
            {**good, "always": "no", "more": 1},
            {**good, "arguments": ["second"]},
        ],
    )
    assert list(core.settings.tool_commands) == [ToolCommand("look", ("look",))]
    for nothing in (None, 7, "look", good):
        core.library.put_setting("tool_commands", nothing)
        assert not core.settings.tool_commands


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["tool", "arguments", "always", "seconds"]), inner)
        ),
    )
)
def test_no_setting_is_too_strange_to_be_read(value: Any) -> None:
    for one in commands_from(value):
        assert one.tool
        assert one.arguments


def test_the_settings_load_nothing_that_runs_commands() -> None:
    code = (
        "import sys, app.services.tools.commands as _;"
        "print(*{'asyncio', 'selectors', 'subprocess'}.intersection(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
