"""Words are looked up where a server tells, and whose ids are whose is remembered."""

import json
from typing import Any

from app.domain.parameters.kinds import fixed
from app.domain.parameters.token_origins import LONGEST_WORD, Origin
from app.domain.providers.models import Model
from app.domain.providers.providers import EMBEDDED, Provider, ProviderKind
from app.services.program.core import Core
from tests.servers import Connection, serving

IDS = {" tree": [5], "tree": [6, 7], " Tree": [5], "Tree": [8], " fox": [9]}


def tokenizes(connection: Connection) -> None:
    """A server whose model knows a few words."""
    text = connection.request.json["content"]
    found: list[dict[str, Any]] = [{"id": id_, "piece": text} for id_ in IDS.get(text, [1, 2])]
    connection.head(200, "application/json")
    connection.send(json.dumps({"tokens": found}).encode())


def server_at(url: str) -> Provider:
    return Provider("l", "Mine", ProviderKind.LLAMA_CPP, f"{url}/v1", "m")


async def test_ways_to_write_a_word_that_are_the_same_token_come_once(core: Core) -> None:
    with serving(tokenizes) as server:
        cuts = await core.tokenizing.cuts(server_at(server.url), "m", "tree")
    told = [(cut.text, [word.id for word in cut.words]) for cut in cuts]
    assert told == [(" tree", [5]), ("tree", [6, 7]), ("Tree", [8])]


async def test_tokens_of_another_model_are_found_again_where_they_are_single(core: Core) -> None:
    words = {100: b" tree", 101: b"tree", 102: b"\xf0\x9f", 103: b" fox", 104: b""}
    with serving(tokenizes) as server:
        moved = await core.tokenizing.moved(server_at(server.url), "m", words)
    assert {id_: word.id for id_, word in moved.items()} == {100: 5, 103: 9}


async def test_who_cannot_be_asked_is_said_with_what_to_do(core: Core) -> None:
    def why(kind: ProviderKind) -> str:
        provider = Provider("p", "Some <b>API</b>", kind, "https://example.org/v1", "m")
        return core.tokenizing.why_not(provider)

    assert why(ProviderKind.LLAMA_CPP) == why(ProviderKind.VLLM) == ""
    assert why(ProviderKind.OPENAI).startswith("Some <b>API</b> can't look up")
    assert "Enter token ids" in why(ProviderKind.OPENROUTER)


async def test_whose_ids_are_whose_outlives_the_program(core: Core) -> None:
    words = {5: b" tree", 6: b"\xf0\x9f", 7: b"x" * 999}
    core.tokenizing.remember(Origin("embedded", "one", "One", words))
    assert core.tokenizing.origin([5, 7], EMBEDDED, "two") is not None
    (origin,) = core.settings.token_origins
    assert origin == Origin("embedded", "one", "One", {**words, 7: b""})
    assert len(words[7]) > LONGEST_WORD
    assert core.tokenizing.origin([8], EMBEDDED, "one") is None


async def test_what_is_damaged_is_left_out(core: Core) -> None:
    good = {"provider": "p", "model": "m", "name": "M", "words": {"5": "20", "6": "zz", "x": "20"}}
    damaged: list[Any] = [7, None, {}, {**good, "words": []}, {**good, "name": 7}, good]
    core.library.put_setting("token_origins", damaged)
    assert core.settings.token_origins == (Origin("p", "m", "M", {5: b" "}),)
    core.library.put_setting("token_origins", "?")
    assert not core.settings.token_origins


async def test_a_change_of_model_says_whose_ids_these_are(core: Core) -> None:
    core.tokenizing.remember(Origin("l", "one", "<b>One</b>", {5: b" tree"}))
    provider, here = server_at("http://127.0.0.1:9"), Model("two", "Two")
    values: dict[str, Any] = {"temperature": 1, "logit_bias": {"5": -100, "9" * 5000: 1}}
    (found,) = core.tokenizing.foreign(provider, here, values)
    assert found.parameter == "logit_bias"
    assert found.sentence == ("These token ids are from <b>One</b>; Two may use others.")
    assert fixed(values, found.fixes[0]) == {"temperature": 1}
    assert core.tokenizing.foreign(provider, Model("one", "One"), values) == []
    assert core.tokenizing.foreign(provider, here, {"logit_bias": {"6": 1}}) == []
    # A library that was damaged can hold anything.
    for odd in (7, ["5"], {"x": 1}, {}):
        assert core.tokenizing.foreign(provider, here, {"logit_bias": odd}) == []
