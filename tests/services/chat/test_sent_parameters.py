"""What a request set is told back in the table's names, whatever the provider calls it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.dialects.table import DIALECTS, not_taken, spelled
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider, ProviderKind
from app.services.chat.sent_parameters import Record, record, record_of
from app.services.program.core import Core
from tests.servers import answer, chat, chunk, serving
from tests.services.talking import ask, conversation_at

MODEL = Model("m", "m")
VALUES: dict[str, Any] = {
    "temperature": 0.5,
    "max_tokens": 9,
    "stop": ["a"],
    "logit_bias": {"7": -100},
    "structured_outputs": True,
}


@pytest.mark.parametrize("kind", ProviderKind)
@pytest.mark.parametrize("effort", ["none", "low", "high"])
def test_what_was_set_is_told_back(kind: ProviderKind, effort: str) -> None:
    dialect = DIALECTS[kind]
    values = {**VALUES, "reasoning": {"effort": effort}}
    body = {"model": "m", "messages": [], "stream": True, "stream_options": {}}
    found = record(kind, {**body, **dialect.always, **spelled(kind, MODEL, values)})
    refused = not_taken(kind, MODEL)
    taken = {name: value for name, value in values.items() if name not in refused}
    assert found == Record(taken, {})


def test_what_the_panel_has_no_words_for_is_told_as_it_stands() -> None:
    body = {"thinking_budget_tokens": 2000, "top_p": "hostile", "<b>": [1]}
    assert record(ProviderKind.LLAMA_CPP, body) == Record({}, body)
    routed = {"structured_outputs": True, "provider": {"require_parameters": True, "only": ["x"]}}
    found = record(ProviderKind.OPENROUTER, routed)
    assert found == Record({"structured_outputs": True}, {"provider": {"only": ["x"]}})


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
names = st.sampled_from(["temperature", "reasoning", "reasoning_effort", "thinking", "provider"])


@given(st.sampled_from(ProviderKind), st.dictionaries(names | st.text(max_size=8), json_values))
def test_any_body_can_be_told(kind: ProviderKind, body: dict[str, Any]) -> None:
    found = record(kind, body)
    assert not found.values.keys() - {"temperature", "reasoning", "structured_outputs"}


async def test_an_answers_record_is_read_without_its_messages(core: Core) -> None:
    with serving(answer(chat("Yes."))) as server:
        held = conversation_at(core, server)
        core.conversations.change(held, parameters={"temperature": 0.5, "seed": 7})
        first = await ask(core, held, "a")
    found = record_of(first, held, core.conversations, core.providers)
    assert found == Record({"temperature": 0.5, "seed": 7}, {})
    head = core.conversations.request_head(first.id)
    assert head is not None
    assert head["messages"] == []
    question = held.path()[0]
    assert record_of(question, held, core.conversations, core.providers) is None


async def test_a_renamed_provider_is_still_that_of_its_answers(core: Core) -> None:
    with serving(answer(chat("Yes."))) as server:
        # llama.cpp calls the penalty repeat_penalty, vLLM repetition_penalty.
        asked = core.providers.put(
            Provider("asked", "Mine", ProviderKind.LLAMA_CPP, server.url, "m")
        )
        other = core.providers.put(Provider("other", "Other", ProviderKind.VLLM, server.url, "m"))
        held = core.conversations.create(provider=asked.id, model="m")
        core.conversations.change(held, parameters={"repetition_penalty": 1.1})
        message = await ask(core, held)
    before = record_of(message, held, core.conversations, core.providers)
    assert before == Record({"repetition_penalty": 1.1}, {})
    core.providers.put(replace(other, name="Mine"))
    core.providers.put(replace(asked, name="Renamed"))
    core.conversations.change(held, provider=other.id)
    assert message.provider == asked.id
    assert record_of(message, held, core.conversations, core.providers) == before
    assert core.providers.name_of(message.provider) == "Renamed"


async def test_a_continued_answer_keeps_the_id_of_its_provider(core: Core) -> None:
    cut = chunk("So far") + chunk(finish="length") + b"data: [DONE]\n\n"
    with serving(answer(cut)) as server:
        provider = core.providers.put(
            Provider("asked", "Mine", ProviderKind.OPENAI_COMPATIBLE, server.url, "m")
        )
        held = core.conversations.create(provider=provider.id, model="m")
        message = await ask(core, held)
        assert message.can_go_on
        await core.chat.go_on(held, message.id)
    assert held.tree[message.id].provider == provider.id


def test_what_no_provider_has_as_its_id_is_shown_as_it_is(core: Core) -> None:
    assert core.providers.name_of("Gone long ago") == "Gone long ago"


async def test_every_other_answer_can_be_compared_with(core: Core) -> None:
    with serving(answer(chat("Yes."))) as server:
        held = conversation_at(core, server)
        said = [await ask(core, held, text) for text in "abcd"]
    others = core.conversations.others_with_request(held, said[1].id)
    assert [one.id for one in others] == [said[3].id, said[2].id, said[0].id]
