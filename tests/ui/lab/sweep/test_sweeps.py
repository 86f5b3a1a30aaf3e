"""The windows of sweeps: planned, run, compared, kept, used, thrown away; and the seed check."""

import asyncio
import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.errors import InputError
from app.domain.events import TokenProbabilities
from app.domain.providers.providers import Provider, ProviderKind
from app.domain.sweep.plan import CellPosition, CellState, ParameterAxis
from app.domain.sweep.results import Measure, Point, Series
from app.domain.sweep.seed_check import compare_answers
from app.domain.tokens.token_table import TokenTable
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.sweep.export import ExportKind, SweepExport
from app.services.sweep.running_sweep import Sweep
from app.ui.lab.sweep.charts import LineChart, tick
from app.ui.lab.sweep.comparison import Reference
from app.ui.lab.sweep.list import SweepList
from app.ui.lab.sweep.plan_window import PlanWindow
from app.ui.lab.sweep.seed_check_window import SeedCheckWindow, fork_rows, meaning_words
from app.ui.lab.sweep.sweep_window import SweepWindow
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import Script, Server, answer, chat, serving
from tests.services.talking import next_time
from tests.ui.conftest import OnLoop, keep
from tests.ui.lab.lab_values import candidate, token


@dataclass
class Stage:
    """A window with a conversation of one question and its answer."""

    core: Core
    main_window: MainWindow
    server: Server
    held: OpenConversation

    def window(self, kind: type) -> object:
        """The newest window of a kind."""
        return self.main_window.window.findChildren(kind)[-1]

    async def ended(self, sweep: Sweep | None) -> None:
        """Wait until nothing of a sweep is on its way."""
        assert sweep is not None
        if self.core.sweeping.is_running(sweep):
            await asyncio.wait_for(next_time(sweep.finished), 20)

    async def sweep(self, columns: str = "0, 1", rows: str = "") -> SweepWindow:
        """Run a sweep over temperature, and over top_p."""
        self.main_window.lab.plan_sweep()
        plan = self.window(PlanWindow)
        assert isinstance(plan, PlanWindow)
        plan.columns.choose("temperature", columns)
        if rows:
            plan.rows.choose("top_p", rows)
        plan.start()
        window = self.window(SweepWindow)
        assert isinstance(window, SweepWindow)
        await self.ended(window.sweep)
        return window


def staged(
    qtbot: QtBot,
    core: Core,
    theme: Theme,
    on_loop: OnLoop,
    scripts: list[Script],
    act: Callable[[Stage], object],
) -> None:
    """Ask a question in a window, and go on from there."""

    async def work() -> None:
        with serving(*scripts) as server:
            provider = Provider(
                "s", "Scripted", ProviderKind.LLAMA_CPP, f"{server.url}/v1", "model"
            )
            core.providers.put(provider)
            core.settings.default_provider = provider.id
            window = Window(theme, {})
            keep(qtbot, window)
            window.show()
            main_window = MainWindow(core, theme, window)
            window.pane.composer.put_text("Which?")
            window.pane.composer.send.click()
            held = main_window.in_view.conversation
            assert held is not None
            await core.chat._answering[held.id]
            done = act(Stage(core, main_window, server, held))
            if asyncio.iscoroutine(done):
                await done
            window.close()
            await core.close()

    on_loop(work)


def test_a_grid_is_asked_for_and_an_answer_is_kept(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        window = await stage.sweep("0, 1", "0.5, 1")
        asked = {(one.json["temperature"], one.json["top_p"]) for one in stage.server.requests[1:]}
        assert asked == {(0, 0.5), (1, 0.5), (0, 1), (1, 1)}
        window.grid.go_to(CellPosition(1, 0, 0))
        names = [
            str(window.grid.model().index(row, column).data(Qt.ItemDataRole.AccessibleTextRole))
            for row in range(2)
            for column in range(2)
        ]
        assert names[1].startswith("Temperature 1, Top P 0.5, complete, 2 words")
        press(window, "Keep as branch")
        kept = stage.held.path()[-1]
        assert kept.text == "An answer"
        assert len(stage.held.tree.siblings(kept.id)) == 2
        request = stage.core.library.request(kept.id)
        assert request is not None
        assert (request[1]["temperature"], request[1]["top_p"]) == (1, 0.5)
        press(window, "Use these parameters")
        values = stage.main_window.in_view.values
        assert (values["temperature"], values["top_p"]) == (1, 0.5)
        assert "seed" not in values

    scripts = [answer(chat("An answer"))] * 5
    staged(qtbot, core, theme, on_loop, scripts, act)


async def next_of(signal: Any) -> None:
    """Wait until a signal is told once more."""
    told = asyncio.Event()
    signal.connect(lambda *_facts: told.set())
    await told.wait()


def press(window: object, words: str) -> None:
    assert isinstance(window, SweepWindow)
    [button] = [one for one in window.findChildren(QPushButton) if one.text() == words]
    assert button.isEnabled()
    button.click()


def test_what_failed_says_why_and_is_asked_again(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        window = await stage.sweep("0, 1")
        failed = [one for one in window.sweep.cells if one.state is CellState.FAILED]
        assert len(failed) == 1
        window.grid.go_to(failed[0].place)
        assert failed[0].error in [one.text() for one in window.findChildren(type(window._figures))]
        press(window, "Run the rest")
        await stage.ended(window.sweep)
        assert window.sweep.count(CellState.COMPLETE) == 2

    refused = answer("{}", status=400, content_type="application/json")
    scripts = [answer(chat("a")), refused, answer(chat("b")), answer(chat("c"))]
    staged(qtbot, core, theme, on_loop, scripts, act)


def test_texts_are_compared_and_hostile_ones_stay_texts(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        window = await stage.sweep("0, 1")
        texts = [one.text for one in window.sweep.cells]
        assert sorted(texts) == ["<b>one</b> two", "one three"]
        window.grid.go_to(CellPosition(1, 0, 0))
        assert window._text.toPlainText() == texts[1]
        window.reference.choose(Reference.BEFORE)
        shown = window._text.toPlainText()
        assert "two" in shown
        assert "three" in shown
        window.reference.choose(Reference.NOTHING)
        assert window._text.toPlainText() == texts[1]
        for page in (window.table, window.charts):
            window.tabs.setCurrentWidget(page)
        assert window.table.rowCount() == 2

    scripts = [answer(chat(text)) for text in ("a", "<b>one</b> two", "one three")]
    staged(qtbot, core, theme, on_loop, scripts, act)


def cell_name(window: SweepWindow, place: CellPosition) -> str:
    index = window.grid.model().index(place.row, place.column)
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_every_answer_says_how_different_it_is_from_the_reference(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        window = await stage.sweep("0, 1", "0.5, 1")
        by_text = {one.text: one.place for one in window.sweep.cells}
        fox = by_text["a red fox ran"]
        assert "different" not in cell_name(window, by_text["a red dog ran"])
        window.grid.go_to(fox)
        press(window, "Compare with this")
        assert window.reference.list.currentText() == (
            f"Compare with {window.sweep.at(fox).cell.label}"
        )
        assert "25.0 % different" in cell_name(window, by_text["a red dog ran"])
        assert "100 % different" in cell_name(window, by_text["Otherwise."])
        assert "different" not in cell_name(window, fox)
        window.tabs.setCurrentWidget(window.table)
        last = window.table.columnCount() - 1
        assert not window.table.isColumnHidden(last)
        window.table.sortByColumn(last, Qt.SortOrder.DescendingOrder)
        first = window.table.item(0, 0)
        assert first is not None
        assert first.text() == window.sweep.at(by_text["Otherwise."]).cell.label
        window.reference.choose(Reference.ABOVE)
        above = [cell_name(window, CellPosition(column, 0, 0)) for column in (0, 1)]
        below = [cell_name(window, CellPosition(column, 1, 0)) for column in (0, 1)]
        assert not any("different" in one for one in above)
        assert all("different" in one for one in below)
        window.reference.choose(Reference.NOTHING)
        assert window.table.isColumnHidden(last)

    texts = ("a", "a red fox ran", "a red dog ran", "Otherwise.", "a red fox")
    staged(qtbot, core, theme, on_loop, [answer(chat(text)) for text in texts], act)


def test_long_answers_are_compared_beside_the_window(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        window = await stage.sweep("0, 1")
        window.grid.go_to(CellPosition(1, 0, 0))
        window.reference.choose(Reference.FIRST)
        assert "different" not in cell_name(window, CellPosition(1, 0, 0))
        await asyncio.wait_for(next_of(window.comparison.made), 20)
        assert "different" in cell_name(window, CellPosition(1, 0, 0))
        assert "one" in window._text.toPlainText()
        assert "two" in window._text.toPlainText()
        # What is closed is waited for by nobody.
        window.comparison._known.clear()
        window.reference.choose(Reference.FIRST)
        window.reference.choose(Reference.BEFORE)
        window.close()
        await asyncio.sleep(0)

    long = "word " * 1000
    scripts = [answer(chat(text)) for text in ("a", long + "one", long + "two")]
    staged(qtbot, core, theme, on_loop, scripts, act)


def test_a_sweep_is_opened_again_and_thrown_away(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        window = await stage.sweep("0, 1")
        window.close()
        listed = stage.main_window.lab.sweeps().show_list(stage.held)
        assert isinstance(listed, SweepList)
        rows = listed.findChildren(QListWidget)[0]
        assert rows.count() == 1
        again = stage.main_window.lab.sweeps().reopen(stage.held, str(rows.item(0).data(256)))
        assert isinstance(again, SweepWindow)
        assert [one.text for one in again.sweep.cells] == ["b", "b"]
        delete = [one for one in listed.findChildren(QPushButton) if one.text() == "Delete"]
        delete[0].click()
        assert rows.count() == 0
        stage.main_window.window.pane.toast.findChildren(QPushButton)[0].click()
        assert len(stage.core.sweeping.sweeps_of(stage.held.id)) == 1

    scripts = [answer(chat("a")), answer(chat("b")), answer(chat("b"))]
    staged(qtbot, core, theme, on_loop, scripts, act)


@pytest.mark.parametrize("kind", ExportKind)
def test_a_sweep_is_written_to_a_file(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop, tmp_path: Path, kind: ExportKind
) -> None:
    path = tmp_path / f"sweep.{kind.value}"

    async def act(stage: Stage) -> None:
        window = await stage.sweep("0, 1", "0.5, 1")
        export = SweepExport(core.sweeping, core.conversations)
        await export.write(window.sweep, kind, path)
        with pytest.raises(InputError):
            await export.write(window.sweep, kind, path)
        await window._write(kind, path)

    hostile = answer(chat("=1+1 <script>alert(1)</script> | ``` two"))
    staged(qtbot, core, theme, on_loop, [answer(chat("a"))] + [hostile] * 4, act)
    text = path.read_text("utf-8-sig")
    assert "two" in text
    if kind is ExportKind.HTML:
        assert "<script" not in text
        assert "<svg" in text
    if kind is ExportKind.CSV:
        assert not any(
            cell.startswith("=") for row in csv.reader(text.splitlines()) for cell in row
        )


def test_a_plan_says_what_is_wrong_and_what_is_much(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    def act(stage: Stage) -> None:
        stage.main_window.lab.plan_sweep()
        plan = stage.window(PlanWindow)
        assert isinstance(plan, PlanWindow)
        [values] = [
            one for one in plan.findChildren(QLineEdit) if one.accessibleName() == "Columns: values"
        ]
        values.setText("9")
        assert not plan._run.isEnabled()
        assert "Temperature" in plan._says.text()
        values.setText("0..2 step 0.05")
        assert plan._run.isEnabled()
        assert plan._run.text() == "Run all 41"
        plan.columns.choose("temperature", "0, 1")
        axis = plan.plan().columns
        assert axis == ParameterAxis("temperature", (0.0, 1.0))
        assert plan._run.text() == "Run 2"

    staged(qtbot, core, theme, on_loop, [answer(chat("a"))], act)


def test_a_seed_check_says_where_answers_part(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        stage.main_window.lab.check_seed()
        check = stage.window(SeedCheckWindow)
        assert isinstance(check, SeedCheckWindow)
        check.run.click()
        await stage.ended(check._sweep)
        assert check.verdict.text().startswith("3 of 4 answers are identical")
        assert "13 characters" in check.verdict.text()
        assert "isn't deterministic" in check._means.text()
        assert {one.json["seed"] for one in stage.server.requests[1:]} == {1}
        assert "The fox eats <b>hens</b>" in check.answers.toPlainText()
        assert not check.fork.isVisible()
        check.all.click()
        sweep = stage.window(SweepWindow)
        assert isinstance(sweep, SweepWindow)
        assert sweep.sweep is check._sweep

    same = answer(chat("The fox eats mice"))
    scripts = [answer(chat("a")), same, same, answer(chat("The fox eats <b>hens</b>")), same]
    staged(qtbot, core, theme, on_loop, scripts, act)


def test_a_seed_check_at_temperature_0_says_that_the_seed_plays_no_part(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    async def act(stage: Stage) -> None:
        stage.main_window.in_view.set_value("temperature", 0)
        stage.main_window.lab.check_seed()
        check = stage.window(SeedCheckWindow)
        assert isinstance(check, SeedCheckWindow)
        # It is said before anything is sent, and with the result.
        assert "the seed has no effect" in check._means.text()
        check.run.click()
        await stage.ended(check._sweep)
        assert check.verdict.text() == "All 4 answers are identical."
        assert "the seed has no effect" in check._means.text()
        assert "says nothing about the seed" in check._means.text()
        assert "repeatable" not in check._means.text()

    staged(qtbot, core, theme, on_loop, [answer(chat("a"))] * 5, act)


@pytest.mark.parametrize("no_part", ["", "The seed has no effect."])
def test_answers_that_differ_without_a_seed_are_not_its_doing(no_part: str) -> None:
    words = meaning_words(compare_answers(["a", "b"], []), "", no_part)
    assert ("even with the same seed" in words) == (not no_part)
    assert ("the seed isn't the cause" in words) == bool(no_part)


def test_what_could_come_at_a_fork_says_how_often_it_came() -> None:
    brown, little = token(chosen=0), token(chosen=1)
    unlisted = TokenProbabilities(candidate(" odd", 0.01, 77), brown.alternatives)
    answers = [TokenTable.of([brown, one]) for one in (brown, brown, little, unlisted)]
    answers.append(TokenTable.of([brown]))
    texts = ["".join(table.word(place).token for place in range(len(table))) for table in answers]
    fork = compare_answers(texts, answers).fork
    assert fork is not None
    assert [row.name for row in fork_rows(fork)] == [
        "␣brown, 40.0 %, chosen 2×",
        "␣little, 30.0 %, chosen 1×",
        "↵, 15.0 %, not chosen",
        "日本, 8.0 %, not chosen",
        "␣fox, 4.0 %, not chosen",
        "␣odd, 1.00 %, chosen 1×",
        "(end), probability not known, chosen 1×",
    ]


def test_a_chart_says_its_numbers(qtbot: QtBot, theme: Theme) -> None:
    chart = LineChart(theme, "Length")
    keep(qtbot, chart)
    chart.resize(300, 200)
    chart.show_series(
        [
            Series(
                Measure.LENGTH, "x", (Point("0", 12.0, 10.0, 14.0, 2), Point("1"), Point("2", 3.5))
            )
        ]
    )
    chart.show()
    chart.grab()
    assert chart.accessibleDescription() == "x 0: 12, 2: 3.5"
    assert (tick(1234.5), tick(-0.25), tick(0.00012), tick(None)) == (
        "1,234",
        "−0.25",
        "0.00012",
        "",
    )
