"""The bars: rows with names, cuts between them, nothing that a token's words could do."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.sampling.samplers import (
    Distribution,
    Outcome,
    Sampler,
    SamplerOrder,
    SamplerSettings,
)
from app.ui.lab.what_if.bar_layout import MOST_ROWS, Picture, bounded, picture
from app.ui.lab.what_if.bars import Bars
from app.ui.lab.what_if.sentences import Doubt, certainty_words, percent, stay_words
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep
from tests.ui.lab.lab_values import SHARES, WORDS, token

ORDER = SamplerOrder((Sampler.TOP_K, Sampler.TOP_P, Sampler.MIN_P, Sampler.TEMPERATURE), True, "")
SETTINGS = SamplerSettings(temperature=0.7, top_k=4, top_p=0.8)


def kept(raw: float, now: float, *, give: float = 0.0) -> Outcome:
    return Outcome(raw, now, now - give, now + give, None)


def fallen(raw: float, cut: Sampler) -> Outcome:
    return Outcome(raw, 0.0, 0.0, 0.0, cut)


#: top_k keeps 4 of 5, top_p three of these.
DISTRIBUTION = Distribution(
    outcomes=(
        kept(SHARES[0], 0.5),
        kept(SHARES[1], 0.35),
        kept(SHARES[2], 0.15),
        fallen(SHARES[3], Sampler.TOP_P),
        fallen(SHARES[4], Sampler.TOP_K),
    ),
    tail=0.03,
    tail_high=0.0,
    exact=True,
    lines={Sampler.TOP_K: 4, Sampler.TOP_P: 3},
    effective_before=4.0,
    effective_after=2.5,
)


def drawn(
    distribution: Distribution = DISTRIBUTION, words: tuple[str, ...] = WORDS, chosen: int = 1
) -> Picture:
    return picture(
        token(words, chosen=chosen),
        words,
        distribution,
        settings=SETTINGS,
        order=ORDER,
        seen=lambda step: sorted((one.probability for one in distribution.outcomes), reverse=True),
    )


@pytest.fixture
def bars(qtbot: QtBot, theme: Theme) -> Bars:
    bars = Bars(theme)
    keep(qtbot, bars)
    bars.resize(280, 240)
    bars.show()
    return bars


def names(bars: Bars) -> list[str]:
    """What a screen reader has of each row."""
    reading = QAccessible.queryAccessibleInterface(bars)
    return [
        reading.child(row).text(QAccessible.Text.Name) for row in range(bars.model().rowCount())
    ]


def test_each_row_is_read_with_its_probabilities(bars: Bars) -> None:
    bars.show_token(drawn())
    assert names(bars)[:2] == [
        " brown, rank 1, model 40.0 %, with parameters 50.0 %",
        " little, rank 2, model 30.0 %, with parameters 35.0 %, chosen",
    ]


def test_what_fell_is_read_with_what_dropped_it(bars: Bars) -> None:
    bars.show_token(drawn())
    assert names(bars)[3:5] == [
        "日本, rank 4, model 8.0 %, dropped by Top P",
        " fox, rank 5, model 4.0 %, dropped by Top K",
    ]


def test_everything_else_is_a_row_with_its_bound(bars: Bars) -> None:
    bars.show_token(drawn())
    assert names(bars)[5] == "all other tokens, model 3.0 %, with parameters at most 0 %"


def test_bounds_are_read_where_there_are_some(bars: Bars) -> None:
    outcomes = (kept(SHARES[0], 0.5, give=0.1), *DISTRIBUTION.outcomes[1:])
    wide = Distribution(outcomes, 0.03, 0.05, False, {}, 4.0, 3.0)
    bars.show_token(drawn(wide))
    assert names(bars)[0].endswith("with parameters 40.0 % to 60.0 %, likely 50.0 %")


def test_a_cut_lies_after_the_rows_that_it_keeps() -> None:
    assert [(line.sampler, line.after, line.name) for line in drawn().lines] == [
        (Sampler.TOP_P, 3, "Top P 0.8"),
        (Sampler.TOP_K, 4, "Top K 4"),
    ]


def test_a_cut_by_probability_says_what_sum_it_reached() -> None:
    # What it saw adds up to 0.5 + 0.35 + 0.15.
    assert drawn().lines[0].more == "Σ 100 %"


def test_rows_make_room_for_the_cuts_between_them(bars: Bars) -> None:
    bars.show_token(drawn())

    def gap(row: int) -> int:
        upper, lower = (bars.visualRect(bars.model().index(one, 0)) for one in (row - 1, row))
        return lower.height() - upper.height()

    assert gap(2) == 0
    # As high as a line of small words.
    assert gap(3) >= 12


def test_a_candidate_that_penalties_raise_stands_above_the_others() -> None:
    outcomes = (kept(SHARES[0], 0.2), kept(SHARES[1], 0.6), *DISTRIBUTION.outcomes[2:])
    moved = Distribution(outcomes, 0.03, 0.0, True, {}, 4.0, 2.0)
    assert [row.text for row in drawn(moved).rows[:2]] == [" little", " brown"]


def test_the_keyboard_stays_with_its_candidate_when_ranks_change(bars: Bars) -> None:
    bars.show_token(drawn())
    outcomes = (kept(SHARES[0], 0.2), kept(SHARES[1], 0.6), *DISTRIBUTION.outcomes[2:])
    bars.show_result(drawn(Distribution(outcomes, 0.03, 0.0, True, {}, 4.0, 2.0)))
    assert bars.currentIndex().data() == " brown"
    assert bars.currentIndex().row() == 1


def test_enter_wants_the_candidate_that_the_keyboard_is_at(qtbot: QtBot, bars: Bars) -> None:
    bars.show_token(drawn(chosen=0))
    QTest.keyClick(bars, Qt.Key.Key_Down)
    with qtbot.waitSignal(bars.alternative_wanted, timeout=1000) as wanted:
        QTest.keyClick(bars, Qt.Key.Key_Return)
    assert wanted.args == [1]


@pytest.mark.parametrize("row", [1, 5], ids=["the one that came", "all other tokens"])
def test_no_branch_leads_from_what_is_no_alternative(qtbot: QtBot, bars: Bars, row: int) -> None:
    bars.show_token(drawn())
    bars.setCurrentIndex(bars.model().index(row, 0))
    with qtbot.assertNotEmitted(bars.alternative_wanted):
        QTest.keyClick(bars, Qt.Key.Key_Return)


def test_hostile_words_stay_words(bars: Bars) -> None:
    words = ("<img src=file:///etc/passwd>", "\u202e" * 90, "👩‍👩‍👧‍👦" * 20, "a" * 60, "\0\x1b[31m")
    bars.show_token(drawn(words=words))
    assert not bars.grab().isNull()
    tip = bars.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert "&lt;img" in tip


def test_no_more_rows_are_made_than_somebody_would_look_at() -> None:
    many = token([str(n) for n in range(5000)], [1 / 5000] * 5000)
    assert len(bounded(many).alternatives) == MOST_ROWS


def test_another_token_begins_at_its_first_row(bars: Bars) -> None:
    bars.show_token(drawn())
    bars.setCurrentIndex(bars.model().index(4, 0))
    bars.show_token(drawn())
    assert bars.currentIndex().row() == 0
    assert bars.currentIndex() != QModelIndex()


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.00001, "<0.01 %"),
        (0.0031, "0.31 %"),
        (0.1239, "12.4 %"),
        (0.99999, ">99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_shares_are_never_rounded_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share) == words


def test_what_is_exact_is_said() -> None:
    exact = "Exact: every token that stays is among the top 5."
    assert stay_words(DISTRIBUTION, 3, 5) == "3 of the top 5 stay"
    assert certainty_words(DISTRIBUTION, 5, Doubt.NONE) == exact
    # The cause of a cut may be open though its result is not.
    assert certainty_words(replace(DISTRIBUTION, exact=False), 5, Doubt.SCORES) == exact


def test_what_is_not_exact_is_said_with_its_reason() -> None:
    outside = replace(DISTRIBUTION, exact=False, tail_high=0.032)
    assert "up to 3.2 % is below the top 5" in certainty_words(outside, 5, Doubt.NONE)
    wide = (kept(SHARES[0], 0.5, give=0.1), *DISTRIBUTION.outcomes[1:])
    moved = replace(DISTRIBUTION, exact=False, outcomes=wide)
    assert "may move a cut" in certainty_words(moved, 5, Doubt.NONE)
    assert "Repetition penalty" in certainty_words(moved, 5, Doubt.SCORES)
    assert "rounded" in certainty_words(moved, 5, Doubt.ROUNDING)


def test_screen_readers_are_told_new_names_once(
    bars: Bars, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars.show_token(drawn())
    told: list[QAccessible.Event] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event.type()))
    bars.tell_names()
    bars.tell_names()
    assert told == [QAccessible.Event.NameChanged] * 6


def test_a_cut_of_the_servers_own_says_so() -> None:
    drawn_ = picture(
        token(WORDS),
        WORDS,
        DISTRIBUTION,
        settings=SETTINGS,
        order=ORDER,
        seen=lambda step: SHARES,
        unset=["top_p", "min_p"],
    )
    assert [line.name for line in drawn_.lines] == ["Top P 0.8 (server default)", "Top K 4"]


def test_no_half_row_is_painted_at_the_end(bars: Bars) -> None:
    bars.show_token(drawn())
    first = bars.visualRect(bars.model().index(0, 0))
    bars.setMinimumHeight(0)
    bars.resize(280, first.height() * 2 - 4)
    image = bars.viewport().grab().toImage()
    ground = image.pixelColor(image.width() - 1, image.height() - 1)
    rest = range(first.height() + 1, image.height())
    assert all(image.pixelColor(x, y) == ground for y in rest for x in range(image.width()))
