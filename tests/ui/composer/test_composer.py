"""Writing: growing, sending, pasting, composing."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QEnterEvent, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.providers.prices import Price
from app.ui.composer.composer import Composer
from app.ui.composer.message_field import FOLDED_FROM, SHARE_OF_WINDOW, MessageField
from app.ui.composer.meter import meter_of
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

#: Characters that Qt's own `toPlainText` changes, and what stands around them.
EXACT = "a\u00a0b\u202fc\u2028d\u2029  e\n\n\tf 😀\u2029\ufdd0\u00a0"
LONG = "".join(f"line {n}: no\u00a0break\n" for n in range(400))
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def composer_of(qtbot: QtBot, theme: Theme, height: int = 600) -> Composer:
    """A composer at the lower edge of a window of this height."""
    window, inside = QMainWindow(), QWidget()
    composer = Composer(theme)
    layout = QVBoxLayout(inside)
    layout.addStretch(1)
    layout.addWidget(composer)
    window.setCentralWidget(inside)
    keep(qtbot, window)
    window.resize(600, height)
    window.show()
    composer.field.setFocus()
    return composer


def paste(composer: Composer, text: str) -> None:
    """Paste from the clipboard, with the key for it."""
    QApplication.clipboard().setText(text)
    QTest.keyClick(composer.field, Qt.Key.Key_V, CTRL)


def compose(field: MessageField, letters: str) -> None:
    """Have an input method show letters that are not in the text yet."""
    QApplication.sendEvent(field, QInputMethodEvent(letters, []))


def scrolls(composer: Composer) -> bool:
    """Whether the field has a scroll bar, or needs one."""
    bar = composer.field.verticalScrollBar()
    QApplication.processEvents()
    return bar.isVisible() or bar.maximum() > 0


def test_enter_sends_and_the_text_stays_until_it_is_safe(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.put_text("hello")
    with qtbot.waitSignal(composer.sent) as sent:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.args == ["hello"]
    assert composer.text() == "hello"


def test_shift_enter_starts_a_line(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.put_text("a")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClicks(composer.field, "b")
    assert composer.text() == "a\nb"


def test_enter_starts_a_line_when_control_enter_sends(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.field.enter_sends = False
    composer.put_text("a")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert composer.text() == "a\n"
    with qtbot.waitSignal(composer.sent) as sent:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, CTRL)
    assert sent.args == ["a"]


def test_white_space_is_not_sent(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.put_text(" \n ")
    with qtbot.assertNotEmitted(composer.sent):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)


def test_only_line_feeds_at_the_end_are_left_out(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, "\n    first\n\n    second \n\n")
    with qtbot.waitSignal(composer.sent) as sent:
        composer.send.click()
    assert sent.args == ["\n    first\n\n    second "]


# Height.


def test_no_scroll_bar_comes_before_a_third_of_the_window(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    field, most = composer.field, 600 // SHARE_OF_WINDOW
    heights = []
    while field.height() < most - field.fontMetrics().lineSpacing():
        qtbot.keyClick(field, Qt.Key.Key_Return, SHIFT)
        qtbot.keyClicks(field, "x")
        heights.append(field.height())
        assert not scrolls(composer)
        assert field.firstVisibleBlock().blockNumber() == 0
    assert heights == sorted(set(heights))
    assert len(heights) > 4
    paste(composer, "line\n" * 40)
    assert field.height() == most
    assert scrolls(composer)
    assert field.cursorRect().bottom() <= field.viewport().height()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert not scrolls(composer)
    assert field.height() < heights[0]


@pytest.mark.parametrize(
    "text", ["word " * 60, "w" * 200, "汉字" * 60, "سلام " * 40, "😀 " * 60, "x\u2028" * 5]
)
def test_wrapped_lines_and_letters_of_other_fonts_need_no_scroll_bar(
    qtbot: QtBot, theme: Theme, text: str
) -> None:
    composer = composer_of(qtbot, theme, 900)
    for size in (15, 30):
        font = composer.field.font()
        font.setPixelSize(size)
        composer.field.setFont(font)
        for end in range(1, len(text), 7):
            composer.put_text(text[:end])
            fits = composer.field.height() < 900 // SHARE_OF_WINDOW
            assert not (fits and scrolls(composer))


def test_the_field_follows_the_height_of_the_window(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme, 900)
    composer.put_text("line\n" * 100)
    assert composer.field.height() == 300
    composer.window().resize(600, 480)
    QApplication.processEvents()
    assert composer.field.height() == 160


def test_the_frame_stays_where_it_is_when_the_focus_comes(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    before = composer.field.geometry(), composer.size()
    composer.send.setEnabled(True)
    composer.send.setFocus()
    assert (composer.field.geometry(), composer.size()) == before


# Stop and Queue.


def test_stop_takes_the_place_of_send_and_enter_queues(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    QApplication.processEvents()
    place = composer.send.geometry()
    composer.put_text("next")
    composer.show_answering(True)
    QApplication.processEvents()
    assert composer.stop.geometry() == place
    assert not composer.send.isVisible()
    with qtbot.assertNotEmitted(composer.sent), qtbot.waitSignal(composer.queued) as queued:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert queued.args == ["next"]
    composer.clear()
    assert not composer.queue.isVisible()
    composer.show_answering(False)
    assert composer.send.isVisible()


def test_a_click_on_queue_queues(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.show_answering(True)
    composer.put_text("next")
    with qtbot.waitSignal(composer.queued):
        qtbot.mouseClick(composer.queue, Qt.MouseButton.LeftButton)


# Exact text.


def test_every_character_that_is_pasted_is_sent(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, EXACT)
    assert composer.text() == EXACT
    with qtbot.waitSignal(composer.sent) as sent:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.args == [EXACT]
    composer.put_text(EXACT)
    assert composer.text() == EXACT


def test_every_character_is_copied_and_undone(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, EXACT)
    qtbot.keyClick(composer.field, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(composer.field, Qt.Key.Key_X, CTRL)
    assert composer.text() == ""
    assert QApplication.clipboard().text() == EXACT
    composer.field.undo()
    assert composer.text() == EXACT


def test_a_typed_no_break_space_stays_one(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    qtbot.keyClicks(composer.field, "10\u00a0km")
    assert composer.text() == "10\u00a0km"


def test_a_line_after_u2029_ends_with_a_line_feed(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, "a\u2029b")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClicks(composer.field, "c")
    assert composer.text() == "a\u2029b\nc"


def test_rich_text_is_pasted_as_plain_text(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    data = QMimeData()
    data.setHtml('<img src="file:///etc/hostname"><b>bold</b>')
    data.setText("bold")
    composer.field.insertFromMimeData(data)
    assert composer.text() == "bold"


def test_html_alone_is_not_pasted(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    data = QMimeData()
    data.setImageData(b"x")
    composer.field.insertFromMimeData(data)
    assert composer.text() == ""


def test_a_megabyte_without_a_space_is_taken_as_it_is(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, "x" * 1_000_000)
    assert len(composer.text()) == 1_000_000
    composer.put_text("x" * 1_000_000)
    assert len(composer.text()) == 1_000_000


# Folded texts.


def box_at(composer: Composer, share: float) -> QPoint:
    """A point in the first box, at this share of its width."""
    folded = composer.field.folded
    box = folded._box(folded._positions()[0])
    return QPoint(round(box.left() + 1 + (box.width() - 3) * share), box.center().y())


def click(composer: Composer, point: QPoint) -> None:
    QTest.mouseClick(
        composer.field.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
    )


def test_a_long_paste_is_folded_where_it_was_pasted(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    qtbot.keyClicks(composer.field, "before after")
    for _letter in "after":
        qtbot.keyClick(composer.field, Qt.Key.Key_Left)
    paste(composer, LONG)
    qtbot.keyClicks(composer.field, "!")
    assert composer.field.document().characterCount() < 20
    assert composer.field.blockCount() == 1
    assert composer.text() == f"before {LONG}!after"
    assert list(composer.field.folds()) == [(7, 7 + len(LONG))]
    assert composer.field.accessibleDescription() == ("Pasted text · 401 lines · 7.49k characters")
    with qtbot.waitSignal(composer.sent) as sent:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.args == [f"before {LONG}!after"]


def test_a_paste_of_4000_characters_is_not_folded(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, "x" * FOLDED_FROM)
    assert list(composer.field.folds()) == []


def test_another_text_takes_the_place_of_a_folded_one_as_plain_text(
    qtbot: QtBot, theme: Theme
) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, LONG)
    qtbot.keyClick(composer.field, Qt.Key.Key_Home)
    qtbot.keyClick(composer.field, Qt.Key.Key_End)
    composer.put_text("plain")
    assert composer.text() == "plain"
    assert list(composer.field.folds()) == []
    assert composer.field.accessibleDescription() == ""


def test_a_click_shows_the_folded_text_and_undo_folds_it(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, LONG)
    click(composer, box_at(composer, 0.3))
    assert list(composer.field.folds()) == []
    assert composer.field.blockCount() == LONG.count("\n") + 1
    assert composer.text() == LONG
    composer.field.undo()
    assert list(composer.field.folds()) == [(0, len(LONG))]
    composer.field.undo()
    assert composer.text() == ""
    composer.field.redo()
    assert composer.text() == LONG


@pytest.mark.parametrize("by_key", [True, False])
def test_a_folded_text_goes_as_one_and_comes_back_by_undo(
    qtbot: QtBot, theme: Theme, by_key: bool
) -> None:
    composer = composer_of(qtbot, theme)
    qtbot.keyClicks(composer.field, "a")
    paste(composer, LONG)
    if by_key:
        qtbot.keyClick(composer.field, Qt.Key.Key_Backspace)
    else:
        click(composer, box_at(composer, 1))
    assert composer.text() == "a"
    composer.field.undo()
    assert composer.text() == f"a{LONG}"


def test_a_folded_text_is_copied_whole(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, LONG)
    composer.field.moveCursor(QTextCursor.MoveOperation.Start, QTextCursor.MoveMode.KeepAnchor)
    qtbot.keyClick(composer.field, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == LONG


def test_the_menu_key_shows_and_removes_a_folded_text(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    paste(composer, LONG)

    def entry(name: str) -> QAction:
        reason = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(composer.field, QContextMenuEvent(reason, QPoint(2, 2), QPoint()))
        menu = composer.field.findChild(QMenu)
        assert menu is not None
        return next(action for action in menu.actions() if action.text() == name)

    entry("Show pasted text").trigger()
    assert list(composer.field.folds()) == []
    composer.field.undo()
    entry("Remove pasted text").trigger()
    assert composer.text() == ""


def test_a_draft_is_put_back_whole_and_folded(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.put_text(f"a{LONG}b{EXACT}", [(1, 1 + len(LONG)), (2, 5), (10**9, 10**9 + 1)])
    assert composer.text() == f"a{LONG}b{EXACT}"
    assert list(composer.field.folds()) == [(1, 1 + len(LONG))]
    composer.clear()
    assert list(composer.field.folds()) == []


# Input methods.


@pytest.mark.parametrize("how", ["Enter", "Send", "queue"])
def test_letters_under_composition_are_sent_too(qtbot: QtBot, theme: Theme, how: str) -> None:
    composer = composer_of(qtbot, theme)
    composer.show_answering(how == "queue")
    compose(composer.field, "한")
    signal = composer.queued if how == "queue" else composer.sent
    with qtbot.waitSignal(signal) as sent:
        if how == "Send":
            qtbot.mouseClick(composer.send, Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.args == ["한"]
    assert composer.field.composed() == ""


def test_composed_letters_are_sent_where_they_stand(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    qtbot.keyClicks(composer.field, "ab")
    qtbot.keyClick(composer.field, Qt.Key.Key_Left)
    compose(composer.field, "ni")
    with qtbot.waitSignal(composer.sent) as sent:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.args == ["anib"]


def test_the_placeholder_is_not_under_composed_letters(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    before = composer.field.placeholderText()
    assert before
    compose(composer.field, "한")
    assert composer.field.placeholderText() == ""
    compose(composer.field, "")
    assert composer.field.placeholderText() == before


def test_shift_enter_takes_composed_letters_before_the_line(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    compose(composer.field, "한")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, SHIFT)
    assert composer.text() == "한\n"


# The meter.


def test_the_meter_counts_what_is_written_and_what_came_before(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.show_context(12_000, meter_of(1_000_000, None))
    assert composer._meter.words() == "12k of 1M"


def test_the_meter_steps_back_while_little_is_used_and_nothing_is_written(
    qtbot: QtBot, theme: Theme
) -> None:
    composer = composer_of(qtbot, theme)
    composer.show_context(9_999, meter_of(1_000_000, None))
    assert composer._meter.words() == ""
    qtbot.keyClicks(composer.field, "words")
    qtbot.waitUntil(lambda: composer._meter.words() == "10k of 1M")
    composer.clear()
    qtbot.waitUntil(lambda: composer._meter.words() == "")
    inside = QPointF(5, 5)
    composer.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    QApplication.sendEvent(composer, QEnterEvent(inside, inside, inside))
    assert composer._meter.words() == "10k of 1M"
    composer.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QApplication.sendEvent(composer, QEvent(QEvent.Type.Leave))
    assert composer._meter.words() == ""
    dear = Price(prompt=Decimal(100), completion=Decimal(100))
    composer.show_context(101, meter_of(1_000_000, dear))
    assert composer._meter.words() == "101 of 1M · ≈ $0.01"


def test_the_meter_has_the_cost_where_prices_are_known(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    price = Price(prompt=Decimal("0.4"), completion=Decimal(2))
    composer.show_context(12_400, meter_of(1_000_000, price))
    assert composer._meter.words() == "12.4k of 1M · ≈ $0.005"
