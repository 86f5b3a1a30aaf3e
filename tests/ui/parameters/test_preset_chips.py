"""The presets as chips: the active one, how they are pressed, and how they flow."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.parameters.presets import SHIPPED, Preset
from app.services.program.core import Core
from app.ui.parameters.preset_chips import MOST_CHIPS, Chip, PresetChips
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.ui.conftest import OnLoop, keep, use_server


def chips_of(qtbot: QtBot, width: int = 268) -> PresetChips:
    chips = PresetChips()
    keep(qtbot, chips)
    chips.show_presets(SHIPPED, None)
    chips.resize(width, chips.heightForWidth(width))
    chips.show()
    QApplication.sendPostedEvents()
    return chips


def on(chips: PresetChips) -> list[str]:
    return [chip.preset.id for chip in chips.chips if chip.is_on]


def changed(chips: PresetChips) -> list[str]:
    return [chip.preset.id for chip in chips.chips if chip.is_changed]


def rows(chips: PresetChips) -> int:
    return len({chip.y() for chip in chips.chips})


def test_chips_flow_into_rows_and_none_is_outside(qtbot: QtBot, theme: Theme) -> None:
    for width, least in ((228, 3), (268, 2), (448, 1)):
        chips = chips_of(qtbot, width)
        assert rows(chips) >= least
        for widget in (*chips.chips, chips.more):
            assert chips.rect().contains(widget.geometry())
            assert widget.height() >= 28
        places = [widget.geometry() for widget in (*chips.chips, chips.more)]
        assert not any(
            one.intersects(other) for one in places for other in places if one is not other
        )


def test_a_name_that_is_wider_than_the_panel_fades_within_it(qtbot: QtBot, theme: Theme) -> None:
    chips = chips_of(qtbot, 228)
    long = Preset("long", "日本語の長い名前 " * 12, "", {"temperature": 1})
    chips.show_presets([long], long)
    chips.resize(228, chips.heightForWidth(228))
    QApplication.sendPostedEvents()
    assert chips.rect().contains(chips.chips[0].geometry())
    assert long.name.strip() in chips.chips[0].toolTip()


def test_the_active_preset_is_marked_without_moving_a_chip(qtbot: QtBot, theme: Theme) -> None:
    chips = chips_of(qtbot)
    before = [chip.geometry() for chip in chips.chips]
    chips.show_current(SHIPPED[2], changed=True)
    QApplication.sendPostedEvents()
    assert on(chips) == ["creative"]
    assert chips.chips[2].accessibleName() == "Preset Creative, active, changed"
    assert [chip.geometry() for chip in chips.chips] == before
    chips.show_current(None, changed=False)
    assert on(chips) == []


def test_at_most_twelve_have_a_chip_and_the_active_one_always(qtbot: QtBot, theme: Theme) -> None:
    chips = chips_of(qtbot)
    many = [Preset(str(n), f"Preset {n}", "", {"temperature": 1}) for n in range(30)]
    chips.show_presets(many, many[-1])
    assert [chip.preset.id for chip in chips.chips] == [
        *(preset.id for preset in many[:MOST_CHIPS]),
        "29",
    ]


def test_a_chip_puts_a_preset_on_by_mouse_and_keyboard_and_it_can_be_undone(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        use_server(core, "http://127.0.0.1:9")
        window = Window(theme, {"panel": True})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.resize(1280, 800)
        window.show()
        chips, in_view = main_window.choices.panel.preset, main_window.in_view
        first = chips.chips[0]
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton, pos=QPoint(20, 14))
        assert in_view.values == SHIPPED[0].parameters
        assert on(chips) == ["precise"]
        first.setFocus()
        qtbot.keyClick(first, Qt.Key.Key_Right)
        second = main_window.choices.panel.focusWidget()
        assert isinstance(second, Chip)
        assert second.preset.id == "balanced"
        assert in_view.values == SHIPPED[0].parameters
        qtbot.keyClick(second, Qt.Key.Key_Space)
        assert in_view.values == SHIPPED[1].parameters
        in_view.set_value("temperature", 0.9)
        assert changed(chips) == ["balanced"]
        main_window.pane.undo.undo()
        in_view.set_value("temperature", 0.7)
        assert changed(chips) == []
        await core.close()

    on_loop(work)


def test_the_menu_saves_and_manages(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        window = Window(theme, {"panel": True})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        chips, in_view = main_window.choices.panel.preset, main_window.in_view
        own = core.presets.save("Mine", "", {"temperature": 0.2})
        assert [chip.preset.name for chip in chips.chips][-1] == "Mine"
        main_window.choices.presets.use(own)
        in_view.set_value("temperature", 0.3)
        menu = chips.more.menu()
        menu.aboutToShow.emit()
        entries = [action.text() for action in menu.actions() if action.text()]
        assert entries[:2] == ["Save as preset…", "Update “Mine” with the current values"]
        assert entries[-1] == "Manage presets…"
        menu.actions()[1].trigger()
        kept = core.presets.get(own.id)
        assert kept is not None
        assert kept.parameters == {"temperature": 0.3}
        await core.close()

    on_loop(work)
