"""The Lab face: the token in view, and the effect of the parameters on it and on its answer."""

from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import LibraryError
from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import ProviderKind
from app.domain.sampling.logit_offset import Offset
from app.domain.tokens.token_table import TokenTable, Word
from app.ui.lab.asking import Asking
from app.ui.lab.side_panel import Face, SidePanel
from app.ui.lab.what_if.what_if import AT_ONCE, WhatIf
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel
from tests.ui.conftest import keep
from tests.ui.lab.lab_values import WORDS, candidate, table, token

NOTHING = TokenTable.of([])


@pytest.fixture
def side(qtbot: QtBot) -> SidePanel:
    side = SidePanel(QWidget(), {"face": "lab"})
    keep(qtbot, side)
    side.resize(480, 800)
    side.show()
    return side


@pytest.fixture
def lab(theme: Theme, side: SidePanel) -> WhatIf:
    tables = {"answer": table(), "none": NOTHING}
    lab = WhatIf(theme, side, lambda message: tables[message])
    lab.show_provider(ProviderKind.EMBEDDED, {}, 49_152)
    return lab


def names(lab: WhatIf) -> list[str]:
    reading = QAccessible.queryAccessibleInterface(lab.body.bars)
    rows = range(lab.body.bars.model().rowCount())
    return [reading.child(row).text(QAccessible.Text.Name) for row in rows]


def test_temperature_changes_what_the_rows_are_called(lab: WhatIf) -> None:
    lab.show_token("answer", 0)
    lab.show_values({"temperature": 1})
    assert names(lab)[1] == "␣little, rank 2, model 30.0 %, with parameters 30.0 %, chosen"
    lab.show_values({"temperature": 0})
    assert names(lab)[0] == "␣brown, rank 1, model 40.0 %, with parameters 100 %"
    assert names(lab)[1].endswith("dropped by greedy, chosen")


def test_a_cut_drops_and_says_so(lab: WhatIf) -> None:
    lab.show_token("answer", 0)
    lab.show_values({"top_k": 2})
    assert [", dropped by Top K" in name for name in names(lab)[:5]] == [False] * 2 + [True] * 3
    assert [(line.name, line.after) for line in lab.body.bars.picture().lines] == [("Top K 2", 2)]
    assert lab.body.kept.text() == "2 of the top 5 stay"
    assert lab.body.certainty.text().startswith("Exact")
    assert not lab.body.certainty.isVisible()
    lab.body.more.click()
    assert lab.body.certainty.isVisible()
    lab.body.more.click()
    assert not lab.body.certainty.isVisible()


def test_cuts_tell_what_they_came_to(lab: WhatIf) -> None:
    lab.show_token("answer", 0)
    lab.show_values({"top_k": 4, "top_p": 0.7, "min_p": 0.8})
    told = {line.name: line.more for line in lab.body.bars.picture().lines}
    # Of 0.93 that top_k leaves, the first two have 0.7; of these, four fifths of 0.4.
    assert told["Top P 0.7"] == "Σ 75.3 %"
    assert told["Min P 0.8"] == "≥ 45.7 %"


def test_penalties_count_what_came_before(lab: WhatIf) -> None:
    lab.show_token("answer", 2)
    lab.show_values({"presence_penalty": 2})
    # What came before this token: “little” and “brown”; so the third stands first now.
    assert names(lab)[0].startswith("↵, rank 1")
    assert "last 64 tokens" in lab.body.counts.text()
    lab.show_values({})
    assert lab.body.counts.isHidden()


def test_a_bias_moves_its_token(lab: WhatIf) -> None:
    lab.show_token("answer", 0)
    lab.show_values({"logit_bias": {"4": 5}})
    assert names(lab)[0].startswith("␣fox, rank 1, model 4.0 %")


def test_what_the_provider_does_of_itself_is_taken_in(lab: WhatIf) -> None:
    lab.show_provider(ProviderKind.EMBEDDED, {"top_k": 3})
    lab.show_token("answer", 0)
    lab.show_values({})
    assert names(lab)[3].endswith("dropped by Top K")


def test_an_unknown_order_is_said_to_be_one(lab: WhatIf) -> None:
    lab.show_provider(ProviderKind.OPENAI_COMPATIBLE, {})
    lab.show_token("answer", 0)
    assert "order unknown" in lab.body.order.text()


def test_the_last_token_is_shown_first(lab: WhatIf) -> None:
    lab.show_answer("answer")
    assert lab.body.strip.value() == 39
    assert "Token 40 of 40" in lab.body.place.accessibleName()


def test_a_step_on_the_strip_shows_and_tells_its_token(qtbot: QtBot, lab: WhatIf) -> None:
    lab.show_answer("answer")
    with qtbot.waitSignal(lab.token_wanted, timeout=1000) as wanted:
        QTest.keyClick(lab.body.strip, Qt.Key.Key_Left)
    assert wanted.args == ["answer", 38]
    assert "Token 39 of 40" in lab.body.place.accessibleName()
    assert names(lab)[1].endswith("chosen")


def test_a_candidate_is_wanted_with_its_place(qtbot: QtBot, lab: WhatIf) -> None:
    lab.show_token("answer", 0)
    with qtbot.waitSignal(lab.branch_wanted, timeout=1000) as wanted:
        QTest.keyClick(lab.body.bars, Qt.Key.Key_Return)
    assert wanted.args == ["answer", 0, 0]


def test_the_whole_answer_is_summed_up(lab: WhatIf) -> None:
    lab.show_answer("answer")
    lab.show_values({"top_k": 2})
    assert lab.body.answer.text() == "Typically 2 of 49,152 tokens stay."


def test_what_would_have_been_cut_is_counted_and_gone_to(qtbot: QtBot, lab: WhatIf) -> None:
    lab.show_answer("answer")
    lab.show_values({})
    assert lab.body.survival.words() == "None of the answer's 40 tokens would be dropped."
    # The second likeliest came at every other token.
    lab.show_values({"temperature": 0})
    assert lab.body.survival.words() == "20 of the answer's 40 tokens would be dropped"
    button = lab.body.survival.button
    assert button.isVisible()
    button.setFocus()
    for place in (0, 2, 4):
        with qtbot.waitSignal(lab.token_wanted, timeout=1000) as wanted:
            QTest.keyClick(button, Qt.Key.Key_Space)
        assert wanted.args == ["answer", place]
        assert f"Token {place + 1} of 40" in lab.body.place.accessibleName()
    assert lab.body.reading.text().startswith("Token 5, dropped")
    assert button.hasFocus()


def test_the_parameters_get_their_sentences_when_the_slider_rests(
    qtbot: QtBot, lab: WhatIf
) -> None:
    lab.show_answer("answer")

    def about_top_k(said: Mapping[str, str]) -> bool:
        return said.get("top_k") == "3 of 49,152 tokens stay"

    with qtbot.waitSignal(lab.read, timeout=2000, check_params_cb=about_top_k):
        lab.show_values({"top_k": 3, "top_p": 1.0})


def test_without_probabilities_they_can_be_asked_for(qtbot: QtBot, lab: WhatIf) -> None:
    lab.show_answer("none")
    (button,) = [one for one in lab.body.findChildren(QPushButton) if one.isVisible()]
    with qtbot.waitSignal(lab.asking_wanted, timeout=1000):
        button.click()
    for asking in (Asking(asked=True), Asking(asked=True, answering=True), Asking(reason="No.")):
        lab.show_asking(asking)
        assert not button.isVisible()
        assert asking.lab_words() in [one.text() for one in lab.body.findChildren(PlainLabel)]


def test_a_library_that_fails_says_so(theme: Theme, side: SidePanel) -> None:
    def fails(message: str) -> TokenTable:
        raise LibraryError("The library is damaged.")

    lab = WhatIf(theme, side, fails)
    lab.show_answer("answer")
    said = [one.text() for one in lab.body.findChildren(PlainLabel) if one.isVisible()]
    assert "The library is damaged." in said


def test_a_token_that_was_not_listed_has_its_row(theme: Theme, side: SidePanel) -> None:
    came = candidate(" never", 0.001, 77)
    answer = TokenTable.of([TokenProbabilities(came, token().alternatives)])
    lab = WhatIf(theme, side, lambda message: answer)
    lab.show_answer("answer")
    row = next(name for name in names(lab) if name.startswith("␣never"))
    assert row.endswith("chosen, not among the top 5")


def test_an_enormous_token_is_cut_before_it_is_drawn(theme: Theme, side: SidePanel) -> None:
    words = ("x" * 1_000_000, *WORDS[1:])
    lab = WhatIf(theme, side, lambda message: TokenTable.of([token(words)] * 3))
    lab.show_answer("answer")
    assert max(map(len, names(lab))) < 200
    assert len(lab.body.place.accessibleName()) < 500


def test_nothing_is_worked_out_while_another_face_is_shown(lab: WhatIf, side: SidePanel) -> None:
    lab.show_token("answer", 0)
    before = names(lab)
    side.show_face(Face.PARAMETERS)
    lab.show_values({"top_k": 1})
    assert names(lab) == before
    side.show_face(Face.LAB)
    assert names(lab)[1].endswith("dropped by Top K, chosen")


def test_of_a_long_answer_the_strip_follows_when_the_slider_pauses(
    qtbot: QtBot, theme: Theme, side: SidePanel
) -> None:
    answer = table(AT_ONCE + 2)
    lab = WhatIf(theme, side, lambda message: answer)
    lab.show_token("answer", 0)
    qtbot.waitUntil(lambda: "top 5" in lab.body.answer.text())
    lab.show_values({"top_k": 1})
    assert names(lab)[1].endswith("dropped by Top K, chosen")
    qtbot.waitUntil(lambda: "1 of the top 5" in lab.body.answer.text())


def test_penalties_count_what_stood_before_the_answer(lab: WhatIf) -> None:
    """In the picture of its first token nothing else has come yet."""
    lab.show_token("answer", 0)
    lab.show_values({"temperature": 1, "presence_penalty": 2})
    unknown = "␣brown, rank 1, model 40.0 %, with parameters 8.3 % to 100 %, likely 40.0 %"
    assert names(lab)[0] == unknown
    assert "not known" in lab.body.counts.text()
    assert "penalties count tokens that are not known" in lab.body.certainty.text()
    lab.show_prompt("another", [0] * 64)
    assert names(lab)[0] == unknown
    lab.show_prompt("answer", [9, 0, 8])
    assert names(lab)[0].startswith("␣little, rank 1, model 30.0 %, with parameters 4")
    assert lab.body.counts.text() == "Penalties count the last 64 tokens before this one."


def test_what_a_repetition_penalty_does_can_be_learned(qtbot: QtBot, lab: WhatIf) -> None:
    lab.show_token("answer", 2)
    lab.show_values({"temperature": 1, "repetition_penalty": 1.2})
    assert "Repetition penalty needs unknown scores" in lab.body.certainty.text()
    # Of a server that did not tell the prompt nothing is learned.
    assert lab.body.learning.isHidden()
    lab.show_prompt("answer", [9, 0, 8])
    assert lab.body.learning.isVisible()
    wide = names(lab)
    with qtbot.waitSignal(lab.offset_wanted, timeout=1000) as wanted:
        QTest.mouseClick(lab.body.learning.button, Qt.MouseButton.LeftButton)
    assert wanted.args == ["answer", 2]
    assert lab.body.learning.words() == "Asking the server…"
    lab.show_offset("answer", 2, "No.")
    assert lab.body.learning.words() == "No."
    # What was not to be had may be had the next time.
    lab.show_token("answer", 3)
    lab.show_token("answer", 2)
    assert lab.body.learning.words() == "The server may be able to send the scores."
    lab.show_offset("answer", 2, Offset(20.0))
    assert lab.body.learning.isHidden()
    assert "repetition_penalty" not in lab.body.certainty.text()
    # What came has fallen by a sixth of its score, which is near 20.
    assert names(lab)[0].startswith("↵, rank 1, model 15.0 %, with parameters 4")
    assert names(lab) != wide
    exact = names(lab)
    lab.show_offset("answer", 2, Offset(20.0, 0.3))
    assert "are rounded" in lab.body.certainty.text()
    assert names(lab) != exact
    lab.show_offset("answer", 2, Offset(20.0))
    # It is known of that token, and of no other.
    lab.show_token("answer", 3)
    assert lab.body.learning.words() == "The server may be able to send the scores."
    lab.show_token("answer", 2)
    assert lab.body.learning.isHidden()
    lab.show_token("answer", 3)
    lab.show_values({"temperature": 1, "presence_penalty": 1.2})
    assert lab.body.learning.isHidden()


def test_where_no_branch_can_begin_the_reason_is_said(side: SidePanel, theme: Theme) -> None:
    lab = WhatIf(theme, side, lambda message: table(), lambda _id, at: "No." if at else "")
    lab.show_token("answer", 0)
    way = Qt.ItemDataRole.AccessibleDescriptionRole
    first = lab.body.bars.model().index(0, 0)
    assert str(first.data(way)).startswith("Double-click or press Enter")
    assert lab.body.no_way.isHidden()
    lab.show_token("answer", 1)
    second = lab.body.bars.model().index(1, 0)
    assert second.data(way) == "No."
    assert lab.body.no_way.text() == "No branch can begin here. No."
    assert not lab.body.no_way.isHidden()


def test_probabilities_that_are_not_the_models_own_are_said(theme: Theme, side: SidePanel) -> None:
    zeros = TokenTable.of([TokenProbabilities(candidate("a", 1.0, 1), ())] * 3)
    more = TokenTable.of([token(shares=(0.9, 0.6, 0.1, 0.1, 0.1))])
    alone, half = candidate("a", 1.0, 1), candidate("b", 0.5, 2)
    both = TokenProbabilities(half, (half, candidate("c", 0.5, 3)))
    cut = TokenTable.of([both, *[TokenProbabilities(alone, (alone,))] * 4])
    tables = {"zeros": zeros, "more": more, "cut": cut, "usual": table()}
    lab = WhatIf(theme, side, lambda message: tables[message])
    lab.show_answer("zeros")
    assert "does not send real probabilities" in lab.body.doubt.text()
    lab.show_answer("more")
    assert "add up to 180.0 %" in lab.body.doubt.text()
    lab.show_answer("cut")
    assert "after the samplers" in lab.body.doubt.text()
    assert "a second time" in lab.body.doubt.text()
    lab.show_answer("usual")
    assert lab.body.doubt.isHidden()


def test_a_token_that_was_not_among_the_likeliest_is_drawn_with_a_bound(
    theme: Theme, side: SidePanel
) -> None:
    listed = token().alternatives
    odd = TokenTable.of([TokenProbabilities(Candidate("x", -9999.0, b"x", 77), listed)])
    lab = WhatIf(theme, side, lambda _message: odd)
    lab.show_answer("odd")
    lab.show_values({"temperature": 1})
    row = next(name for name in names(lab) if name.startswith("x"))
    assert (
        row
        == "x, rank 6, model not known, with parameters 0 % to 3.0 %, chosen, not among the top 5"
    )
    assert lab.body.kept.text() == "5 of the top 5 stay"
    assert lab.body.survival.words() == "None of the answer's 1 tokens would be dropped."


def test_the_tokenizer_tells_what_penalties_count(theme: Theme, side: SidePanel) -> None:
    """The tokens of a fox, of which llama.cpp gives the last one an entry."""
    end = Candidate("\ufffd", -0.1, b"\x8a", 3)
    other = Candidate("\ufffd", -2.5, b"\xa6", 2)
    fox = TokenProbabilities(Candidate("🦊", -0.1, "🦊".encode(), 3), (end, other))
    answer = TokenTable.of([fox])
    lab = WhatIf(theme, side, lambda _message: answer)
    lab.show_prompt("fox", [9] * 64)
    lab.show_answer("fox")
    lab.show_values({"temperature": 1, "presence_penalty": 1, "top_k": 2})
    assert "penalties count tokens that are not known" in lab.body.certainty.text()
    assert " to " in names(lab)[0]
    words = ((b"\xf0\x9f", 1), (b"\xa6", 2), (b"\x8a", 3))
    lab.show_spelling("fox", [Word("", raw, id_) for raw, id_ in words])
    assert "Exact" in lab.body.certainty.text()
    assert names(lab)[0].startswith("0x8A, rank 1, model 90.5 %, with parameters 96.8 %")


def test_tokens_that_were_not_listed_may_be_cut(
    qtbot: QtBot, theme: Theme, side: SidePanel
) -> None:
    listed = token()
    odd = TokenProbabilities(candidate(" odd", 0.004, 77), listed.alternatives)
    answer = TokenTable.of([listed, odd] * 20)
    lab = WhatIf(theme, side, lambda message: answer)
    lab.show_token("answer", 0)
    assert lab.body.survival.words() == "None of the answer's 40 tokens would be dropped."
    # Top K 25 keeps all five that were listed, and twenty others that nobody knows.
    lab.show_values({"top_k": 25})
    words = lab.body.survival.words()
    assert words == "Up to 20 of the answer's 40 tokens would be dropped."
    lab.show_values({"top_k": 3})
    assert lab.body.survival.words() == "20 of the answer's 40 tokens would be dropped"


def test_the_figures_of_a_token_have_their_bounds_in_the_tooltip(lab: WhatIf) -> None:
    lab.show_token("answer", 0)
    lab.show_values({"temperature": 1.5})
    # What was not captured is 3 %: figures are estimates until a cut leaves captured tokens alone.
    assert lab.body.reading.text().startswith("Token 1: ≈")
    assert lab.body.reading.text().count("≈") == 2
    assert "Model: 4" in lab.body.reading.toolTip()
    assert " to " in lab.body.reading.toolTip()
    lab.show_values({"temperature": 1.5, "top_k": 2})
    assert lab.body.reading.text().endswith("2.0 with parameters")
    assert "With parameters: 2.0." in lab.body.reading.toolTip()
    lab.body.strip.pointed.emit(2)
    assert lab.body.reading.text().startswith("Token 3: ≈")
    assert "With parameters: 2.0." in lab.body.reading.toolTip()


def test_a_panel_that_was_narrow_does_not_scroll_when_it_is_wide(
    qtbot: QtBot, lab: WhatIf, side: SidePanel
) -> None:
    lab.show_answer("answer")
    lab.show_values({"top_k": 2})
    bar = side.lab.verticalScrollBar()
    side.resize(280, 800)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    # Nothing is wider than the panel: there is no horizontal scroll bar to reach it.
    assert lab.body.width() <= side.lab.viewport().width()
    side.resize(508, 800)
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_large_text_is_nowhere_wider_than_a_drawer(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light", 2.0)
    try:
        side = SidePanel(QWidget(), {"face": "lab"})
        keep(qtbot, side)
        lab = WhatIf(theme, side, lambda message: table())
        side.resize(432, 720)
        side.show()
        for values in ({"top_k": 2}, {"repetition_penalty": 1.2}, {"temperature": 1.5}):
            lab.show_answer("answer")
            lab.show_values(values)
            side.grab()
            assert lab.body.width() <= side.lab.viewport().width()
            for child in lab.body.findChildren(QWidget):
                parent = child.parentWidget()
                if parent is not None and child.isVisible():
                    assert child.geometry().right() <= parent.width(), child
    finally:
        Theme(qapp, "light")
