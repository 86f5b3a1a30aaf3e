"""The command line with the real model on this computer: no key, no network, a real library."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from app.store.library import Library
from tests.cli.running import PATIENCE, run, start
from tests.formats.reading import read

pytestmark = pytest.mark.engine

SHORT = ["--set", "temperature=0", "--set", "max_tokens=8"]


def ask(directory: Path, text: str, *more: str) -> dict[str, Any]:
    """Ask, and return the object that is printed."""
    status, out, err = run(directory, "ask", text, *more, "--json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_conversation_from_the_question_to_the_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = ask(data, "hi", *SHORT)
    assert first["text"]
    assert first["usage"]["completion_tokens"] <= 8
    assert first["finish_reason"] in {"stop", "length"}
    assert first["request"]["body"]["temperature"] == 0
    second = ask(data, "And now?", "--conversation", first["conversation"][:6])
    said = [one["content"] for one in second["request"]["body"]["messages"]]
    assert said == ["hi", first["text"], "And now?"]
    status, out, _err = run(data, "conversations")
    assert (status, out.count("\n")) == (0, 1)
    path = tmp_path / "out.json"
    assert run(data, "export", "--all", "--format", "json", "--output", str(path))[0] == 0
    ((_conversation, messages),) = read(path.read_bytes())
    assert [one.message.text for one in messages] == [*said, second["text"]]


def test_the_same_seed_gives_the_same_answer(tmp_path: Path) -> None:
    chosen = ["--no-save", "--set", "seed=7", "--set", "max_tokens=12", "--set", "logprobs=true"]
    first, second = (ask(tmp_path, "Tell me a story.", *chosen) for _number in range(2))
    assert first["text"] == second["text"]
    tokens = [one["token"] for one in first["probabilities"]]
    assert len(tokens) == first["usage"]["completion_tokens"]
    assert first["text"].startswith("".join(tokens)[:10])


def test_ctrl_c_while_the_model_talks_keeps_what_came(tmp_path: Path) -> None:
    with start(tmp_path, "ask", "Count from one to a thousand.", "--set", "seed=1") as process:
        assert process.stdout is not None
        begun = process.stdout.read(10)
        process.send_signal(signal.SIGINT)
        _rest, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (130, "")
    library = Library.open(tmp_path)
    (conversation,) = library.conversations()
    answer = library.messages(conversation.id)[-1]
    library.close()
    assert answer.text.startswith(begun)
    assert answer.status.value == "stopped"
