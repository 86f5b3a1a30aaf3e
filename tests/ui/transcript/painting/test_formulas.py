"""Formulas in the conversation: they come after the words, on the baseline, or not at all."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QProcess
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.markup.typesetting import FormulaRequest
from app.ui.transcript.painting import formulas
from app.ui.transcript.painting.formulas import FormulaCache
from app.ui.transcript.strips.formula import FormulaText
from app.ui.transcript.strips.table import RowStrip
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import around

DEEP = r"\sqrt{" * 9 + "x" + "}" * 9


def show(view: TranscriptView, text: str) -> None:
    view.show_path([Message("m", None, Role.ASSISTANT, text, 0.0)], around)


def set_count(view: TranscriptView) -> int:
    strips = view.items()[0].stack.strips
    cells = [cell for row in strips if isinstance(row, RowStrip) for cell in row._cells]
    return sum(len(one._set) for one in [*strips, *cells] if isinstance(one, FormulaText))


def test_formulas_come_after_the_words_wherever_they_stand(
    qtbot: QtBot, view: TranscriptView
) -> None:
    show(
        view,
        "# $a$\n\nOf $b$ and \\(c\\).\n\n$$\\frac{d}{e}$$\n\n| $f$ |\n|---|\n| $g$ |\n\n- $h$\n",
    )
    assert set_count(view) == 0
    qtbot.waitUntil(lambda: set_count(view) == 7, timeout=20_000)
    # What is selected and copied is the source.
    assert (
        view.items()[0].text().startswith("$a$\nOf $b$ and $c$.\n$$\\frac{d}{e}$$\n$f$\n$g$\n$h$")
    )


def test_a_known_formula_is_there_with_the_first_frame(qtbot: QtBot, view: TranscriptView) -> None:
    show(view, "$x^2$")
    qtbot.waitUntil(lambda: set_count(view) == 1, timeout=20_000)
    show(view, "Another message with $x^2$ in it.")
    assert set_count(view) == 1


def test_a_high_formula_makes_its_line_higher_and_the_scroll_range_knows(
    qtbot: QtBot, view: TranscriptView
) -> None:
    show(view, r"Words $\frac{\frac{a}{b}}{\frac{c}{d}}$ and words.")
    before = view._column.height_of(0)
    qtbot.waitUntil(lambda: set_count(view) == 1, timeout=20_000)
    assert view._column.height_of(0) > before


def test_what_cannot_be_set_stays_its_source(qtbot: QtBot, view: TranscriptView) -> None:
    show(view, r"This $\nope{x}$ and this $y$.")
    qtbot.waitUntil(lambda: set_count(view) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: not view.formulas.is_busy, timeout=20_000)
    assert view.formulas.is_known(FormulaRequest(r"\nope{x}", display=False))
    assert view.formulas.get(FormulaRequest(r"\nope{x}", display=False)) is None


def test_under_a_formula_lies_its_source(qtbot: QtBot, view: TranscriptView) -> None:
    show(view, r"$\frac{a+b+c+d}{e}$ and words")
    qtbot.waitUntil(lambda: set_count(view) == 1, timeout=20_000)
    place = view.rectangle_of(0).topLeft() + QPoint(15, 40)
    assert view.place_at(place).latex == r"\frac{a+b+c+d}{e}"
    assert view.place_at(place + QPoint(120, 0)).latex == ""


def test_a_formula_that_takes_too_long_is_given_up_and_the_next_one_is_set(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formulas, "PATIENCE_MS", 1)
    setter = FormulaCache()
    slow, quick = FormulaRequest(DEEP, display=True), FormulaRequest("x", display=False)
    setter.want(slow)
    qtbot.waitUntil(lambda: setter.is_known(slow), timeout=20_000)
    assert setter.get(slow) is None
    assert setter._process is None
    setter._patience.setInterval(20_000)
    setter.want(quick)
    qtbot.waitUntil(lambda: setter.get(quick) is not None, timeout=20_000)
    setter.end()


def test_a_process_that_dies_takes_one_formula_with_it(qtbot: QtBot) -> None:
    setter = FormulaCache()
    setter.want(FormulaRequest("x", display=False))
    qtbot.waitUntil(lambda: not setter.is_busy, timeout=20_000)
    process = setter._process
    assert process is not None
    setter.want(FormulaRequest(DEEP, display=True))
    setter.want(FormulaRequest("y", display=False))
    process.kill()
    qtbot.waitUntil(
        lambda: setter.get(FormulaRequest("y", display=False)) is not None, timeout=20_000
    )
    assert setter.get(FormulaRequest(DEEP, display=True)) is None
    setter.end()


def test_the_process_knows_nothing_of_our_environment(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-secret")
    setter = FormulaCache()
    setter.want(FormulaRequest("x", display=False))
    qtbot.waitUntil(lambda: not setter.is_busy, timeout=20_000)
    process = setter._process
    assert process is not None
    assert process.state() is QProcess.ProcessState.Running
    environment = Path(f"/proc/{process.processId()}/environ").read_bytes()
    assert b"sk-secret" not in environment
    setter.end()


def test_after_the_window_is_closed_no_process_begins(view: TranscriptView) -> None:
    view.formulas.end()
    view.formulas.want(FormulaRequest("y", display=False))
    assert not view.formulas.is_busy
    assert view.formulas.findChildren(QProcess) == []
