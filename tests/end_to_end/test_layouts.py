"""Shortcuts work with keyboard layouts that have no Latin letters, and with Latin ones at home."""

import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.input_methods import need
from tests.end_to_end.program import Program
from tests.end_to_end.reading import State
from tests.end_to_end.screen import Screen

pytestmark = pytest.mark.screen

SetLayout = Callable[[str], None]
#: X scan codes of keys by the letters of a US keyboard.
KEYS = {"n": 57, "a": 38, "c": 54, "v": 55, "x": 53, "z": 52, "f": 41, "comma": 59, "o": 32}


@pytest.fixture
def set_layout(screen: Screen) -> Iterator[SetLayout]:
    """Choose the only layout of the screen's keyboard; US comes back after the test."""
    need("setxkbmap", "xdotool")

    def choose(layout: str) -> None:
        subprocess.run(
            ["setxkbmap", "-layout", layout], env=screen.environment, check=True, timeout=30
        )

    yield choose
    choose("us")


def press(program: Program, name: str, *, control: bool = True) -> None:
    """Press a key by its place, with Ctrl or alone."""
    program.wait(program.is_active, "the window has the keyboard")
    keys = (["ctrl"] if control else []) + [str(KEYS[name])]
    program.screen.press("+".join(keys))


@pytest.mark.parametrize("layout", ["ru", "gr", "il", "th"])
def test_shortcuts_are_at_their_places_without_latin_letters(
    start: Start, set_layout: SetLayout, layout: str
) -> None:
    program = start()
    set_layout(layout)
    program.message.focus()
    press(program, "n", control=False)
    program.wait(lambda: program.message.text != "", "a letter")
    letter = program.message.text
    assert not letter.isascii()
    for key in ("a", "c", "v", "v"):
        press(program, key)
    program.wait(lambda: program.message.text == letter * 2, "copied and pasted twice")
    press(program, "a")
    press(program, "x")
    program.wait(lambda: program.message.text == "", "cut")
    press(program, "z")
    program.wait(lambda: program.message.text == letter * 2, "taken back")
    press(program, "f")
    program.wait(lambda: program.is_shown("text", "Find"), "the find bar")


def test_a_latin_layout_keeps_its_own_places(start: Start, set_layout: SetLayout) -> None:
    program = start()
    program.message.focus()
    set_layout("dvorak")
    # The place of F on a US keyboard is U on Dvorak, and F is at the place of Y.
    press(program, "f")
    assert not program.is_shown("text", "Find")
    program.screen.press("ctrl+29")
    program.wait(lambda: program.is_shown("text", "Find"), "the find bar")
    assert State.FOCUSED in program.top.find("text", "Find").states


def test_a_dead_key_typed_in_the_list_is_composed_in_the_field(
    start: Start, set_layout: SetLayout
) -> None:
    program = start()
    set_layout("us(intl)")
    program.top.find("list", "Chats").focus()
    program.wait(lambda: State.FOCUSED not in program.message.states, "the list has the focus")
    # The acute accent, and E.
    program.keys("48", "26", "26")
    program.wait(lambda: program.message.text == "ée", "the letter with its accent")
