"""News reaches everybody who asked for it, whatever the others do with it."""

import asyncio
from typing import Any

import pytest

from app.domain.chat.conversation import Status
from app.services.observers import Observers
from app.services.program.core import Core
from tests.servers import answer, chat, serving
from tests.services.talking import ask, conversation_at


def fail() -> None:
    raise ZeroDivisionError


def fail_otherwise() -> None:
    raise KeyError("second")


def reported() -> list[Any]:
    """What the running loop is told of from now on."""
    failures: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: failures.append(context["exception"]))
    return failures


def test_listeners_are_told_in_the_order_in_which_they_asked() -> None:
    news: Observers[[int]] = Observers()
    told: list[str] = []
    news.connect(lambda number: told.append(f"first {number}"))
    news.connect(lambda number: told.append(f"second {number}"))
    news.notify(3)
    assert told == ["first 3", "second 3"]


async def test_one_that_fails_keeps_it_from_nobody_and_is_reported() -> None:
    failures = reported()
    news: Observers[[]] = Observers()
    told: list[str] = []
    for listener in (fail, lambda: told.append("told"), fail_otherwise):
        news.connect(listener)
    news.notify()
    assert told == ["told"]
    assert [type(failure) for failure in failures] == [ZeroDivisionError, KeyError]


def test_without_a_loop_the_first_failure_is_raised_when_all_are_told() -> None:
    news: Observers[[]] = Observers()
    told: list[str] = []
    for listener in (fail, fail_otherwise, lambda: told.append("told")):
        news.connect(listener)
    with pytest.raises(ZeroDivisionError):
        news.notify()
    assert told == ["told"]


async def test_an_answer_comes_whole_though_nobody_can_show_it(core: Core) -> None:
    failures = reported()
    core.chat.grew.connect(lambda _conversation: fail())
    core.chat.finished.connect(lambda _conversation, _message: fail())
    with serving(answer(chat("All of it."))) as server:
        message = await ask(core, conversation_at(core, server))
    assert (message.text, message.status) == ("All of it.", Status.COMPLETE)
    assert failures
