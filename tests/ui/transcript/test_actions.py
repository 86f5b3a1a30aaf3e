"""What each kind of message offers, and in which form."""

from dataclasses import replace
from itertools import groupby

import pytest

from app.domain.chat.conversation import Message, Role, Status, ToolCall
from app.domain.errors import Remedy, UseValue
from app.ui.transcript.actions import (
    MESSAGE_ACTIONS,
    MenuGroup,
    MessageActionId,
    Surroundings,
    delete_words,
    failure_buttons,
    icons_of,
    offered,
    version_buttons,
)

LAST = Surroundings(last=True)


def message(
    role: Role, status: Status = Status.COMPLETE, remedy: Remedy | UseValue = Remedy.NONE
) -> Message:
    return Message("m", None, role, "Words", 0.0, status, remedy=remedy)


def names(message: Message, around: Surroundings = LAST) -> list[str]:
    return [button.name for button in offered(message, around)]


def test_each_action_has_a_row() -> None:
    assert list(MESSAGE_ACTIONS) == list(MessageActionId)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.USER, ["Copy", "Edit", "Delete"]),
        (Role.TOOL, ["Copy", "Edit result", "Delete"]),
        (
            Role.ASSISTANT,
            [
                "Copy",
                "Regenerate",
                "Edit",
                "Branch from here",
                "Use these parameters",
                "Sweep",
                "Seed check",
                "Show request",
                "Delete",
            ],
        ),
    ],
)
def test_a_message_offers_what_its_role_allows(role: Role, expected: list[str]) -> None:
    assert names(message(role)) == expected


def test_nothing_is_offered_while_a_message_is_written() -> None:
    assert names(message(Role.ASSISTANT, Status.STREAMING)) == []


def test_only_the_last_answer_goes_on() -> None:
    stopped = message(Role.ASSISTANT, Status.STOPPED)
    assert "Continue" in names(stopped)
    assert "Continue" not in names(stopped, Surroundings(last=False))


def test_a_failure_offers_links_with_its_remedy() -> None:
    failed = message(Role.ASSISTANT, Status.FAILED, remedy=Remedy.CREDIT)
    assert [button.name for button in failure_buttons(failed, LAST)] == ["Add credit", "Retry"]
    refused = message(Role.ASSISTANT, Status.FAILED, remedy=UseValue("max_tokens", 8192))
    assert [button.name for button in failure_buttons(refused, LAST)] == ["Retry", "Use 8192"]
    plain = message(Role.ASSISTANT, Status.FAILED)
    assert [button.name for button in failure_buttons(plain, LAST)] == ["Retry"]


def test_an_empty_answer_offers_to_retry() -> None:
    empty = Message("m", None, Role.ASSISTANT, "", 0.0)
    assert [button.name for button in failure_buttons(empty, LAST)] == ["Retry"]


def shown(message: Message, around: Surroundings) -> list[str]:
    return [button.name for button in icons_of(message, around)]


def test_versions_are_at_the_side_of_the_words_and_the_other_buttons_beside_them() -> None:
    versions = ["Previous version", "2/3", "Next version"]
    around = Surroundings(2, 3)
    assert shown(message(Role.USER), around) == ["Copy", "Edit", "More", *versions]
    assert shown(message(Role.ASSISTANT), around) == [
        *versions,
        "Copy",
        "Regenerate",
        "Edit",
        "More",
    ]
    assert shown(message(Role.TOOL), Surroundings()) == ["Copy", "Edit result", "More"]


@pytest.mark.parametrize(
    ("branch", "expected"), [(1, [False, True]), (2, [True, True]), (3, [True, False])]
)
def test_the_ends_of_the_versions_are_greyed(branch: int, expected: list[bool]) -> None:
    before, number, after = version_buttons(message(Role.USER), Surroundings(branch, 3))
    assert [before.enabled, after.enabled] == expected
    assert (number.name, number.href) == (f"{branch}/3", "")
    assert [before.key, after.key] == ["Alt+←", "Alt+→"]


def test_versions_stay_while_an_answer_streams_and_wait_for_its_end() -> None:
    streaming = icons_of(message(Role.ASSISTANT, Status.STREAMING), Surroundings(2, 2))
    assert [button.name for button in streaming] == ["Previous version", "2/2", "Next version"]
    assert not any(button.enabled for button in streaming if button.href)


def test_a_key_stands_only_where_it_acts_on_the_message() -> None:
    keys = {button.name: button.key for button in offered(message(Role.ASSISTANT), LAST)}
    assert (keys["Copy"], keys["Regenerate"], keys["Sweep"]) == ("Ctrl+C", "Ctrl+R", "Ctrl+G")
    earlier = {
        button.name: button.key for button in offered(message(Role.ASSISTANT), Surroundings())
    }
    assert (earlier["Copy"], earlier["Regenerate"], earlier["Sweep"]) == ("Ctrl+C", "", "")


def test_an_answer_that_called_tools_or_has_no_words_is_not_edited() -> None:
    call = ToolCall("1", "look", "{}")
    called = Message("m", None, Role.ASSISTANT, "Let me look.", 0.0, tool_calls=(call,))
    assert "Edit" not in names(called)
    assert "Edit" not in names(Message("m", None, Role.ASSISTANT, "", 0.0))


def test_an_answer_that_the_person_wrote_has_no_request() -> None:
    edited = replace(message(Role.ASSISTANT), edited=True)
    assert not {"Show request", "Use these parameters"} & {*names(edited)}


def test_the_groups_of_the_menu_are_whole() -> None:
    groups = [group for group, _rows in groupby(MESSAGE_ACTIONS.values(), lambda row: row.group)]
    assert groups == list(MenuGroup)


@pytest.mark.parametrize(
    ("count", "words"), [(1, "Delete"), (2, "Delete 2 messages"), (40, "Delete 40 messages")]
)
def test_delete_says_how_many_messages_it_takes(count: int, words: str) -> None:
    assert delete_words(count) == words
