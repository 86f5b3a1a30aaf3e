"""Code blocks: colours that come later, folding, and what is copied."""

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Status
from app.domain.chat.reply import Reply
from app.domain.events import TextDelta
from app.markup.highlighting import is_ready
from app.ui.theme.theme import Theme
from app.ui.transcript.interaction.mouse import PointTarget
from app.ui.transcript.interaction.selecting import Position
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.code_ground import RADIUS
from app.ui.transcript.strips.code import ABOVE, FOLDED_LINES, CodeHead, CodeStrip, folded_text
from app.ui.transcript.strips.code_colours import CodeColours
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.interaction.test_selecting import showing
from tests.ui.transcript.test_view import AROUND, around, message

LONG = "```python\n" + "\n".join(f"line_{n} = {n}" for n in range(400)) + "\n```\n\nAfter."


@pytest.fixture(autouse=True)
def _python_is_known(qtbot: QtBot) -> None:
    """A language is fetched in the background, once."""
    qtbot.waitUntil(lambda: is_ready("python"))


def code_of(item: MessageItem) -> list[CodeStrip]:
    return [strip for strip in item.stack.strips if isinstance(strip, CodeStrip)]


def head_of(item: MessageItem) -> CodeHead:
    return next(strip for strip in item.stack.strips if isinstance(strip, CodeHead))


def click(view: TranscriptView, index: int, href: str) -> None:
    view.follow(PointTarget(index, Position(index, 0), href, head_of(view.items()[index])))


def test_the_text_is_there_at_once_and_colours_come_later(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "```python\ndef f(): pass\n```")
    strip = code_of(view.items()[1])[0]
    assert strip.text == "def f(): pass"
    assert strip._ranges == ()
    before = view.rectangle_of(1)
    qtbot.waitUntil(lambda: bool(strip._ranges))
    assert view.rectangle_of(1) == before
    image = view.viewport().grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(300)}
    assert theme.colours.code_keyword in seen


def test_colours_of_whole_lines_stay_while_the_code_grows() -> None:
    colours = CodeColours("python")
    colours.show_text("def f():\n    ret", complete=False)
    assert colours.step(1)
    first = colours.runs_in(0, 8)
    assert first
    colours.show_text("def f():\n    return 1", complete=False)
    assert colours.runs_in(0, 8) == first
    assert colours.runs_in(9, 21) == []


def test_a_growing_block_ends_as_if_it_had_come_at_once() -> None:
    text = 'def f():\n    """A\n    string"""\n    return 12  # done\n' * 5
    grown, whole = CodeColours("python"), CodeColours("python")
    for end in range(0, len(text), 7):
        grown.show_text(text[:end], complete=False)
        grown.step(1)
    for colours in (grown, whole):
        colours.show_text(text, complete=True)
        while colours.step(1) is not None:
            pass
    assert grown.runs == whole.runs
    assert whole.runs


def test_a_long_block_is_folded_and_opens_with_a_click(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", LONG)
    assert "line_99 " in view.items()[1].text()
    assert "line_100" not in view.items()[1].text()
    assert "Show all" not in view.items()[1].text()
    click(view, 1, CodeHead.FOLD)
    assert "line_399" in view.items()[1].text()
    click(view, 1, CodeHead.FOLD)
    assert "line_100" not in view.items()[1].text()


def test_copying_a_folded_block_copies_all_of_it(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", LONG)
    with qtbot.waitSignal(view.copied) as copied:
        click(view, 1, CodeHead.COPY)
    assert copied.args[0].endswith("line_399 = 399")


def test_what_was_seen_as_it_came_is_not_folded_at_its_end(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi")
    placeholder = message(1, "", Status.STREAMING)
    view.append(placeholder)
    reply = Reply(placeholder)
    for start in range(0, len(LONG), 50):
        reply.apply(TextDelta(LONG[start : start + 50]))
        view.items()[1].grow(reply)
    view.finish(message(1, LONG), AROUND)
    assert "line_399" in view.items()[1].text()


def test_pieces_that_are_as_they_were_are_not_laid_out_again(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi")
    placeholder = message(1, "", Status.STREAMING)
    view.append(placeholder)
    reply = Reply(placeholder)
    reply.apply(TextDelta("```text\n" + "a line\n" * 200))
    view.items()[1].grow(reply)
    view.refresh()
    before = code_of(view.items()[1])
    assert len(before) > 3
    reply.apply(TextDelta("one more\n"))
    view.items()[1].grow(reply)
    after = code_of(view.items()[1])
    assert [one is other for one, other in zip(before[:-1], after, strict=False)] == [True] * (
        len(before) - 1
    )


def test_a_search_opens_what_is_folded(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", LONG)
    view.searching.seek("line_277 ")
    found = view.searching.range_in(1)
    assert found is not None
    assert view.items()[1].text(*found) == "line_277 "


def test_the_words_in_the_head_are_where_they_are_clicked(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", LONG)
    head = head_of(view.items()[1])
    hrefs = {head.hit(QPointF(x, 20)).href for x in range(600, head._width)}
    assert hrefs >= {CodeHead.COPY}
    assert head.hit(QPointF(20, 20)).href == ""


def test_one_enormous_line_is_folded_too() -> None:
    assert len(folded_text("x" * 1_000_000)) < 100_000
    assert folded_text("a\n" * FOLDED_LINES).count("\n") < FOLDED_LINES


def test_what_hides_in_code_is_seen_and_copied_as_it_was(qtbot: QtBot, theme: Theme) -> None:
    hidden = "if x:\u202e # check \u2066 return\u200b"
    view = showing(qtbot, theme, "hi", f"```python\n{hidden}\n```")
    strip = code_of(view.items()[1])[0]
    assert strip._new_layout().text() == "if x:⇄ # check ⇄ return␣"
    with qtbot.waitSignal(view.copied) as copied:
        click(view, 1, CodeHead.COPY)
    assert copied.args == [hidden]


def test_code_that_came_while_it_was_read_is_open_on_return(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi")
    placeholder = message(1, "", Status.STREAMING)
    view.append(placeholder)
    reply = Reply(placeholder)
    reply.apply(TextDelta(LONG))
    view.items()[1].grow(reply)
    done = message(1, LONG)
    view.finish(done, AROUND)
    height = view._column.height_of(1)
    path = [view.items()[0].message, done]
    view.show_path([message(2, "Another conversation.")], around)
    view.show_path(path, around)
    assert "line_399" in view.items()[1].text()
    assert view._column.height_of(1) == height


def test_what_was_folded_and_wrapped_stays_so_in_the_session(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", LONG)
    path = [item.message for item in view.items()]
    click(view, 1, CodeHead.FOLD)
    click(view, 1, CodeHead.WRAP)
    view.show_path([message(2, "Another conversation.")], around)
    view.show_path(path, around)
    head = head_of(view.items()[1])
    assert not head.block.folded
    assert head.block.wrapped


def test_sixty_lines_are_never_folded(qtbot: QtBot, theme: Theme) -> None:
    text = "```python\n" + "\n".join(f"line_{n} = {n}" for n in range(60)) + "\n```\n"
    view = showing(qtbot, theme, "hi", text)
    assert "line_59" in view.items()[1].text()


def test_wrapped_lines_go_on_below_the_words_of_their_first_line(
    qtbot: QtBot, theme: Theme
) -> None:
    text = (
        "```python\n    total = " + " + ".join(f"value_{n}" for n in range(40)) + "\nx = 1\n```\n"
    )
    view = showing(qtbot, theme, "hi", text)
    click(view, 1, CodeHead.WRAP)
    view.refresh()
    strip = code_of(view.items()[1])[0]
    starts = strip.line_starts()
    assert len(starts) > 3
    left = [strip.rectangle_of(start).left() for start in starts]
    words = strip.rectangle_of(4).left()
    assert all(words < each < words + 40 for each in left[1:-1])
    # The next line of the code begins at the left again.
    assert left[-1] == left[0]
    # What is clicked in an indented line is what is seen there.
    box = strip.rectangle_of(starts[1] + 3)
    assert strip.hit(QPointF(box.left() + 1, box.center().y())).offset in {
        starts[1] + 3,
        starts[1] + 4,
    }


def test_a_line_that_is_too_long_for_one_layout_is_wrapped(qtbot: QtBot, theme: Theme) -> None:
    view = showing(qtbot, theme, "hi", "```js\n" + "x = 1; " * 2_000 + "\n```\n")
    assert head_of(view.items()[1]).block.wrapped


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_block_has_one_frame_with_round_corners(
    qtbot: QtBot, theme: Theme, wrapped: bool
) -> None:
    view = showing(qtbot, theme, "hi", "Before.\n\n```\none\ntwo\nthree\n```\n\nAfter.")
    item = view.items()[1]
    if wrapped:
        click(view, 1, CodeHead.WRAP)
    stack = item.stack
    first = stack.strips.index(head_of(item))
    last = next(n for n, strip in enumerate(stack.strips) if strip.text == "After.") - 1
    corner = view.rectangle_of(1).topLeft()
    top, end = corner.y() + stack.top_of(first) + ABOVE, corner.y() + stack.top_of(last)
    image = view.viewport().grab().toImage()
    colours = theme.colours
    for x in (corner.x(), corner.x() + view.rectangle_of(1).width() - 1):
        side = {image.pixelColor(x, y).name() for y in range(top + 2 * RADIUS, end - 2 * RADIUS)}
        assert side == {colours.line}
        assert {image.pixelColor(x, y).name() for y in (top, end - 1)} == {colours.base}
    across = range(corner.x() + 20, corner.x() + 60)
    assert {image.pixelColor(x, y).name() for x in across for y in (top, end - 1)} == {colours.line}
