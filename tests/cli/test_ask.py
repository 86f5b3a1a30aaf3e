"""`loquat ask`: what it prints, what it keeps, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat.conversation import Status
from app.store.library import Library
from tests.cli.conftest import Loquat
from tests.servers import answer, chat, chunk, event, serving

CANARY = "sk-canary-0123456789"


def messages(directory: Path) -> list[list[Any]]:
    """All that is kept: of each conversation its messages, as text and status."""
    library = Library.open(directory)
    kept = [
        [(message.text, message.status) for message in library.messages(conversation.id)]
        for conversation in library.conversations()
    ]
    library.close()
    return kept


def test_the_answer_is_printed_and_kept(loquat: Loquat, tmp_path: Path) -> None:
    with serving(answer(chat("Hel", "lo\u2028 ü😀"))) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url, "--model", "m")
    assert (ran.status, ran.out, ran.err) == (0, "Hello\u2028 ü😀\n", "")
    assert messages(tmp_path / "data") == [
        [("Well?", Status.COMPLETE), ("Hello\u2028 ü😀", Status.COMPLETE)]
    ]


def test_an_answer_that_ends_its_line_gets_no_second_end(loquat: Loquat) -> None:
    with serving(answer(chat("Hello\n"))) as server:
        assert loquat("ask", "Well?", "--base-url", server.url).out == "Hello\n"


def test_everything_chosen_is_in_the_request(loquat: Loquat) -> None:
    with serving(answer(chat("One"))) as server:
        chosen = ["--set", "temperature=0.5", "--set", 'stop=["a","b"]', "--set", "seed=1"]
        system = ["--system", "Be brief.", "--model", "m"]
        loquat("ask", "Well?", "--base-url", server.url, *chosen, *system)
    body = server.requests[0].json
    assert server.requests[0].path == "/chat/completions"
    assert (body["temperature"], body["stop"], body["seed"]) == (0.5, ["a", "b"], 1)
    assert body["model"] == "m"
    assert [one["content"] for one in body["messages"]] == ["Be brief.", "Well?"]


def test_a_model_that_nobody_named_is_left_to_the_server(loquat: Loquat) -> None:
    with serving(answer(chat("One"))) as server:
        assert loquat("ask", "Well?", "--base-url", server.url).status == 0
    assert "model" not in server.requests[0].json


def test_json_is_one_object_with_everything(loquat: Loquat) -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "cost": 0.00012}
    stream = [
        chunk(reasoning="Hm."),
        chunk("Hello"),
        chunk(finish="stop"),
        event({"choices": [], "usage": usage}),
        b"data: [DONE]\n\n",
    ]
    with serving(answer(b"".join(stream))) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url, "--model", "m", "--json")
        url = f"{server.url}/chat/completions"
        sent = server.requests[0].json
    assert ran.out.count("\n") == 1
    found = json.loads(ran.out)
    assert (found["text"], found["reasoning"]) == ("Hello", "Hm.")
    assert (found["model"], found["finish_reason"], found["status"]) == ("m", "stop", "complete")
    assert found["usage"]["prompt_tokens"] == 3
    assert found["usage"]["cost"] == 0.00012
    assert found["request"] == {"url": url, "body": sent}
    assert 0 <= found["timings"]["first_token"] <= found["timings"]["total"]
    assert "probabilities" not in found
    listed = json.loads(loquat("conversations", "--json").out)
    assert found["provider"] == url.split("/")[2]
    assert found["provider_id"] == listed[0]["provider"] != found["provider"]
    assert [one["id"] for one in listed] == [found["conversation"]]
    assert listed[0]["current"] == found["id"]


def test_json_has_the_probabilities_that_were_asked_for(loquat: Loquat) -> None:
    token = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": []}
    choice = {"index": 0, "delta": {"content": "Hi"}, "logprobs": {"content": [token]}}
    stream = event({"choices": [choice]}) + chat("")
    with serving(answer(stream)) as server:
        chosen = ["--set", "logprobs=true", "--json"]
        found = json.loads(loquat("ask", "Well?", "--base-url", server.url, *chosen).out)
    assert found["probabilities"][0]["token"] == "Hi"
    assert found["probabilities"][0]["logprob"] == -0.5


def test_a_conversation_goes_on_where_it_was(loquat: Loquat, tmp_path: Path) -> None:
    with serving(answer(chat("One")), answer(chat("Two"))) as server:
        first = json.loads(loquat("ask", "First", "--base-url", server.url, "--json").out)
        beginning = first["conversation"][:8]
        assert loquat("ask", "Second", "--conversation", beginning).out == "Two\n"
    said = [one["content"] for one in server.requests[1].json["messages"]]
    assert said == ["First", "One", "Second"]
    assert len(messages(tmp_path / "data")[0]) == 4


def test_an_unknown_conversation_fails_with_a_sentence(loquat: Loquat) -> None:
    ran = loquat("ask", "Well?", "--conversation", "0123456789")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "0123456789" in ran.err


def test_no_save_leaves_nothing_behind(loquat: Loquat, tmp_path: Path) -> None:
    with serving(answer(chat("One"))) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url, "--no-save", "--json")
    assert json.loads(ran.out)["conversation"] is None
    assert json.loads(ran.out)["request"]["body"]["messages"][0]["content"] == "Well?"
    assert not (tmp_path / "data").exists()


def test_no_save_goes_on_with_a_conversation_and_leaves_it_alone(
    loquat: Loquat, tmp_path: Path
) -> None:
    with serving(answer(chat("One")), answer(chat("Two"))) as server:
        first = json.loads(loquat("ask", "First", "--base-url", server.url, "--json").out)
        before = messages(tmp_path / "data")
        ran = loquat("ask", "Second", "--conversation", first["conversation"], "--no-save")
    assert ran.out == "Two\n"
    assert len(server.requests[1].json["messages"]) == 3
    assert messages(tmp_path / "data") == before


@pytest.mark.parametrize(
    "wrong",
    [
        ["--set", "temperature=9"],
        ["--set", "temperature=warm"],
        ["--set", "foo=1"],
        ["--set", "seed"],
        ["--set", "stop=[]"],
        ["--base-url", "ftp://127.0.0.1"],
        ["--as", "curl"],
        ["--dry-run", "--as", "cobol"],
        ["--dry-run", "--json", "--as", "curl"],
        ["--frobnicate"],
        ["two", "texts"],
    ],
)
def test_wrong_usage_is_2_and_asks_nobody(loquat: Loquat, tmp_path: Path, wrong: list[str]) -> None:
    ran = loquat("ask", "Well?", *wrong)
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert messages(tmp_path / "data") == []


def test_a_parameter_out_of_range_says_its_range(loquat: Loquat) -> None:
    err = loquat("ask", "Well?", "--set", "temperature=9").err
    assert err == "loquat: Temperature (temperature) must be 0 to 2.\n"


def test_a_refused_key_fails_with_one_sentence(loquat: Loquat, tmp_path: Path) -> None:
    body = f'{{"error": {{"message": "Bad key {CANARY}\\n\\u001b[31m"}}}}'
    with serving(answer(body, status=401, content_type="application/json")) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("loquat: ")
    assert ran.err.count("\n") == 1
    assert "key" in ran.err
    assert "\x1b" not in ran.err
    assert messages(tmp_path / "data")[0][0] == ("Well?", Status.COMPLETE)


def test_an_answer_that_breaks_off_is_printed_and_fails(loquat: Loquat, tmp_path: Path) -> None:
    with serving(answer(chunk("So far"))) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url)
    assert (ran.status, ran.out) == (1, "So far\n")
    assert ran.err.count("\n") == 1
    assert messages(tmp_path / "data")[0][1] == ("So far", Status.INTERRUPTED)


def test_a_failure_as_json_is_an_object_too(loquat: Loquat) -> None:
    with serving(answer("Gone", status=503, content_type="text/plain")) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url, "--json")
    assert ran.status == 1
    found = json.loads(ran.out)
    assert (found["text"], found["status"]) == ("", "failed")
    assert ran.err == f"loquat: {found['error']}\n"


def test_no_key_where_one_is_needed_is_a_sentence(loquat: Loquat) -> None:
    ran = loquat("ask", "Well?", "--provider", "openrouter")
    assert (ran.status, ran.out) == (1, "")
    assert "needs an API key" in ran.err


def test_a_key_with_a_line_break_is_a_sentence(
    loquat: Loquat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOQUAT_API_KEY", "sk-a\nsk-b")
    ran = loquat("ask", "Well?", "--base-url", "http://127.0.0.1:9")
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert "sk-" not in ran.err


def test_the_key_is_sent_and_is_nowhere_else(
    loquat: Loquat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", CANARY)
    with serving(answer(chat("One"))) as server:
        chosen = ["--provider", "openrouter", "--base-url", server.url, "--json"]
        ran = loquat("ask", "Well?", *chosen)
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    exported = loquat("export", "--all", "--format", "json", "--output", "-").out
    assert "/chat/completions" in exported
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    everything = b"".join(path.read_bytes() for path in files)
    for text in (ran.out, ran.err, exported):
        assert CANARY not in text
    assert CANARY.encode() not in everything


@pytest.mark.parametrize(
    "body", [b"data: [DONE]\n\n", chat(), chat(" \n"), chunk(reasoning="Hm.") + chat()]
)
def test_an_empty_answer_is_a_failure(loquat: Loquat, body: bytes) -> None:
    with serving(answer(body)) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url)
    assert ran.status == 1
    assert "No answer" in ran.err


def test_a_lost_piece_is_noted(loquat: Loquat) -> None:
    broken = b'data: {"choices":[{"delta":{"content":"000\n\n'
    with serving(answer(chunk("Pay 1") + broken + chat(" euros"))) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url)
    assert (ran.status, ran.out) == (0, "Pay 1 euros\n")
    assert "1 part of this answer was damaged" in ran.err
