"""What is left open on the command line is settled as a person would expect."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat.conversation import Message, Role, Status
from app.domain.errors import AddressError, InputError, NotFoundError, ParameterError
from app.domain.providers.providers import Provider, ProviderKind
from app.services.program.ask_once import Question, ResolvedQuestion
from app.services.program.core import Core
from tests.servers import answer, chat, serving
from tests.services.talking import ask, conversation_at, provider_at

ADDRESS = "http://127.0.0.1:1/v1"


def preview(core: Core, **chosen: Any) -> Any:
    """The body that would be sent."""
    return json.loads(ResolvedQuestion(core, Question("Well?", **chosen)).preview("json"))["body"]


async def test_a_new_library_asks_the_model_on_this_computer(core: Core) -> None:
    asking = ResolvedQuestion(core, Question("Well?"))
    assert asking.provider.kind is ProviderKind.EMBEDDED
    assert asking.model.id == "SmolLM2-135M-Instruct"


async def test_the_default_provider_is_asked(core: Core) -> None:
    core.settings.default_provider = provider_at(core, ADDRESS).id
    assert ResolvedQuestion(core, Question("Well?")).provider.base_url == ADDRESS


async def test_a_provider_is_named_whatever_its_case(core: Core) -> None:
    asking = ResolvedQuestion(core, Question("Well?", provider="openROUTER"))
    assert asking.provider.id == "openrouter"
    assert asking.model.id == "deepseek/deepseek-v4-pro"


async def test_an_unknown_provider_is_named_with_the_known_ones(core: Core) -> None:
    with pytest.raises(NotFoundError, match="OpenRouter"):
        ResolvedQuestion(core, Question("Well?", provider="nobody"))


async def test_an_address_alone_is_an_openai_compatible_server(core: Core) -> None:
    asking = ResolvedQuestion(core, Question("Well?", base_url="127.0.0.1:1/v1/", model="m"))
    assert asking.provider.kind is ProviderKind.OPENAI_COMPATIBLE
    assert asking.provider.base_url == ADDRESS
    assert asking.provider.name == "127.0.0.1:1"
    assert asking.model.id == "m"


async def test_an_address_with_a_provider_speaks_as_the_provider_does(core: Core) -> None:
    body = preview(core, provider="openrouter", base_url=ADDRESS, parameters={"max_tokens": 5})
    assert body["max_completion_tokens"] == 5
    assert body["model"] == "deepseek/deepseek-v4-pro"


async def test_the_same_address_is_the_same_provider(core: Core) -> None:
    ResolvedQuestion(core, Question("Well?", base_url=ADDRESS)).begin()
    ResolvedQuestion(core, Question("Well?", base_url=ADDRESS)).begin()
    assert [one.base_url for one in core.providers.all()].count(ADDRESS) == 1


async def test_a_second_server_of_a_host_has_another_name(core: Core) -> None:
    ResolvedQuestion(core, Question("Well?", base_url=ADDRESS)).begin()
    ResolvedQuestion(core, Question("Well?", base_url="http://127.0.0.1:1/other")).begin()
    assert core.providers.named("127.0.0.1:1").base_url == ADDRESS
    assert core.providers.named("127.0.0.1:1 /other").base_url == "http://127.0.0.1:1/other"


async def test_an_address_that_is_none_is_refused(core: Core) -> None:
    with pytest.raises(AddressError):
        ResolvedQuestion(core, Question("Well?", base_url="ftp://127.0.0.1"))


async def test_the_model_on_this_computer_has_no_address(core: Core) -> None:
    with pytest.raises(InputError, match="no address"):
        ResolvedQuestion(core, Question("Well?", provider="embedded", base_url=ADDRESS))


async def test_a_conversation_goes_on_with_what_it_has(core: Core) -> None:
    provider = provider_at(core, ADDRESS)
    held = core.conversations.create(
        provider=provider.id, model="its own", system="Be brief.", parameters={"seed": 1}
    )
    body = preview(core, conversation=held.id[:8])
    assert (body["model"], body["seed"]) == ("its own", 1)
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}


async def test_what_is_chosen_for_one_question_holds_for_it_alone(core: Core) -> None:
    with serving(answer(chat("One")), answer(chat("Two"))) as server:
        held = conversation_at(core, server)
        await ask(core, held)
        before = core.library.conversation(held.id)
        question = Question(
            "Well?", conversation=held.id, model="n", system="Be brief.", parameters={"seed": 1}
        )
        await ask(core, ResolvedQuestion(core, question).begin())
    body = server.requests[1].json
    assert (body["model"], body["seed"], len(body["messages"])) == ("n", 1, 4)
    after = core.library.conversation(held.id)
    kept = ("provider", "model", "system", "parameters")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


async def test_another_provider_is_asked_for_its_own_model(core: Core) -> None:
    held = core.conversations.create(provider=provider_at(core, ADDRESS).id, model="m")
    body = preview(core, conversation=held.id, provider="openrouter")
    assert body["model"] == "deepseek/deepseek-v4-pro"


async def test_an_unknown_conversation_is_one_sentence(core: Core) -> None:
    with pytest.raises(NotFoundError, match="abcdef"):
        ResolvedQuestion(core, Question("Well?", conversation="abcdef"))


async def test_a_conversation_that_is_being_answered_elsewhere_waits(core: Core) -> None:
    held = core.conversations.create(provider="embedded", model="m")
    answer = Message("a", None, Role.ASSISTANT, "", 1.0, Status.STREAMING)
    core.library.begin_answer(held.id, answer, {}, url="")
    core.conversations.release(held.id)
    with pytest.raises(InputError, match="Another Loquat"):
        ResolvedQuestion(core, Question("Well?", conversation=held.id))


async def test_what_is_not_taken_is_noted_and_not_sent(core: Core) -> None:
    chosen = {"include_reasoning": True, "seed": 1}
    asking = ResolvedQuestion(core, Question("Well?", parameters=chosen))
    (note,) = asking.notes()
    assert "include_reasoning" in note
    assert "include_reasoning" not in preview(core, parameters=chosen)


async def test_a_contradiction_is_noted(core: Core) -> None:
    (note,) = ResolvedQuestion(core, Question("Well?", parameters={"top_logprobs": 2})).notes()
    assert "Log probabilities" in note


async def test_nothing_is_noted_where_nothing_is_wrong(core: Core) -> None:
    assert ResolvedQuestion(core, Question("Well?", parameters={"temperature": 0.5})).notes() == []


async def test_a_preview_never_has_a_wrong_value(core: Core) -> None:
    with pytest.raises(ParameterError):
        preview(core, parameters={"temperature": 9})


@pytest.mark.parametrize(
    ("provider", "shown"),
    [("openrouter", "$OPENROUTER_API_KEY"), ("mine", "$LOQUAT_API_KEY"), ("embedded", None)],
)
async def test_a_preview_names_the_keys_variable(
    core: Core, monkeypatch: pytest.MonkeyPatch, provider: str, shown: str | None
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-canary")
    monkeypatch.setenv("LOQUAT_API_KEY", "sk-canary")
    core.providers.put(Provider("mine", "mine", ProviderKind.LLAMA_CPP, ADDRESS, "m"))
    asking = ResolvedQuestion(core, Question("Well?", provider=provider))
    for form in ("json", "curl", "python", "javascript"):
        text = asking.preview(form)
        assert "sk-canary" not in text
        assert ("API_KEY" in text) == (shown is not None)
    assert (shown or "http://127.0.0.1") in asking.preview("curl")


async def test_a_preview_keeps_nothing(core: Core, tmp_path: Path) -> None:
    before = core.library.providers()
    ResolvedQuestion(core, Question("Well?", base_url="http://127.0.0.1:7")).preview("curl")
    assert core.library.providers() == before
    assert core.conversations.all() == []
