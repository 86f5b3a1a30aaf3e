"""One message laid out: what has grown equals what came at once."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.domain.chat.conversation import Message, Role, Status, ToolCall
from app.domain.chat.reply import Reply
from app.domain.events import ReasoningDelta, TextDelta
from app.ui.theme.theme import Theme
from app.ui.transcript.actions import MessageActionId, Surroundings
from app.ui.transcript.messages.message_item import MessageItem
from app.ui.transcript.painting.look import Look
from app.ui.transcript.strips.action_buttons import ActionsStrip
from app.ui.transcript.strips.code import CodeHead
from app.ui.transcript.strips.head import HeadStrip
from app.ui.transcript.strips.hover import Attention
from app.ui.transcript.strips.strip import TextStrip
from app.ui.transcript.strips.tool_cards import CardLine

WIDTH = 600
PIECES = st.lists(
    st.sampled_from(
        [
            *("# Head", "\n", "\n\n", "- item ", "  - deep", "```py\n", "x = 1\n", "```\n"),
            *("| a | b |\n", "|---|:-:|\n", "| 1 | 2 |\n", "**bold** ", "> quote ", "word "),
            *("[link](https://example.org) ", "$x$ ", "1. one\n", "[name]\n\n", "日本語", "---\n"),
            "[name]: https://example.org\n",
        ]
    ),
    max_size=25,
)


def answer(text: str = "", status: Status = Status.COMPLETE, **fields: object) -> Message:
    return Message(
        id="m",
        parent="q",
        role=Role.ASSISTANT,
        text=text,
        created=0,
        status=status,
        **fields,  # type: ignore[arg-type]
    )


def picture(item: MessageItem, height: int) -> QImage:
    image = QImage(WIDTH, max(1, height), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    clip, attention = QRectF(0, 0, WIDTH, height), Attention(active=True)
    item.paint(painter, QPointF(0, 0), clip, attention=attention)
    painter.end()
    return image


@pytest.fixture
def look(theme: Theme) -> Look:
    return Look(theme)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(pieces=PIECES)
def test_an_answer_that_grew_looks_like_one_that_came_at_once(
    look: Look, pieces: list[str]
) -> None:
    placeholder = answer(status=Status.STREAMING)
    grown = MessageItem(placeholder, look, Surroundings())
    grown.lay_out(WIDTH)
    reply = Reply(placeholder)
    for piece in pieces:
        reply.apply(TextDelta(piece))
        grown.grow(reply)
        grown.lay_out(WIDTH)
    whole = MessageItem(placeholder, look, Surroundings())
    at_once = Reply(placeholder)
    at_once.apply(TextDelta("".join(pieces)))
    whole.grow(at_once)
    height = whole.lay_out(WIDTH)
    assert grown.lay_out(WIDTH) == height
    assert grown.text() == whole.text()
    assert picture(grown, height) == picture(whole, height)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    pieces=PIECES,
    reasoning=st.sampled_from(["", "Thinking."]),
    steps=st.lists(st.sampled_from(["fold", "open", "wait", "look", "wide", "lay out"])),
)
def test_a_finished_answer_looks_the_same_whatever_became_of_it_before(
    theme: Theme, pieces: list[str], reasoning: str, steps: list[str]
) -> None:
    theme.choose("dark")
    dark = Look(theme)
    theme.choose("light")
    look = light = Look(theme)
    placeholder = answer(status=Status.STREAMING)
    item = MessageItem(placeholder, light, Surroundings())
    item.lay_out(WIDTH)
    reply = Reply(placeholder)
    reply.apply(ReasoningDelta(reasoning))
    for piece in pieces:
        reply.apply(TextDelta(piece))
        item.grow(reply)
    done = answer("".join(pieces), reasoning=reasoning, model="a-model")
    item.show_message(done, Surroundings())
    width, waiting = WIDTH, ""
    for number, step in enumerate(steps):
        match step:
            case "fold" | "open":
                item.fold(step == "fold")
            case "wait":
                waiting = f"Waiting {number}"
                item.invalidate(Surroundings(waiting=waiting))
            case "look":
                look = dark if look is light else light
                item.show_look(look)
            case "wide":
                width = WIDTH + 40 - (width - WIDTH)
                item.lay_out(width)
            case _:
                item.lay_out(width)
    whole = MessageItem(done, look, Surroundings(waiting=waiting))
    whole.fold(item.folded)
    height = whole.lay_out(width)
    assert item.lay_out(width) == height
    assert item.text() == whole.text()
    assert picture(item, height) == picture(whole, height)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(pieces=PIECES, width=st.integers(200, 760))
def test_a_change_of_width_and_back_changes_nothing(
    look: Look, pieces: list[str], width: int
) -> None:
    item = MessageItem(answer("".join(pieces)), look, Surroundings())
    height = item.lay_out(WIDTH)
    before = picture(item, height)
    item.lay_out(width)
    assert item.lay_out(WIDTH) == height
    assert picture(item, height) == before


def test_painting_changes_nothing(look: Look) -> None:
    item = MessageItem(answer("# A\n\n- b\n- c\n\n| d |\n|---|\n| e |"), look, Surroundings())
    height = item.lay_out(WIDTH)
    assert picture(item, height) == picture(item, height)
    assert item.lay_out(WIDTH) == height


def labels(item: MessageItem) -> list[str]:
    """The words of the program that stand in a message."""
    return [
        one.label if isinstance(one, HeadStrip) else one._shown
        for one in item.stack.strips
        if isinstance(one, HeadStrip) or (isinstance(one, TextStrip) and not one.text)
    ]


def chevrons(item: MessageItem) -> list[str]:
    """The chevrons in a message; down means that what is below it is shown."""
    painted = [name for strip in item.stack.strips for name, _box in strip.painted()]
    return [name for name in painted if name.startswith("chevron")]


def test_reasoning_is_shown_live_and_folded_once_the_answer_begins(look: Look) -> None:
    placeholder = answer(status=Status.STREAMING)
    item = MessageItem(placeholder, look, Surroundings())
    item.lay_out(WIDTH)
    reply = Reply(placeholder)
    reply.apply(ReasoningDelta("I wonder."))
    item.grow(reply)
    assert "I wonder." in item.text()
    assert labels(item) == ["Assistant", "Thinking…"]
    assert chevrons(item) == ["chevron down"]
    reply.apply(TextDelta("So."))
    item.grow(reply)
    assert "I wonder." not in item.text()
    assert labels(item) == ["Assistant", "Thought for 1 s"]
    assert chevrons(item) == ["chevron right"]
    item.fold(False)
    item.lay_out(WIDTH)
    assert "I wonder." in item.text()
    assert labels(item) == ["Assistant", "Thought for 1 s"]
    assert chevrons(item) == ["chevron down"]
    # What is copied is what was said, without the program's own words.
    assert item.text() == "I wonder.\nSo.\n"


def test_no_raw_marks_are_seen_while_an_answer_streams(look: Look) -> None:
    text = (
        "# Title\n\nSome **bold** and *em* and `code` and [a page](https://example.org/x).\n\n"
        "- one **two** three\n- ~~four~~\n\n| a | b |\n|---|---|\n| **c** | d |\n\n"
        "```python\nx = 1\n```\n\nEnd.\n"
    )
    placeholder = answer(status=Status.STREAMING)
    item, reply = MessageItem(placeholder, look, Surroundings()), Reply(placeholder)
    item.lay_out(WIDTH)
    for character in text:
        reply.apply(TextDelta(character))
        item.grow(reply)
        item.lay_out(WIDTH)
        assert not any(mark in item.text() for mark in ("*", "~", "`", "](", "|", "#")), item.text()


def test_an_open_mark_that_is_never_closed_is_shown_in_the_end(look: Look) -> None:
    placeholder = answer(status=Status.STREAMING)
    item, reply = MessageItem(placeholder, look, Surroundings()), Reply(placeholder)
    item.lay_out(WIDTH)
    for piece in ("A **bold", " word", "\n\nAnother `word"):
        reply.apply(TextDelta(piece))
        item.grow(reply)
        item.lay_out(WIDTH)
    assert item.text().startswith("A **bold word\nAnother word")
    item.show_message(reply.message(Status.COMPLETE), Surroundings())
    item.lay_out(WIDTH)
    assert item.text().startswith("A **bold word\nAnother `word")


def test_a_failed_answer_says_why_and_offers_retry(look: Look) -> None:
    failed = answer("half", Status.INTERRUPTED, error="The connection broke.")
    item = MessageItem(failed, look, Surroundings())
    height = item.lay_out(WIDTH)
    assert "The connection broke" in item.text()
    hrefs = {
        item.hit(QPointF(x, y))[0].href for x in range(0, WIDTH, 4) for y in range(0, height, 4)
    }
    assert MessageActionId.RETRY in hrefs


def test_what_lies_under_a_link_is_its_address(look: Look) -> None:
    item = MessageItem(answer("[a link](https://example.org/x)"), look, Surroundings())
    height = item.lay_out(WIDTH)
    hrefs = {item.hit(QPointF(20, y))[0].href for y in range(0, height, 4)}
    assert "https://example.org/x" in hrefs


def test_a_forged_action_in_an_answer_leads_nowhere(look: Look) -> None:
    item = MessageItem(
        answer("[x](loquat:regenerate) ![y](file:///etc/passwd)"), look, Surroundings()
    )
    height = item.lay_out(WIDTH)
    hrefs = {
        item.hit(QPointF(x, y))[0].href
        for x in range(0, WIDTH, 4)
        for y in range(0, height - ActionsStrip.HEIGHT, 4)
    }
    assert hrefs == {""}


def test_the_persons_words_are_shown_as_they_were_written(qapp: QApplication, look: Look) -> None:
    text = "# not a heading\n\n  two  spaces\n"
    question = Message(id="q", parent=None, role=Role.USER, text=text, created=0)
    item = MessageItem(question, look, Surroundings())
    item.lay_out(WIDTH)
    assert item.text().startswith(text)


def test_hitting_a_character_and_its_rectangle_agree(look: Look) -> None:
    item = MessageItem(answer("one two three\n\nfour five six"), look, Surroundings())
    item.lay_out(WIDTH)
    for offset in range(4, item.text().index("six")):
        place = item.rectangle_of(offset)
        found, _strip = item.hit(QPointF(place.left() + 0.5, place.center().y()))
        assert abs(found.offset - offset) <= 1


def painted(item: MessageItem) -> str:
    return "\n".join(one._shown for one in item.stack.strips if isinstance(one, TextStrip))


def test_an_image_is_a_chip_that_names_its_host_and_leads_to_it(look: Look) -> None:
    item = MessageItem(answer("See ![a cat](https://example.org/cat.png)."), look, Surroundings())
    height = item.lay_out(WIDTH)
    assert "Image: a cat · example.org" in painted(item)
    hrefs = {item.hit(QPointF(80, y))[0].href for y in range(0, height, 4)}
    assert "https://example.org/cat.png" in hrefs


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("![x](file:///etc/passwd)", "![x](file:///etc/passwd)"),
        ("![](https://xn--80ak6aa92e.com/)", "\u00a0Image · xn--80ak6aa92e.com\u00a0"),
        ("![x](https://аррӏе.com/i.png)", "\u00a0Image: x · xn--80ak6aa92e.com\u00a0"),
    ],
)
def test_a_chip_tells_the_true_host_or_none(look: Look, source: str, words: str) -> None:
    item = MessageItem(answer(source), look, Surroundings())
    item.lay_out(WIDTH)
    assert words in painted(item)


def test_what_hides_in_a_link_is_seen_and_copied_as_it_was(look: Look) -> None:
    hidden = "pay\u202egnp.exe\u200b"
    item = MessageItem(answer(f"[{hidden}](https://example.org)"), look, Surroundings())
    item.lay_out(WIDTH)
    assert "pay⇄gnp.exe␣" in painted(item)
    assert item.text() == f"{hidden}\n"


def test_what_joins_letters_and_emoji_in_a_link_stays(look: Look) -> None:
    words = "می\u200cخواهم 👩\u200d🌾"
    item = MessageItem(answer(f"[{words}](https://example.org)"), look, Surroundings())
    item.lay_out(WIDTH)
    assert words in painted(item)


def test_a_call_is_a_line_that_opens_a_card_with_readable_arguments(look: Look) -> None:
    calls = (ToolCall("1", "get_weather", '{"city":"Lisbon","days":[1]}'), ToolCall("2", "x", "{"))
    item = MessageItem(answer("Let me see.", tool_calls=calls), look, Surroundings(last=True))
    item.lay_out(WIDTH)
    lines = [one for one in item.stack.strips if isinstance(one, CardLine)]
    assert "get_weather · city: Lisbon, days: [1] ▸" in painted(item)
    assert not [one for one in item.stack.strips if isinstance(one, CodeHead)]
    assert item.text().count("aren't a JSON object") == 1
    for line in lines:
        item.open_block(line)
    item.lay_out(WIDTH)
    heads = [one for one in item.stack.strips if isinstance(one, CodeHead)]
    assert [head.code for head in heads][1] == "{"
    assert '"city": "Lisbon",' in item.text()
    lines = [one for one in item.stack.strips if isinstance(one, CardLine)]
    item.close_block(lines[0])
    item.lay_out(WIDTH)
    heads = [one for one in item.stack.strips if isinstance(one, CodeHead)]
    assert [head.code for head in heads] == ["{"]


def test_a_call_that_waits_hides_none_of_its_arguments(look: Look) -> None:
    """A command may be run on them."""
    call = ToolCall("1", "write", json.dumps({"text": "word " * 80, "path": "/etc/passwd"}))
    item = MessageItem(answer("", tool_calls=(call,)), look, Surroundings(last=True))
    item.lay_out(WIDTH)
    assert "/etc/passwd" in item.text()
    item.invalidate(Surroundings(last=False))
    item.lay_out(WIDTH)
    assert "/etc/passwd" not in item.text()
