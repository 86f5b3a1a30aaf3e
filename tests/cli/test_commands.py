"""The other commands, and what is true of all of them."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import conversations
from tests.checkout import ROOT
from tests.cli.conftest import Loquat
from tests.cli.running import environment
from tests.formats.reading import read
from tests.servers import answer, chat, serving


@pytest.fixture
def asked(loquat: Loquat) -> list[str]:
    """The ids of two conversations, the latest first."""
    ids = []
    with serving(answer(chat("One", "\x1b[31m")), answer(chat("Two"))) as server:
        for text in ("First\nquestion", "Second"):
            ran = loquat("ask", text, "--base-url", server.url, "--json")
            ids.append(json.loads(ran.out)["conversation"])
    return ids[::-1]


def test_conversations_are_listed_latest_first(loquat: Loquat, asked: list[str]) -> None:
    ran = loquat("conversations")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == asked
    assert lines[0].endswith("  Second")
    assert lines[1].endswith("  First question")


def test_a_title_turns_no_line_around(loquat: Loquat) -> None:
    with serving(answer(chat("One"))) as server:
        loquat("ask", "a\u202eb\x1b[2J", "--base-url", server.url)
    assert loquat("conversations").out.endswith("  a⇄b␛[2J\n")
    assert json.loads(loquat("conversations", "--json").out)[0]["title"].startswith("a\u202eb")


def test_conversations_are_listed_as_json(loquat: Loquat, asked: list[str]) -> None:
    found = json.loads(loquat("conversations", "--json").out)
    assert [one["id"] for one in found] == asked
    assert found[0].keys() >= {"id", "title", "created", "updated", "current"}


def test_no_conversations_are_no_lines(loquat: Loquat) -> None:
    assert (loquat("conversations").out, loquat("conversations", "--json").out) == ("", "[]\n")


def test_everything_is_exported(loquat: Loquat, asked: list[str], tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    ran = loquat("export", "--all", "--format", "json", "--output", str(path))
    assert (ran.status, ran.out) == (0, "")
    assert "2 chats" in ran.err
    assert [conversation.id for conversation, _inside in read(path.read_bytes())] == asked
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_chosen_conversations_are_exported_to_standard_output(
    loquat: Loquat, asked: list[str]
) -> None:
    ran = loquat("export", asked[1][:6], "--format", "json", "--output", "-")
    ((conversation, messages),) = read(ran.out.encode())
    assert (ran.status, ran.err) == (0, "")
    assert conversation.id == asked[1]
    assert messages[1].message.text == "One\x1b[31m"


def test_an_export_overwrites_only_by_force(
    loquat: Loquat, asked: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "out.json"
    path.write_text("precious")
    arguments = ["export", "--all", "--format", "json", "--output", str(path)]
    ran = loquat(*arguments)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert "--force" in ran.err
    assert path.read_text() == "precious"
    assert loquat(*arguments, "--force").status == 0
    assert len(read(path.read_bytes())) == len(asked)


@pytest.mark.parametrize(
    "wrong",
    [
        ["export", "--format", "json", "--output", "-"],
        ["export", "--all", "abcdef", "--format", "json", "--output", "-"],
        ["export", "--all", "--format", "tar", "--output", "-"],
        ["export", "--all", "--format", "json"],
        ["nothing"],
        ["ask"],
        ["--frobnicate"],
    ],
)
def test_wrong_usage_is_2(loquat: Loquat, wrong: list[str]) -> None:
    ran = loquat(*wrong)
    assert (ran.status, ran.out) == (2, "")
    assert "usage: loquat" in ran.err


@pytest.mark.parametrize("command", [[], ["ask"], ["conversations"], ["export"], ["doctor"]])
def test_each_command_explains_itself(loquat: Loquat, command: list[str]) -> None:
    ran = loquat(*command, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert "--data-dir DIR" in ran.out


def test_the_version_is_told(loquat: Loquat) -> None:
    assert loquat("--version").out == "Loquat 0.1.0\n"


def test_the_data_directory_stands_before_or_after_the_command(
    loquat: Loquat, tmp_path: Path
) -> None:
    for arguments in (
        ["--data-dir", str(tmp_path / "before"), "conversations"],
        ["conversations", "--data-dir", str(tmp_path / "after")],
    ):
        assert loquat(*arguments).status == 0
    assert {one.name for one in tmp_path.iterdir()} == {"before", "after"}


@pytest.mark.parametrize(
    "command",
    [
        ["conversations"],
        ["ask", "Well?"],
        ["ask", "Well?", "--no-save", "--conversation", "abcdef"],
        ["export", "--all", "--format", "json", "--output", "-"],
    ],
)
def test_a_data_directory_that_is_a_file_is_a_sentence(
    loquat: Loquat, tmp_path: Path, command: list[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("precious")
    ran = loquat(*command, "--data-dir", str(file))
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("loquat: ")
    assert ran.err.count("\n") == 1
    assert file.read_text() == "precious"


def test_a_bug_is_one_line_and_a_log(
    loquat: Loquat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_directory: Path) -> None:
        raise ZeroDivisionError("so there")

    monkeypatch.setattr(conversations, "opened_library", break_down)
    ran = loquat("conversations")
    log = tmp_path / "data" / "logs" / "loquat.log"
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert str(log) in ran.err
    assert "so there" in log.read_text()


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--version"], {"asyncio", "apsw", "httpx", "keyring", "PySide6", "xllamacpp"}),
        (["conversations"], {"asyncio", "httpx", "keyring", "PySide6", "xllamacpp"}),
        (["ask", "Well?", "--dry-run"], {"httpx", "keyring", "PySide6", "qasync", "xllamacpp"}),
        (["ask", "Well?", "--base-url", "http://127.0.0.1:9"], {"PySide6", "qasync", "xllamacpp"}),
    ],
)
def test_a_command_loads_only_what_it_needs(
    tmp_path: Path, arguments: list[str], unwanted: set[str]
) -> None:
    program = (
        "import sys\n"
        "from app.__main__ import main\n"
        "main(sys.argv[1:])\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=environment(LOQUAT_DATA_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "app.cli.arguments" in loaded
    assert loaded & unwanted == set()


@pytest.mark.engine
def test_a_healthy_program_is_told_of(loquat: Loquat) -> None:
    ran = loquat("doctor")
    assert ran.status == 0
    for word in ("Loquat", "Python", "library.db", "keyring", "engine"):
        assert word in ran.out


def test_what_does_not_work_is_told_of_and_fails(loquat: Loquat, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.db").mkdir()
    ran = loquat("doctor", "--json")
    found = json.loads(ran.out)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert not found["ok"]
    assert not found["checks"]["library"]["ok"]
    assert found["versions"]["Loquat"] == "0.1.0"
    assert found["paths"]["data"] == str(tmp_path / "data")


def test_chats_and_the_former_name_list_the_same(loquat: Loquat, asked: list[str]) -> None:
    assert len(loquat("chats").out.splitlines()) == len(asked)
    assert loquat("chats").out == loquat("conversations").out
