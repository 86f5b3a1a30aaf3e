"""Selecting in the conversation, by mouse and keyboard, and what is copied of it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.markup.open_text import new_open_text
from app.markup.parser import parse
from app.ui.theme.theme import Theme
from app.ui.transcript.interaction.selecting import Position, Selection
from app.ui.transcript.view import TranscriptView
from tests.markup.texts import GROWING, TEXTS
from tests.ui.conftest import keep
from tests.ui.transcript.test_view import around, drag, message

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def showing(qtbot: QtBot, theme: Theme, *texts: str) -> TranscriptView:
    view = TranscriptView(theme)
    keep(qtbot, view)
    view.resize(700, 500)
    view.show()
    view.show_path([message(number, text) for number, text in enumerate(texts)], around)
    return view


def point_of(view: TranscriptView, index: int, words: str) -> QPointF:
    item = view.items()[index]
    box = view.rectangle_of(index)
    place = item.rectangle_of(item.text().index(words))
    return QPointF(place.left() + box.left() + 1, place.center().y() + box.top())


def select(view: TranscriptView, index: int, words: str) -> None:
    start = view.items()[index].text().index(words)
    view.selecting.selection = Selection(
        Position(index, start), Position(index, start + len(words))
    )


def copied(view: TranscriptView, qtbot: QtBot) -> QMimeData:
    with qtbot.waitSignal(view.copied) as told:
        QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    data = told.args[0]
    assert isinstance(data, QMimeData)
    return data


def test_everything_is_copied_as_text_and_as_rich_text(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "a <question>", "**bold** [link](https://example.org)\n\n- one")
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    data = copied(view, qtbot)
    assert data.text() == "a <question>\n\n**bold** [link](https://example.org)\n\n- one"
    assert data.html() == (
        "<p>a &lt;question&gt;</p>\n"
        '<p><strong>bold</strong> <a href="https://example.org">link</a></p>\n'
        "<ul><li>one</li></ul>"
    )


def test_dragging_selects_what_lies_between(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "alpha beta gamma")
    drag(view.viewport(), point_of(view, 1, "beta"), point_of(view, 1, " gamma"))
    assert view.selecting.text() == "beta"


def test_after_an_emoji_offsets_are_still_those_of_the_letters(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "🍊🌳 alpha **beta** gamma")
    drag(view.viewport(), point_of(view, 1, "beta"), point_of(view, 1, " gamma"))
    assert view.selecting.text() == "beta"


def test_a_double_click_takes_a_word_and_a_third_its_paragraph(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "One line.\n\n😀 Another line, here.\n\nA third.")
    point = point_of(view, 1, "nother").toPoint()
    QTest.mouseDClick(view.viewport(), LEFT, pos=point)
    assert view.selecting.text() == "Another"
    QTest.mousePress(view.viewport(), LEFT, pos=point)
    assert view.selecting.text() == "😀 Another line, here."


def test_shift_and_arrows_move_the_end_across_messages(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "alpha beta")
    select(view, 0, "h")
    for _step in range(2):
        QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    head = view.selecting.selection
    assert head is not None
    assert head.head.message == 0
    for _step in range(8):
        QTest.keyClick(view, Qt.Key.Key_Right, SHIFT | CONTROL)
    assert view.selecting.selection is not None
    assert view.selecting.selection.head.message == 1


def test_a_step_never_ends_inside_a_character(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "x👨‍👩‍👧y")
    select(view, 1, "x")
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.selecting.text() == "x👨‍👩‍👧"


def test_shift_click_takes_the_selection_there(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "alpha beta gamma")
    QTest.mouseClick(view.viewport(), LEFT, pos=point_of(view, 1, "alpha").toPoint())
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, point_of(view, 1, " gamma").toPoint())
    assert view.selecting.text() == "alpha beta"


def test_as_markdown_the_source_of_every_touched_block_is_copied(
    qtbot: QtBot, theme: Theme
) -> None:
    sources = ["# Title\n\n", "Some **bold** text.\n\n", "1. one\n2. two\n\n", "```c\nx;\n```"]
    view = showing(qtbot, theme, "hi", "".join(sources))
    text = view.items()[1].text()
    begin, stripped = text.index("Title"), [one.strip("\n") for one in sources]
    for start in range(begin, len(text) - 1, 3):
        for end in range(start + 2, len(text) + 1, 5):
            view.selecting.selection = Selection(Position(1, start), Position(1, end))
            parser = new_open_text()
            parser.feed(view.selecting.markdown())
            parser.finish()
            parser.update()
            found = [str(block.source).strip("\n") for block in parser.blocks]
            assert found
            first = stripped.index(found[0])
            assert found == stripped[first : first + len(found)]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(text=st.one_of(TEXTS, GROWING), data=st.data())
def test_what_is_copied_as_markdown_parses_to_the_blocks_that_it_was(
    qtbot: QtBot, theme: Theme, text: str, data: st.DataObject
) -> None:
    view = showing(qtbot, theme, "hi", text)
    item = view.items()[1]
    length = item.stack.length()
    start, end = sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length))))
    view.selecting.selection = Selection(Position(1, start), Position(1, end))
    view.formulas.end()
    if view.selecting.selection and item.blocks_in(start, end):
        touched = [str(block.source).strip("\n") for block in item.blocks_in(start, end)]
        again = [str(block.source).strip("\n") for block in parse(view.selecting.markdown())]
        assert again == touched or (start, end) == (0, length)
    view.selecting.selection = Selection(Position(1, 0), Position(1, length))
    if length:
        assert parse(view.selecting.markdown()) == parse(text)


def test_a_part_of_a_paragraph_is_rich_text_without_what_surrounds_it(
    qtbot: QtBot, theme: Theme
) -> None:
    view = showing(qtbot, theme, "hi", "some **bold** words & more")
    select(view, 1, "words & more")
    assert view.selecting.clipboard().html() == "<p>words &amp; more</p>"


def test_a_drag_beyond_the_edge_scrolls(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "a line\n\n" * 200)
    view.verticalScrollBar().setValue(0)
    port = view.viewport()
    QTest.mousePress(port, LEFT, pos=point_of(view, 1, "a line").toPoint())
    drag(port, QPointF(100, 100), QPointF(100, port.height() + 40))
    # The button was let go of, and so it doesn't scroll for ever.
    assert not view.pointing._beyond.isActive()
    assert view.place_at(QPoint(10, 10)).message >= 0
