"""Commands that answer calls: what goes in and comes out, and that nothing of them stays behind."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.chat.conversation import ToolCall
from app.domain.chat.tool_command import CommandResult, ToolCommand, as_json, commands_from
from app.domain.errors import CommandError, InputError
from app.services.tools.command_output import readable
from app.services.tools.command_process import OUTPUT_KEPT, CommandProcess
from app.services.tools.commands import run_command
from tests.checkout import ROOT

#: Long enough that nothing here ends by itself.
LONG = 100


def command(*arguments: str, seconds: float = LONG) -> ToolCommand:
    """A command for the tool `look`."""
    return ToolCommand("look", arguments, seconds=seconds)


def call(arguments: str = "{}") -> ToolCall:
    """A call of the tool `look`."""
    return ToolCall("call_1", "look", arguments)


async def shell(script: str, arguments: str = "{}", *, seconds: float = LONG) -> CommandResult:
    """Run a script that the person chose to have run by a shell."""
    return await run_command(command("sh", "-c", script, seconds=seconds), call(arguments))


class Fifo:
    """A named pipe that whatever a command starts holds open, so that its end is seen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)

    @asynccontextmanager
    async def held_by(self, work: asyncio.Task[Any]) -> AsyncIterator[None]:
        """Enter when it has been written to; leave when nobody holds it open any more."""
        with await asyncio.to_thread(self.path.open, "rb", 0) as end:
            assert await asyncio.to_thread(end.read, 3) == b"up\n"
            assert not work.done()
            yield
            assert await asyncio.wait_for(asyncio.to_thread(end.read), 30) == b""


@pytest.fixture
def fifo(tmp_path: Path) -> Fifo:
    return Fifo(tmp_path / "fifo")


#: Holds the pipe open, with another process that does.
STAY = "exec 3>'{}'; sleep 1000 & echo up >&3; wait"


# What goes in.


async def test_the_arguments_are_the_input() -> None:
    done = await run_command(command("cat"), call('{"city": "Köln"}'))
    assert done == CommandResult('{"city": "Köln"}', 0, cut=False, timed_out=False)


async def test_a_call_without_arguments_gives_an_empty_object() -> None:
    assert (await run_command(command("cat"), call(""))).text == "{}"


async def test_the_arguments_are_neither_in_the_command_line_nor_in_the_environment() -> None:
    script = "tr '\\0' ' ' </proc/$$/cmdline; env"
    assert "canary" not in (await shell(script, '{"a": "canary", "--b": "$(canary)"}')).text


async def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    made = tmp_path / "made"
    done = await run_command(command("echo", f"$(touch {made}); touch {made} *"), call())
    assert done.text == f"$(touch {made}); touch {made} *\n"
    assert not made.exists()


async def test_half_a_character_in_the_arguments_is_replaced() -> None:
    assert (await run_command(command("cat"), call('{"a": "\ud83d"}'))).text == '{"a": "\ufffd"}'


async def test_a_command_sees_its_tool_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = (
        *("OPENROUTER_API_KEY", "aws_secret_access_key", "LOQUAT_DATA_DIR", "GH_TOKEN"),
        *("PGPASSWORD", "TOKEN", "DATABASE_URL", "GITHUB_PAT", "GOOGLE_APPLICATION_CREDENTIALS"),
        *("SSH_AUTH_SOCK", "https_proxy", "DBUS_SESSION_BUS_ADDRESS", "LC_SECRET", "XDG_SECRET"),
    )
    for name in (*hidden, "LC_PAPER"):
        monkeypatch.setenv(name, "canary")
    lines = (await run_command(command("env"), call())).text.splitlines()
    assert "LOQUAT_TOOL=look" in lines
    assert [line for line in lines if "canary" in line] == ["LC_PAPER=canary"]


async def test_a_command_sees_what_the_person_added(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGPASSWORD", "TOKEN"):
        monkeypatch.setenv(name, "canary")
    added = ("PGPASSWORD", "GONE", "LANG=de_DE", "EMPTY=", "SUM=1=1", "LOQUAT_TOOL=other")
    chosen = replace(command("env"), environment=added)
    lines = set((await run_command(chosen, call())).text.splitlines())
    assert lines >= {"PGPASSWORD=canary", "LANG=de_DE", "EMPTY=", "SUM=1=1", "LOQUAT_TOOL=look"}
    assert not [line for line in lines if line.startswith(("TOKEN", "GONE"))]


@pytest.mark.parametrize("line", ["=secret", "A B=secret", "1A=secret", "A\0=secret", "A=secret\0"])
async def test_what_is_no_variable_is_refused_without_its_value(line: str) -> None:
    with pytest.raises(CommandError, match="isn't an environment variable") as raised:
        await run_command(replace(command("env"), environment=(line,)), call())
    assert "secret" not in str(raised.value)


def test_the_environment_is_kept_and_in_no_representation() -> None:
    chosen = replace(command("env"), environment=("NAME", "TOKEN=secret"))
    assert commands_from([as_json(chosen)]) == (chosen,)
    assert "secret" not in repr(chosen)
    older = {name: value for name, value in as_json(chosen).items() if name != "environment"}
    assert commands_from([older]) == (replace(chosen, environment=()),)
    assert commands_from([{**older, "environment": "TOKEN"}]) == ()


async def test_a_command_runs_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    script = tmp_path / "look"
    script.write_text("#!/bin/sh\npwd\n")
    script.chmod(0o755)
    done = await run_command(command("~/look"), call())
    assert done.text == f"{tmp_path}\n"
    monkeypatch.setenv("HOME", str(tmp_path / "gone"))
    assert (await run_command(command("pwd"), call())).text == "/\n"


@pytest.mark.parametrize("script", ["true", "exec 0<&-; echo done >&2; exit 0"])
async def test_a_command_may_ignore_its_input(script: str) -> None:
    done = await shell(script, "x" * 10_000_000)
    assert done == CommandResult("", 0, cut=False, timed_out=False)


async def test_input_and_output_flow_at_the_same_time() -> None:
    text = "0123456789" * 300_000
    done = await run_command(command("cat"), call(text))
    assert done.text.startswith(text[:OUTPUT_KEPT])
    assert str(len(text) - OUTPUT_KEPT) in done.text
    assert done.cut
    assert done.status == 0


# What comes out.

WRITE = """
import json, os, sys
for piece in json.load(sys.stdin):
    os.write(1, bytes.fromhex(piece))
"""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_all_bytes_come_however_they_are_cut(pieces: list[bytes]) -> None:
    order = f"[{','.join(f'{chr(34)}{piece.hex()}{chr(34)}' for piece in pieces)}]"
    run = CommandProcess((sys.executable, "-ISc", WRITE), {}, order.encode(), LONG)
    done = run.start().result(60)
    assert done.text == b"".join(pieces)
    assert (done.status, done.dropped, done.errors) == (0, 0, b"")


async def test_what_is_no_text_is_replaced() -> None:
    assert (await shell(r"printf 'a\377b'")).text == "a\ufffdb"


def test_what_terminals_and_controls_are_told_is_taken_out() -> None:
    written = b"\x1b]0;title\x07\x1b[1;31mred\x1b[0m\r\n\ttab\x00\x08\x7f \xc2\x9b \xe2\x82\xac"
    assert readable(written) == "red\n\ttab  €"


@given(st.binary())
def test_no_control_is_left_in_a_text(written: bytes) -> None:
    assert all(one in "\n\t" or not 0 <= ord(one) < 0x20 for one in readable(written))
    assert not any(0x7F <= ord(one) < 0xA0 for one in readable(written))


async def test_output_without_end_is_drained_until_the_time_is_over() -> None:
    done = await run_command(command("yes", seconds=2), call())
    assert done.cut
    assert done.timed_out
    assert done.status == -signal.SIGKILL
    assert done.text.startswith("y\n" * (OUTPUT_KEPT // 2) + "\n[")
    assert "after 2 seconds" in done.text


async def test_more_output_than_is_kept_lets_the_command_finish() -> None:
    done = await shell(f"head -c {OUTPUT_KEPT + 500_000} /dev/zero | tr '\\0' x; exit 3")
    assert done.cut
    assert done.status == 3
    assert done.text.startswith("x" * OUTPUT_KEPT + "\n[500000 more bytes were left out]\n[")


async def test_a_character_that_was_cut_through_is_left_out() -> None:
    done = await shell(f"printf xx; yes € | tr -d '\\n' | head -c {OUTPUT_KEPT + 3}")
    assert done.text.startswith("xx" + "€" * (OUTPUT_KEPT // 3 - 1) + "\n[")


async def test_output_of_just_so_many_bytes_is_whole() -> None:
    done = await shell(f"head -c {OUTPUT_KEPT} /dev/zero | tr '\\0' x")
    assert done == CommandResult("x" * OUTPUT_KEPT, 0, cut=False, timed_out=False)


async def test_a_failure_is_told_with_the_end_of_its_errors() -> None:
    done = await shell("echo out; head -c 9000 /dev/zero | tr '\\0' e >&2; echo last >&2; exit 7")
    assert done.status == 7
    assert done.text == (
        "out\n\n[The command failed with status 7]\n" + "e" * (4096 - len("last\n")) + "last\n"
    )


async def test_errors_of_a_success_are_not_shown() -> None:
    assert (await shell("echo warning >&2; echo fine")).text == "fine\n"


async def test_a_command_that_a_signal_ends_says_which() -> None:
    done = await shell("kill -TERM $$")
    assert done.status == -signal.SIGTERM
    assert str(signal.SIGTERM.value) in done.text


async def test_a_command_may_close_its_output_and_go_on() -> None:
    done = await shell("echo early; exec 1>&- 2>&-; read -r line; exit 4")
    assert done.status == 4
    assert done.text.startswith("early\n")


# What can't be started.


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("/nonexistent/look",), "not found"),
        (("no-such-command-at-all",), "not found"),
        (("/etc/passwd",), "executable"),
        (("/",), "executable"),
        ((), "program"),
        (("",), "program"),
        (("~nobody-of-this-name/x",), "not"),
        (("echo", "a\0b"), "characters"),
        (("echo", "\ud800"), "characters"),
    ],
)
async def test_what_cannot_be_started_says_the_next_step(
    arguments: tuple[str, ...], says: str
) -> None:
    with pytest.raises(CommandError, match=says) as found:
        await run_command(ToolCommand("look", arguments), call())
    assert str(found.value).endswith(".")
    assert isinstance(found.value, InputError)


async def test_a_script_without_a_first_line_is_no_program(tmp_path: Path) -> None:
    script = tmp_path / "look"
    script.write_text("echo hello\n")
    script.chmod(0o755)
    with pytest.raises(CommandError, match="#!/bin/sh"):
        await run_command(command(str(script)), call())


async def test_a_command_line_that_is_too_long_is_an_error_of_the_command() -> None:
    with pytest.raises(CommandError, match="could not be started") as found:
        await run_command(command("echo", "canary" * 2_000_000), call())
    assert "canary" not in f"{found.value} {found.value.detail} {command('echo', 'canary')!r}"


async def test_without_its_watch_no_command_goes_on(
    monkeypatch: pytest.MonkeyPatch, fifo: Fifo
) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    reading = os.open(fifo.path, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(CommandError):
        await shell(STAY.format(fifo.path))
    os.set_blocking(reading, True)
    with os.fdopen(reading, "rb") as end:
        assert await asyncio.to_thread(end.read) in {b"", b"up\n"}


# The end.


async def test_a_time_out_ends_the_whole_group(fifo: Fifo) -> None:
    work = asyncio.create_task(shell(STAY.format(fifo.path) + "; echo never", seconds=3))
    async with fifo.held_by(work):
        done = await work
    assert done.timed_out
    assert done.status == -signal.SIGKILL
    assert "never" not in done.text


async def test_what_was_written_before_a_time_out_is_kept() -> None:
    done = await shell("echo some; exec sleep 1000", seconds=2)
    assert done.timed_out
    assert done.text.startswith("some\n")


async def test_a_command_that_ignores_every_signal_is_ended_too() -> None:
    done = await shell("trap '' TERM INT HUP QUIT; while :; do sleep 1000; done", seconds=0.5)
    assert done.timed_out


async def test_cancelling_ends_the_whole_group(fifo: Fifo) -> None:
    work = asyncio.create_task(shell(STAY.format(fifo.path)))
    async with fifo.held_by(work):
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work


async def test_cancelling_while_it_writes_forever_ends_it(fifo: Fifo) -> None:
    script = f"exec 3>'{fifo.path}'; echo up >&3; yes"
    work = asyncio.create_task(shell(script))
    async with fifo.held_by(work):
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work


async def test_what_outlives_the_command_is_ended_with_it(fifo: Fifo) -> None:
    script = f"exec 3>'{fifo.path}'; echo up >&3; sleep 1000 & yes >&3 & read -r line; echo done"
    # The shell, which starts two, waits for a line that never ends, and so for the file's end.
    reading = os.open(fifo.path, os.O_RDONLY | os.O_NONBLOCK)
    done = await shell(script)
    assert done == CommandResult("done\n", 0, cut=False, timed_out=False)
    os.set_blocking(reading, True)
    with os.fdopen(reading, "rb") as end:
        assert (await asyncio.to_thread(end.read)).startswith(b"up\n")


async def test_a_process_that_left_the_group_does_not_hold_up_the_answer(fifo: Fifo) -> None:
    # It says that it has left, then holds the output open until the test says so.
    left = f"echo up >'{fifo.path}'; exec cat '{fifo.path}'"
    done = await shell(f'setsid sh -c "{left}" & read -r line <"{fifo.path}"; echo $line')
    assert done.text == "up\n"
    await asyncio.to_thread(fifo.path.write_text, "end\n")


CRASH = """
import asyncio, os, sys
from app.domain.chat.conversation import ToolCall
from app.services.tools.commands import run_command
from app.domain.chat.tool_command import ToolCommand

async def main():
    command = ToolCommand("look", ("sh", "-c", sys.argv[1]))
    work = asyncio.create_task(run_command(command, ToolCall("1", "look", "{}")))
    await asyncio.to_thread(sys.stdin.read, 1)
    HOW

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "how",
    ["os.kill(os.getpid(), 9)", "os._exit(1)", "sys.exit(0)", "raise ValueError"],
)
async def test_a_command_ends_with_the_program_however_that_ends(fifo: Fifo, how: str) -> None:
    program = start_program(how, fifo)
    work = asyncio.create_task(asyncio.to_thread(program.wait))
    async with fifo.held_by(work):
        # The watch has to be there; it is started right behind the command.
        await asyncio.to_thread(wait_for_watch, program.pid)
        assert program.stdin
        program.stdin.write(b"x")
        program.stdin.close()
        await work


def start_program(how: str, fifo: Fifo) -> subprocess.Popen[bytes]:
    """Start a program that runs a command, and ends as told once it is written to."""
    return subprocess.Popen(
        [sys.executable, "-c", CRASH.replace("HOW", how), STAY.format(fifo.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def wait_for_watch(program: int) -> None:
    """Return when a program has started the watch of its command."""
    while not any(
        b"process_group_watch" in Path(f"/proc/{child}/cmdline").read_bytes()
        for task in Path(f"/proc/{program}/task").glob("*/children")
        for child in task.read_text().split()
    ):
        pass


def held() -> set[str]:
    """What this process has open, and its children."""
    handles = {str(one) for one in Path("/proc/self/fd").iterdir()}
    return handles | {one.read_text() for one in Path("/proc/self/task").glob("*/children")}


async def test_nothing_of_a_run_stays_behind() -> None:
    await shell("true")
    before = held()
    await shell("sleep 1000 & echo done")
    await shell("exec sleep 1000", seconds=0.2)
    with pytest.raises(CommandError):
        await run_command(command("/nonexistent/look"), call())
    for thread in threading.enumerate():
        if thread.name == "tool command":
            thread.join()
    assert held() == before


async def test_commands_run_side_by_side() -> None:
    # More than the program's pool has threads; each waits for the one after it.
    made = [os.pipe() for _number in range(6)]
    paths = [
        (f"/proc/{os.getpid()}/fd/{read}", f"/proc/{os.getpid()}/fd/{write}")
        for read, write in made
    ]
    runs = [
        shell(f"read -r line <{reads}; echo {number}")
        for number, (reads, _writes) in enumerate(paths)
    ]
    work = asyncio.gather(*runs)
    for _read, write in made:
        os.write(write, b"go\n")
    assert [done.text for done in await work] == [f"{number}\n" for number in range(6)]
    for end in (end for both in made for end in both):
        os.close(end)
