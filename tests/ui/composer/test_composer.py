"""Writing: growing, sending, pasting."""

from PySide6.QtCore import QMimeData, Qt
from pytestqt.qtbot import QtBot

from app.ui.composer.composer import MOST_LINES, Composer
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep


def composer_of(qtbot: QtBot, theme: Theme) -> Composer:
    composer = Composer(theme)
    keep(qtbot, composer)
    composer.resize(600, 100)
    composer.show()
    return composer


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
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.field, "b")
    assert composer.text() == "a\nb"


def test_enter_starts_a_line_when_control_enter_sends(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.field.enter_sends = False
    composer.put_text("a")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert composer.text() == "a\n"
    with qtbot.waitSignal(composer.sent):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_white_space_is_not_sent(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.put_text(" \n ")
    with qtbot.assertNotEmitted(composer.sent):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)


def test_the_field_grows_with_its_text_up_to_a_limit(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    one = composer.field.height()
    composer.put_text("a\nb\nc")
    three = composer.field.height()
    composer.put_text("a\n" * 200)
    assert one < three < composer.field.height()
    assert composer.field.height() <= one * MOST_LINES


def test_stop_takes_the_place_of_send_while_an_answer_streams(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.put_text("next")
    composer.show_answering(True)
    assert composer.stop.isVisible()
    assert not composer.send.isVisible()
    with qtbot.assertNotEmitted(composer.sent):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    composer.show_answering(False)
    assert composer.send.isVisible()


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
    data = QMimeData()
    data.setText("x" * 1_000_000)
    composer.field.insertFromMimeData(data)
    assert len(composer.text()) == 1_000_000


def test_the_meter_counts_what_is_written_and_what_came_before(qtbot: QtBot, theme: Theme) -> None:
    composer = composer_of(qtbot, theme)
    composer.show_context(12_000, 1_000_000)
    assert composer._meter.text() == "≈ 12k of 1M tokens"
