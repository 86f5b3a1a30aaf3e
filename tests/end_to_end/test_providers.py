"""A provider is added in the settings and talked to; what goes wrong stands in the message."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.chat.conversation import Status
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, stored, use_server
from tests.end_to_end.reading import State
from tests.servers import Connection, Script, answer, chat, chunk, serving

pytestmark = pytest.mark.screen


def test_a_provider_is_added_and_answers(start: Start, directory: Path) -> None:
    program = start()
    with serving(answer(chat("Hello ", "from the server."))) as server:
        program.press("Settings")
        settings = program.top.find("dialog", "Settings — Loquat")
        settings.find("push button", "Add").press()
        settings.find("list item", "New server")
        settings.find("text", "Name").type("My server")
        settings.find("text", "Address").type(server.url)
        settings.find("text", "Model").type("my-model")
        settings.find("text", "Key").type("secret-key")
        settings.find("push button", "Save").press()
        program.wait(lambda: "Saved" in result(program), "it is saved")
        settings.find("push button", "Use for new chats").press()
        program.wait(lambda: "My server" in result(program), "it is the default")
        settings.find("push button", "Close").press()
        program.wait(lambda: not program.is_shown("dialog", "Settings — Loquat"), "it is closed")
        program.send("Hello?")
        program.conversation.wait_for(
            lambda names: "Hello from the server." in (names or [""])[-1], "its answer"
        )
        request = server.requests[-1]
    assert request.headers["authorization"] == "Bearer secret-key"
    assert request.json["model"] == "my-model"
    files = [path.read_bytes() for path in directory.rglob("*") if path.is_file()]
    assert not any(b"secret-key" in content for content in files)


def result(program: Program) -> str:
    """What the settings say of the last thing done there."""
    found = program.top.find("dialog", "Settings — Loquat").look_for("label")
    return "\n".join(label.name for label in found)


def refuse(connection: Connection) -> None:
    """Say that the key is wrong."""
    connection.head(401, "application/json")
    connection.send(b'{"error": {"message": "Incorrect API key provided."}}')


def break_off(connection: Connection) -> None:
    """Reset the connection in mid-stream."""
    connection.head()
    connection.send(chunk("The beginning of "))
    connection.reset()


@pytest.fixture(params=[refuse, break_off])
def trouble(request: pytest.FixtureRequest, directory: Path) -> Iterator[None]:
    """A server that fails once and then answers, which new conversations start with."""
    script: Script = request.param
    with serving(script, answer(chat("All is well."))) as server:
        use_server(directory, server.url)
        yield


@pytest.mark.usefixtures("trouble")
def test_an_error_stands_in_the_message_and_retry_works(start: Start, directory: Path) -> None:
    program = start()
    program.send("Hello?")
    program.conversation.wait_for(lambda names: len(names) == 2, "question and answer")
    program.conversation.wait_for_end()
    [(_conversation, messages)] = stored(directory)
    assert messages[1].status in {Status.FAILED, Status.INTERRUPTED}
    assert messages[1].error in program.conversation.last()
    retry = program.top.find("list", "Messages").find("push button", "Retry")
    assert State.ENABLED in retry.states
    retry.press()
    program.conversation.wait_for(
        lambda names: len(names) == 2 and "All is well." in names[1], "the second answer"
    )
