"""The life of the child process: start, share, crash, end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.domain.errors import EngineFailed
from app.engine.engine import GRACE, Engine, EngineState
from app.engine.model import default_model

pytestmark = pytest.mark.engine

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

#: A program that starts the engine, says the child's id, and stays until it is killed.
PARENT = """
import asyncio
from app.engine.engine import Engine

async def main():
    engine = Engine(context=512, parallel=1)
    await engine.endpoint()
    print(engine.process_id, flush=True)
    await asyncio.Event().wait()

{run}
"""

IN_THE_MAIN_THREAD = "asyncio.run(main())"
IN_ANOTHER_THREAD = """
from threading import Thread
thread = Thread(target=asyncio.run, args=[main()])
thread.start()
thread.join()
"""


def kernel_state(process_id: int) -> str:
    """The letter in /proc/PID/stat (proc(5)); empty once the process is gone."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def runs(process_id: int) -> bool:
    # A zombie that nobody has waited for yet runs no more.
    return kernel_state(process_id) not in {"", "Z"}


def comes_true(fact: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not (true := fact()) and time.monotonic() < end:
        time.sleep(0.01)
    return true


async def healthy(base_url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(base_url.removesuffix("/v1") + "/health")).status_code == 200


async def test_starts_at_first_use_and_tells_how_far_it_is(engine: Engine) -> None:
    assert (engine.state, engine.process_id) == (EngineState.STOPPED, None)
    said: list[str] = []
    endpoint = await engine.endpoint(said.append)
    assert engine.state is EngineState.READY
    assert "SmolLM2" in said[0]
    assert await healthy(endpoint.base_url)
    assert await engine.endpoint() is endpoint


async def test_callers_share_one_start_which_outlives_a_cancelled_one(engine: Engine) -> None:
    first = asyncio.create_task(engine.endpoint())
    second = asyncio.create_task(engine.endpoint())
    await asyncio.sleep(0)
    assert engine.state is EngineState.STARTING
    first.cancel()
    endpoint = await second
    assert first.cancelled()
    assert await engine.endpoint() is endpoint


@linux
async def test_starts_again_after_a_crash(engine: Engine) -> None:
    before = await engine.endpoint()
    crashed = engine.process_id
    assert crashed is not None
    os.kill(crashed, signal.SIGKILL)
    assert await asyncio.to_thread(comes_true, lambda: engine.state is EngineState.FAILED)
    after = await engine.endpoint()
    assert engine.process_id != crashed
    assert after.key != before.key
    assert await healthy(after.base_url)


@linux
async def test_close_ends_the_child(engine: Engine) -> None:
    await engine.endpoint()
    child = engine.process_id
    assert child is not None
    await engine.close()
    await engine.close()
    assert not runs(child)
    assert engine.state is EngineState.STOPPED


@linux
async def test_stop_kills_a_child_that_does_not_listen(engine: Engine) -> None:
    await engine.endpoint()
    child = engine.process_id
    assert child is not None
    os.kill(child, signal.SIGSTOP)
    assert await asyncio.to_thread(comes_true, lambda: kernel_state(child) == "T")
    start = time.monotonic()
    engine.stop()
    assert GRACE <= time.monotonic() - start < 2
    assert not runs(child)


async def test_close_during_the_start_fails_the_start(engine: Engine) -> None:
    loading = asyncio.Event()
    start = asyncio.create_task(engine.endpoint(lambda _: loading.set()))
    await loading.wait()
    assert engine.process_id is not None
    await engine.close()
    with pytest.raises(EngineFailed, match="stopped"):
        await start
    assert engine.state is EngineState.STOPPED


async def test_a_new_start_right_after_close_is_its_own(engine: Engine) -> None:
    given_up = asyncio.create_task(engine.endpoint())
    await asyncio.sleep(0)
    closing = asyncio.create_task(engine.close())
    await asyncio.sleep(0)
    assert await healthy((await engine.endpoint()).base_url)
    await closing
    with pytest.raises(EngineFailed):
        await given_up


@linux
async def test_the_key_stands_in_no_readable_place(engine: Engine) -> None:
    os.environ["SOMEBODYS_API_KEY"] = "not for the child"
    try:
        endpoint = await engine.endpoint()
    finally:
        del os.environ["SOMEBODYS_API_KEY"]
    process = Path(f"/proc/{engine.process_id}")
    seen = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
    assert b"app.engine.child" in seen
    assert endpoint.key.encode() not in seen
    assert b"SOMEBODYS" not in seen
    assert endpoint.key not in repr(endpoint)


@linux
@pytest.mark.parametrize("run", [IN_THE_MAIN_THREAD, IN_ANOTHER_THREAD], ids=["main", "other"])
def test_the_child_goes_with_a_parent_that_is_killed(run: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(run=run)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert runs(child)
        parent.kill()
    assert comes_true(lambda: not runs(child))


async def test_a_model_that_takes_too_long_is_given_up() -> None:
    hurried = Engine(patience=0.01)
    with pytest.raises(EngineFailed, match="smaller model"):
        await hurried.endpoint()
    assert hurried.state is EngineState.FAILED
    await hurried.close()


async def test_another_model_file_runs_after_it_is_chosen(engine: Engine, tmp_path: Path) -> None:
    before = await engine.endpoint()
    linked = tmp_path / "mein Modell é.gguf"
    linked.symlink_to(default_model())
    await engine.choose(linked)
    assert engine.state is EngineState.STOPPED
    after = await engine.endpoint()
    assert (before.model, after.model) == (default_model().stem, "mein Modell é")
    assert after.context == 512
