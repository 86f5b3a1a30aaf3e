"""An answer says how it ended, above all if there is nothing else to see."""

import pytest

from app.domain.chat.conversation import Message, Role, Status, ToolCall
from app.domain.chat.endings import ending_of, parts_of_ending
from app.domain.text.server_words import with_server_words


def answer(
    text: str = "", reason: str = "stop", reasoning: str = "", status: Status = Status.COMPLETE
) -> Message:
    return Message(
        "m", None, Role.ASSISTANT, text, 0.0, status, finish_reason=reason, reasoning=reasoning
    )


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (answer(), "sent nothing"),
        (answer(" \n"), "sent nothing"),
        (answer(reason="other"), "sent nothing"),
        (answer(reasoning="Hm."), "stopped after reasoning"),
        (answer(reason="length", reasoning="Hm."), "reasoning"),
        (answer(reason="length"), "length limit"),
        (answer(reason="content_filter"), "content filter"),
        (answer(reason="tool_calls"), "tool call"),
    ],
)
def test_an_answer_without_text_or_calls_says_that_it_is_empty(
    message: Message, words: str
) -> None:
    assert message.is_empty
    assert ending_of(message).startswith("No answer: ")
    assert words in ending_of(message)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.COMPLETE])
def test_only_an_answer_that_ended_well_can_be_empty(status: Status) -> None:
    assert not answer(status=status).is_empty


def test_text_or_a_call_is_an_answer() -> None:
    call = Message("m", None, Role.ASSISTANT, "", 0.0, tool_calls=(ToolCall("c", "f", "{}"),))
    assert not call.is_empty
    assert not answer("Words").is_empty
    assert ending_of(answer("Words")) == ""


@pytest.mark.parametrize(
    ("error", "title", "advice", "details"),
    [
        ("No server is running at 127.0.0.1:80. Start it.", "…:80", "Start it.", ""),
        ("It failed.", "It failed", "", ""),
        ("失败了。请重试。", "失败了", "请重试。", ""),
        (
            with_server_words("It failed. Try again.", "No. Never."),
            "It",
            "Try again.",
            "No. Never.",
        ),
    ],
)
def test_a_failure_has_a_title_what_to_do_and_the_servers_words_apart(
    error: str, title: str, advice: str, details: str
) -> None:
    failed = Message("m", None, Role.ASSISTANT, "", 0.0, Status.FAILED, error=error)
    parts = parts_of_ending(failed)
    assert title.removeprefix("…") in parts.title
    assert not parts.title.endswith((".", "。"))
    assert (parts.advice, parts.details) == (advice, details)
