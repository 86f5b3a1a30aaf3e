"""Probabilities in the conversation: the bar, the popover, and a branch from it."""

import math

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListWidget, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Status
from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import Provider, ProviderKind
from app.domain.tokens.table_doubts import doubt_of
from app.domain.tokens.token_statistics import figures_of
from app.domain.tokens.token_table import TokenTable
from app.services.program.core import Core
from app.ui.lab.heat_map.alternative_rows import Alternative
from app.ui.lab.heat_map.answer_words import figures_words
from app.ui.lab.heat_map.heat_bar import HeatBar, HeatLegend
from app.ui.lab.heat_map.heat_scale import SCALES, HeatMeasure, steps_of
from app.ui.lab.heat_map.token_popover import TokenPopover
from app.ui.lab.heat_map.token_sentences import head_of, rows_of
from app.ui.lab.side_panel import Face
from app.ui.lab.what_if.doubt_sentences import notice_words
from app.ui.shell.main_window import MainWindow
from app.ui.shell.window import Window
from app.ui.theme.theme import Theme
from tests.servers import answer, serving
from tests.services.chat.test_branching import told
from tests.ui.conftest import OnLoop, keep
from tests.ui.lab.lab_values import heat_of


def candidate(token: str, share: float, raw: bytes | None = None) -> Candidate:
    return Candidate(token, math.log(share), token.encode() if raw is None else raw)


def table_of(*tokens: TokenProbabilities) -> TokenTable:
    return TokenTable.of(tokens)


def test_rows_are_named_with_white_space_and_bytes_to_be_seen() -> None:
    half = candidate("\ufffd", 0.125, b"\xf0\x9f")
    chosen = candidate(" fox\n", 0.5)
    table = table_of(TokenProbabilities(chosen, (chosen, candidate("\then", 0.25), half)))
    rows = rows_of(table, 0)
    assert [row.text for row in rows] == ["␣fox↵", "⇥hen", "0xF0 0x9F", "all other tokens"]
    assert [row.name for row in rows] == [
        "␣fox↵, 50.0 %, rank 1, chosen",
        "⇥hen, 25.0 %, rank 2",
        "0xF0 0x9F, part of a character, 12.5 %, rank 3",
        "all other tokens, 12.5 %",
    ]
    assert [row.place for row in rows] == [0, 1, None, None]
    assert head_of(table, 0) == "Token 1 of 1 · ␣fox↵ 50.0 % · rank 1"


def test_a_chosen_token_that_was_not_listed_says_so() -> None:
    chosen = candidate("odd", 0.05)
    table = table_of(TokenProbabilities(chosen, (candidate("a", 0.5), candidate("b", 0.25))))
    rows = rows_of(table, 0)
    assert rows[2].name == "odd, 5.0 %, not among the top 2, chosen"
    assert rows[3].name == "all other tokens, 20.0 %"
    assert head_of(table, 0).endswith("not among the top 2")


def test_a_token_of_unknown_probability_is_no_certainty() -> None:
    table = table_of(TokenProbabilities(Candidate("x", -9999.0, b"x"), (candidate("a", 0.5),)))
    assert "%" not in head_of(table, 0).split(" · ")[1]
    assert rows_of(table, 0)[1].share == 0
    assert rows_of(table, 0)[1].name == "x, probability not known, not among the top 1, chosen"
    alone = table_of(TokenProbabilities(candidate("x", 0.5), ()))
    assert rows_of(alone, 0)[0].name == "x, 50.0 %, chosen"
    assert head_of(alone, 0) == "Token 1 of 1 · x 50.0 %"
    assert steps_of(alone, HeatMeasure.ENTROPY) == [-1]


def test_the_share_of_the_end_of_a_character_is_not_shown_as_that_of_the_whole() -> None:
    end = Candidate("\ufffd", math.log(0.9), b"\x8a", 228)
    table = table_of(TokenProbabilities(Candidate("🦊", end.logprob, "🦊".encode(), 228), (end,)))
    assert head_of(table, 0) == "Token 1 of 1 · 0x8A (the end of 🦊) 90.0 % · rank 1"
    assert steps_of(table, HeatMeasure.PROBABILITY) == [-1]


def test_steps_go_with_what_is_shown() -> None:
    certain, even = candidate("a", 0.999), candidate("b", 0.5)
    table = table_of(
        TokenProbabilities(certain, (certain,)),
        TokenProbabilities(even, (even, candidate("c", 0.5))),
        TokenProbabilities(candidate("d", 0.01), (even, candidate("c", 0.49))),
    )
    assert steps_of(table, HeatMeasure.PROBABILITY) == [-1, 2, 5]
    assert steps_of(table, HeatMeasure.SURPRISE) == [-1, 1, 4]
    assert steps_of(table, HeatMeasure.ENTROPY)[:2] == [-1, 1]
    for scale in SCALES.values():
        assert len(scale.limits) == len(scale.labels) == 6


def test_the_popover_is_a_list_that_goes_on_with_a_row(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    keep(qtbot, parent)
    parent.resize(500, 500)
    parent.show()
    popover = TokenPopover(theme, parent)
    rows = [Alternative("<b>a</b>", 0.5, "a", place=0), Alternative("b", 0.25, "b", place=1)]
    rows.append(Alternative("all other tokens", 0.25, "all other tokens"))
    popover.show_token("Token", rows, "", QRect(490, 480, 10, 20))
    assert popover.names() == ["a", "b", "all other tokens"]
    assert parent.rect().contains(popover.geometry())
    wanted: list[int] = []
    popover.branch_wanted.connect(wanted.append)
    popover.enter()
    listed = popover.findChildren(QListWidget)[0]
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert wanted == [1]
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert wanted == [1]
    popover.show_token("Token", rows, "Not here.", QRect(0, 0, 10, 20))
    popover.enter()
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert wanted == [1]
    QTest.keyClick(listed, Qt.Key.Key_Escape)
    assert not popover.isVisible()


def main_window_at(qtbot: QtBot, core: Core, theme: Theme, url: str) -> MainWindow:
    provider = Provider("s", "Scripted", ProviderKind.LLAMA_CPP, f"{url}/v1", "model")
    core.providers.put(provider)
    core.settings.default_provider = provider.id
    window = Window(theme, {})
    keep(qtbot, window)
    window.show()
    return MainWindow(core, theme, window)


def test_asking_looking_and_branching(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    first = told(("The", "A"), (" quick", " slow"), (" fox", " hen"))
    then = told((" snail", " slug"))

    async def work() -> None:
        with serving(answer(first), answer(then)) as server:
            main_window = main_window_at(qtbot, core, theme, server.url)
            main_window.lab.toggle_heat()
            probabilities = heat_of(main_window)
            assert probabilities.is_open
            main_window.lab.ask()
            assert main_window.in_view.values == {"logprobs": True, "top_logprobs": 20}
            main_window.window.pane.composer.put_text("Which?")
            main_window.window.pane.composer.send.click()
            held = main_window.in_view.conversation
            assert held is not None
            await core.chat._answering[held.id]
            assert server.requests[0].json["top_logprobs"] == 20
            message = held.path()[-1]
            main_window.conversation.transcript.grab()
            main_window.conversation.transcript.heating.choose(message.id, 1)
            assert probabilities.popover.names()[:2] == [
                "␣quick, 60.7 %, rank 1, chosen",
                "␣slow, 36.8 %, rank 2",
            ]
            # The lab lists the same beside the answer.
            main_window.window.toggle_panel()
            main_window.lab.side.show_face(Face.LAB)
            assert main_window.lab.side.lab.isVisible()
            main_window.conversation.transcript.heating.choose(message.id, 1)
            assert not probabilities.popover.isVisible()
            main_window.lab.side.show_face(Face.PARAMETERS)
            main_window.conversation.transcript.heating.choose(message.id, 1)
            assert probabilities.popover.isVisible()
            probabilities.popover.branch_wanted.emit(1)
            await core.chat._answering[held.id]
            branch = held.path()[-1]
            assert (branch.text, branch.status) == ("The slow snail", Status.COMPLETE)
            undo = main_window.window.pane.toast.findChildren(QPushButton)[0]
            undo.click()
            assert main_window.in_view.conversation is not None
            assert main_window.in_view.conversation.path()[-1].id == message.id
            main_window.lab.toggle_heat()
            assert not heat_of(main_window).bar.isVisible()
        main_window.window.close()
        await core.close()

    on_loop(work)


def test_the_log_probability_is_told_where_it_is_known() -> None:
    chosen = candidate("a", 0.5)
    unknown = Candidate("x", -9999.0, b"x")
    rows = rows_of(table_of(TokenProbabilities(chosen, (chosen, unknown))), 0)
    assert [row.help for row in rows[:2]] == ["Log probability \N{MINUS SIGN}0.693", ""]
    assert [row.rank for row in rows] == [1, 2, None]


def test_a_double_click_goes_on_once(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    keep(qtbot, parent)
    parent.resize(500, 500)
    parent.show()
    popover = TokenPopover(theme, parent)
    row = Alternative("a", 0.5, "a", place=0)
    popover.show_token("Token", [row], "", QRect(10, 10, 10, 20))
    wanted: list[int] = []
    popover.branch_wanted.connect(wanted.append)
    # As the window does when a branch begins.
    popover.branch_wanted.connect(popover.hide)
    listed = popover.findChildren(QListWidget)[0]
    listed.itemClicked.emit(listed.item(0))
    listed.itemActivated.emit(listed.item(0))
    assert wanted == [0]


def test_figures_and_tokens_follow_what_is_looked_at(
    qtbot: QtBot, core: Core, theme: Theme, on_loop: OnLoop
) -> None:
    first = told(*((f"Line {number}\n\n", "x") for number in range(60)))
    second = told(*((f"Verse {number}\n\n", "x") for number in range(40)))

    async def work() -> None:
        with serving(answer(first), answer(second)) as server:
            main_window = main_window_at(qtbot, core, theme, server.url)
            main_window.lab.toggle_heat()
            main_window.lab.ask()
            probabilities, view = heat_of(main_window), main_window.conversation.transcript
            for _turn in range(2):
                main_window.window.pane.composer.put_text("Which?")
                main_window.window.pane.composer.send.click()
                assert main_window.in_view.conversation is not None
                await core.chat._answering[main_window.in_view.conversation.id]
            view.grab()
            bar = view.verticalScrollBar()
            for place, tokens in ((0, "60"), (bar.maximum(), "40")):
                bar.setValue(place)
                probabilities._pause.timeout.emit()
                assert probabilities.bar.figures().startswith(f"{tokens} tokens")
            answers = [one.id for one in view.items() if not one.is_user]
            told_of: list[tuple[str, int]] = []
            probabilities.token_chosen.connect(lambda *one: told_of.append(one))
            view.heating.choose(answers[1], 39)
            assert probabilities.popover.isVisible()
            # Another one is looked at in passing; what was chosen comes back.
            view.heating.pointed.emit(answers[1], 38)
            probabilities._grace.timeout.emit()
            assert told_of == [(answers[1], 39), (answers[1], 38), (answers[1], 39)]
            assert probabilities.popover.isVisible()
            view.heating.dropped.emit()
            assert not probabilities.popover.isVisible()
        main_window.window.close()
        await core.close()

    on_loop(work)


def test_tokens_without_a_probability_are_counted_with_the_others() -> None:
    table = table_of(
        *(TokenProbabilities(candidate("a", 0.5), ()) for _token in range(3)),
        TokenProbabilities(Candidate("x", -9999.0), ()),
    )
    figures = figures_of(table)
    assert figures is not None
    assert "3 tokens" in figures_words(table, figures)
    assert "1 token has no probability" in figures_words(table, figures)
    assert "117 tokens have no probability" in figures_words(table, figures, 120)
    whole = table_of(*(TokenProbabilities(candidate("a", 0.5), ()) for _token in range(3)))
    figures = figures_of(whole)
    assert figures is not None
    assert "left out" not in figures_words(whole, figures, 3)


def test_the_beginning_of_a_character_counts_among_the_tokens_left_out() -> None:
    end = Candidate("\ufffd", math.log(0.9), b"\x8a", 228)
    fox = TokenProbabilities(Candidate("🦊", end.logprob, "🦊".encode(), 228), (end,))
    table = table_of(fox, TokenProbabilities(candidate("a", 0.5), ()))
    figures = figures_of(table)
    assert figures is not None
    assert "1 token has no probability" in figures_words(table, figures)


def test_the_figures_say_which_tokens_they_leave_out() -> None:
    known, unknown = candidate("a", 0.5), Candidate("x", -9999.0, b"x")
    listed = (known, candidate("b", 0.25))
    thought = TokenProbabilities(known, listed, True)
    table = table_of(
        thought,
        TokenProbabilities(known, listed),
        TokenProbabilities(unknown, listed),
        TokenProbabilities(unknown, listed),
    )
    figures = figures_of(table)
    assert figures is not None
    words = figures_words(table, figures)
    # 1 + 2 + 1 are the four tokens of which the popover counts.
    assert words == (
        "1 token · mean log probability −0.693 · perplexity 2.00 · "
        "2 tokens have no probability · 1 token of reasoning not counted"
    )
    assert "118 tokens have no probability" in figures_words(table, figures, 120)
    assert head_of(table, 2) == "Token 3 of 4 · x · not among the top 2"


def test_a_part_of_a_character_and_shares_above_1_are_mentioned() -> None:
    half = candidate("\ufffd", 0.75, b"\xf0\x9f")
    table = table_of(TokenProbabilities(half, (half, candidate("a", 0.5))))
    assert head_of(table, 0) == (
        "Token 1 of 1 · 0xF0 0x9F 75.0 % · part of a character · rank 1 · "
        "the probabilities add up to 125.0 %"
    )
    unlisted = table_of(TokenProbabilities(candidate("a", 0.5), ()))
    assert head_of(unlisted, 0) == "Token 1 of 1 · a 50.0 %"
    assert rows_of(unlisted, 0)[0].name == "a, 50.0 %, chosen"


def test_probabilities_that_are_not_the_models_are_noticed(qtbot: QtBot, theme: Theme) -> None:
    bar = HeatBar(theme)
    keep(qtbot, bar)
    alone = candidate("a", 1.0)
    zero = table_of(*[TokenProbabilities(alone, ())] * 5)
    half = candidate("b", 0.5)
    cut = table_of(
        TokenProbabilities(half, (half, candidate("c", 0.5))),
        *[TokenProbabilities(alone, (alone,))] * 4,
    )
    bar.show_figures("Figures", [], notice_words(doubt_of(zero)))
    assert "does not send real probabilities" in bar.notice()
    bar.show_figures("Figures", [], notice_words(doubt_of(cut)))
    assert "after the samplers" in bar.notice()
    usual = table_of(*[TokenProbabilities(candidate("a", 0.5), (candidate("a", 0.5),))] * 5)
    bar.show_figures("Figures", [], notice_words(doubt_of(usual)))
    assert bar.notice() == ""


def test_a_narrow_bar_has_its_legend_in_a_row_of_its_own(qtbot: QtBot, theme: Theme) -> None:
    bar, window = HeatBar(theme), QWidget()
    keep(qtbot, window)
    QVBoxLayout(window).addWidget(bar)
    window.resize(400, 160)
    window.show()
    bar.choose(HeatMeasure.PROBABILITY)
    bar.show_figures("40 tokens", ["a"])
    (legend,) = bar.findChildren(HeatLegend)
    (choice,) = bar.findChildren(QComboBox)
    qtbot.waitUntil(lambda: legend.y() >= choice.geometry().bottom())
    assert legend.width() >= legend.minimumSizeHint().width()
    window.resize(800, 160)
    qtbot.waitUntil(lambda: legend.x() > choice.geometry().right())
    assert legend.y() < choice.geometry().bottom()
