"""The header of the window: title, menu, model and the number of set parameters."""

import itertools
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.common.actions import ActionId
from app.ui.conversation.header import LEAST_MODEL, LEAST_TITLE, Header
from app.ui.conversation.header_contents import short_name
from app.ui.picker.picker import Picker
from app.ui.shell.main_window import MainWindow
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import Surroundings
from tests.servers import serving
from tests.ui.conftest import OnLoop, keep, until, use_server
from tests.ui.shell.test_window import WHOLE, ask, endless, idle, opened, titles

Work = Callable[[MainWindow, Core], Coroutine[Any, Any, None]]
LONG = "A very long title that goes on and on, well beyond forty-eight characters"
TITLES = ["Trees", LONG, "家族の旅行 " * 20, "كيف أزرع شجرة لوكات " * 8, "👨‍👩‍👧‍👦" * 40]


@pytest.fixture(params=[1.0, 2.0], ids=["100 %", "200 %"])
def header(qtbot: QtBot, qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Header]:
    """A header at a text size."""
    made = Header(Theme(qapp, "light", request.param))
    keep(qtbot, made)
    made.show()
    yield made
    Theme(qapp, "light")


@pytest.fixture
def with_window(qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme) -> Callable[[Work], None]:
    """Run a test in the whole window, which has one conversation, called Old."""

    def run(work: Work) -> None:
        async def whole() -> None:
            held = core.conversations.create(provider="embedded", model="", title="Old")
            main_window = await opened(core, theme, qtbot)
            main_window.open_conversation(held.id)
            await work(main_window, core)
            await core.close()

        on_loop(whole)

    return run


def buttons(header: Header) -> list[QWidget]:
    return [header.sidebar, header.title, header.menu, header.model, header.panel]


def field_of(main_window: MainWindow) -> QLineEdit:
    [field] = [one for one in main_window.pane.header.findChildren(QLineEdit) if one.isVisible()]
    return field


def menu_of(main_window: MainWindow) -> dict[str, QAction]:
    main_window.pane.header.menu.click()
    [menu] = main_window.pane.header.findChildren(QMenu)
    return {entry.objectName(): entry for entry in menu.actions()}


# Places.


@pytest.mark.parametrize("width", [420, 480, 620, 900, 1280])
@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("model", ["", "DeepSeek V4 Pro", "a-model/with-a-very-long-name-" * 4])
def test_nothing_in_the_header_is_outside_or_overlaps(
    header: Header, width: int, title: str, model: str
) -> None:
    header.resize(width, header.sizeHint().height())
    header.show_title(title, "c1")
    header.show_model(model, "OpenRouter")
    header.show_count(19)
    places = [button.geometry() for button in buttons(header)]
    assert all(header.rect().contains(place) for place in places)
    assert not any(one.intersects(two) for one, two in itertools.combinations(places, 2))
    assert all(place.width() >= 28 and place.height() >= 28 for place in places)
    assert places == sorted(places, key=QRect.left)


@pytest.mark.parametrize("title", TITLES[1:])
def test_a_title_is_whole_as_long_as_there_is_room(header: Header, title: str) -> None:
    header.show_title(title, "c1")
    assert header.title.text() == title.strip()
    header.show_model("DeepSeek V4 Pro", "OpenRouter")
    needed = header.title.whole_width() + header.model.name_width()
    for room in (-1, 0, 1):
        header.resize(header._fixed_width() + needed + room, header.sizeHint().height())
        is_whole = header.title.width() == header.title.whole_width()
        assert is_whole is (room >= 0)
        assert (header.shown_title() in header.title.toolTip()) is (room < 0)


def test_the_provider_steps_back_first_then_the_title_then_the_model(header: Header) -> None:
    header.show_title(LONG, "c1")
    header.show_model("DeepSeek V4 Pro", "OpenRouter")
    met = []
    for width in range(2400, header.minimumSizeHint().width() - 1, -1):
        header.resize(width, header.sizeHint().height())
        met.append(
            (
                header.model.width() == header.model.whole_width(),
                header.title.width() == header.title.whole_width(),
                header.model.width() >= header.model.name_width(),
            )
        )
    assert [state for state, _same in itertools.groupby(met)] == [
        (True, True, True),
        (False, True, True),
        (False, False, True),
        (False, False, False),
    ]
    assert (header.title.width(), header.model.width()) == (LEAST_TITLE, LEAST_MODEL)
    assert "OpenRouter" in header.model.toolTip()


def test_nothing_moves_when_a_parameter_is_set(header: Header) -> None:
    header.resize(480, header.sizeHint().height())
    before = [button.geometry() for button in buttons(header)]
    for count in (1, 9, 10, 19, 0):
        header.show_count(count)
        assert [button.geometry() for button in buttons(header)] == before


def test_the_header_lies_on_the_grid(header: Header) -> None:
    assert header.sizeHint().height() % 4 == 0
    assert all(button.geometry().top() % 4 == 0 for button in buttons(header))


def test_a_title_shows_characters_that_turn_text_around_as_marks(header: Header) -> None:
    header.show_title("holiday\u202egnp.exe\nsecond", "c1")
    assert header.shown_title() == "holiday⇄gnp.exe second"


# Renaming.


def test_a_click_on_the_title_renames_in_place(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        main_window.pane.header.title.click()
        field = field_of(main_window)
        assert (field.text(), field.selectedText()) == ("Old", "Old")
        QTest.keyClicks(field, "New")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert main_window.pane.header.shown_title() == "New"
        assert titles(main_window) == ["New"]
        assert main_window.window.windowTitle() == "New — Loquat"
        assert main_window.window.focusWidget() is main_window.pane.composer.field

    with_window(work)


def test_escape_leaves_the_title_and_the_answer_alone(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(endless) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            ask(main_window, "A story")
            await until(main_window.in_view.is_answering)
            main_window.window.activateWindow()
            await until(main_window.window.isActiveWindow)
            main_window.rename()
            field = field_of(main_window)
            QTest.keyClicks(field, "Something else")
            QTest.keyClick(field, Qt.Key.Key_Escape)
            assert main_window.pane.header.title.isVisible()
            assert main_window.pane.header.shown_title() == "A story"
            assert main_window.in_view.is_answering()
            main_window.writing.stop()
            await until(lambda: idle(core, main_window))
            await core.close()

    on_loop(work)


def test_the_rename_key_takes_the_field_where_the_focus_is(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        main_window.window.activateWindow()
        await until(main_window.window.isActiveWindow)
        QTest.keyClick(main_window.pane.composer.field, Qt.Key.Key_F2)
        assert main_window.pane.header.isAncestorOf(field_of(main_window))
        QTest.keyClick(field_of(main_window), Qt.Key.Key_Escape)
        main_window.sidebar._list.setFocus()
        main_window.rename()
        assert main_window.sidebar._list.viewport().findChildren(QLineEdit)

    with_window(work)


def test_a_title_that_is_edited_belongs_to_its_conversation(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        other = core.conversations.create(provider="embedded", model="", title="Other")
        main_window.rename()
        QTest.keyClicks(field_of(main_window), "Renamed")
        main_window.open_conversation(other.id)
        assert sorted(titles(main_window)) == ["Other", "Renamed"]
        assert main_window.pane.header.shown_title() == "Other"

    with_window(work)


def test_an_empty_title_leaves_the_old_one_and_a_new_chat_has_none(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        main_window.rename()
        field_of(main_window).clear()
        QTest.keyClick(field_of(main_window), Qt.Key.Key_Return)
        assert titles(main_window) == ["Old"]
        main_window.new_conversation()
        assert not main_window.pane.header.title.isEnabled()
        main_window.rename()
        fields = main_window.pane.header.findChildren(QLineEdit)
        assert not any(field.isVisible() for field in fields)
        assert main_window.window.windowTitle() == "Loquat"

    with_window(work)


def test_the_title_of_the_window_has_no_placeholder_of_qt(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        core.conversations.rename(main_window.in_view.id, "Lists [*] in Markdown")
        # Qt shows two of these signs as one.
        assert main_window.window.windowTitle() == "Lists [*][*] in Markdown — Loquat"

    with_window(work)


# The menu.


def test_the_menu_has_what_can_be_done_with_keys_and_separators(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        entries = menu_of(main_window)
        assert entries["rename"].text() == "Rename\tF2"
        assert "" in entries  # a separator
        enabled = {name for name, entry in entries.items() if name and entry.isEnabled()}
        assert enabled == {"rename", "what-if", "delete-in-view"}
        main_window.new_conversation()

    with_window(work)


def test_entries_that_do_not_apply_are_disabled(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(WHOLE) as server:
            use_server(core, server.url)
            main_window = await opened(core, theme, qtbot)
            assert not menu_of(main_window)["delete-in-view"].isEnabled()
            main_window.pane.header.findChildren(QMenu)[0].close()
            await until(lambda: not main_window.pane.header.findChildren(QMenu))
            ask(main_window, "Hello")
            await until(lambda: idle(core, main_window))
            entries = menu_of(main_window)
            assert all(entry.isEnabled() for entry in entries.values())
            entries[ActionId.DELETE_IN_VIEW].trigger()
            assert titles(main_window) == []
            main_window.pane.undo.undo()
            assert titles(main_window) == ["Hello"]
            await core.close()

    on_loop(work)


def test_a_key_deletes_the_conversation_in_view_and_leaves_the_draft(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        composer = main_window.pane.composer
        composer.put_text("a draft")
        main_window.window.activateWindow()
        await until(main_window.window.isActiveWindow)
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(composer.field, Qt.Key.Key_Backspace, held)
        assert titles(main_window) == []
        main_window.pane.undo.undo()
        assert titles(main_window) == ["Old"]
        assert composer.text() == "a draft"

    with_window(work)


# The model and the parameters.


def test_the_model_button_says_who_answers_and_opens_the_picker(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        provider = use_server(core, "http://127.0.0.1:9")
        main_window.in_view.choose_model(provider.id, "")
        model = main_window.pane.header.model
        assert model.text() == model.accessibleName() == "Choose a model"
        main_window.in_view.choose_model(provider.id, "other")
        assert model.text() == "other"
        assert model.accessibleName() == "Model: other, Scripted"
        main_window.window.resize(480, 720)
        assert model.isVisible()
        model.click()
        [picker] = main_window.window.findChildren(Picker)
        assert picker.isVisible()
        picker.close()

    with_window(work)


def test_a_server_that_answers_with_its_own_model_needs_no_choice(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        kind = ProviderKind.LLAMA_CPP
        core.providers.put(Provider("mine", "Mine", kind, "http://127.0.0.1:9/v1", ""))
        main_window.in_view.choose_model("mine", "")
        model = main_window.pane.header.model
        assert model.accessibleName() == "Model: The server's model, Mine"

    with_window(work)


def test_the_panel_button_tells_how_many_parameters_are_set(
    with_window: Callable[[Work], None],
) -> None:
    async def work(main_window: MainWindow, core: Core) -> None:
        panel = main_window.pane.header.panel
        assert (panel.text(), panel.accessibleName()) == ("", "Parameters")
        main_window.in_view.set_values({"temperature": 0.5, "top_p": 0.3, "seed": 1})
        assert (panel.text(), panel.accessibleName()) == ("3", "Parameters, 3 set")
        main_window.new_conversation()
        assert panel.text() == ""

    with_window(work)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Model("deepseek/v4", "DeepSeek: DeepSeek V4 Pro"), "DeepSeek V4 Pro"),
        (Model("llama3:8b", "llama3:8b"), "llama3:8b"),
        (Model("m", "Odd: "), "Odd: "),
        (Model("", "The server's model"), "The server's model"),
    ],
)
def test_the_name_of_a_model_is_without_its_maker(model: Model, name: str) -> None:
    assert short_name(model) == name


@pytest.mark.parametrize("width", [480, 481, 900, 901, 1280])
def test_the_text_and_the_composer_have_the_same_edges(
    with_window: Callable[[Work], None], width: int
) -> None:
    async def work(main_window: MainWindow, _core: Core) -> None:
        pane, transcript = main_window.pane, main_window.conversation.transcript
        main_window.window.resize(width, 640)
        pane.show_page(empty=False)
        await until(transcript.isVisible)
        path = [Message("m", None, Role.ASSISTANT, "Words.", 0.0)]
        transcript.show_path(path, lambda _message: Surroundings())
        await until(lambda: main_window.window.width() == width)
        QApplication.sendPostedEvents()
        column, composer = transcript.rectangle_of(0), pane.composer
        left = transcript.viewport().mapTo(pane, column.topLeft()).x()
        assert left == composer.mapTo(pane, QPoint(0, 0)).x()
        assert column.width() == composer.width()

    with_window(work)
