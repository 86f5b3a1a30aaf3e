"""Colours can be told apart, icons are there, the theme is followed."""

from itertools import pairwise

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.markup.highlighting import SyntaxClass
from app.ui.common.actions import ACTIONS
from app.ui.parameters.preset_chips import TINT
from app.ui.theme.colours import DARK, LIGHT, Colours, contrast
from app.ui.theme.controls import SpinBox
from app.ui.theme.icons import _GLYPHS, glyph
from app.ui.theme.theme import Theme
from app.ui.theme.window_icon import SIZES, window_icon
from tests.ui.conftest import keep

GROUNDS = ("base", "side", "raised", "hover", "selected", "bubble", "code")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_stands_out_from_every_ground(colours: Colours, ground: str) -> None:
    assert contrast(colours.text, getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("muted", "base", 4.5),
        ("muted", "side", 4.5),
        ("muted", "code", 4.5),
        ("muted", "raised", 4.5),
        ("link", "base", 4.5),
        ("link", "bubble", 4.5),
        ("warning", "base", 4.5),
        ("warning", "side", 4.5),
        ("text", "warning_base", 4.5),
        ("on_accent", "accent", 4.5),
        ("text", "selection", 4.5),
        ("text", "found", 4.5),
        *((f"code_{ink.value}", "code", 4.5) for ink in SyntaxClass),
        ("text", "found_here", 4.5),
        *(
            (f"code_{ink}", ground, 4.5)
            for ink in ("added", "removed")
            for ground in ("side", "raised")
        ),
        *(
            ("muted", ground, 4.5)
            for ground in ("bubble", "hover", "selected", "warning_base", "selection", "found")
        ),
        *(("link", ground, 4.5) for ground in ("side", "raised", "hover", "selection", "found")),
        *(("warning", ground, 4.5) for ground in ("raised", "hover", "selection")),
        *((f"code_{ink.value}", "selection", 4.5) for ink in SyntaxClass),
        # Send under the mouse, and the ring around it: it lies on the ground of the composer.
        ("on_accent", "link", 4.5),
        ("text", "raised", 3),
        # Frames of fields, buttons, chips, the queue, the message editor and the chosen tab, and
        # the rings of keyboard focus, on all that they lie on.
        *(
            (ink, ground, 3)
            for ink in ("control", "accent")
            for ground in ("base", "side", "raised", "hover", "bubble", "code", "warning_base")
        ),
        # The mark of an answer under way on the selected row of the sidebar.
        ("accent", "selected", 3),
        ("accent", "raw", 3),
        ("raw_line", "side", 3),
    ],
)
def test_inks_stand_out_from_their_grounds(
    colours: Colours, ink: str, ground: str, least: float
) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= least


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_heat_and_each_step_from_the_next(colours: Colours) -> None:
    grounds = (colours.base, *colours.heat)
    for ground in grounds:
        assert contrast(colours.text, ground) >= 4.5
    # Lightness alone tells them apart, so that no eye needs the hue.
    for one, other in pairwise(grounds):
        assert contrast(one, other) >= 1.1


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["side", "raised"])
def test_the_active_preset_stands_out(colours: Colours, ground: str) -> None:
    under, over = QColor(getattr(colours, ground)), QColor(colours.accent)
    pairs = (
        (over.red(), under.red()),
        (over.green(), under.green()),
        (over.blue(), under.blue()),
    )
    share = TINT / 255
    mixed = QColor(*(round(share * one + (1 - share) * other) for one, other in pairs)).name()
    assert contrast(colours.text, mixed) >= 4.5
    assert contrast(colours.accent, mixed) >= 3


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_icon_has_an_outline(qapp: QApplication) -> None:
    assert [name for name in _GLYPHS if glyph(name).isEmpty()] == []


def test_choosing_a_theme_changes_the_palette(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    light = qapp.palette().window().color()
    theme.choose("dark")
    assert theme.colours is DARK
    assert qapp.palette().window().color() != light
    theme.choose("light")


def test_a_number_is_seen_in_its_field(qtbot: QtBot, theme: Theme) -> None:
    """Under a sheet Qt leaves no room beside buttons that it was told not to draw."""
    field = SpinBox()
    keep(qtbot, field)
    field.show()
    assert field.lineEdit().width() > field.width() // 2


def test_no_icon_has_two_names() -> None:
    assert len(set(_GLYPHS.values())) == len(_GLYPHS)


def test_actions_with_one_icon_mean_the_same() -> None:
    by_icon: dict[str, set[str]] = {}
    for action in ACTIONS.values():
        if action.icon:
            by_icon.setdefault(action.icon, set()).add(action.words)
    several = {name: words for name, words in by_icon.items() if len(words) > 1}
    # Steps downwards and to the next match, and a menu that opens below, are all a way down.
    assert set(several) <= {"down"}


def test_the_window_icon_is_drawn_in_every_size(qtbot: QtBot) -> None:
    icon = window_icon()
    assert {size.width() for size in icon.availableSizes()} == set(SIZES)
    for size in SIZES:
        image = icon.pixmap(size, size).toImage()
        assert image.pixelColor(size // 2, size * 5 // 8).alpha() == 255
        assert image.pixelColor(0, 0).alpha() == 0


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_cuts_are_readable_and_differ(colours: Colours) -> None:
    assert all(contrast(cut, colours.side) >= 4.5 for cut in colours.cuts)
    assert len(set(colours.cuts)) == len(colours.cuts)
