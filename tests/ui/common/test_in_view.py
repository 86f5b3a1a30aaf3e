"""The conversation in view: what it shows is what every way of sending sends."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Status
from app.domain.errors import LibraryReadOnly
from app.domain.providers.providers import OPENROUTER
from app.services.program.core import Core
from app.ui.common.in_view import InView
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId
from tests.servers import answer, chat, serving
from tests.ui.conftest import OnLoop, keep, until, use_server

CUT_OFF = answer(
    b'data: {"choices": [{"delta": {"content": "Once"}, "finish_reason": null}]}\n\n'
    b'data: {"choices": [{"delta": {}, "finish_reason": "length"}]}\n\ndata: [DONE]\n\n'
)


def _move_slider(main_window: MainWindow) -> None:
    slider = main_window.choices.panel.rows.row("temperature").findChild(QSlider)
    assert slider is not None
    slider.setValue(14)


def _send(main_window: MainWindow) -> None:
    main_window.pane.composer.put_text("And then?")
    main_window.pane.composer.send.click()


def _regenerate(main_window: MainWindow) -> None:
    main_window.conversation.regenerate()


def _act(action: str) -> Callable[[MainWindow], None]:
    def act(main_window: MainWindow) -> None:
        main_window.conversation.transcript.wanted.emit(main_window.in_view.path[-1].id, action)

    return act


def _edit(main_window: MainWindow) -> None:
    main_window.editing.edit(main_window.in_view.path[0].id)
    assert main_window.editing.editor is not None
    main_window.editing.editor.send.click()


@pytest.mark.parametrize(
    "send",
    [_send, _regenerate, _act(MessageActionId.CONTINUE), _act(MessageActionId.REGENERATE), _edit],
    ids=["send", "regenerate", "continue", "regenerate from the message", "edit"],
)
def test_a_moved_slider_is_sent_by_every_way_of_sending(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, send: Callable[[MainWindow], None]
) -> None:
    async def work() -> None:
        with serving(CUT_OFF, answer(chat("Yes."))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            window.show()
            main_window = MainWindow(core, theme, window)
            main_window.pane.composer.put_text("A story")
            main_window.pane.composer.send.click()
            await until(lambda: not main_window.in_view.is_answering())
            _move_slider(main_window)
            send(main_window)
            await until(lambda: len(server.requests) == 2)
            assert server.requests[1].json["temperature"] == 0.7
            await until(lambda: not main_window.in_view.is_answering())
        await core.close()

    on_loop(work)


def test_a_moved_slider_is_in_a_sweep_that_is_planned_at_once(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme
) -> None:
    async def work() -> None:
        with serving(answer(chat("Yes."))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            main_window.pane.composer.put_text("A story")
            main_window.pane.composer.sent.emit("A story")
            await until(
                lambda: main_window.in_view.path != [] and not main_window.in_view.is_answering()
            )
            _move_slider(main_window)
            conversation = main_window.in_view.conversation
            assert conversation is not None
            assert conversation.conversation.parameters == {"temperature": 0.7}
            kept = core.library.conversation(conversation.id)
            assert kept.parameters == {"temperature": 0.7}
        await core.close()

    on_loop(work)


def test_what_the_library_cannot_keep_holds_all_the_same_and_is_said(
    in_view: InView, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_view.show(core.conversations.create(provider="embedded", model=""))
    told: list[str] = []
    in_view.failed.connect(told.append)

    def refuse(_changed: object) -> None:
        raise LibraryReadOnly("It cannot be written.")

    monkeypatch.setattr(core.library, "update_conversation", refuse)
    in_view.set_value("temperature", 0.5)
    assert in_view.values == {"temperature": 0.5}
    assert told == ["It cannot be written."]


def test_the_next_conversation_begins_with_what_was_chosen_for_it(
    in_view: InView, core: Core
) -> None:
    in_view.choose_model(OPENROUTER.id, "a/b")
    in_view.choose_system("Be brief.")
    in_view.set_value("top_k", 3)
    in_view.choose_routing({"sort": "price"})
    begun = in_view.begin()
    kept = core.library.conversation(begun.id)
    assert (kept.provider, kept.model, kept.system) == (OPENROUTER.id, "a/b", "Be brief.")
    assert (kept.parameters, kept.routing) == ({"top_k": 3}, {"sort": "price"})
    in_view.show(None)
    assert (in_view.values, in_view.settings.system) == ({}, "")


def test_defaults_that_nobody_chose_follow_the_settings(in_view: InView, core: Core) -> None:
    in_view.set_value("top_k", 3)
    core.settings.default_provider = OPENROUTER.id
    in_view.refresh()
    assert in_view.provider.id == OPENROUTER.id
    assert in_view.values == {"top_k": 3}


def test_a_model_brings_its_starting_preset_until_values_are_chosen(
    in_view: InView, core: Core
) -> None:
    preset = core.presets.save("Mine", "", {"temperature": 0.2})
    core.presets.put_default_for(OPENROUTER.id, "a/b", preset.id)
    in_view.choose_model(OPENROUTER.id, "a/b")
    assert in_view.values == {"temperature": 0.2}
    in_view.choose_model(OPENROUTER.id, "c/d")
    assert in_view.values == {}
    in_view.set_value("top_k", 3)
    in_view.choose_model(OPENROUTER.id, "a/b")
    assert in_view.values == {"top_k": 3}


ASKING = {"logprobs": True, "top_logprobs": 20}


def test_new_conversations_ask_for_probabilities_where_the_setting_says_so(
    in_view: InView, core: Core
) -> None:
    core.settings.ask_probabilities = True
    in_view.show(None)
    assert in_view.values == ASKING
    assert core.library.conversation(in_view.begin().id).parameters == ASKING
    # Turned off in one conversation, it stays on for the next.
    in_view.set_values({})
    assert in_view.values == {}
    in_view.show(None)
    assert in_view.values == ASKING
    in_view.set_values({})
    in_view.refresh()
    assert in_view.values == {}


def test_a_model_that_gives_no_probabilities_is_not_asked_for_them(
    in_view: InView, core: Core
) -> None:
    core.settings.ask_probabilities = True
    provider = core.providers.get(OPENROUTER.id)
    refusing = core.providers.model(provider, "a/b")
    core.providers.remember_refusal(provider, refusing, "logprobs", "no")
    in_view.choose_model(OPENROUTER.id, "c/d")
    assert in_view.values == ASKING
    in_view.choose_model(OPENROUTER.id, "a/b")
    assert in_view.values == {}


def test_a_preset_that_says_whether_to_ask_for_probabilities_is_followed(
    in_view: InView, core: Core
) -> None:
    core.settings.ask_probabilities = True
    values = {"temperature": 0.2, "logprobs": False}
    preset = core.presets.save("Mine", "", values)
    core.presets.put_default_for(OPENROUTER.id, "a/b", preset.id)
    in_view.choose_model(OPENROUTER.id, "a/b")
    assert in_view.values == values
    assert in_view.conflicts() == []
    core.presets.overwrite(preset.id, {"temperature": 0.2, "top_logprobs": 2})
    in_view.refresh()
    assert in_view.values == {"temperature": 0.2, "logprobs": True, "top_logprobs": 2}
    current = core.presets.current("", in_view.values)
    assert current is not None
    assert current.id == preset.id


def test_news_of_other_conversations_is_left_out(in_view: InView, core: Core) -> None:
    shown = core.conversations.create(provider="embedded", model="")
    other = core.conversations.create(provider="embedded", model="")
    in_view.show(shown)
    told: list[str] = []
    in_view.rearranged.connect(lambda: told.append("rearranged"))
    in_view.values_changed.connect(lambda: told.append("values"))
    core.conversations.choose(other, parameters={"seed": 1})
    core.conversations.rearranged.notify(other.id)
    assert told == []
    core.conversations.choose(shown, parameters={"seed": 1})
    core.conversations.rearranged.notify(shown.id)
    assert told == ["values", "rearranged"]


def test_a_send_and_its_end_update_each_part_once(
    qtbot: QtBot, on_loop: OnLoop, core: Core, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        with serving(answer(chat("Yes.")), answer(chat("No."))) as server:
            use_server(core, server.url)
            window = Window(theme, {})
            keep(qtbot, window)
            main_window = MainWindow(core, theme, window)
            main_window.pane.composer.sent.emit("First")
            await until(
                lambda: main_window.in_view.path != [] and not main_window.in_view.is_answering()
            )
            told: list[str] = []
            seen = core.library.request_head

            def request_head(message_id: str) -> dict[str, Any] | None:
                told.append("last sent")
                return seen(message_id)

            monkeypatch.setattr(core.library, "request_head", request_head)
            composer, show_answering = (
                main_window.pane.composer,
                main_window.pane.composer.show_answering,
            )

            def show(answering: bool) -> None:
                told.append("answering" if answering else "idle")
                show_answering(answering)

            monkeypatch.setattr(composer, "show_answering", show)
            composer.sent.emit("Second")
            assert told == ["answering"]
            await until(lambda: main_window.in_view.path[-1].status is Status.COMPLETE)
            assert told == ["answering", "idle", "last sent"]
        await core.close()

    on_loop(work)
