"""What is enormous: folded with its size, laid out where it is seen, and nothing lost."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.strips.folds import Folds
from app.ui.transcript.strips.show_more import size
from app.ui.transcript.strips.strip import Strip, TextStrip
from app.ui.transcript.strips.table import RowStrip
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.test_view import around

ENORMOUS = {
    "a line without a space": "x" * 300_000,
    "a line of Chinese": "日本語テキスト" * 30_000,
    "a table": "| a | b |\n|---|---|\n" + "".join(f"| {n} | row |\n" for n in range(3_000)),
    "a list": "".join(f"- item {n}\n" for n in range(8_000)),
    "a quote": "".join(f"> - quoted {n}\n" for n in range(3_000)),
    "a quote of long lines": "".join(f"> - quoted {n}{' words' * 30}\n" for n in range(400)),
    "line breaks": "".join(f"line {n}\\\n" for n in range(3_000)) + "end",
    "paragraphs": "".join(f"Paragraph {n}.\n\n" for n in range(5_000)),
    "code": "```python\n" + "".join(f"x = {n}\n" for n in range(50_000)) + "```\n",
    "a line of code": "```js\n" + "var x = 1;" * 30_000 + "\n```\n",
    "images": "![" * 50_000,
    "footnotes": "".join(f"[^{n}]: note {n}\n\n" for n in range(3_000)),
}


def said(text: str, role: Role = Role.ASSISTANT) -> Message:
    return Message("m", None, role, text, 0.0)


def is_laid_out(strip: Strip) -> bool:
    return isinstance(strip, TextStrip | RowStrip) and strip._width >= 0


def come_to_rest(view: TranscriptView, item: MessageItem) -> None:
    """Let idle time do what it has to."""
    while item.has_rest():
        item.go_on()
        view._remeasure(item)


def open_folds(view: TranscriptView, item: MessageItem) -> None:
    """Click on every line that says there is more."""
    for _click in range(10):
        folded = [one for one in item.stack.strips if leads_on(one)]
        if not folded:
            return
        item.open_block(folded[0])
        view._remeasure(item)


def leads_on(strip: Strip) -> bool:
    return isinstance(strip, TextStrip) and any(one.href == Folds.OPEN for one in strip._ranges)


@pytest.mark.parametrize("what", ENORMOUS)
def test_what_is_enormous_is_laid_out_only_where_it_is_seen(
    view: TranscriptView, what: str
) -> None:
    view.show_path([said(ENORMOUS[what])], around)
    item = view.items()[0]
    come_to_rest(view, item)
    item.unfold(reasoning=False)
    view._remeasure(item)
    bar = view.verticalScrollBar()
    for place in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
    strips = item.stack.strips
    # Three screens of the shortest strips, and what little is measured in advance.
    assert sum(map(is_laid_out, strips)) < 200
    assert sum(len(one.text) for one in strips if is_laid_out(one)) < 60_000
    bar.setValue(bar.maximum())
    assert bar.maximum() > 3_000


@pytest.mark.parametrize("what", ENORMOUS)
def test_nothing_of_what_is_enormous_is_lost(view: TranscriptView, what: str) -> None:
    source = ENORMOUS[what]
    view.show_path([said(source)], around)
    item = view.items()[0]
    come_to_rest(view, item)
    open_folds(view, item)
    assert "".join(str(block.source) for block in item.all_blocks()) == source
    item.unfold(reasoning=False)
    view._remeasure(item)
    text = item.text().replace("\t", " ").split()
    dropped = str.maketrans("", "", "|>[]^:\\-`") if what not in {"images"} else {}
    words = source.translate(dropped).split()
    kept = [word.translate(dropped) for word in text]
    marks = {"", "python", "js"}
    if what == "footnotes":
        # Their numbers stand beside the text.
        words = [one for one in words if not one.isdigit()]
        kept = [one for one in kept if not one.isdigit()]
    assert [one for one in kept if one not in marks] == [one for one in words if one not in marks]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("a table", "Show all 3,000 rows · 44 kB"),
        ("a list", "Show all 8,000 items · 95 kB"),
        ("a quote of long lines", "Show all · 78 kB"),
        ("a line without a space", "Show all · 300 kB"),
    ],
)
def test_a_folded_block_says_how_much_there_is(view: TranscriptView, what: str, words: str) -> None:
    view.show_path([said(ENORMOUS[what])], around)
    item = view.items()[0]
    come_to_rest(view, item)
    lines = [one._shown for one in item.stack.strips if leads_on(one)]  # type: ignore[attr-defined]
    assert lines == [words]
    open_folds(view, item)
    assert not any(map(leads_on, item.stack.strips))


def test_what_the_person_pasted_is_folded_and_opened(view: TranscriptView) -> None:
    pasted = "".join(f"line {n}\n" for n in range(20_000))
    view.show_path([said(pasted, Role.USER)], around)
    item = view.items()[0]
    assert "line 11\n" in item.text()
    assert "line 12\n" not in item.text()
    assert item.spoken() == pasted
    open_folds(view, item)
    assert item.text() == pasted + "\n"


def test_a_long_answer_goes_on_in_idle_time(qtbot: QtBot, view: TranscriptView) -> None:
    text = "".join(f"Paragraph {n}.\n\n" for n in range(3_000))
    view.show_path([said(text)], around)
    item = view.items()[0]
    assert "Paragraph 2999." not in item.text()
    qtbot.waitUntil(lambda: "Paragraph 2999." in item.text())
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 50_000)


@pytest.mark.parametrize(
    ("characters", "words"),
    [(1_000, "1.0 kB"), (12_345, "12 kB"), (999_600, "1.0 MB"), (5_000_000, "5.0 MB")],
)
def test_sizes_are_read_by_people(characters: int, words: str) -> None:
    assert size(characters) == words
