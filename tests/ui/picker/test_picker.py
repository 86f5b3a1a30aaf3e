"""The picker finds, marks and chooses models; the routing dialog chooses among hosts."""

import json
import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QListWidget, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.api.endpoints.model_lists import models_of
from app.domain.providers.models import Model
from app.domain.providers.providers import EMBEDDED, OPENROUTER, Provider, ProviderKind
from app.services.program.core import Core
from app.ui.picker.picker import Picker
from app.ui.picker.routing import RoutingDialog
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.api.endpoints.test_model_lists import ENDPOINT, LISTED
from tests.servers import answer, serving
from tests.ui.conftest import OnLoop, keep, until


def fill(core: Core, count: int = 20) -> None:
    """A fresh list of models at OpenRouter, so that nobody is asked for one."""
    listed = [LISTED, *({**LISTED, "id": f"x/{n}", "name": f"Other {n}"} for n in range(count))]
    core.library.put_catalogue(OPENROUTER.id, time.time(), models_of(listed) or [])


def shown(picker: Picker) -> list[str]:
    lists = picker.findChildren(QListView)
    rows = next(one.model() for one in lists if one.accessibleName() == "Models")
    return [str(rows.data(rows.index(row, 0))) for row in range(rows.rowCount())]


def test_typing_finds_and_enter_chooses(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        assert "SmolLM2 135M" in shown(picker)
        assert len(shown(picker)) == 22
        field = picker.findChildren(QLineEdit)[0]
        qtbot.keyClicks(field, "other 1")
        assert shown(picker)[0] == "Other 1"
        assert len(shown(picker)) == 11
        qtbot.keyClick(field, Qt.Key.Key_Down)
        chosen: list[tuple[str, str]] = []
        picker.chosen.connect(lambda provider, model: chosen.append((provider, model)))
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert chosen == [(OPENROUTER.id, "x/10")]
        assert not picker.isVisible()
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        assert shown(picker)[0] == "Other 10"
        await core.close()

    on_loop(work)


def test_a_marked_model_comes_first_and_stays_marked(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((OPENROUTER.id, "x/7"))
        star = next(
            one for one in picker.findChildren(QToolButton) if "Ctrl+D" in one.accessibleName()
        )
        star.click()
        assert core.providers.catalogue.favourites() == [(OPENROUTER.id, "x/7")]
        assert shown(picker)[0] == "Other 7"
        star.click()
        assert core.providers.catalogue.favourites() == []
        await core.close()

    on_loop(work)


def test_lists_come_up_to_date_while_it_is_open(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core)
        listing = json.dumps({"data": [{"id": "brand-new"}]})
        with serving(answer(listing, content_type="application/json")) as server:
            kind = ProviderKind.OPENAI_COMPATIBLE
            core.providers.put(Provider("s", "Mine", kind, server.url, ""))
            picker = Picker(core, theme)
            keep(qtbot, picker)
            picker.ask((EMBEDDED.id, EMBEDDED.model))
            await until(lambda: "brand-new" in shown(picker))
        await core.close()

    on_loop(work)


def list_of(picker: Picker) -> QListView:
    lists = picker.findChildren(QListView)
    return next(one for one in lists if one.accessibleName() == "Models")


def test_the_selected_model_stays_selected_when_a_list_comes(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core)
        # Its models come before the selected one, so that the selected row moves.
        listing = json.dumps({"data": [{"id": f"a-new-one-{n}"} for n in range(3)]})
        with serving(answer(listing, content_type="application/json")) as server:
            kind = ProviderKind.OPENAI_COMPATIBLE
            provider = core.providers.put(Provider("s", "Mine", kind, server.url, ""))
            core.library.put_catalogue("s", time.time(), models_of([{"id": "a-model"}]) or [])
            picker = Picker(core, theme)
            keep(qtbot, picker)
            picker.ask((OPENROUTER.id, "x/7"))
            at = list_of(picker).currentIndex()
            assert str(at.data()) == "Other 7"
            await core.providers.refresh(provider)
            assert "a-new-one-0" in shown(picker)
            now = list_of(picker).currentIndex()
            assert now.row() == at.row() + 2
            assert str(now.data()) == "Other 7"
            chosen: list[tuple[str, str]] = []
            picker.chosen.connect(lambda provider, model: chosen.append((provider, model)))
            button(picker, "Use this model").click()
            assert chosen == [(OPENROUTER.id, "x/7")]
        await core.close()

    on_loop(work)


def test_the_order_can_be_changed_to_cheapest_first(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        prices = {"Dear": "0.000002", "Cheap": "0.000001", "Dearest": "0.000003"}
        rows = [
            {"id": name, "name": name, "pricing": {"prompt": cost, "completion": cost}}
            for name, cost in prices.items()
        ]
        core.library.put_catalogue(OPENROUTER.id, time.time(), models_of(rows) or [])
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        orders = next(
            one for one in picker.findChildren(QComboBox) if one.accessibleName() == "Order"
        )
        orders.setCurrentIndex(orders.findText("Cheapest first"))
        named = [name for name in shown(picker) if name in prices]
        assert named == ["Cheap", "Dear", "Dearest"]
        await core.close()

    on_loop(work)


def test_a_chosen_model_is_the_conversations(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core)
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        window.show()
        main_window.choices.show_picker()
        picker = next(one for one in window.findChildren(Picker))
        qtbot.keyClicks(picker.findChildren(QLineEdit)[0], "V4 Pro")
        button(picker, "Use this model").click()
        assert main_window.in_view.settings.model == LISTED["id"]
        held = main_window.in_view.begin()
        assert (held.conversation.provider, held.conversation.model) == (
            OPENROUTER.id,
            LISTED["id"],
        )
        await core.close()

    on_loop(work)


def button(widget: Picker | RoutingDialog, words: str) -> QPushButton:
    return next(one for one in widget.findChildren(QPushButton) if one.text() == words)


def on_hosts(
    qtbot: QtBot, core: Core, on_loop: OnLoop, work: Callable[[RoutingDialog, QListWidget], None]
) -> list[dict[str, object]]:
    """Do something in the dialog for a model with three hosts; return what it told."""
    told: list[dict[str, object]] = []
    hosts = [{**ENDPOINT, "tag": tag, "provider_name": tag} for tag in ("a", "b", "c")]
    listing = json.dumps({"data": {"endpoints": hosts}})

    async def open_it() -> None:
        with serving(answer(listing, content_type="application/json")) as server:
            provider = Provider("r", "Router", ProviderKind.OPENROUTER, server.url, "m")
            dialog = RoutingDialog(core)
            keep(qtbot, dialog)
            dialog.chosen.connect(told.append)
            dialog.ask(provider, Model("m", "M"), {}, {"min_p": 0.1})
            rows = dialog.findChildren(QListWidget)[0]
            await until(lambda: rows.count() == 3)
            work(dialog, rows)
            button(dialog, "Use").click()
        await core.close()

    on_loop(open_it)
    return told


def test_hosts_that_are_unticked_are_ignored(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    def work(_dialog: RoutingDialog, rows: QListWidget) -> None:
        rows.item(1).setCheckState(Qt.CheckState.Unchecked)

    assert on_hosts(qtbot, core, on_loop, work) == [{"ignore": ["b"]}]


def test_nothing_changed_is_nothing_sent(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    assert on_hosts(qtbot, core, on_loop, lambda _dialog, _rows: None) == [{}]


def test_an_order_is_what_the_list_shows(qtbot: QtBot, core: Core, on_loop: OnLoop) -> None:
    def work(dialog: RoutingDialog, rows: QListWidget) -> None:
        rows.setCurrentRow(2)
        qtbot.keyClick(dialog, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    assert on_hosts(qtbot, core, on_loop, work) == [{"order": ["a", "c", "b"]}]


def test_nobody_left_is_explained_and_nothing_is_told(
    qtbot: QtBot, core: Core, on_loop: OnLoop
) -> None:
    def work(_dialog: RoutingDialog, rows: QListWidget) -> None:
        for row in range(3):
            rows.item(row).setCheckState(Qt.CheckState.Unchecked)

    assert on_hosts(qtbot, core, on_loop, work) == []
