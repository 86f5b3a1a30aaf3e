"""Heat maps lie behind the words that the tokens became, and tell which token is looked at."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.domain.events import Candidate, TokenProbabilities
from app.domain.tokens.token_positions import places_of
from app.domain.tokens.token_table import TokenTable
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import Surroundings
from app.ui.transcript.heat.heat_map import MessageHeatMap
from app.ui.transcript.strips.code import CodeStrip
from app.ui.transcript.strips.strip import TextStrip
from app.ui.transcript.view import TranscriptView

PIECES = [
    "A",
    " **",
    "bold",
    "**",
    " word",
    ".\n\n",
    "| a | b |\n|---|---|\n",
    "| one",
    " | two |\n",
]
TEXT = "".join(PIECES)


def table_of(pieces: list[str]) -> TokenTable:
    return TokenTable.of(
        TokenProbabilities(Candidate(piece, -1.0, piece.encode()), ()) for piece in pieces
    )


def heat_of(pieces: list[str], steps: list[int]) -> MessageHeatMap:
    return MessageHeatMap(places_of(table_of(pieces), "".join(pieces)), steps)


def shown(view: TranscriptView, pieces: list[str], steps: list[int]) -> MessageHeatMap:
    heat = heat_of(pieces, steps)
    message = Message("a", None, Role.ASSISTANT, "".join(pieces), 1.0)
    view.show_path([message], lambda _message: Surroundings())
    view.heating.show(lambda _message: heat)
    view.grab()
    return heat


def backgrounds(view: TranscriptView) -> dict[str, QColor]:
    """Rendered words and the colour of their background, by the marks of the strips."""
    found = {}
    for strip in view.items()[0].stack.strips:
        for mark in strip.backgrounds:
            found[strip.text[mark.start : mark.end]] = mark.colour
    return found


def test_grounds_lie_behind_rendered_words(view: TranscriptView, theme: Theme) -> None:
    shown(view, PIECES, [-1, 5, 5, 5, 2, -1, -1, 0, 3])
    scale = [QColor(colour) for colour in theme.colours.heat]
    found = backgrounds(view)
    assert found[" bold"] == scale[5]
    assert found[" word"] == scale[2]
    assert found["one"] == scale[0]
    # The token before has the blank between the cells.
    assert found["\ttwo"] == scale[3]
    assert not any("A" in words for words in found)


def test_the_ground_is_painted_where_the_word_is(view: TranscriptView, theme: Theme) -> None:
    pieces = ["plain ", "surprising", " plain"]
    shown(view, pieces, [-1, 5, -1])
    box = view.heating.rectangle_of("a", 1)
    assert box is not None
    strong = QColor(theme.colours.heat[5])
    image = view.viewport().grab().toImage()
    assert strong in colours(image, box.left() + 1, box.left() + 40, box.center().y())
    assert strong not in colours(image, box.left() - 40, box.left() - 2, box.center().y())
    view.heating.show(None)
    image = view.viewport().grab().toImage()
    assert strong not in colours(image, box.left(), box.left() + 40, box.center().y())


def test_grounds_follow_the_words_to_other_lines(view: TranscriptView, theme: Theme) -> None:
    pieces = ["word " * 30, "surprising", " word" * 5]
    shown(view, pieces, [-1, 5, -1])
    view.resize(420, 500)
    view.grab()
    box = view.heating.rectangle_of("a", 1)
    assert box is not None
    strong = QColor(theme.colours.heat[5])
    image = view.viewport().grab().toImage()
    assert strong in colours(image, box.left() + 1, box.left() + 30, box.center().y())
    assert strong not in colours(image, 0, image.width() - 1, box.center().y() - 24)


def colours(image: QImage, left: int, right: int, y: int) -> list[QColor]:
    return [image.pixelColor(x, y) for x in range(left, right)]


def test_the_token_under_a_point_is_found(view: TranscriptView) -> None:
    shown(view, PIECES, [0] * len(PIECES))
    for token in (0, 2, 4, 7, 8):
        box = view.heating.rectangle_of("a", token)
        assert box is not None
        assert view.heating.token_at(QPoint(box.left() + 3, box.center().y())) == ("a", token)
    assert view.heating.token_at(QPoint(5, 490)) is None


def test_a_token_is_found_on_every_line_of_code(view: TranscriptView) -> None:
    pieces = ["```python\n", "first", " = 1\n", "second", " = 2\n", "```\n"]
    shown(view, pieces, [0] * len(pieces))
    for token, word in ((1, "first"), (3, "second")):
        box = view.heating.rectangle_of("a", token)
        assert box is not None
        assert view.heating.token_at(QPoint(box.left() + 3, box.center().y())) == ("a", token)
        strips = view.items()[0].stack.strips
        assert any(word in strip.text for strip in strips)


def test_a_click_chooses_and_arrows_step(view: TranscriptView, qtbot: QtBot) -> None:
    heat = shown(view, PIECES, [0] * len(PIECES))
    chosen: list[tuple[str, int]] = []
    view.heating.chosen.connect(lambda message, token: chosen.append((message, token)))
    box = view.heating.rectangle_of("a", 2)
    assert box is not None
    QTest.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(box.left() + 3, box.center().y()),
    )
    assert chosen == [("a", 2)]
    assert heat.chosen_token == 2
    view.make_current(0)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert chosen[-1] == ("a", 3)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert chosen[-1] == ("a", 1)


def test_the_mouse_resting_on_a_token_points_at_it(view: TranscriptView, qtbot: QtBot) -> None:
    shown(view, PIECES, [0] * len(PIECES))
    box = view.heating.rectangle_of("a", 2)
    assert box is not None
    with qtbot.waitSignal(view.heating.pointed) as pointed:
        view.heating.move(QPoint(box.left() + 3, box.center().y()))
    assert pointed.args == ["a", 2]
    with qtbot.waitSignal(view.heating.left):
        view.heating.move(QPoint(3, 480))


def test_without_a_source_nothing_is_mapped(view: TranscriptView) -> None:
    shown(view, PIECES, [0] * len(PIECES))
    view.heating.show(None)
    view.grab()
    assert backgrounds(view) == {}
    assert not view.heating.step(1)


@pytest.mark.parametrize("text", ["مرحبا بالعالم كله", "枇杷の木は美しい", "🍃🍃 two 🍃"])
def test_every_script_has_its_grounds(view: TranscriptView, text: str) -> None:
    pieces = [*text]
    shown(view, pieces, [number % 6 for number in range(len(pieces))])
    assert "".join(sorted(backgrounds(view))) != ""
    for token, piece in enumerate(pieces):
        if not piece.isspace():
            assert view.heating.rectangle_of("a", token) is not None


def test_a_far_token_is_scrolled_to(view: TranscriptView) -> None:
    pieces = [f"Line {number} of many.\n\n" for number in range(200)]
    shown(view, pieces, [0] * len(pieces))
    view.verticalScrollBar().setValue(0)
    view.heating.show_token("a", 150)
    view.grab()
    box = view.heating.rectangle_of("a", 150)
    assert box is not None
    assert view.viewport().rect().contains(box.center())


def painted(view: TranscriptView, colour: str) -> list[tuple[int, int]]:
    """The points of the viewport that have a colour."""
    image = view.viewport().grab().toImage()
    wanted = QColor(colour)
    return [
        (x, y)
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 2)
        if image.pixelColor(x, y) == wanted
    ]


def test_words_that_run_both_ways_have_all_of_their_ground(
    view: TranscriptView, theme: Theme
) -> None:
    strong = theme.colours.heat[5]
    alone = []
    for steps in ([5, -1], [-1, 5], [5, 5]):
        shown(view, ["begin ", "مرحبا بالعالم"], steps)
        alone.append(set(painted(view, strong)))
    assert alone[0]
    assert alone[1]
    assert not alone[0] & alone[1]
    # Both have one background, and are one mark; its ends stand side by side in the middle.
    assert alone[2] >= alone[0] | alone[1]


@pytest.mark.parametrize(
    ("pieces", "token"),
    [
        (["See ", "[the page](https://host.example)", " now"], 1),
        (["Call ", "`function`", " now"], 1),
        (["```python\n", "return", " 12\n", "```\n"], 1),
    ],
    ids=["link", "inline code", "code"],
)
def test_the_ground_is_seen_and_every_ink_stands_out_from_it(
    view: TranscriptView, theme: Theme, qtbot: QtBot, pieces: list[str], token: int
) -> None:
    steps = [5 if number == token else -1 for number in range(len(pieces))]
    shown(view, pieces, steps)
    places = painted(view, theme.colours.heat[5])
    assert len(places) > 20
    strips = [strip for strip in view.items()[0].stack.strips if isinstance(strip, TextStrip)]
    [strip] = [strip for strip in strips if strip.backgrounds]
    if isinstance(strip, CodeStrip):
        qtbot.waitUntil(lambda: bool(strip._ranges))
        view.viewport().grab()
    assert strip._mark_boxes is not None
    inks = [one.format.foreground().color() for one in strip._mark_boxes.plain]
    assert inks == [QColor(theme.colours.text)]


SAMPLES = {
    "marks": "A **bold** and *soft* and ***both*** and ~~gone~~ and `code` word.",
    "headings": "# First title\n\nwords\n\nSecond title\n===\n\n### Third title ###\n\nend",
    "nested lists": "1. first\n   - inner item\n     - deepest\n   - another\n2. second\n\nend",
    "tasks": "- [x] done thing\n- [ ] open thing\n",
    "quotes": "> quoted words\n> go on\n> > deeper words\n\nend",
    "code": "```python\ndef name():\n    return other\n```\n\nAfter the fence.",
    "indented code": "Words:\n\n    first line\n    second line\n\nAfter.",
    "table": "| head | other |\n|:--|--:|\n| cell | **bold** |\n| more | `code` |\n\nAfter.",
    "links": "See [the page](https://host.example/path 'Title') and <https://auto.example> now.",
    "reference": "See [the page][one] now.\n\n[one]: https://host.example\n\nAfter.",
    "entities": "Tom &amp; Jerry &lt;run&gt; &copy; home &#8212; now.",
    "escapes": "Not \\*soft\\* and \\# plain words.",
    "breaks": "one line  \nother line\\\nthird line\nfourth line",
    "html": "Before <b>bold</b> after <script>alert</script> end.",
    "formula": "Where $x + y$ is, words go on, $$\\frac{a}{b}$$ and end.",
    "image": "Look ![words here](https://host.example/a.png) and there.",
    "emoji": "two 🍃 leaves 👩‍🚀 and 🇯🇵 flags",
    "cjk": "浜辺の **枇杷** の木 は 美しい",
    "rtl": "مرحبا **بالعالم** كله and words",
    "repeated": "the **the** the `the` *the* the",
}


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_rendered_markdown_knows_the_tokens_of_its_words(view: TranscriptView, text: str) -> None:
    pieces = re.findall(r"\s*\w+|\s*[^\w\s]|\s+$", text)
    assert "".join(pieces) == text
    heat = shown(view, pieces, [0] * len(pieces))
    item = view.items()[0]
    rendered = set(re.findall(r"\w+", " ".join(strip.text for strip in item.stack.strips)))
    stretches = [one[0] for number in item.block_starts if (one := item.block_strips_at(number))]
    found = 0
    for token, piece in enumerate(pieces):
        word = piece.strip()
        for block_strips in stretches:
            at = heat.rendered(block_strips, token) if heat.holds(block_strips, token) else None
            if at is not None and re.fullmatch(r"\w+", word):
                number, offset = at
                assert block_strips.strips[number].text[offset:].lstrip().startswith(word)
                rendered.discard(word)
                found += 1
    # What stands for something else, as the host of an image, comes from no token.
    assert rendered <= {"Image", "host", "example", "frac", "a", "b"}
    assert found > 3


def test_a_token_that_is_not_rendered_is_looked_at_beside_what_is(view: TranscriptView) -> None:
    pieces = ["One", "\n\n", "- ", "two", "\n\nThree", "\n\n"]
    shown(view, pieces, [0] * len(pieces))
    boxes = [view.heating.rectangle_of("a", token) for token in range(len(pieces))]
    assert None not in boxes
    assert boxes[2] == boxes[3]
    # It begins before a block, and is seen in it.
    assert boxes[4] is not None
    assert boxes[3] is not None
    assert boxes[4].top() > boxes[3].top()


def test_the_blank_that_a_line_breaks_at_has_no_ground(view: TranscriptView) -> None:
    pieces = [f" token{number}" for number in range(200)]
    shown(view, pieces, [number % 2 for number in range(200)])
    [strip] = [strip for strip in view.items()[0].stack.strips if strip.backgrounds]
    assert isinstance(strip, TextStrip)
    assert strip._mark_boxes is not None
    layout, boxes = strip._mark_boxes.layout, strip._mark_boxes.boxes
    assert layout.lineCount() > 3
    for number in range(layout.lineCount() - 1):
        line = layout.lineAt(number)
        ends = [box.right() for box, _colour in boxes if abs(box.y() - line.y()) < 1]
        assert max(ends) <= line.naturalTextRect().right() + 0.01
        assert max(ends) > line.naturalTextRect().right() - 20
