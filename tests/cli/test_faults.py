"""Whatever goes wrong: one sentence, no traceback, and the question is kept."""

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.chat.conversation import Role
from app.store.library import Library
from tests.cli.conftest import Loquat, Ran
from tests.servers import Connection, Script, answer, chunk, event, serving
from tests.store.damage import damage, fill_every_table


def refuses_in_the_stream(connection: Connection) -> None:
    """Begin, and then report an error inside the stream."""
    connection.head()
    connection.send(chunk("So far") + event({"error": {"code": 502, "message": "Upstream died"}}))


FAULTS: dict[str, Script] = {
    "a page": answer("<html><body>Sign in</body></html>", content_type="text/html"),
    "a redirect": answer("", status=302, headers={"Location": "http://127.0.0.2:1/x"}),
    "an error in the stream": refuses_in_the_stream,
    "a gzip bomb": answer(gzip.compress(bytes(10**8), 1), headers={"Content-Encoding": "gzip"}),
    "an endless line": answer(b"data: " + b"x" * (50 * 2**20)),
    "nothing": answer(""),
    "no credit": answer("{}", status=402, content_type="application/json"),
    "no such model": answer("{}", status=404, content_type="application/json"),
    "too many": answer("{}", status=429, content_type="application/json"),
    "a broken server": answer("oops", status=500, content_type="text/plain"),
}


def failed_with_a_sentence(ran: Ran) -> bool:
    """Whether a command failed as commands should."""
    return ran.status == 1 and ran.err.startswith("loquat: ") and ran.err.count("\n") == 1


def questions(directory: Path) -> list[str]:
    """The questions that are kept."""
    library = Library.open(directory)
    kept = [
        message.text
        for conversation in library.conversations()
        for message in library.messages(conversation.id)
        if message.role is Role.USER
    ]
    library.close()
    return kept


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_misbehaves_is_a_sentence(loquat: Loquat, tmp_path: Path, fault: str) -> None:
    with serving(FAULTS[fault]) as server:
        ran = loquat("ask", "Well?", "--base-url", server.url, "--model", "m")
    assert failed_with_a_sentence(ran), ran
    assert questions(tmp_path / "data") == ["Well?"]


@pytest.mark.parametrize("address", ["http://nowhere.invalid/v1", "http://127.0.0.1:9"])
def test_a_server_that_cannot_be_reached_is_a_sentence(
    loquat: Loquat, tmp_path: Path, address: str
) -> None:
    ran = loquat("ask", "Well?", "--base-url", address)
    assert failed_with_a_sentence(ran), ran
    assert questions(tmp_path / "data") == ["Well?"]


@pytest.mark.parametrize(
    "command", [["ask", "Well?"], ["ask", "Well?", "--no-save"], ["conversations"]]
)
def test_a_newer_library_is_refused_untouched(
    loquat: Loquat, tmp_path: Path, command: list[str]
) -> None:
    assert loquat("conversations").status == 0
    path = tmp_path / "data" / "library.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA user_version = 999")
    before = path.read_bytes()
    ran = loquat(*command)
    assert failed_with_a_sentence(ran), ran
    assert "newer" in ran.err
    assert path.read_bytes() == before


def test_a_damaged_library_is_set_aside_and_said_so(loquat: Loquat, tmp_path: Path) -> None:
    assert loquat("conversations").status == 0
    path = tmp_path / "data" / "library.db"
    path.write_bytes(b"This was a library once. " * 100)
    ran = loquat("conversations")
    assert ran.status == 0
    assert "is kept as" in ran.err
    (aside,) = (tmp_path / "data").glob("library-damaged-*.db")
    assert aside.read_bytes().startswith(b"This was a library once.")


@pytest.mark.parametrize("cell", ["conversations.title", "messages.text", "providers.name"])
def test_a_bad_byte_costs_one_cell_of_a_list_and_of_an_export(
    loquat: Loquat, tmp_path: Path, cell: str
) -> None:
    library = Library.open(tmp_path / "data")
    fill_every_table(library)
    library.close()
    table, column = cell.split(".")
    damage(tmp_path / "data" / "library.db", table, column, "CAST(x'61ff62' AS TEXT)")
    listed = loquat("conversations")
    assert (listed.status, listed.err, listed.out.count("\n")) == (0, "", 2)
    exported = loquat("export", "--all", "--format", "json", "--output", "-")
    assert (exported.status, exported.err) == (0, "")
    assert ("a\ufffdb" in exported.out) is (table != "providers")


def test_doctor_lists_damaged_cells_and_repairs_them(loquat: Loquat, tmp_path: Path) -> None:
    library = Library.open(tmp_path / "data")
    fill_every_table(library)
    library.put_setting("engine_model", str(tmp_path / "none.gguf"))
    library.close()
    damage(tmp_path / "data" / "library.db", "conversations", "title", "CAST(x'61ff62' AS TEXT)")
    found = json.loads(loquat("doctor", "--json").out)
    assert not found["checks"]["library"]["ok"]
    assert "conversations 1, title" in found["checks"]["library"]["words"]
    repaired = loquat("doctor", "--repair", "--json")
    assert "2 chats and 4 messages were recovered" in repaired.err
    (before,) = (tmp_path / "data").glob("library-before-repair-*.db")
    assert str(before) in repaired.err
    assert json.loads(repaired.out)["checks"]["library"]["ok"]
    assert "nothing to repair" in loquat("doctor", "--repair").err


def test_doctor_gets_back_what_was_set_aside(loquat: Loquat, tmp_path: Path) -> None:
    library = Library.open(tmp_path / "data")
    fill_every_table(library)
    library.put_setting("engine_model", str(tmp_path / "none.gguf"))
    library.close()
    path = tmp_path / "data" / "library.db"
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    told = loquat("conversations")
    assert told.out == ""
    assert "doctor --repair" in told.err
    assert "4 messages" in loquat("doctor", "--repair").err
    assert loquat("conversations").out.count("\n") == 2
