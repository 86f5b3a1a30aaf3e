"""No file that a conversation names is ever opened, wherever its words are shown: Qt would."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, use_server
from tests.end_to_end.screen import wait_until
from tests.end_to_end.test_reading import messages
from tests.servers import Connection, chat, serving

pytestmark = pytest.mark.screen

#: In the name of each file that the conversation names, so that the trace can be searched.
CANARY = "loquat-canary"


def naming(directory: Path) -> str:
    """Markdown and HTML that name files in every way that Qt knows."""
    forms = [
        "![an image](file://{path})",
        "![an image]({path})",
        '<img src="file://{path}">',
        '<img src="{path}">',
        "<table background='{path}'><tr><td>x</td></tr></table>",
        "<body style=\"background-image: url('{path}')\">",
        "<link rel=stylesheet href='{path}'>",
        "[a link](https://example.org '<img src=\"{path}\">')",
        "`<img src='{path}'>`",
        "```html\n<img src='{path}'>\n```",
        "| <img src='{path}'> |\n|---|\n| ![x]({path}) |",
        "$\\includegraphics{{{path}}}$",
        "$$\\input{{{path}}}$$",
        "[^1]\n\n[^1]: <img src='{path}'>",
    ]
    return "\n\n".join(
        form.format(path=directory / f"{CANARY}-{number}.png") for number, form in enumerate(forms)
    )


@pytest.fixture
def canaries(tmp_path: Path) -> Path:
    """Where the files are that must not be opened."""
    for number in range(40):
        (tmp_path / f"{CANARY}-{number}.png").write_bytes(b"not an image")
    return tmp_path


def image(directory: Path, number: int) -> str:
    return f"<img src='{directory / f'{CANARY}-{number}.png'}'>"


def opened(trace: Path) -> list[str]:
    """The canaries that were opened or looked at, by the program or what it started."""
    calls = trace.read_text(errors="replace").splitlines()
    assert any("openat(" in call and "library.db" in call for call in calls), "nothing was traced"
    return [call for call in calls if re.search(rf'"[^"]*{CANARY}', call)]


def test_no_file_that_is_named_is_opened(
    start: Start, directory: Path, canaries: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"

    def refuse(connection: Connection) -> None:
        connection.head(400, "application/json")
        words = f'{{"error": {{"message": "{image(canaries, 30)} is wrong"}}}}'
        connection.send(words.encode())

    def answer(connection: Connection) -> None:
        connection.head()
        link = f"[press]({'https://example.org:8443/<'}img src='{canaries}/{CANARY}-31.png'>)"
        connection.send(chat(f"{naming(canaries)}\n\n{link}\n\nhttps://user@example.org/odd\n"))

    with serving(answer, refuse) as server:
        use_server(directory, server.url, f"S {image(canaries, 32)}")
        # -D: the program itself is what was started, and its tracer another process.
        follow = ("strace", "-D", "-f", "--seccomp-bpf", "-e", "trace=%file", "-s", "400")
        program = start(*follow, "-o", str(trace))
        program.send(f"{image(canaries, 33)} hello")
        program.conversation.wait_for(lambda names: len(names) == 2, "question and answer")
        program.conversation.wait_for_end()
        look_around(program)
        program.send("And now?")
        program.conversation.wait_for(lambda names: len(names) == 4, "the refusal")
        program.conversation.wait_for_end()
        program.wait(lambda: CANARY in program.conversation.last(), "why it was refused")
        assert program.end() == 0
        # A number of few digits is filled up with spaces.
        ended = re.compile(rf"^{program.process.pid} +\+\+\+ exited", re.MULTILINE)
        wait_until(lambda: bool(ended.search(trace.read_text(errors="replace"))), "the trace")
    assert opened(trace) == []


def look_around(program: Program) -> None:
    """Rest on the title, follow an odd link, see the request, copy all of it and paste it."""
    screen, top = program.screen, program.top
    [listed] = top.look_for("list", "Chats")
    titles = listed.element.look_for("list item")
    for found in titles:
        screen.point(*found.element.middle)
    question, reply = messages(program)
    assert CANARY in question.text
    odd = reply.text.index("user@example.org")
    left, above, width, height = reply.call_all("Text", "GetCharacterExtents", "iu", odd, 0)
    screen.click(left + width // 2, above + height // 2)
    program.wait(lambda: program.is_shown("push button", "Open"), "the question before a link")
    program.press("Cancel")
    next(found for found in reply.look_for("push button", "Show request")).element.press()
    program.wait(lambda: program.is_shown("page tab", "Request"), "the request's window")
    top.find("page tab", "Request").press()
    program.wait(lambda: program.is_shown("text", "Request"), "the request itself")
    program.press("Close")
    program.wait(lambda: not program.is_shown("text", "Request"), "the window alone")
    screen.click(*reply.middle)
    program.keys("ctrl+a", "ctrl+c")
    program.message.call("Component", "GrabFocus")
    program.keys("ctrl+v")
    wait_until(lambda: CANARY in program.message.text, "what was pasted")
    program.message.type("")
