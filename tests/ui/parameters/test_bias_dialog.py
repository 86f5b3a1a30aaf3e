"""Words are looked up, ticked, banned and favoured; the ids of another model are told."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.parameters.table import BY_NAME
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.core import Core
from app.ui.parameters.dialogs.bias_dialog import BiasDialog
from app.ui.parameters.dialogs.bias_rows import SHOWN_ROWS
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import Connection, serving
from tests.ui.conftest import OnLoop, keep, until

IDS = {" tree": [5], "tree": [6, 7], " Tree": [8], "Tree": [9, 10], "<b>": [11]}


def tokenizes(connection: Connection) -> None:
    text = connection.request.json["content"]
    ids = IDS.get(text, [])
    cut = [text] if len(ids) == 1 else [text[:2], text[2:]]
    found = [{"id": id_, "piece": one} for id_, one in zip(ids, cut, strict=False)]
    connection.head(200, "application/json")
    connection.send(json.dumps({"tokens": found}).encode())


@dataclass
class Opened:
    """The dialog, whom it asks, and what it told."""

    dialog: BiasDialog
    who: list[tuple[Provider, Model]]
    told: list[Any] = field(default_factory=list)

    def rows(self) -> list[tuple[int, Any]]:
        return list((self.dialog.rows.biases() or {}).items())

    async def look_up(self, text: str) -> None:
        self.dialog.word.setText(text)
        press(self.dialog, "Look up")
        await until(lambda: self.dialog._said.text() != "Looking up…")

    def choose(self, kind: ProviderKind, url: str, model: str, name: str) -> None:
        provider = Provider(kind.value, name, kind, f"{url}/v1", model)
        self.who[:] = [(provider, Model(model, name))]


def press(dialog: BiasDialog, words: str) -> None:
    next(one for one in dialog.findChildren(QPushButton) if one.text() == words).click()


Open = Callable[..., Opened]


@pytest.fixture
def opened(qtbot: QtBot, core: Core) -> Open:
    """Open the dialog on a value, for a model of a server."""

    def open_dialog(value: Any, url: str, kind: ProviderKind = ProviderKind.LLAMA_CPP) -> Opened:
        who: list[tuple[Provider, Model]] = []
        made = Opened(BiasDialog(core, lambda: who[0]), who)
        made.choose(kind, url, "m", "Mine")
        keep(qtbot, made.dialog)
        made.dialog.chosen.connect(made.told.append)
        made.dialog.ask(value)
        return made

    return open_dialog


def test_a_word_is_looked_up_and_banned(opened: Open, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        with serving(tokenizes) as server:
            one = opened(None, server.url)
            await one.look_up("tree")
            # What is a single token is ticked; of several each can be.
            assert [word.id for word in one.dialog.cuts.words()] == [5, 8]
            assert "begins other words" in one.dialog._parts.text()
            several = one.dialog.cuts.topLevelItem(1)
            assert several is not None
            assert [several.text(n) for n in range(2)] == ["tree", "2 tokens"]
            first = several.child(0)
            assert first is not None
            first.setCheckState(1, Qt.CheckState.Checked)
            press(one.dialog, "Ban")
        assert one.rows() == [(5, -100), (6, -100), (8, -100)]
        assert [row.editor.control().accessibleName() for row in one.dialog.rows.rows()] == [
            "Bias of ␣tree",
            "Bias of tr",
            "Bias of ␣Tree",
        ]
        press(one.dialog, "Use")
        assert one.told == [{"5": -100, "6": -100, "8": -100}]
        BY_NAME["logit_bias"].validate(one.told[0])
        assert core.settings.token_origins[-1].words == {5: b" tree", 6: b"tr", 8: b" Tree"}
        await core.close()

    on_loop(work)


def test_a_token_added_twice_has_one_row(opened: Open, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        with serving(tokenizes) as server:
            one = opened({"5": 2.5, "77": -3}, server.url)
            await one.look_up("tree")
            press(one.dialog, "Favour")
        assert one.rows() == [(5, 5.0), (77, -3), (8, 5.0)]
        one.dialog.rows.rows()[1]._remove()
        press(one.dialog, "Use")
        assert one.told == [{"5": 5, "8": 5}]
        await core.close()

    on_loop(work)


def test_a_number_out_of_range_is_not_used(
    qtbot: QtBot, opened: Open, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        one = opened({"5": 2}, "http://127.0.0.1:9")
        control = one.dialog.rows.rows()[0].editor.control()
        assert isinstance(control, QLineEdit)
        control.setText("101")
        press(one.dialog, "Use")
        assert one.told == []
        assert "−100 to 100" in one.dialog._said.text()
        control.setText("-7.5")
        qtbot.keyClick(control, Qt.Key.Key_Up)
        press(one.dialog, "Use")
        assert one.told == [{"5": -6.5}]
        one.dialog.ask(one.told[0])
        one.dialog.rows.rows()[0]._remove()
        press(one.dialog, "Use")
        assert one.told[1] is None
        await core.close()

    on_loop(work)


def test_where_nobody_tells_tokens_ids_are_entered(
    qtbot: QtBot, opened: Open, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        one = opened(None, "https://example.org", ProviderKind.OPENAI)
        assert one.dialog.word.isHidden()
        assert "Enter token ids" in one.dialog._why.text()
        for text in ("x", "99999999999999", "-4", "42"):
            one.dialog.ids.setText(text)
            qtbot.keyClick(one.dialog.ids, Qt.Key.Key_Return)
        assert one.rows() == [(42, -100)]
        assert one.dialog.isVisible()
        press(one.dialog, "Use")
        assert one.told == [{"42": -100}]
        await core.close()

    on_loop(work)


def test_ids_of_another_model_are_told_and_looked_up_again(
    opened: Open, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        with serving(tokenizes) as server:
            one = opened(None, server.url)
            await one.look_up("tree")
            press(one.dialog, "Ban")
            one.dialog.ids.setText("300")
            press(one.dialog, "Add")
            press(one.dialog, "Use")
        again = {" tree": 900, " Tree": 901}

        def other(connection: Connection) -> None:
            text = connection.request.json["content"]
            connection.head(200, "application/json")
            told = {"id": again[text], "piece": text}
            connection.send(json.dumps({"tokens": [told]}).encode())

        with serving(other) as server:
            one.choose(ProviderKind.LLAMA_CPP, server.url, "n", "<i>Other</i>")
            one.dialog.ask(one.told[0])
            words = one.dialog._foreign.text()
            assert words == "These token ids are from Mine; <i>Other</i> may use others."
            # Ids of two models don't mix.
            one.dialog.ids.setText("4")
            press(one.dialog, "Add")
            assert "belong to another model" in one.dialog._said.text()
            press(one.dialog, "Look up again")
            await until(one.dialog._foreign.isHidden)
        assert one.rows() == [(900, -100), (901, -100)]
        assert "1 token of the previous model" in one.dialog._said.text()
        press(one.dialog, "Use")
        assert one.told[-1] == {"900": -100, "901": -100}
        assert core.settings.token_origins[-1].model == "n"
        await core.close()

    on_loop(work)


def test_ids_that_fit_both_models_are_kept(opened: Open, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        one = opened({"5": -100}, "https://example.org", ProviderKind.OPENAI)
        assert one.dialog._foreign.isHidden()
        press(one.dialog, "Use")
        one.choose(ProviderKind.OPENAI, "https://example.org", "n", "Other")
        one.dialog.ask({"5": -100})
        assert not one.dialog._foreign.isHidden()
        # Without a tokenizer nothing can be looked up.
        assert one.dialog.again.isHidden()
        press(one.dialog, "Keep the ids")
        assert one.dialog._foreign.isHidden()
        press(one.dialog, "Use")
        one.dialog.ask({"5": -100})
        assert one.dialog._foreign.isHidden()
        await core.close()

    on_loop(work)


def test_a_server_that_fails_is_said(opened: Open, core: Core, on_loop: OnLoop) -> None:
    async def work() -> None:
        with serving(lambda connection: connection.reset()) as server:
            one = opened(None, server.url)
            await one.look_up("tree")
            assert one.dialog._said.text()
            assert one.dialog.cuts.isHidden()
        await core.close()

    on_loop(work)


def test_an_answer_that_comes_late_is_not_anothers(
    opened: Open, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        one = opened(None, "http://127.0.0.1:9")
        one.dialog._question = 2
        with serving(tokenizes) as server:
            one.choose(ProviderKind.LLAMA_CPP, server.url, "m", "Mine")
            await one.dialog._ask_cuts("tree", 1)
        assert one.dialog.cuts.topLevelItemCount() == 0
        await core.close()

    on_loop(work)


def test_an_enormous_value_is_kept_and_partly_shown(
    opened: Open, core: Core, on_loop: OnLoop
) -> None:
    async def work() -> None:
        value = {str(n): -1 for n in range(5_000)} | {"9" * 5000: 3}
        one = opened(value, "http://127.0.0.1:9")
        assert len(one.dialog.rows.rows()) == SHOWN_ROWS
        assert one.dialog.rows._more.text() == "And 4,900 more tokens."
        press(one.dialog, "Use")
        assert one.told == [value]
        await asyncio.sleep(0)
        await core.close()

    on_loop(work)


def test_the_panel_opens_it_for_who_will_answer(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def work() -> None:
        window = Window(theme, {})
        keep(qtbot, window)
        main_window = MainWindow(core, theme, window)
        panel = main_window.choices.panel
        panel.dialog_wanted.emit(BY_NAME["logit_bias"])
        dialog = next(iter(window.findChildren(BiasDialog)))
        assert dialog._why.isHidden()
        dialog.rows.add(7, -100, b" seven")
        press(dialog, "Use")
        assert main_window.in_view.values.get("logit_bias") == {"7": -100}
        await core.close()

    on_loop(work)
