"""A branch at a token begins with the text up to it, and with another token there."""

import asyncio
import json
from typing import Any

import pytest

from app.domain.chat.conversation import Message, Role, Status, ToolCall
from app.domain.chat.fork import BranchPoint, prefix_at, why_no_branch
from app.domain.events import Candidate, TokenProbabilities
from app.domain.providers.providers import ProviderKind
from app.domain.tokens.token_positions import places_of
from app.domain.tokens.token_table import TokenTable
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from tests.servers import DONE, answer, serving
from tests.services.talking import PATIENCE, ask, provider_at


def told(*tokens: tuple[str, str]) -> str:
    """A stream of tokens, each with the one that could have come instead."""
    lines = []
    for token, other in tokens:
        candidates = [
            {"token": one, "logprob": logprob, "bytes": list(one.encode())}
            for one, logprob in ((token, -0.5), (other, -1.0))
        ]
        choice = {
            "index": 0,
            "delta": {"content": token},
            "logprobs": {"content": [{**candidates[0], "top_logprobs": candidates}]},
        }
        lines.append(f"data: {json.dumps({'choices': [choice]})}\n\n")
    stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    return "".join(lines) + f"data: {json.dumps(stop)}\n\n" + DONE.decode()


def fork_of(core: Core, message: Message, token: int, alternative: int = 1) -> BranchPoint:
    table = core.conversations.probabilities(message.id)
    places = places_of(table, message.text, message.reasoning)
    return BranchPoint(message, table, places, token, table[token].alternatives[alternative])


def at(core: Core, url: str, kind: ProviderKind) -> OpenConversation:
    provider = provider_at(core, url, kind)
    return core.conversations.create(provider=provider.id, model="m")


async def test_a_branch_begins_with_the_text_before_and_the_other_token(core: Core) -> None:
    first = told(("The", "A"), (" quick", " slow"), (" fox", " hen"))
    then = told((" snail", " slug"), (".", "!"))
    with serving(answer(first), answer(then)) as server:
        held = at(core, server.url, ProviderKind.LLAMA_CPP)
        message = await ask(core, held)
        work = core.branching.begin(held, fork_of(core, message, 1))
        assert work is not None
        await asyncio.wait_for(work, PATIENCE)
    branch = held.path()[-1]
    assert branch.text == "The slow snail."
    assert branch.status is Status.COMPLETE
    assert held.tree.siblings(branch.id) == (message.id, branch.id)
    assert held.tree[message.id].text == "The quick fox"
    assert server.requests[1].json["messages"][-1] == {"role": "assistant", "content": "The slow"}
    kept = core.conversations.probabilities(branch.id)
    assert [one.chosen.token for one in kept] == ["The", " slow", " snail", "."]
    assert [one.token for one in kept[1].alternatives] == [" quick", " slow"]
    assert core.library.messages(held.id) == [*held.path()[:1], message, branch]
    core.conversations.select_branch(held, message.id)
    assert held.path()[-1].text == "The quick fox"


async def test_what_ends_an_answer_ends_the_branch_without_asking(core: Core) -> None:
    with serving(answer(told(("The", "A"), (" fox", "<|im_end|>")))) as server:
        held = at(core, server.url, ProviderKind.LLAMA_CPP)
        message = await ask(core, held)
        assert core.branching.begin(held, fork_of(core, message, 1)) is None
    branch = held.path()[-1]
    assert (branch.text, branch.status) == ("The", Status.COMPLETE)
    assert len(server.requests) == 1
    assert core.library.messages(held.id)[-1] == branch


async def test_an_answer_that_goes_on_keeps_the_probabilities_of_its_beginning(core: Core) -> None:
    cut = told(("One", "1"), (" two", " 2")).replace('"stop"', '"length"')
    with serving(answer(cut), answer(told((" three", " 3")))) as server:
        held = at(core, server.url, ProviderKind.LLAMA_CPP)
        message = await ask(core, held)
        await asyncio.wait_for(core.chat.go_on(held, message.id), PATIENCE)
    kept = core.conversations.probabilities(message.id)
    assert [one.chosen.token for one in kept] == ["One", " two", " three"]
    assert held.path()[-1].text == "One two three"


async def test_a_branch_that_could_not_be_asked_for_is_kept(core: Core) -> None:
    refused = answer("{}", status=400, content_type="application/json")
    with serving(answer(told(("The", "A"), (" fox", " hen"))), refused) as server:
        held = at(core, server.url, ProviderKind.LLAMA_CPP)
        message = await ask(core, held)
        work = core.branching.begin(held, fork_of(core, message, 1))
        assert work is not None
        await asyncio.wait_for(work, PATIENCE)
    branch = held.path()[-1]
    assert branch.text == "The hen"
    assert branch.status is Status.INTERRUPTED
    assert core.library.messages(held.id)[-1] == branch


async def test_vllm_is_told_to_continue(core: Core) -> None:
    with serving(answer(told(("A", "B"), (" c", " d"))), answer(told(("e", "f")))) as server:
        held = at(core, server.url, ProviderKind.VLLM)
        message = await ask(core, held)
        work = core.branching.begin(held, fork_of(core, message, 1))
        assert work is not None
        await asyncio.wait_for(work, PATIENCE)
    body = server.requests[1].json
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
    assert "continue_final_message" not in server.requests[0].json


@pytest.mark.parametrize(
    "kind",
    [
        ProviderKind.OPENAI,
        ProviderKind.OLLAMA,
        ProviderKind.LM_STUDIO,
        ProviderKind.OPENAI_COMPATIBLE,
    ],
)
async def test_who_may_begin_anew_is_not_asked(core: Core, kind: ProviderKind) -> None:
    held = at(core, "http://127.0.0.1:9/v1", kind)
    fork = fork_in([b"a", b"b"], 1, Candidate("x", -1, b"x"))
    assert why_no_branch(fork) == ""
    assert core.branching.why_not(held, fork)
    with pytest.raises(ValueError, match=r"\w"):
        core.branching.begin(held, fork)


def fork_in(
    pieces: list[bytes], token: int, other: Candidate, *, thoughts: int = 0, **facts: Any
) -> BranchPoint:
    table = TokenTable.of(
        TokenProbabilities(
            Candidate(one.decode(errors="replace"), -1, one), (other,), number < thoughts
        )
        for number, one in enumerate(pieces)
    )
    text = b"".join(pieces[thoughts:]).decode(errors="replace")
    message = Message("m", "q", Role.ASSISTANT, text, 1.0, **facts)
    places = places_of(table, text, facts.get("reasoning", ""))
    return BranchPoint(message, table, places, token, other)


def test_half_a_character_begins_no_branch() -> None:
    leaf = "🍃".encode()
    pieces = [b"a", leaf[:2], leaf[2:], b"b"]
    whole, half = Candidate("x", -1, b"x"), Candidate("\ufffd", -1, leaf[:2])
    assert why_no_branch(fork_in(pieces, 1, whole)) == ""
    assert why_no_branch(fork_in(pieces, 1, half))
    assert why_no_branch(fork_in(pieces, 2, whole))
    assert why_no_branch(fork_in(pieces, 3, whole)) == ""
    assert prefix_at(fork_in(pieces, 3, whole)).text == "a🍃x"


def test_thoughts_and_calls_say_why_not() -> None:
    other = Candidate("x", -1, b"x")
    assert why_no_branch(fork_in([b"hm", b"a"], 0, other, thoughts=1, reasoning="hm"))
    assert why_no_branch(fork_in([b"hm", b"a"], 1, other, thoughts=1, reasoning="hm"))
    call = ToolCall("i", "n", "{}")
    assert why_no_branch(fork_in([b"a", b"b"], 1, other, tool_calls=(call,)))


@pytest.mark.engine
async def test_the_embedded_model_goes_on_from_the_other_token(core: Core) -> None:
    provider = core.providers.get("embedded")
    parameters = {"temperature": 0, "max_tokens": 12, "logprobs": True, "top_logprobs": 5}
    held = core.conversations.create(provider=provider.id, model="", parameters=parameters)
    message = await ask_slowly(core, held)
    fork = fork_of(core, message, 3)
    work = core.branching.begin(held, fork)
    assert work is not None
    await asyncio.wait_for(work, 60)
    branch = held.path()[-1]
    begun = message.text[: fork.places.start[3]] + fork.alternative.token
    assert branch.text.startswith(begun)
    assert len(branch.text) > len(begun)
    table = core.conversations.probabilities(branch.id)
    assert len(table) == 4 + 12
    places = places_of(table, branch.text)
    assert (
        "".join(branch.text[one:other] for one, other in zip(places.start, places.end, strict=True))
        == branch.text
    )


async def ask_slowly(core: Core, held: OpenConversation) -> Message:
    await asyncio.wait_for(core.chat.send(held, "Tell me about foxes."), 60)
    return held.path()[-1]
