"""Which requests an answer's own can be compared with, and what is made of it as text."""

import asyncio
from typing import Any

import pytest

from app.api.dialects import request_as_program as snippets
from app.domain.errors import InputError
from app.domain.text.json_difference import DifferenceKind
from app.services.chat.exact_requests import (
    LANGUAGES,
    as_program,
    body_text,
    changes,
    key_variable,
    value_text,
)
from app.services.program.core import Core
from tests.servers import answer, chat, serving
from tests.services.talking import PATIENCE, ask, conversation_at
from tests.store.values import answer as written
from tests.store.values import question

URL = "https://api.deepseek.com/chat/completions"
BODY: dict[str, Any] = {"model": "m", "messages": [], "stream": True}


async def test_the_previous_answer_and_the_other_versions_can_be_compared_with(core: Core) -> None:
    with serving(answer(chat("Yes."))) as server:
        held = conversation_at(core, server)
        first = await ask(core, held, "a")
        second = await ask(core, held, "b")
        await asyncio.wait_for(core.chat.regenerate(held, second.id), PATIENCE)
        third = held.path()[-1]
        fourth = await ask(core, held, "c")
    conversations = core.conversations
    assert conversations.request_before(held, first.id) is None
    assert conversations.other_versions(held, first.id) == []
    assert conversations.request_before(held, fourth.id) == third.id
    for one, other in ((second, (2, third.id)), (third, (1, second.id))):
        assert conversations.request_before(held, one.id) == first.id
        assert conversations.other_versions(held, one.id) == [other]


async def test_answers_whose_request_is_not_kept_are_passed_over(core: Core) -> None:
    with serving(answer(chat("Yes."))) as server:
        held = conversation_at(core, server)
        first = await ask(core, held, "a")
        for number, parent in enumerate((first.id, "q0", "a0", "q1")):
            name = f"{'qa'[number % 2]}{number // 2}"
            make = written if number % 2 else question
            core.conversations.add_message(held, make("Well", name=name, parent=parent))
        last = await ask(core, held, "b")
    assert [one.id for one in held.path()][1:-1:2] == [first.id, "a0", "a1"]
    assert core.conversations.request_before(held, last.id) == first.id
    assert core.conversations.request_before(held, "a1") == first.id


async def test_only_answers_of_the_conversation_itself_are_known(core: Core) -> None:
    with serving(answer(chat("Yes."))) as server:
        held, other = conversation_at(core, server), conversation_at(core, server)
        first, elsewhere = await ask(core, held), await ask(core, other)
    assert core.library.answers_with_request(held.id) == {first.id}
    assert core.library.answers_with_request(other.id) == {elsewhere.id}


def test_every_way_to_write_a_program_has_a_name() -> None:
    assert LANGUAGES.keys() == snippets.WRITERS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_program_takes_the_key_of_its_server(language: str) -> None:
    assert key_variable((URL, BODY)) == "DEEPSEEK_API_KEY"
    assert "DEEPSEEK_API_KEY" in as_program((URL, BODY), language)
    local = as_program(("http://localhost:1/v1/chat/completions", BODY), language)
    assert "API_KEY" not in local


def test_what_a_language_cannot_say_is_an_error_in_words() -> None:
    with pytest.raises(InputError, match=r"Python \(openai package\)") as raised:
        as_program(("https://host/v1/responses", BODY), "openai")
    assert "chat/completions" in raised.value.detail


def test_another_address_is_the_first_of_the_changes() -> None:
    found = changes((URL, BODY), ("http://localhost/v1", {**BODY, "seed": 1}))
    assert [(one.kind, one.path) for one in found] == [
        (DifferenceKind.CHANGED, "(address)"),
        (DifferenceKind.ADDED, "seed"),
    ]
    assert changes((URL, BODY), (URL, dict(BODY))) == []


def test_a_body_and_a_value_of_it_are_written_alike() -> None:
    assert body_text((URL, {"stop": ["é"]})) == '{\n  "stop": [\n    "é"\n  ]\n}'
    assert value_text("é\n\u202e") == '"é\\n\\u202e"'
