"""The picker finds, marks and chooses models; the routing dialog chooses among hosts."""

import json
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QListWidget,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.api.endpoints.model_lists import models_of
from app.domain.providers.models import Model
from app.domain.providers.providers import EMBEDDED, OPENROUTER, Provider, ProviderKind
from app.services.program.core import Core
from app.ui.picker.picker import Picker
from app.ui.picker.routing import RoutingDialog
from app.ui.picker.rows import ModelRow, ModelRows
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


def list_of(picker: Picker) -> QListView:
    lists = picker.findChildren(QListView)
    return next(one for one in lists if one.accessibleName() == "Models")


def shown(picker: Picker) -> list[str]:
    """The words of all rows, headings too."""
    rows = list_of(picker).model()
    return [str(rows.data(rows.index(row, 0))) for row in range(rows.rowCount())]


def models_shown(picker: Picker) -> list[str]:
    """The names of the models, in the order of the rows."""
    rows = list_of(picker).model()
    assert isinstance(rows, ModelRows)
    found = [rows.row_at(rows.index(row)) for row in range(rows.rowCount())]
    return [row.listed.model.name for row in found if isinstance(row, ModelRow)]


def click_row(qtbot: QtBot, picker: Picker, words: str, *, at_end: int = 0) -> None:
    """Click the first row with these words, or so many pixels from its end."""
    view = list_of(picker)
    index = view.model().index(shown(picker).index(words), 0)
    view.scrollTo(index)
    box = view.visualRect(index)
    point = box.center() if not at_end else QPoint(box.right() - at_end, box.center().y())
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_typing_finds_and_enter_chooses(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        assert len(models_shown(picker)) == 22
        field = picker.findChildren(QLineEdit)[0]
        qtbot.keyClicks(field, "other 1")
        assert models_shown(picker) == ["Other 1", *(f"Other {n}" for n in range(10, 20))]
        qtbot.keyClick(field, Qt.Key.Key_Down)
        chosen: list[tuple[str, str]] = []
        picker.chosen.connect(lambda provider, model: chosen.append((provider, model)))
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert chosen == [(OPENROUTER.id, "x/10")]
        assert not picker.isVisible()
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        assert shown(picker)[:2] == ["Recent", "Other 10"]
        await core.close()

    on_loop(work)


def test_the_groups_are_recent_favourites_and_the_providers_the_current_one_first(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core, 3)
        catalogue = core.providers.catalogue
        catalogue.note_choice((OPENROUTER.id, "x/2"))
        catalogue.put_favourite((OPENROUTER.id, "x/1"), marked=True)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((OPENROUTER.id, "x/0"))
        listed = ["Other 0", "Other 1", "Other 2"]
        every = sorted([*listed, str(LISTED["name"])], key=str.casefold)
        expected = ["Recent", "Other 2", "Favourites", "Other 1", "OpenRouter", *every]
        found = [words for words in shown(picker) if not words.startswith("Add a key")]
        assert found == [*expected, "On this computer", "SmolLM2 135M"]
        assert str(list_of(picker).currentIndex().data()) == "Other 0"
        await core.close()

    on_loop(work)


def test_the_arrows_pass_over_headings(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core, 2)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        field, view = picker.findChildren(QLineEdit)[0], list_of(picker)
        seen = [str(view.currentIndex().data())]
        for _row in range(10):
            qtbot.keyClick(field, Qt.Key.Key_Down)
            seen.append(str(view.currentIndex().data()))
        assert not {"On this computer", "OpenRouter"} & {*seen}
        assert seen[-1] == seen[-2] == "Other 1"
        for _row in range(10):
            qtbot.keyClick(field, Qt.Key.Key_Up)
        assert str(view.currentIndex().data()) == "SmolLM2 135M"
        await core.close()

    on_loop(work)


def test_a_click_on_a_model_chooses_it(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core, 3)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        chosen: list[tuple[str, str]] = []
        picker.chosen.connect(lambda provider, model: chosen.append((provider, model)))
        click_row(qtbot, picker, "OpenRouter")
        assert picker.isVisible()
        click_row(qtbot, picker, "Other 1")
        assert chosen == [(OPENROUTER.id, "x/1")]
        assert not picker.isVisible()
        await core.close()

    on_loop(work)


def test_a_typed_id_that_is_not_listed_can_be_used(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core, 3)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((OPENROUTER.id, "x/0"))
        field = picker.findChildren(QLineEdit)[0]
        field.setText("x/1")
        assert "Use “x/1”" not in shown(picker)
        field.setText("brand/new")
        assert shown(picker) == ["Not listed", "Use “brand/new”"]
        # Each kind of row can be painted: a stray message of Qt's fails the test.
        picker.grab()
        chosen: list[tuple[str, str]] = []
        picker.chosen.connect(lambda provider, model: chosen.append((provider, model)))
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert chosen == [(OPENROUTER.id, "brand/new")]
        await core.close()

    on_loop(work)


def test_a_provider_without_a_key_offers_to_add_one(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)

    async def work() -> None:
        fill(core, 3)
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        words = "Add a key for OpenRouter…"
        await until(lambda: words in shown(picker))
        rows = shown(picker)
        assert rows[rows.index(words) - 1] == "OpenRouter"
        picker.grab()
        wanted: list[str] = []
        picker.key_wanted.connect(wanted.append)
        click_row(qtbot, picker, words)
        assert wanted == [OPENROUTER.id]
        await core.close()

    on_loop(work)


def test_a_key_in_the_environment_is_a_key(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-0123456789")

    async def work() -> None:
        assert await core.providers.without_key() == frozenset()
        await core.close()

    on_loop(work)


def test_a_provider_without_models_says_so(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        fill(core, 1)
        # Nothing listens at port 9.
        kind = ProviderKind.OPENAI_COMPATIBLE
        core.providers.put(Provider("s", "Mine", kind, "http://127.0.0.1:9/v1", ""))
        picker = Picker(core, theme)
        keep(qtbot, picker)
        picker.ask((EMBEDDED.id, EMBEDDED.model))
        assert "Loading models…" in shown(picker)
        await until(lambda: any(row.startswith("No models listed") for row in shown(picker)))
        await core.close()

    on_loop(work)


@pytest.mark.parametrize("size", [(1280, 800), (900, 640), (480, 720)])
def test_it_fits_into_its_window(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, size: tuple[int, int]
) -> None:
    async def work() -> None:
        fill(core, 30)
        window = Window(theme, {})
        keep(qtbot, window)
        window.resize(*size)
        window.show()
        picker = Picker(core, theme, window)
        for _time in range(2):
            picker.ask((OPENROUTER.id, "x/7"))
            await until(picker.isVisible)
            assert picker.width() <= window.width() - 32
            assert picker.height() <= window.height()
            for part in picker.findChildren(
                QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
            ):
                if part.isVisible():
                    assert picker.rect().contains(part.geometry())
            picker.reject()
        await core.close()

    on_loop(work)


def test_a_marked_model_is_among_the_favourites_and_the_list_keeps_its_place(
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
        assert shown(picker)[:2] == ["Favourites", "Other 7"]
        assert str(list_of(picker).currentIndex().data()) == "Other 7"
        star.click()
        assert core.providers.catalogue.favourites() == []
        click_row(qtbot, picker, "Other 3", at_end=16)
        assert core.providers.catalogue.favourites() == [(OPENROUTER.id, "x/3")]
        assert picker.isVisible()
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
            picker.ask(("s", "x/7"))
            row = shown(picker).index("Other 7")
            list_of(picker).setCurrentIndex(list_of(picker).model().index(row, 0))
            at = list_of(picker).currentIndex()
            assert str(at.data()) == "Other 7"
            await core.providers.refresh(provider)
            assert "a-new-one-0" in shown(picker)
            now = list_of(picker).currentIndex()
            assert now.row() != at.row()
            assert str(now.data()) == "Other 7"
            chosen: list[tuple[str, str]] = []
            picker.chosen.connect(lambda provider, model: chosen.append((provider, model)))
            button(picker, "Use model").click()
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
            one for one in picker.findChildren(QComboBox) if one.accessibleName() == "Sort by"
        )
        orders.setCurrentIndex(orders.findText("Cheapest first"))
        named = [name for name in models_shown(picker) if name in prices]
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
        button(picker, "Use model").click()
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
