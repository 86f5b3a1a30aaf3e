"""What each kind of message offers, and in which form."""

import pytest

from app.domain.chat.conversation import Message, Role, Status
from app.domain.errors import Remedy, UseValue
from app.ui.transcript.actions import (
    MESSAGE_ACTIONS,
    MessageActionId,
    Surroundings,
    icons_of,
    links_of,
    offered,
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
        (Role.USER, ["Copy", "Edit and ask again", "Delete from here on"]),
        (Role.TOOL, ["Copy", "Answer otherwise", "Delete from here on"]),
        (
            Role.ASSISTANT,
            [
                "Copy",
                "Regenerate",
                "New branch from here",
                "Sweep parameters",
                "Show the request",
                "Delete from here on",
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
    assert [button.name for button in links_of(failed, LAST)] == ["Retry", "Add credit"]
    refused = message(Role.ASSISTANT, Status.FAILED, remedy=UseValue("max_tokens", 8192))
    assert [button.name for button in links_of(refused, LAST)] == ["Retry", "Use 8192"]
    plain = message(Role.ASSISTANT, Status.FAILED)
    assert [button.name for button in links_of(plain, LAST)] == ["Retry"]


def test_an_empty_answer_offers_to_retry() -> None:
    empty = Message("m", None, Role.ASSISTANT, "", 0.0)
    assert [button.name for button in links_of(empty, LAST)] == ["Retry"]


def test_branches_have_their_number_between_the_arrows() -> None:
    icons = icons_of(message(Role.USER), Surroundings(2, 3))
    assert [button.name for button in icons[:3]] == ["Previous branch", "2/3", "Next branch"]
    assert icons[1].href == ""
