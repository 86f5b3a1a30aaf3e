"""The exact request: shown, compared with another one, and as programs, however large it is."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import LibraryError
from app.services.chat.exact_requests import LANGUAGES, Request
from app.ui.common.bounded_field import LINE_CHARACTERS, SHOWN_CHARACTERS
from app.ui.common.shortened_difference import parting, shared_beginning, short, short_pair
from app.ui.request.changes import SHOWN_ROWS, EarlierAnswer
from app.ui.request.window import RequestWindow
from app.ui.theme.theme import Theme
from tests.ui.conftest import keep

URL = "https://openrouter.ai/api/v1/chat/completions"
REQUEST, CHANGES, CODE = range(3)

Open = Callable[..., RequestWindow]


def body(*texts: str, **fields: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return {"model": "m", "messages": messages, "stream": True, **fields}


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme) -> Open:
    """Open the window on a request, with others to compare it with."""

    def open_window(
        request: Mapping[str, Any] | None, *earlier: Mapping[str, Any], url: str = URL
    ) -> RequestWindow:
        others: dict[str, Request] = {str(n): (URL, one) for n, one in enumerate(earlier)}
        window = RequestWindow(
            theme,
            None if request is None else (url, request),
            [EarlierAnswer(f"Number {n}", n) for n in others],
            others.get,
            None,
        )
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        keep(qtbot, window)
        window.show()
        return window

    return open_window


def rows(window: RequestWindow) -> list[list[str]]:
    tree = window.changes._rows
    return [
        [item.text(column) for column in range(3)]
        for item in map(tree.topLevelItem, range(tree.topLevelItemCount()))
        if item is not None
    ]


def turn_to(window: RequestWindow, page: int) -> RequestWindow:
    window.tabs.setCurrentIndex(page)
    return window


def copied(window: RequestWindow) -> Any:
    spy = QSignalSpy(window.copied)
    button = next(one for one in window.findChildren(QPushButton) if one.text() == "Copy")
    button.click()
    return spy.at(0)[0] if spy.count() else None


def test_the_body_is_shown_and_copied(opened: Open) -> None:
    sent = body("Hi", temperature=0.5)
    window = opened(sent)
    assert json.loads(window.body.field.toPlainText()) == sent
    assert json.loads(copied(window)) == sent
    assert window.note() == ""


def test_changes_are_told_place_by_place_parameters_first(opened: Open) -> None:
    before = body("One", seed=7, temperature=0.7)
    after = body("One", "Two", "Three", temperature=0.2, top_p=0.9)
    window = turn_to(opened(after, before), CHANGES)
    assert rows(window) == [
        ["seed", "7", "—"],
        ["temperature", "0.7", "0.2"],
        ["top_p", "—", "0.9"],
        ["messages[1]", "—", '{"role": "assistant", "content": "Two"}'],
        ["messages[2]", "—", '{"role": "user", "content": "Three"}'],
    ]
    assert copied(window).startswith("seed\n- 7\n\ntemperature\n- 0.7\n+ 0.2\n\ntop_p\n+ 0.9\n")


def test_another_address_is_a_change(opened: Open) -> None:
    window = turn_to(opened(body("One"), body("One"), url="http://localhost/v1"), CHANGES)
    assert rows(window) == [["(address)", f'"{URL}"', '"http://localhost/v1"']]


def test_that_nothing_changed_is_said_in_words(opened: Open) -> None:
    window = turn_to(opened(body("One"), body("One")), CHANGES)
    assert window.changes._words.isVisible()
    assert "Nothing changed" in window.changes._words.text()
    assert copied(window) is None


def test_the_other_version_can_be_chosen(opened: Open) -> None:
    window = turn_to(opened(body("Two"), body("Two"), body("One")), CHANGES)
    assert rows(window) == []
    window.changes._chosen.setCurrentIndex(1)
    assert rows(window) == [["messages[0].content", '"One"', '"Two"']]


def test_without_another_request_that_is_said(opened: Open) -> None:
    window = turn_to(opened(body("One")), CHANGES)
    assert "no earlier request" in window.changes._words.text()
    assert not window.changes._chosen.isVisible()


def test_a_request_that_is_not_kept_leaves_nothing_to_copy(opened: Open) -> None:
    window = opened(None, body("One"))
    for page in (REQUEST, CHANGES, CODE):
        assert copied(turn_to(window, page)) is None


@pytest.mark.parametrize("fails", [True, False])
def test_an_earlier_request_that_cannot_be_read_says_why(
    qtbot: QtBot, theme: Theme, fails: bool
) -> None:
    def read(message_id: str) -> Request | None:
        if fails:
            raise LibraryError("The library is gone.")
        return None

    window = RequestWindow(theme, (URL, body("One")), [EarlierAnswer("One", "1")], read, None)
    keep(qtbot, window)
    turn_to(window, CHANGES)
    words = "The library is gone." if fails else "The request of that answer wasn't saved."
    assert window.changes._words.text() == words


def test_a_long_value_is_seen_whole_below_its_row(opened: Open) -> None:
    before, after = f"{'so ' * 500}it ends", f"{'so ' * 500}it begins\nagain"
    window = turn_to(opened(body(after), body(before)), CHANGES)
    changes = window.changes
    assert rows(window)[0][1:] == [
        '"…o so so so so so it ends"',
        '"…o so so so so so it begins\\nagain"',
    ]
    assert changes._before.toPlainText() == before
    assert changes._after.toPlainText() == after
    assert changes._after.textCursor().position() == after.index("begins")


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_what_differs_has_the_colours_of_the_theme(opened: Open, theme: Theme, choice: str) -> None:
    window = turn_to(opened(body("😀 same new"), body("😀 same old")), CHANGES)
    theme.choose(choice)
    colours = theme.colours
    item = window.changes._rows.topLevelItem(0)
    assert isinstance(item, QTreeWidgetItem)
    for column, field, ink in (
        (1, window.changes._before, colours.code_removed),
        (2, window.changes._after, colours.code_added),
    ):
        assert item.foreground(column).color().name() == ink
        cursor = field.textCursor()
        for place, wanted in ((1, colours.text), (8, colours.text), (9, ink), (11, ink)):
            cursor.setPosition(place)
            assert cursor.charFormat().foreground().color().name() == wanted, place
    theme.choose("light")


def test_characters_that_mislead_are_shown_and_copied_as_escapes(opened: Open) -> None:
    window = turn_to(opened(body("a\u202eb"), body("a")), CHANGES)
    assert "\u202e" not in str(rows(window)) + window.changes._after.toPlainText()
    assert "\\u202e" in copied(window)
    assert "\\u202e" in copied(turn_to(window, REQUEST))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_request_is_written_in_the_chosen_language(opened: Open, language: str) -> None:
    window = turn_to(opened(body("Hi")), CODE)
    window.program.language.setCurrentIndex(window.program.language.findData(language))
    program = copied(window)
    assert program == window.program.field.toPlainText()
    assert {"curl": "curl ", "python": "httpx", "openai": "OpenAI(", "javascript": "fetch("}[
        language
    ] in program
    assert "OPENROUTER_API_KEY" in program
    assert "OPENROUTER_API_KEY" in window.note()


def test_a_server_on_this_computer_is_asked_without_a_key(opened: Open) -> None:
    window = turn_to(opened(body("Hi"), url="http://127.0.0.1:1/v1/chat/completions"), CODE)
    assert "API_KEY" not in copied(window) + window.note()
    assert "on this computer" in window.note()


def test_what_a_language_cannot_say_is_said(opened: Open) -> None:
    window = turn_to(opened(body("Hi"), url="https://host/elsewhere"), CODE)
    window.program.language.setCurrentIndex(window.program.language.findData("openai"))
    assert "Choose another" in window.note()
    assert copied(window) is None
    window.program.language.setCurrentIndex(0)
    assert "https://host/elsewhere" in copied(window)


@pytest.mark.parametrize("text", ["x" * 10_000_000, "many words " * 900_000, "line\n" * 2_000_000])
def test_an_enormous_body_is_shown_in_part_and_copied_whole(opened: Open, text: str) -> None:
    sent, before = body(text + " now", top_p=1), body(text + " then")
    window = opened(sent, before)
    assert len(window.body.field.toPlainText()) <= SHOWN_CHARACTERS + 10
    assert "Copy includes all" in window.note()
    assert json.loads(copied(window)) == sent
    turn_to(window, CHANGES)
    window.changes._rows.setCurrentItem(window.changes._rows.topLevelItem(1) or QTreeWidgetItem())
    assert window.changes._after.toPlainText().endswith(" now")
    assert "Copy includes all" in window.note()
    assert json.dumps(text + " now") in copied(window)
    turn_to(window, CODE)
    assert len(window.program.field.toPlainText()) <= SHOWN_CHARACTERS + 10
    assert "Copy includes all" in window.note()
    assert copied(window).endswith("JSON\n")
    longest = max(map(len, window.body.field.toPlainText().split("\n")))
    assert longest <= LINE_CHARACTERS + 1


def test_a_body_of_many_lines_is_shown_in_part(opened: Open) -> None:
    window = opened(body(*["line"] * 20_000))
    assert SHOWN_CHARACTERS <= len(window.body.field.toPlainText()) <= SHOWN_CHARACTERS + 2
    assert "Copy includes all" in window.note()


def test_more_changes_than_are_shown_are_copied(opened: Open) -> None:
    window = turn_to(opened(body(*map(str, range(10_000))), body()), CHANGES)
    assert len(rows(window)) == SHOWN_ROWS
    assert "The first 1,000 of 10,000 changes" in window.note()
    assert copied(window).count("+ {") == 10_000


def test_escape_closes_from_everywhere(opened: Open) -> None:
    fields: list[tuple[int, Callable[[RequestWindow], QWidget]]] = [
        (REQUEST, lambda shown: shown.body.field),
        (CHANGES, lambda shown: shown.changes._rows),
        (CHANGES, lambda shown: shown.changes._after),
        (CODE, lambda shown: shown.program.language),
    ]
    for page, focus in fields:
        window = turn_to(opened(body("Two"), body("One")), page)
        field = focus(window)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert not window.isVisible()


def test_a_window_that_was_closed_is_gone_and_follows_no_theme(qtbot: QtBot, theme: Theme) -> None:
    window = RequestWindow(theme, (URL, body("One")), [], lambda _message_id: None, None)
    gone: list[bool] = []
    window.changes.destroyed.connect(lambda: gone.append(True))
    window.show()
    turn_to(window, CHANGES)
    window.close()
    qtbot.waitUntil(lambda: bool(gone))
    theme.choose("dark")
    theme.choose("light")


def test_tab_goes_through_the_changes_in_the_order_of_the_eye(opened: Open) -> None:
    window = turn_to(opened(body("Two"), body("One")), CHANGES)
    changes = window.changes
    changes._chosen.setFocus()
    visited = []
    for _step in range(5):
        focused = window.focusWidget()
        assert focused is not None
        visited.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert visited[:4] == [changes._chosen, changes._rows, changes._before, changes._after]
    assert isinstance(visited[4], QPushButton)


def test_the_arrows_go_from_change_to_change(opened: Open) -> None:
    window = turn_to(opened(body("Two", seed=2), body("One", seed=1)), CHANGES)
    assert window.changes._after.toPlainText() == "2"
    QTest.keyClick(window.changes._rows, Qt.Key.Key_Down)
    assert window.changes._after.toPlainText() == "Two"


def test_everything_has_a_name_for_a_screen_reader(opened: Open) -> None:
    window = turn_to(opened(body("Two"), body("One")), CHANGES)
    names = [
        widget.accessibleName()
        for widget in (
            window.body.field,
            window.changes._chosen,
            window.changes._rows,
            window.changes._before,
            window.changes._after,
            window.program.language,
            window.program.field,
        )
    ]
    assert all(names)
    assert len(set(names)) == len(names)
    item = window.changes._rows.topLevelItem(0)
    assert item is not None
    role = Qt.ItemDataRole.AccessibleTextRole
    assert item.data(0, role) == "changed: messages[0].content"


def test_it_fits_a_small_screen(opened: Open) -> None:
    name = "x" * 3_000
    window = opened(body("Two", **{name: {name: 1}}), body("One"), url="http://h/" + "y" * 400)
    turn_to(window, CHANGES)
    QTest.keyClick(window.changes._rows, Qt.Key.Key_Down)
    assert len(window.changes._where.text()) > 100
    QApplication.sendPostedEvents()
    smallest = window.minimumSizeHint()
    assert smallest.width() <= 480
    assert smallest.height() <= 480


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (1, "1", ("1", '"1"')),
        (True, 1.0, ("true", "1.0")),
        ("abc", "abd", ('"abc"', '"abd"')),
        ("y" * 50 + "a", "y" * 50, ('"…' + "y" * 20 + 'a"', '"…' + "y" * 20 + '"')),
        (list(range(9)), {"a": 1}, ('[0, 1, 2, 3, 4, 5, 6, 7, "…"]', '{"a": 1}')),
        ("\x00\u202e", None, ('"\\u0000⇄"', "null")),
    ],
)
def test_values_are_shortened_to_where_they_part(
    before: Any, after: Any, shown: tuple[str, str]
) -> None:
    assert short_pair(before, after, 60) == shown


def test_a_short_value_is_never_long() -> None:
    deep: Any = "x" * 10_000_000
    for _turn in range(30):
        deep = [deep, {"k" * 10_000: deep}]
    assert len(short(deep, 100)) <= 101
    assert len(short("x" * 10_000_000, 100)) <= 101


@pytest.mark.parametrize(
    ("first", "second", "parts"),
    [
        ("one sentence.", "two sentences.", ("one sentence.", "two sentences.")),
        ("a b c", "a x c", ("b", "x")),
        ("0.7", "0.2", ("0.7", "0.2")),
        ("same", "same", ("", "")),
        ("a", "a b", ("", " b")),
        ("", "b", ("", "b")),
        ("aa aa", "aa", (" aa", "")),
    ],
)
def test_texts_part_at_words(first: str, second: str, parts: tuple[str, str]) -> None:
    (start, end), (other_start, other_end) = parting(first, second)
    assert (first[start:end], second[other_start:other_end]) == parts


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 200_000])
@pytest.mark.parametrize("ends", [("", ""), ("a", "b"), ("", "b"), ("ab" * 70_000, "b")])
def test_where_long_texts_part_is_found(length: int, ends: tuple[str, str]) -> None:
    first, second = ("😀" * length + end for end in ends)
    assert shared_beginning(first, second) == shared_beginning(second, first) == length
