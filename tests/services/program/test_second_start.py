"""A second start calls the first, which alone has the window; to claim it loads little."""

import asyncio
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.program.second_start import ADDRESS_FILE, SecondStartServer, raise_first_window
from app.services.program.single_instance import Instance
from tests.checkout import ROOT


def test_claiming_loads_nothing_that_takes_long() -> None:
    code = (
        "import sys, app.services.program.single_instance as _;"
        "print(*{'asyncio', 'socket', 'ssl', 'hashlib', 'httpx'}.intersection(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_a_library_has_one_instance_until_it_is_closed(tmp_path: Path) -> None:
    first = Instance.claim(tmp_path)
    assert first is not None
    assert first.directory == tmp_path
    assert Instance.claim(tmp_path) is None
    first.close()
    second = Instance.claim(tmp_path)
    assert second is not None
    second.close()


async def test_a_call_brings_the_first_window_forward(tmp_path: Path) -> None:
    came: list[str] = []
    calls = SecondStartServer(tmp_path)
    await calls.listen(lambda: came.append("forward"))
    assert await raise_first_window(tmp_path)
    assert came == ["forward"]
    calls.close()


async def test_nobody_else_may_read_the_word_that_opens(tmp_path: Path) -> None:
    calls = SecondStartServer(tmp_path)
    await calls.listen(lambda: None)
    assert stat.S_IMODE((tmp_path / ADDRESS_FILE).stat().st_mode) == 0o600
    calls.close()


async def test_a_call_with_another_word_is_not_answered(tmp_path: Path) -> None:
    came: list[str] = []
    calls = SecondStartServer(tmp_path)
    await calls.listen(lambda: came.append("forward"))
    said = json.loads((tmp_path / ADDRESS_FILE).read_text())
    (tmp_path / ADDRESS_FILE).write_text(json.dumps(said | {"word": "guessed"}))
    assert not await raise_first_window(tmp_path)
    assert came == []
    calls.close()


async def test_after_the_end_nobody_answers(tmp_path: Path) -> None:
    calls = SecondStartServer(tmp_path)
    await calls.listen(lambda: None)
    left = (tmp_path / ADDRESS_FILE).read_text()
    calls.close()
    assert not (tmp_path / ADDRESS_FILE).exists()
    # As a crash would leave it.
    (tmp_path / ADDRESS_FILE).write_text(left)
    assert not await asyncio.wait_for(raise_first_window(tmp_path), 10)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"port": "none", "word": ""}', '{"port": 70000}']
)
async def test_a_note_that_makes_no_sense_is_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / ADDRESS_FILE).write_text(text)
    assert not await raise_first_window(tmp_path)
