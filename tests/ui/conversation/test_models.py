"""A new conversation begins with the last model; without a model, Send asks for one."""

import json
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.api.endpoints.model_lists import models_of
from app.domain.providers.providers import EMBEDDED, OPENROUTER, Provider, ProviderKind
from app.services.program.core import Core
from app.ui.conversation.welcome import Welcome
from app.ui.picker.picker import Picker
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, keep, until, use_server

LISTING = answer(json.dumps({"data": [{"id": "a-model"}]}), content_type="application/json")


def opened(qtbot: QtBot, core: Core, theme: Theme) -> MainWindow:
    """The program's window on a library."""
    window = Window(theme, {})
    keep(qtbot, window)
    window.show()
    return MainWindow(core, theme, window)


def answerer(main_window: MainWindow) -> tuple[str, str]:
    settings = main_window.in_view.settings
    return settings.provider, settings.model


def test_a_new_conversation_begins_with_the_model_and_routing_chosen_last(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        main_window = opened(qtbot, core, theme)
        in_view = main_window.in_view
        in_view.begin()
        in_view.choose_model(OPENROUTER.id, "x/y")
        in_view.choose_routing({"sort": "price"})
        main_window.new_conversation()
        assert answerer(main_window) == (OPENROUTER.id, "x/y")
        assert in_view.settings.routing == {"sort": "price"}
        # The routing is the router's alone.
        in_view.choose_model(EMBEDDED.id, EMBEDDED.model)
        assert in_view.begin().conversation.routing == {}
        await core.close()

    on_loop(work)


def test_the_last_model_is_kept_on_disk(
    qtbot: QtBot, theme: Theme, on_loop: OnLoop, tmp_path: Path
) -> None:
    async def work() -> None:
        core = Core(tmp_path)
        main_window = opened(qtbot, core, theme)
        main_window.in_view.choose_model(OPENROUTER.id, "x/y")
        main_window.in_view.choose_routing({"only": ["novita"]})
        await core.close()
        core = Core(tmp_path)
        main_window = opened(qtbot, core, theme)
        assert answerer(main_window) == (OPENROUTER.id, "x/y")
        assert main_window.in_view.settings.routing == {"only": ["novita"]}
        await core.close()

    on_loop(work)


def test_a_message_in_an_old_conversation_makes_its_model_the_last_one(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(answer(chat("Yes."))) as server:
            provider = use_server(core, server.url)
            old = core.conversations.create(provider=provider.id, model="old-model")
            main_window = opened(qtbot, core, theme)
            main_window.in_view.choose_model(OPENROUTER.id, "x/y")
            main_window.open_conversation(old.id)
            main_window.new_conversation()
            assert answerer(main_window) == (OPENROUTER.id, "x/y")
            main_window.open_conversation(old.id)
            main_window.pane.composer.put_text("A question")
            main_window.pane.composer.send.click()
            await until(lambda: not main_window.in_view.is_answering())
            main_window.new_conversation()
            assert answerer(main_window) == (provider.id, "old-model")
        await core.close()

    on_loop(work)


def test_a_provider_that_is_gone_gives_way_to_the_default_one(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        kind = ProviderKind.OPENAI_COMPATIBLE
        provider = core.providers.put(Provider("s", "Mine", kind, "http://127.0.0.1:9/v1", "m"))
        main_window = opened(qtbot, core, theme)
        main_window.in_view.choose_model(provider.id, "m")
        await core.providers.remove(provider)
        main_window.new_conversation()
        assert answerer(main_window) == (EMBEDDED.id, EMBEDDED.model)
        await core.close()

    on_loop(work)


def test_the_default_provider_chosen_anew_is_begun_with(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        main_window = opened(qtbot, core, theme)
        core.providers.start_with(OPENROUTER)
        main_window.in_view.choose_model(EMBEDDED.id, EMBEDDED.model)
        core.providers.start_with(OPENROUTER)
        main_window.new_conversation()
        assert answerer(main_window) == (OPENROUTER.id, OPENROUTER.model)
        await core.close()

    on_loop(work)


def without_model(core: Core, url: str) -> Provider:
    """Have new conversations be with a server for which no model is chosen yet."""
    kind = ProviderKind.OPENAI_COMPATIBLE
    provider = core.providers.put(Provider("s", "Mine", kind, f"{url}/v1", ""))
    core.library.put_catalogue("s", time.time(), models_of([{"id": "a-model"}]) or [])
    core.settings.default_provider = provider.id
    return provider


def test_send_without_a_model_opens_the_picker_and_sends_after_the_choice(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(answer(chat("Yes."))) as server:
            without_model(core, server.url)
            main_window = opened(qtbot, core, theme)
            composer = main_window.pane.composer
            composer.put_text("Is it?")
            qtbot.keyClick(composer.field, Qt.Key.Key_Return)
            picker = main_window.window.findChild(Picker)
            assert picker is not None
            assert picker.isVisible()
            assert composer.text() == "Is it?"
            assert main_window.in_view.conversation is None
            use = next(one for one in picker.findChildren(QPushButton) if one.text() == "Use model")
            qtbot.keyClicks(picker.focusWidget(), "a-model")
            use.click()
            await until(lambda: len(main_window.in_view.path) == 2)
            await until(lambda: not main_window.in_view.is_answering())
            assert not picker.isVisible()
            assert composer.text() == ""
            assert server.requests[-1].json["model"] == "a-model"
            assert [one.text for one in main_window.in_view.path] == ["Is it?", "Yes."]
        await core.close()

    on_loop(work)


def test_a_picker_closed_without_a_choice_leaves_the_text_unsent(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(LISTING) as server:
            provider = without_model(core, server.url)
            main_window = opened(qtbot, core, theme)
            composer = main_window.pane.composer
            composer.put_text("Is it?")
            composer.send.click()
            picker = main_window.window.findChild(Picker)
            assert picker is not None
            qtbot.keyClick(picker, Qt.Key.Key_Escape)
            assert composer.text() == "Is it?"
            # A model that is chosen later doesn't send by itself.
            main_window.choices.show_picker()
            picker.chosen.emit(provider.id, "a-model")
            assert composer.text() == "Is it?"
            assert main_window.in_view.conversation is None
        await core.close()

    on_loop(work)


def offers(main_window: MainWindow) -> list[tuple[str, bool]]:
    """Return the words of each button on the empty page, and whether it is a primary one, as seen
    from left to right."""
    page = main_window.pane.welcome
    shown = [one for one in page.findChildren(QPushButton) if not one.isHidden()]
    return [(one.text(), one.objectName() == "primary") for one in shown]


def test_the_empty_page_offers_what_is_lacking(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        main_window = opened(qtbot, core, theme)
        assert isinstance(main_window.pane.welcome, Welcome)
        assert offers(main_window) == [("Connect OpenRouter…", False), ("Other providers…", False)]
        core.settings.key_origins = {OPENROUTER.origin: False}
        main_window.in_view.choose_model(OPENROUTER.id, "x/y")
        assert offers(main_window) == [("Add a key…", True), ("Connect OpenRouter…", False)]
        core.settings.key_origins = {OPENROUTER.origin: True}
        main_window.in_view.refresh()
        # The model stands in the header, and the composer is all that is needed.
        assert offers(main_window) == []
        main_window.in_view.choose_model(OPENROUTER.id, "")
        assert offers(main_window) == [("Choose a model…", True)]
        next(
            one for one in main_window.pane.welcome.findChildren(QPushButton) if not one.isHidden()
        ).click()
        picker = main_window.window.findChild(Picker)
        assert picker is not None
        assert picker.isVisible()
        await core.close()

    on_loop(work)
